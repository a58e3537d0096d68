use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::sink::outgoing::tests::outgoing;

/// 1 July 2025, 15:04:05.
const NOW: Duration = Duration::from_secs(1_751_382_245);

fn encoded(events: &[Outgoing]) -> Value {
    serde_json::from_str(&encode(events, None, SystemTime::UNIX_EPOCH + NOW)).unwrap()
}

fn records(request: &Value) -> &Vec<Value> {
    request["resourceLogs"][0]["scopeLogs"][0]["logRecords"].as_array().unwrap()
}

fn attributes(record: &Value) -> BTreeMap<String, Value> {
    let attributes = record["attributes"].as_array().unwrap();
    let found: BTreeMap<_, _> =
        attributes.iter().map(|one| (one["key"].as_str().unwrap().to_owned(), one["value"].clone())).collect();
    assert_eq!(found.len(), attributes.len(), "two attributes have one key");
    found
}

#[test]
fn a_request_is_as_the_specification_writes_it() {
    let event = outgoing(r#"{"type":"started","payload":{"by_hand":true,"of":{"n":-3}},"anonymousId":"abc="}"#);
    let request = encode(&[event.with_age_days(2)], Some("acme \"x\""), SystemTime::UNIX_EPOCH + NOW);
    let schema = "5c".repeat(32);
    let expected = json!({"resourceLogs": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "acme \"x\""}}]},
        "scopeLogs": [{
            "scope": {"name": "telemetry", "version": env!("CARGO_PKG_VERSION")},
            "logRecords": [{
                "timeUnixNano": "1751155200000000000",
                "observedTimeUnixNano": "1751328000000000000",
                "eventName": "started",
                "attributes": [
                    {"key": "by_hand", "value": {"boolValue": true}},
                    {"key": "of.n", "value": {"intValue": "-3"}},
                    {"key": "_telemetry.anonymous_id", "value": {"stringValue": "abc="}},
                    {"key": "_telemetry.id", "value": {"stringValue": format!("{}-1", "0".repeat(32))}},
                    {"key": "_telemetry.schema", "value": {"stringValue": schema}},
                    {"key": "_telemetry.age_days", "value": {"intValue": "2"}},
                ],
            }],
        }],
    }]});
    assert_eq!(serde_json::from_str::<Value>(&request).unwrap(), expected);
}

#[test]
fn without_a_name_the_resource_says_nothing() {
    let request = encoded(&[outgoing("{}")]);
    assert_eq!(request["resourceLogs"][0]["resource"], json!({"attributes": []}));
}

#[test]
fn each_kind_of_value_has_its_own() {
    let body = r#"{"type":"a","payload":{"b":false,"i":4294967296,"f":0.5,"u":18446744073709551615,"w":"x","n":null,"e":{},
        "l":["a",null,1],"o":[{"x":{"y":true}},{}]},"anonymousId":"="}"#;
    let found = attributes(&records(&encoded(&[outgoing(body)]))[0]);
    for (key, value) in [
        ("b", json!({"boolValue": false})),
        ("i", json!({"intValue": "4294967296"})),
        ("f", json!({"doubleValue": 0.5})),
        ("u", json!({"doubleValue": 18_446_744_073_709_551_615_u64})),
        ("w", json!({"stringValue": "x"})),
        ("e", json!({"kvlistValue": {"values": []}})),
        ("l", json!({"arrayValue": {"values": [{"stringValue": "a"}, {"intValue": "1"}]}})),
        (
            "o",
            json!({"arrayValue": {"values": [
                {"kvlistValue": {"values": [{"key": "x.y", "value": {"boolValue": true}}]}},
                {"kvlistValue": {"values": []}},
            ]}}),
        ),
    ] {
        assert_eq!(found[key], value, "{key}");
    }
    assert_eq!(found.get("n"), None);
}

#[test]
fn no_time_tells_more_than_a_day() {
    let hours = (0..24).map(|hour| Duration::from_secs(1_751_328_000 + hour * 3600 + 59));
    let at = |now: Duration| encode(&[outgoing("{}").with_age_days(1)], None, SystemTime::UNIX_EPOCH + now);
    assert_eq!(hours.map(at).collect::<BTreeSet<_>>().len(), 1);
    let before_1970 = SystemTime::UNIX_EPOCH - DAY;
    assert!(encode(&[outgoing("{}").with_age_days(7)], None, before_1970).contains(r#""timeUnixNano":"0""#));
}

#[test]
fn an_id_that_does_not_last_is_told_of_its_own_record() {
    let request = encoded(&[outgoing("{}").with_ephemeral_id(true), outgoing("{}")]);
    let told = records(&request).iter().map(|record| attributes(record).get("_telemetry.ephemeral").cloned());
    assert_eq!(told.collect::<Vec<_>>(), [Some(json!({"boolValue": true})), None]);
}

#[test]
fn no_member_is_taken_for_another_nor_for_what_is_added() {
    let payload =
        r#"{"a.b":1,"a":{"b":2},"[a]":3,"a]":4,"_telemetry":{"id":5},"_telemetry.id":6,"1":7,"é":8,"a-b_2":9}"#;
    let body = format!(r#"{{"type":"a","payload":{payload},"anonymousId":"="}}"#);
    let found = attributes(&records(&encoded(&[outgoing(&body)]))[0]);
    for (key, value) in [
        ("[a.b]", "1"),
        ("a.b", "2"),
        ("[[a]]]", "3"),
        ("[a]]]", "4"),
        ("[_telemetry].id", "5"),
        ("[_telemetry.id]", "6"),
        ("[1]", "7"),
        ("[é]", "8"),
        ("a-b_2", "9"),
    ] {
        assert_eq!(found[key], json!({"intValue": value}), "{key}");
    }
}

#[test]
fn what_was_rejected_is_read_from_any_answer() {
    for (answer, expected) in [
        ("{}", 0),
        ("", 0),
        ("ok", 0),
        ("\0", 0),
        (r#"{"partialSuccess":{}}"#, 0),
        (r#"{"partialSuccess":{"errorMessage":"a warning"}}"#, 0),
        (r#"{"partialSuccess":null}"#, 0),
        (r#"{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"no"}}"#, 3),
        (r#"{"partialSuccess":{"rejectedLogRecords":2}}"#, 2),
        (r#"{"partialSuccess":{"rejectedLogRecords":"-1"}}"#, 0),
        (r#"{"partialSuccess":{"rejectedLogRecords":-1}}"#, 0),
        (r#"{"partialSuccess":{"rejectedLogRecords":"18446744073709551615"}}"#, usize::MAX),
    ] {
        assert_eq!(rejected(answer.as_bytes()), expected, "{answer}");
    }
}

/// The leaves of a value by the paths that lead to them, and what stands at them.
fn leaves(value: &Value, path: &mut Vec<String>, to: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                path.push(name.clone());
                leaves(value, path, to);
                path.pop();
            }
        }
        other => to.push(format!("{path:?} {other}")),
    }
}

fn payload() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z ]{0,4}".prop_map(Value::from)
    ];
    let name = "[a-c.\\]\\[_1-]{1,3}";
    leaf.prop_recursive(4, 24, 4, move |inner| {
        proptest::collection::btree_map(name, inner, 0..4)
            .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into())
    })
    .prop_filter("a payload is an object", Value::is_object)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_leaf_is_one_attribute_with_a_key_of_its_own(payload in payload()) {
        let body = json!({"type": "a", "payload": payload, "anonymousId": "="}).to_string();
        let mut expected = Vec::new();
        leaves(&payload, &mut Vec::new(), &mut expected);
        let is_empty = payload == json!({});
        let found = attributes(&records(&encoded(&[outgoing(&body)]))[0]);
        let of_payload = found.keys().filter(|key| !key.starts_with("_telemetry.")).count();
        prop_assert_eq!(of_payload, expected.len() - usize::from(is_empty));
    }
}
