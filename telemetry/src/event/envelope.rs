//! A whole event as JSON Schema, for its receiver.

use serde_json::{Map, Value, json};

use super::TelemetryEvent;

/// 32 bytes as padded base64.
const ANONYMOUS_ID: &str = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$";

/// The body of each request that sends this event alone, as JSON Schema (draft 2020-12): only `type`, `payload` and `anonymousId`. In a
/// batch, each line has `id`, `schema` and `age` as well.
/// The schema of the payload is that of [`to_json_schema`](crate::schema::Schema::to_json_schema).
///
/// ```
/// use telemetry::TelemetryEvent;
///
/// #[derive(TelemetryEvent)]
/// #[telemetry(event = "started")]
/// struct Started {
///     by_hand: bool,
/// }
///
/// let schema = telemetry::event::event_json_schema::<Started>();
/// assert_eq!(schema["properties"]["type"]["const"], "started");
/// assert_eq!(schema["properties"]["payload"]["properties"]["by_hand"]["type"], "boolean");
/// ```
#[must_use]
pub fn event_json_schema<E: TelemetryEvent + ?Sized>() -> Value {
    let mut payload = E::SCHEMA.to_json_schema();
    // References start at the root, so their targets and the dialect stay there.
    let mut root = Map::new();
    if let Value::Object(members) = &mut payload {
        for name in ["$schema", "$defs"] {
            if let Some(value) = members.remove(name) {
                root.insert(name.to_owned(), value);
            }
        }
    }
    root.insert("type".to_owned(), "object".into());
    root.insert(
        "properties".to_owned(),
        json!({
            "type": { "const": E::NAME },
            "payload": payload,
            "anonymousId": { "type": "string", "pattern": ANONYMOUS_ID },
        }),
    );
    root.insert("required".to_owned(), json!(["type", "payload", "anonymousId"]));
    root.insert("additionalProperties".to_owned(), false.into());
    Value::Object(root)
}
