//! Which facts of events are compared, and how.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// An event of a start.
pub(super) struct Event {
    body: Value,
    /// Its members, in order.
    keys: Vec<String>,
    /// Method, path and content type of its request, if it was sent.
    request: Option<String>,
}

/// A path at which our value differs from the original's.
#[derive(Debug)]
pub(super) struct Difference {
    /// Which event; the second one of a name is `init 2`.
    event: String,
    pub(super) path: String,
    recorded: Value,
    pub(super) ours: Value,
}

impl Difference {
    pub(super) fn failed(error: String) -> Self {
        Self { event: String::new(), path: "the program".to_owned(), recorded: Value::Null, ours: error.into() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, path, recorded, ours } = self;
        write!(f, "{event} {path} is {ours}, and was {recorded} in the original")
    }
}

impl Event {
    pub(super) const fn new(body: Value, keys: Vec<String>, request: Option<String>) -> Self {
        Self { body, keys, request }
    }

    pub(super) fn map_at(mut self, pointer: &str, map: impl FnOnce(&Value) -> Value) -> Self {
        if let Some(value) = self.body.pointer_mut(pointer) {
            *value = map(value);
        }
        self
    }

    fn name(&self) -> &str {
        self.body["type"].as_str().unwrap_or("(none)")
    }

    /// Its facts by path. Null counts as absent.
    fn facts(&self) -> BTreeMap<String, Value> {
        let mut facts = BTreeMap::new();
        facts.insert("keys".to_owned(), json!(self.keys));
        facts.insert("request".to_owned(), json!(self.request));
        let at = |pointer: &str| self.body.pointer(pointer).cloned().unwrap_or_default();
        for pointer in [
            "/anonymousId",
            "/payload/a",
            "/payload/outcome",
            "/payload/adapter",
            "/payload/environment",
            "/payload/database/name",
            "/payload/framework/name",
            "/payload/packageManager/name",
            "/payload/packageManager/version",
            "/payload/systemInfo/deploymentVendor",
        ] {
            facts.insert(pointer[1..].replace('/', "."), at(pointer));
        }
        flatten("payload.config", &at("/payload/config"), &mut facts);
        facts.retain(|_, value| !value.is_null());
        facts
    }
}

/// Every value below a path, empty objects and lists included.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                flatten(&format!("{path}.{key}"), value, into);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), value, into);
            }
        }
        value => {
            into.insert(path.to_owned(), value.clone());
        }
    }
}

/// The differences between our events and the recorded ones. An event that only one side sent is one difference.
pub(super) fn differences(recorded: &[Event], ours: &[Event]) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |event: &str, path: &str, recorded: Value, ours: Value| {
        let differ = recorded != ours;
        if differ {
            found.push(Difference { event: event.to_owned(), path: path.to_owned(), recorded, ours });
        }
        differ
    };
    if compare("", "sent", (!recorded.is_empty()).into(), (!ours.is_empty()).into()) {
        return found;
    }
    let names = |events: &[Event]| events.iter().map(|event| event.name().to_owned()).collect::<Value>();
    compare("", "types", names(recorded), names(ours));
    let ours = numbered(ours);
    for (name, event) in &numbered(recorded) {
        let Some(other) = ours.get(name) else { continue };
        let mut others = other.facts();
        for (path, fact) in event.facts() {
            let other = others.remove(&path).unwrap_or_default();
            let other = if fact == "$alnum32" { drawn(other) } else { other };
            compare(name, &path, fact, other);
        }
        for (path, other) in others {
            compare(name, &path, Value::Null, other);
        }
    }
    found
}

/// Events by name; the second one of a name is `init 2`.
fn numbered(events: &[Event]) -> BTreeMap<String, &Event> {
    let mut numbered = BTreeMap::new();
    for event in events {
        let mut name = event.name().to_owned();
        for number in 2.. {
            if !numbered.contains_key(&name) {
                break;
            }
            name = format!("{} {number}", event.name());
        }
        numbered.insert(name, event);
    }
    numbered
}

/// Where the original drew a random id, only the form of ours is known in advance.
fn drawn(ours: Value) -> Value {
    let bytes = ours.as_str().and_then(|text| STANDARD.decode(text).ok());
    if bytes.is_some_and(|bytes| bytes.len() == 32) { "$base64 of 32 bytes".into() } else { ours }
}

#[test]
fn exactly_the_differences_are_found() {
    let init = |id: &str, env: &str, config: Value, path: &str| {
        let payload = json!({"environment": env, "config": config, "framework": {"name": "a", "version": env}});
        let body = json!({"type": "init", "anonymousId": id, "payload": payload});
        Event::new(body, vec!["type".into()], Some(path.into()))
    };
    let ping = || Event::new(json!({"type": "ping", "payload": {"a": 1}}), Vec::new(), None);
    let recorded = || vec![init("x", "ci", json!({"a": {"b": 1}, "c": []}), "/"), ping()];
    let differ = |recorded: &[Event], ours: &[Event]| {
        differences(recorded, ours).iter().map(|found| format!("{} {}", found.event, found.path)).collect::<Vec<_>>()
    };
    assert_eq!(differ(&recorded(), &recorded()), Vec::<String>::new());
    assert_eq!(differ(&recorded(), &[]), [" sent"]);
    let ours = init("y", "test", json!({"a": {"b": 2}, "c": [1], "d": true}), "/x");
    let expected = [
        " types",
        "init anonymousId",
        "init payload.config.a.b",
        "init payload.config.c",
        "init payload.environment",
        "init request",
        "init payload.config.d",
    ];
    assert_eq!(differ(&recorded(), &[ours]), expected);
    let twice = |second: &str| [init("x", "ci", json!({}), "/"), init(second, "ci", json!({}), "/")];
    assert_eq!(differ(&twice("x"), &twice("y")), ["init 2 anonymousId"]);
    let id = "LZmCx/HnNszGniRcO3xS9PKAc4OXPeBHYkWnwBggvLA=";
    assert_eq!(drawn(id.into()), "$base64 of 32 bytes");
    assert_eq!(drawn(id[4..].into()), id[4..]);
}
