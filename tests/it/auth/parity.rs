//! Each recorded configuration is sent as expected, value by value and in the order of the original.

use std::path::PathBuf;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use telemetry::Snapshot;
use telemetry_examples::auth::{Written, decode};

#[derive(Deserialize)]
struct Vector {
    name: String,
    expected: Value,
}

fn snapshot(written: &Written) -> Snapshot {
    telemetry::testing::snapshot(&written.config())
}

#[test]
fn parity_config() {
    let path = std::env::var_os("PARITY_CONFIG").map_or_else(|| super::vector("config.jsonl"), PathBuf::from);
    let lines = super::read(&path);
    let (mut equal, mut total) = (0, 0);
    for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let vector: Vector = serde_json::from_str(line).unwrap_or_else(|error| panic!("line {}: {error}", number + 1));
        total += 1;
        let name = &vector.name;
        match decode(line) {
            Err(error) => println!("{name}: {error}"),
            Ok(written) => {
                let sent = snapshot(&written).to_value();
                let mut differences = Vec::new();
                compare("", &sent, &vector.expected, &mut differences);
                equal += usize::from(differences.is_empty());
                differences.iter().for_each(|difference| println!("{name}: {difference}"));
            }
        }
    }
    println!("{equal} of {total} equal");
    assert!(total > 0, "{} holds no vectors", path.display());
    assert_eq!(equal, total, "see what differs above");
}

/// The paths at which two values differ.
fn compare(path: &str, sent: &Value, expected: &Value, differences: &mut Vec<String>) {
    match (sent, expected) {
        (Value::Object(sent), Value::Object(expected)) => {
            for (key, value) in sent {
                match expected.get(key) {
                    Some(expected) => compare(&format!("{path}.{key}"), value, expected, differences),
                    None => differences.push(format!("{path}.{key} is {value} and should be absent")),
                }
            }
            let missing = expected.iter().filter(|(key, _)| !sent.contains_key(*key));
            differences.extend(missing.map(|(key, value)| format!("{path}.{key} is absent and should be {value}")));
        }
        (Value::Array(sent), Value::Array(expected)) if sent.len() == expected.len() => {
            for (index, (sent, expected)) in sent.iter().zip(expected).enumerate() {
                compare(&format!("{path}[{index}]"), sent, expected, differences);
            }
        }
        _ if sent == expected => {}
        _ => differences.push(format!("{path} is {sent} and should be {expected}")),
    }
}

#[test]
fn every_kind_of_difference_is_found() {
    let expected = serde_json::json!({"a": {"b": [1, {"c": true}]}, "d": "e"});
    for (other, count) in [
        (serde_json::json!({"a": {"b": [1, {"c": true}]}, "d": "e"}), 0),
        (serde_json::json!({"a": {"b": [1, {"c": false}]}, "d": "f"}), 2),
        (serde_json::json!({"a": {"b": [1]}, "x": "e"}), 3),
        (serde_json::json!({"a": {"b": [1, {"c": 1}]}, "d": null}), 2),
    ] {
        let mut differences = Vec::new();
        compare("", &other, &expected, &mut differences);
        assert_eq!(differences.len(), count, "{differences:?}");
    }
}

#[test]
fn a_number_that_json_cannot_hold_becomes_what_the_original_writes() {
    for (written, expected) in [("-0", 0.into()), ("NaN", Value::Null), ("-Infinity", Value::Null)] {
        let line = serde_json::json!({"options": {"rateLimit": {"window": {"$num": written}}}}).to_string();
        let sent = snapshot(&decode(&line).unwrap()).to_value();
        assert_eq!(sent["rateLimit"]["window"], expected, "{written}");
    }
}

type Members = IndexMap<String, Box<RawValue>>;

/// The keys of a JSON text by path, in the order of the text. Values that are not objects in `like` are leaves.
fn keys(path: &str, json: &str, like: &str, found: &mut Vec<String>) {
    let (members, other) = (serde_json::from_str::<Members>(json), serde_json::from_str::<Members>(like));
    if let (Ok(members), Ok(like)) = (members, other) {
        for (key, value) in &members {
            found.push(format!("{path}.{key}"));
            keys(&format!("{path}.{key}"), value.get(), like.get(key).map_or("", |value| value.get()), found);
        }
    }
    let (items, other) = (serde_json::from_str::<Vec<&RawValue>>(json), serde_json::from_str::<Vec<&RawValue>>(like));
    if let (Ok(items), Ok(like)) = (items, other) {
        for (index, (value, like)) in items.iter().zip(&like).enumerate() {
            keys(&format!("{path}[{index}]"), value.get(), like.get(), found);
        }
    }
}

#[test]
fn keys_are_in_the_order_of_the_original() {
    let recorded = super::read(&super::vector("wire-order-config.json"));
    let lines = super::read(&super::vector("config.jsonl"));
    let everything = lines.lines().find(|line| line.contains(r#""core/all/read""#)).unwrap();
    let sent = snapshot(&decode(everything).unwrap());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    keys("", sent.as_json(), &recorded, &mut ours);
    keys("", &recorded, sent.as_json(), &mut theirs);
    assert!(ours.len() > 500, "{}", ours.len());
    assert_eq!(ours, theirs);
}
