//! Compares with what Better Auth detected on the same machines, recorded by running it. Differences on purpose are
//! listed here.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value, json};

use super::*;

const FAMILIES: [&str; 8] =
    ["database", "detect", "environment", "framework", "packageManager", "system", "test", "vendor"];

/// Versions that are not sent as the original sends them, since they are more than digits or not versions at all.
const NOT_AS_RECORDED: [(&str, Option<&str>); 13] = [
    ("^1.2.3", Some("1.2.3")),
    ("~4.5.6", Some("4.5.6")),
    (">=7 <9", None),
    ("dep", None),
    ("dev", None),
    ("workspace:*", None),
    ("catalog:db", None),
    ("file:../../secret-client/vendored-pg", None),
    ("git+ssh://git@git.acme.internal/forks/pg.git#main", None),
    ("https://user:token@npm.acme.internal/pg.tgz", None),
    ("npm:@acme/pg@8", None),
    ("*", None),
    ("", None),
];

/// Differences on purpose, by vector and member.
fn deviations() -> BTreeMap<(&'static str, &'static str), Value> {
    let database = |name: &str| json!({ "name": name, "version": "1" });
    BTreeMap::from([
        // The original detects none of these, though its documentation names Remix.
        (("detect/database-not-known-mysql2", "database"), database("mysql")),
        (("detect/database-not-known-postgres", "database"), database("postgresql")),
        (("detect/database-not-known-@libsql/client", "database"), database("libsql")),
        (("detect/framework-not-known-@remix-run/node", "framework"), json!({ "name": "remix", "version": "1" })),
        // The installed version comes before the declared one.
        (("detect/range-not-installed-version", "database"), json!({ "name": "postgresql", "version": "8.13.1" })),
        (("detect/range-not-installed-version", "framework"), json!({ "name": "next", "version": "15.0.3" })),
        // A version that is a number or an object is not sent.
        (("detect/node_modules-version-number", "database"), json!({ "name": "postgresql" })),
        (("detect/version-is-object", "database"), json!({ "name": "postgresql" })),
        // A malformed user agent names no package manager; an unknown package manager is `other`.
        (("packageManager/malformed-no-slash", "packageManager"), Value::Null),
        (("packageManager/malformed-slash-only", "packageManager"), Value::Null),
        (("packageManager/malformed-leading-slash", "packageManager"), Value::Null),
        (("packageManager/malformed-leading-space", "packageManager"), Value::Null),
        (("packageManager/malformed-spaces", "packageManager"), Value::Null),
        (("packageManager/malformed-tab-separated", "packageManager"), json!({ "name": "other", "version": "20" })),
        (("packageManager/malformed-unicode", "packageManager"), json!({ "name": "other" })),
        (("packageManager/malformed-prerelease", "packageManager"), json!({ "name": "pnpm", "version": "10.0.0" })),
        (("packageManager/malformed-long", "packageManager"), json!({ "name": "npm" })),
    ])
}

fn machine(vector: &Value) -> FakeMachine {
    let texts = |member: &str| -> Vec<(String, String)> {
        let members = vector.get(member).and_then(Value::as_object).into_iter().flatten();
        members.map(|(name, text)| (name.clone(), text.as_str().unwrap().to_owned())).collect()
    };
    let mut machine = FakeMachine { system: "linux", architecture: "x86_64", ..FakeMachine::default() };
    machine.is_terminal = vector.get("tty").is_some_and(|tty| tty == true);
    for (name, value) in texts("env").iter().chain(&texts("late_env")) {
        machine = machine.with_variable(name, value);
    }
    for (path, text) in texts("cwd_files") {
        machine = machine.with_file(&path, text);
    }
    machine
}

/// A recorded package, with its version as it is sent here.
fn in_digits(package: &Value) -> Value {
    let mut package = package.clone();
    let differs = NOT_AS_RECORDED.iter().find(|(recorded, _)| package["version"] == *recorded);
    match differs {
        Some((_, Some(digits))) => package["version"] = (*digits).into(),
        Some((_, None)) => drop(package.as_object_mut().unwrap().remove("version")),
        None => {}
    }
    package
}

#[test]
fn recorded_facts_hold_except_for_differences_on_purpose() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/events.jsonl");
    let mut deviations = deviations();
    let mut compared = 0;
    for line in fs::read_to_string(path).unwrap().lines() {
        let vector: Value = serde_json::from_str(line).unwrap();
        let name = vector["name"].as_str().unwrap();
        let family = name.split('/').next().unwrap();
        if !FAMILIES.contains(&family) {
            continue;
        }
        let context = detect_within(machine(&vector), LIMIT * 40);
        let Some(recorded) = vector["events"].get(0).map(|event| &event["payload"]) else {
            // The original sent nothing, since this was a test, whatever else it was.
            assert!(matches!(context.environment, Some(Environment::Test | Environment::Production)), "{name}");
            continue;
        };
        let ours: Value = serde_json::from_str(&json(&context)).unwrap();
        for member in ["database", "framework", "packageManager"] {
            let expected = match deviations.keys().find(|(of, differs)| *of == name && *differs == member).copied() {
                Some(key) => deviations.remove(&key).unwrap(),
                None => recorded.get(member).map(in_digits).unwrap_or_default(),
            };
            assert_eq!(ours.get(member).unwrap_or(&Value::Null), &expected, "{member} of {name}");
        }
        assert_eq!(ours["environment"], recorded["environment"], "{name}");
        // Without a vendor, the original sends null, and we leave it out.
        let vendor = |payload: &Value| payload["systemInfo"]["deploymentVendor"].clone();
        assert_eq!(vendor(&ours), vendor(recorded), "{name}");
        // Without a terminal, the original leaves `isTTY` out, and we send false.
        let is_tty = recorded["systemInfo"].get("isTTY").is_some();
        assert_eq!(ours["systemInfo"]["isTTY"], is_tty, "{name}");
        compared += 1;
    }
    assert!(deviations.is_empty(), "these deviations no longer occur: {:?}", deviations.keys());
    println!("{compared} recorded contexts compared");
    assert!(compared >= 220, "{compared}");
}
