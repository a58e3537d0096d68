use rusqlite::Connection;
use serde_json::{Value, json};

use super::*;

fn options(json: Value) -> AuthOptions {
    serde_json::from_value(json).unwrap()
}

fn script(json: Value) -> String {
    statements(&tables(&options(json)).unwrap()).join("\n")
}

fn error(json: Value) -> String {
    tables(&options(json)).err().unwrap().to_string()
}

/// Runs the script on a new database and returns every table with its columns, as SQLite reports them.
fn understood(script: &str) -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(script).unwrap();
    let mut statement = connection
        .prepare(
            "select tables.name || ': ' || group_concat(columns.name || ' ' || lower(columns.type) \
             || iif(columns.\"notnull\", '!', '') || iif(columns.pk, ' key', '') \
             || coalesce(' = ' || columns.dflt_value, ''), ', ') \
             from sqlite_schema as tables join pragma_table_info(tables.name) as columns \
             where tables.type = 'table' group by tables.rowid order by tables.rowid",
        )
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn without_options_there_are_the_four_tables_of_the_library() {
    let script = script(json!({}));
    assert_eq!(
        understood(&script),
        [
            "user: id text! key, name text!, email text!, emailVerified integer! = 0, image text, createdAt date!, \
             updatedAt date!",
            "session: id text! key, expiresAt date!, token text!, createdAt date!, updatedAt date!, ipAddress text, \
             userAgent text, userId text!",
            "account: id text! key, accountId text!, providerId text!, userId text!, accessToken text, \
             refreshToken text, idToken text, accessTokenExpiresAt date, refreshTokenExpiresAt date, scope text, \
             password text, createdAt date!, updatedAt date!",
            "verification: id text! key, identifier text!, value text!, expiresAt date!, createdAt date!, \
             updatedAt date!",
        ]
    );
    let indexes: Vec<&str> = script.lines().filter(|line| line.contains(" index ")).collect();
    assert_eq!(
        indexes,
        [
            r#"create unique index "user_email_unique" on "user" ("email");"#,
            r#"create unique index "session_token_unique" on "session" ("token");"#,
            r#"create index "session_userId_idx" on "session" ("userId");"#,
            r#"create index "account_userId_idx" on "account" ("userId");"#,
            r#"create index "verification_identifier_idx" on "verification" ("identifier");"#,
        ]
    );
    assert_eq!(script.matches(r#"references "user" ("id") on delete cascade"#).count(), 2);
}

#[test]
fn tables_and_columns_are_renamed_everywhere() {
    let script = script(json!({
        "user": { "modelName": "people", "fields": { "email": "mail" } },
        "session": {
            "modelName": "",
            "fields": { "userId": "person" },
            "additionalFields": { "mail": { "type": "string", "references": { "model": "user", "field": "email" } } },
        },
    }));
    assert!(script.contains(r#"create table "people" ("#) && script.contains(r#"create table "session" ("#));
    assert!(script.contains(r#"  "person" text not null references "people" ("id") on delete cascade"#), "{script}");
    assert!(script.contains(r#"  "mail" text not null references "people" ("mail") on delete cascade"#), "{script}");
    assert!(script.contains(r#"create unique index "people_mail_unique" on "people" ("mail");"#));
    assert!(!script.contains(r#""user""#) && !script.contains(r#""email""#));
}

#[test]
fn additional_fields_are_columns() {
    let fields = json!({
        "text": { "type": "string" },
        "optional": { "type": "string", "required": false },
        "number": { "type": "number", "defaultValue": 7 },
        "big": { "type": "number", "bigint": true, "fieldName": "large" },
        "flag": { "type": "boolean", "defaultValue": true },
        "day": { "type": "date", "defaultValue": "2031-02-03" },
        "list": { "type": "string[]", "defaultValue": [] },
        "word": { "type": ["a", "b"], "defaultValue": "it's" },
        "tree": { "type": "json", "index": true },
        "code": { "type": "string", "unique": true, "index": true, "required": false, "defaultValue": "same" },
        "boss": { "type": "string", "references": { "model": "staff", "field": "id", "onDelete": "set null" } },
    });
    for model in ["user", "session", "account", "verification"] {
        let script = script(json!({ model: { "additionalFields": fields } }));
        for line in [
            r#"  "text" text not null"#,
            r#"  "optional" text"#,
            r#"  "number" integer not null default 7"#,
            r#"  "large" bigint not null"#,
            r#"  "flag" integer not null default 1"#,
            r#"  "day" date not null"#,
            r#"  "list" text not null"#,
            r#"  "word" text not null default 'it''s'"#,
            r#"  "tree" text not null"#,
            r#"  "code" text"#,
            r#"  "boss" text not null references "staff" ("id") on delete set null"#,
            &format!(r#"create index "{model}_tree_idx" on "{model}" ("tree");"#),
            &format!(r#"create unique index "{model}_code_unique" on "{model}" ("code");"#),
        ] {
            assert!(script.lines().any(|there| there.trim_end_matches(',') == line), "{line}: {script}");
        }
    }
}

#[test]
fn serial_ids_are_integers_in_references_too() {
    let script = script(json!({
        "advanced": { "database": { "generateId": "serial" } },
        "user": { "additionalFields": { "boss": { "references": { "model": "user", "field": "id" } } } },
    }));
    assert!(script.contains(r#"  "id" integer not null primary key,"#));
    assert_eq!(script.matches(r#"  "userId" integer not null references"#).count(), 2);
    assert!(script.contains(r#"  "boss" integer not null references"#));
}

#[test]
fn no_name_or_text_escapes_its_quotes() {
    for evil in
        [r#"a" (id); drop table "session"; --"#, "it's", "'; drop table session; --", "select", " ", "ä\n\\", "[x]`"]
    {
        let options = json!({
            "user": {
                "modelName": evil,
                "fields": { "email": evil },
                "additionalFields": { format!("{evil}2"): { "type": "string", "defaultValue": evil } },
            },
        });
        let tables = understood(&script(options));
        assert_eq!(tables.len(), 4, "{evil}");
        let column = format!("{evil}2 text! = '{}'", evil.replace('\'', "''"));
        assert!(tables[0].starts_with(&format!("{evil}: ")) && tables[0].contains(&column), "{}", tables[0]);
    }
}

#[test]
fn impossible_tables_are_reported() {
    assert_eq!(
        error(json!({ "user": { "fields": { "mail": "x" } } })),
        "`user.fields` renames `mail`, which is not one of its fields"
    );
    assert_eq!(
        error(json!({ "session": { "modelName": "User" } })),
        "two tables have the name `User`; rename one with modelName"
    );
    for session in [
        json!({ "fields": { "token": "userAgent" } }),
        json!({ "additionalFields": { "USERAGENT": {} } }),
        json!({ "additionalFields": { "x": { "fieldName": "id" } } }),
    ] {
        let told = error(json!({ "session": session }));
        assert!(told.starts_with("two columns of `session` have the name `"), "{told}");
    }
    let told =
        error(json!({ "user": { "additionalFields": { "x": { "references": { "onDelete": "cascade; --" } } } } }));
    assert!(told.starts_with("`user.additionalFields.x`: onDelete is one of `no action`"), "{told}");
    for user in [
        json!({ "modelName": "a\0b" }),
        json!({ "fields": { "name": "a\0b" } }),
        json!({ "additionalFields": { "x": { "defaultValue": "\0" } } }),
        json!({ "additionalFields": { "x": { "references": { "model": "\0", "field": "id" } } } }),
    ] {
        let told = error(json!({ "user": user }));
        assert!(told.ends_with("holds a NUL character, which SQL cannot represent"), "{told}");
    }
}
