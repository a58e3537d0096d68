//! The reports as the API gives them.

use serde_json::{Value, json};

use super::fixture::{Asked, TODAY};

fn report(installs: u8, least: u64) -> Value {
    let asked = Asked::new();
    let event = |install| asked.event(&asked.schemas.started, asked.envelope(install, TODAY), r#"{"by_hand":true}"#);
    asked.write((0..installs).map(event).collect());
    serde_json::to_value(asked.ask_of("started", "", least).unwrap()).unwrap()
}

fn expected(least: u64, count: &Value, zero: &Value) -> Value {
    let active = |first: &str| {
        json!([{
            "first": first, "is_complete": false, "installs": count, "new": count, "returning": zero,
            "versions": [{"label": "0.1.0", "count": count}],
        }])
    };
    json!({
        "event": "started", "today": "2026-11-27", "least": least, "since": "2026-11-27", "until": "2026-11-27",
        "counted_since": "2026-11-27",
        "events": count, "ephemeral": zero, "installs": count,
        "choices": [{"path": "version", "values": ["0.1.0"]}, {"path": "by_hand", "values": ["true", "false"]}],
        "activity": {"days": active("2026-11-27"), "weeks": active("2026-11-23"), "months": active("2026-11-01")},
        "retention": [{"first": "2026-11-23", "size": count, "later": []}],
        "is_counted": false, "sums": null,
        "fields": [{
            "path": "by_hand", "purpose": "", "kind": "flag", "unit": null, "sent": count, "absent": zero, "without": 0,
            "values": {"form": "share", "yes": count, "no": zero},
        }],
        "cross": null,
    })
}

#[test]
fn a_report_is_as_it_is_with_null_for_what_is_hidden() {
    assert_eq!(report(5, 0), expected(0, &json!(5), &json!(0)));
    assert_eq!(report(5, 5), expected(5, &json!(5), &json!(0)));
    assert_eq!(report(4, 5), expected(5, &Value::Null, &Value::Null));
}
