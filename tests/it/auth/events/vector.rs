//! A recorded start: its input and its events.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::facts::Event;
use super::redact::{redact, redact_adapter};

#[derive(Deserialize)]
pub(super) struct Vector {
    pub(super) name: String,
    pub(super) env: BTreeMap<String, String>,
    pub(super) cwd_files: BTreeMap<String, String>,
    options: Box<RawValue>,
    context: Box<RawValue>,
    publish: Box<RawValue>,
    #[serde(default)]
    then: Option<Box<RawValue>>,
    /// How the server answers.
    pub(super) server: Option<String>,
    /// Variables that were set after the original was loaded. Ours are set before the program starts.
    #[serde(default)]
    pub(super) late_env: BTreeMap<String, String>,
    pub(super) cwd_sub: Option<String>,
    #[serde(default)]
    pub(super) cwd_removed: bool,
    /// Whether standard output is a terminal.
    #[serde(default)]
    pub(super) tty: bool,
    events: Vec<Value>,
    http: Vec<RecordedRequest>,
}

#[derive(Deserialize)]
struct RecordedRequest {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: Value,
    #[serde(rename = "body_top_level_keys_in_order")]
    keys: Vec<String>,
}

/// The members of an event that `customTrack` received, in the order of the wire. The recording sorted them.
fn in_order(event: &Value) -> Vec<String> {
    let members = ["type", "payload", "anonymousId"].into_iter().filter(|name| event.get(name).is_some());
    members.map(str::to_owned).collect()
}

impl Vector {
    /// The input of the example `auth_events`.
    pub(super) fn input(&self) -> String {
        let then = self.then.as_deref().map_or("[]", RawValue::get);
        let (options, context, publish) = (self.options.get(), self.context.get(), self.publish.get());
        format!(r#"{{"options":{options},"context":{context},"publish":{publish},"then":{then}}}"#)
    }

    pub(super) fn recorded(&self) -> Vec<Event> {
        let handed = self.events.iter().map(|event| Event::new(event.clone(), in_order(event), None));
        let sent = self.http.iter().map(|request| {
            let content_type = request.headers.get("content-type").map_or("", String::as_str);
            let line = format!("{} {} {content_type}", request.method, request.path);
            Event::new(request.body.clone(), request.keys.clone(), Some(line))
        });
        let options: Value = serde_json::from_str(self.options.get()).unwrap_or_default();
        let redacted = |event: Event| {
            let event = event.map_at("/payload/config", |config| redact(config, &options));
            event.map_at("/payload/adapter", redact_adapter)
        };
        handed.chain(sent).map(redacted).collect()
    }
}

#[test]
fn the_input_of_the_program_keeps_the_order_of_the_recording() {
    let line = json!({"name": "a/b", "env": {}, "cwd_files": {}, "options": {}, "context": null, "publish": [{"type": "ping"}],
        "events": [], "http": []});
    let vector: Vector = serde_json::from_str(&line.to_string()).unwrap();
    assert_eq!(vector.input(), r#"{"options":{},"context":null,"publish":[{"type":"ping"}],"then":[]}"#);
    assert!(vector.recorded().is_empty());
}
