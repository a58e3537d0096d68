use std::fs;

use rusqlite::Connection;
use serde_json::Value;

use super::{CONFIG, Person};
use crate::home::Result;
use crate::server::Server;

fn assert_outcome(event: &Value, outcome: &str) {
    assert_eq!(event["type"], "cli_migrate");
    assert_eq!(event["payload"]["outcome"], outcome);
    assert_eq!(event["payload"]["config"]["user"]["modelName"], true);
    assert_eq!(event["payload"]["config"]["database"], Value::Null);
    assert_eq!(event["payload"]["adapter"].is_null(), outcome != "unsupported_adapter");
}

/// The columns of a table.
fn columns(person: &Person, table: &str) -> Result<Vec<String>> {
    let database = Connection::open(person.file("canary.db"))?;
    let mut statement = database.prepare("select name from pragma_table_info(?1)")?;
    let columns = statement.query_map([table], |row| row.get(0))?;
    Ok(columns.collect::<rusqlite::Result<_>>()?)
}

fn with_field(field: &str) -> String {
    format!("{CONFIG}\n[user.additionalFields.age]\ntype = \"number\"\n{field}\n")
}

#[test]
fn a_database_is_created_and_then_updated() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let end = person.answers("migrate", "Change the database?", "n\n")?;
    assert_eq!(end.code, 0);
    assert!(end.printed.contains("- table `canary people` with 7 columns"), "{end:?}");
    assert!(!person.file("canary.db").exists());
    assert_outcome(&person.event(&server)?, "aborted");

    let end = person.answers("migrate", "Change the database?", "y\n")?;
    assert_eq!(end.code, 0, "{end:?}");
    assert_eq!(columns(&person, "canary people")?.len(), 7);
    assert_eq!(columns(&person, "account")?.len(), 13);
    assert_outcome(&person.event(&server)?, "migrated");

    let end = person.runs("migrate")?;
    assert_eq!((end.code, end.printed.as_str()), (0, "The database is up to date.\n"));
    assert_outcome(&person.event(&server)?, "no_changes");

    person.writes("auth.toml", &with_field("index = true\ndefaultValue = 18"))?;
    let end = person.runs("migrate --yes")?;
    assert_eq!(end.code, 0, "{end:?}");
    assert!(columns(&person, "canary people")?.contains(&"age".to_owned()));
    assert_outcome(&person.event(&server)?, "migrated");
    Ok(())
}

#[test]
fn generate_and_migrate_give_the_same_tables() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    assert_eq!(person.runs("generate --yes")?.code, 0);
    Connection::open(person.file("canary.db"))?.execute_batch(&person.reads("schema.sql")?)?;
    assert_eq!(person.runs("migrate")?.printed, "The database is up to date.\n");
    Ok(())
}

#[test]
fn a_change_that_would_lose_rows_is_refused() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    person.runs("migrate --yes")?;
    assert_outcome(&person.event(&server)?, "migrated");
    Connection::open(person.file("canary.db"))?
        .execute_batch(r#"insert into "canary people" values ('1', 'x', 'x', 0, null, 0, 0);"#)?;
    let before = fs::read(person.file("canary.db"))?;
    person.writes("auth.toml", &with_field(""))?;
    let end = person.runs("migrate --yes")?;
    assert_eq!(end.code, 1, "{end:?}");
    assert!(end.printed.contains("column `age` of table `canary people` must have a value"), "{end:?}");
    assert_eq!(fs::read(person.file("canary.db"))?, before);
    assert_outcome(&person.event(&server)?, "unsafe_change");
    Ok(())
}

#[test]
fn the_change_of_a_type_is_refused() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    person.runs("migrate --yes")?;
    assert_outcome(&person.event(&server)?, "migrated");
    Connection::open(person.file("canary.db"))?
        .execute_batch(r#"alter table "canary people" add column "age" text default 'x';"#)?;
    person.writes("auth.toml", &with_field("required = false"))?;
    let end = person.runs("migrate --yes")?;
    assert_eq!(end.code, 1);
    assert!(end.printed.contains("column `age` of table `canary people` is declared as `TEXT`"), "{end:?}");
    assert_outcome(&person.event(&server)?, "unsafe_change");
    Ok(())
}

#[test]
fn adapters_are_not_migrated() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    for (adapter, code, told) in
        [("prisma", 0, "prisma"), ("drizzle", 0, "drizzle"), ("mongodb", 1, "mongodb"), ("canary-adapter", 1, "other")]
    {
        person.writes("auth.toml", &CONFIG.replace("[database]", &format!("[database]\nadapter = \"{adapter}\"")))?;
        let end = person.runs("migrate --yes")?;
        assert_eq!(end.code, code, "{end:?}");
        assert!(!person.file("canary.db").exists());
        let event = person.event(&server)?;
        assert_outcome(&event, "unsupported_adapter");
        assert_eq!(event["payload"]["adapter"], told);
    }
    Ok(())
}

#[test]
fn a_failure_of_the_database_is_reported_without_its_address() -> Result {
    let server = Server::accepting()?;
    let person = Person::new(&server)?;
    let fails = |url: &str, message: &str| -> Result {
        person.writes("auth.toml", &CONFIG.replace("\"canary.db\"", url))?;
        let end = person.runs("migrate --yes")?;
        assert_eq!(end.code, 1, "{end:?}");
        assert!(end.printed.contains(message), "{end:?}");
        Ok(())
    };
    fails("\"\"", "`database.url` is missing")?;
    fails("\"postgres://canary:hunter2@db.example/auth\"", "`database.url` is the address of another database")?;
    fails("\"hunter2/none.db\"", "the database cannot be opened (Error code 14: unable to open database file)")?;
    person.writes("hunter2.db", "this is no database, and a little more than a page of SQLite begins with")?;
    fails("\"hunter2.db\"", "the database cannot be read (Error code 26: ")?;
    person.writes("other.db", "")?;
    Connection::open(person.file("other.db"))?
        .execute_batch(r#"create table x (y); create index "account_userId_idx" on x (y);"#)?;
    fails("\"file:other.db\"", "refused the index on column `userId` of table `account`, and nothing was changed")?;
    let database = Connection::open(person.file("other.db"))?;
    assert_eq!(database.query_row("select count(*) from sqlite_schema", [], |row| row.get::<_, u32>(0))?, 2);
    assert!(server.requests().is_empty());
    Ok(())
}
