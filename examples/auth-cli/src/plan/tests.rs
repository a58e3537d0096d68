use serde_json::{Value, json};

use super::*;
use crate::schema::{statements, tables};

fn plan(options: Value, there: &str) -> Plan {
    let tables = tables(&serde_json::from_value(options).unwrap()).unwrap();
    Plan::new(&tables, &Database::in_memory(there)).unwrap()
}

/// The tables of the library, with rows in the table of users.
fn with_users(users: u8) -> String {
    let mut script = statements(&tables(&telemetry::auth::AuthOptions::default()).unwrap()).join("\n");
    for user in 0..users {
        script.push_str(&format!(
            r#"insert into "user" (id, name, email, createdAt, updatedAt) values ('{user}', 'x', '{user}', 0, 0);"#
        ));
    }
    script
}

fn changes(plan: &Plan) -> Vec<String> {
    assert_eq!(plan.problems, []);
    plan.changes.iter().map(|change| change.sql.clone()).collect()
}

fn problem_with(field: Value, users: u8) -> Option<String> {
    let mut problems = plan(json!({ "user": { "additionalFields": { "x": field } } }), &with_users(users)).problems;
    assert!(problems.len() < 2);
    problems.pop().map(|problem| problem.to_string())
}

#[test]
fn an_empty_database_needs_the_whole_script() {
    let new = plan(json!({}), "");
    let mut changes = changes(&new);
    let mut script = statements(&tables(&telemetry::auth::AuthOptions::default()).unwrap());
    changes.sort();
    script.sort();
    assert_eq!(changes, script);
}

#[test]
fn existing_tables_stay() {
    assert_eq!(changes(&plan(json!({}), &with_users(2))), [""; 0]);
    // Other spellings, other names of indexes, and foreign columns.
    let spelled = with_users(2)
        .replace("date", "DATE")
        .replace("text", "VARCHAR(255)")
        .replace(r#""user""#, r#""USER""#)
        .replace("_idx", "_index")
        .replace(r#""image" VARCHAR(255)"#, "IMAGE text, other blob");
    assert_eq!(changes(&plan(json!({}), &spelled)), [""; 0]);
}

#[test]
fn new_columns_and_indexes_are_added() {
    let options = json!({ "user": { "additionalFields": {
        "x": { "type": "number", "defaultValue": 1, "index": true },
        "y": { "required": false, "unique": true },
    } } });
    assert_eq!(
        changes(&plan(options, &with_users(2))),
        [
            r#"alter table "user" add column "x" integer not null default 1;"#,
            r#"create index "user_x_idx" on "user" ("x");"#,
            r#"alter table "user" add column "y" text;"#,
            r#"create unique index "user_y_unique" on "user" ("y");"#,
        ]
    );
    let without = with_users(2).replace(r#"create unique index "user_email_unique" on "user" ("email");"#, "");
    assert_eq!(
        changes(&plan(json!({}), &without)),
        [r#"create unique index "user_email_unique" on "user" ("email");"#]
    );
}

#[test]
fn a_required_value_is_a_problem_if_there_are_rows_without_it() {
    let required = json!({ "type": "string" });
    assert_eq!(problem_with(required.clone(), 0), None);
    assert_eq!(
        problem_with(required, 1).as_deref(),
        Some(
            "column `x` of table `user` must have a value, and there are rows without; give it a defaultValue, or \
             `required = false`"
        )
    );
    let shared = json!({ "defaultValue": "same", "unique": true });
    assert_eq!(problem_with(shared.clone(), 1), None);
    assert_eq!(
        problem_with(shared, 2).as_deref(),
        Some("column `x` of table `user` must be unique, and there are rows that have or would have the same value")
    );
}

#[test]
fn a_change_that_needs_a_new_table_is_a_problem() {
    let told = |from: &str, to: &str| {
        let there = with_users(1);
        assert!(there.contains(from));
        let problems = plan(json!({}), &there.replace(from, to)).problems;
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        told(r#""image" text"#, r#""image" blob"#),
        ["column `image` of table `user` is declared as `BLOB`, and would have to be `text`"]
    );
    assert_eq!(
        told(r#""name" text not null"#, r#""name" text"#),
        ["column `name` of table `user` can be empty, and would have to have a value"]
    );
    assert_eq!(
        told(r#""image" text"#, r#""image" text not null default ''"#),
        ["column `image` of table `user` must have a value, and would have to take rows without"]
    );
    assert_eq!(told(r#""id" text not null primary key"#, r#""id" text primary key"#), [""; 0]);
}

#[test]
fn equal_values_are_a_problem_if_they_must_be_unique() {
    let twice = with_users(2)
        .replace(r#"create unique index "user_email_unique" on "user" ("email");"#, "")
        .replace("'x', '1'", "'x', '0'");
    let problems = plan(json!({}), &twice).problems;
    assert_eq!(problems.len(), 1);
    assert!(problems[0].to_string().starts_with("column `email` of table `user` must be unique"));
}
