//! The events of Better Auth.

use std::collections::HashMap;

use serde_json::Value as Any;
use telemetry::schema::Released;
use telemetry::schema::walk::{AnySchema, Container, Place, Step, Value, Visitor};
use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot, auth};
use telemetry_collector::check::{KnownSchema, envelope};

use super::json::Json;
use super::mutate::{Change, Pool, mutations};
use super::oracle::{Both, judge};

/// The configurations of the recordings of Better Auth, and what is sent for each.
const RECORDED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/config.jsonl");

/// The position of each path of a schema on the wire.
#[derive(Default)]
struct Order(HashMap<String, usize>);

impl Order {
    fn add(&mut self, place: &Place<'_, '_>) {
        let at = self.0.len();
        self.0.entry(place.path().to_string()).or_insert(at);
    }

    /// A value with its members in the order of the wire.
    fn arrange(&self, path: &str, value: &Any) -> Json {
        match value {
            Any::Object(members) => {
                let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                let mut members: Vec<(String, Json)> =
                    members.iter().map(|(name, member)| (name.clone(), self.arrange(&below(name), member))).collect();
                members.sort_by_key(|(name, _)| self.0[&below(name)]);
                Json::Object(members)
            }
            Any::Array(items) => {
                Json::List(items.iter().map(|item| self.arrange(&format!("{path}[]"), item)).collect())
            }
            scalar => Json::Scalar(scalar.to_string()),
        }
    }
}

impl Visitor<'_> for Order {
    fn value(&mut self, place: &Place<'_, '_>, _: Value<'_>) {
        self.add(place);
    }

    fn enter(&mut self, place: &Place<'_, '_>, _: Container<'_>) -> Step {
        self.add(place);
        Step::Into
    }
}

/// What is sent for the recorded configurations.
fn configurations() -> Vec<String> {
    let mut order = Order::default();
    (&auth::Config::SCHEMA).report(&mut order);
    let text = std::fs::read_to_string(RECORDED).unwrap();
    let expected = |line: &str| -> Any { serde_json::from_str::<Any>(line).unwrap()["expected"].take() };
    let mut all: Vec<String> = text.lines().map(|line| order.arrange("", &expected(line)).to_string()).collect();
    all.sort_by_key(String::len);
    all.dedup();
    assert!(all.len() > 100);
    all
}

#[test]
fn the_recorded_configurations_are_accepted_and_come_back() {
    let both = Both::of::<auth::Config<'_>>();
    let generated = Both::of::<auth::CliGenerate<'_>>();
    for config in configurations() {
        both.accepts(&config);
        generated.accepts(&format!("{{\"outcome\":\"appended\",\"config\":{config}}}"));
    }
}

/// Changes each member of a payload. Only that member is judged by its JSON Schema, since that of the whole payload takes its time.
fn agrees_about_members<T: TelemetrySnapshot>(payload: &str) {
    let Json::Object(members) = Json::read(payload) else { panic!("{payload}") };
    let released = Released::of(&T::SCHEMA);
    let schema = released.to_json_schema();
    let known = KnownSchema::new("tested", "0.1.0", "2026-11-26", released);
    for (name, member) in &members {
        let schema = &schema["properties"][name];
        let validator = jsonschema::validator_for(schema).unwrap();
        let whole = format!("\"{name}\":{member}");
        let (before, after) = payload.split_once(&whole).unwrap();
        mutations(member, &Pool::of(schema), &mut |change, bytes| {
            let is_valid = serde_json::from_slice(bytes).is_ok_and(|value| validator.is_valid(&value));
            let name = format!("\"{name}\":");
            judge(&known, &[before.as_bytes(), name.as_bytes(), bytes, after.as_bytes()].concat(), change, is_valid);
        });
    }
}

/// The same with at most two items of each list, since the changes of long lists are many.
fn shortened(json: Json) -> Json {
    match json {
        Json::List(items) => Json::List(items.into_iter().take(2).map(shortened).collect()),
        Json::Object(members) => {
            Json::Object(members.into_iter().map(|(name, member)| (name, shortened(member))).collect())
        }
        scalar => scalar,
    }
}

#[test]
fn changes_of_the_fullest_configuration_are_rejected_as_the_json_schema_does() {
    let configurations = configurations();
    let members = |config: &&String| config.matches("\":").count();
    let fullest = shortened(Json::read(configurations.iter().max_by_key(members).unwrap())).to_string();
    assert!(fullest.contains("[{") && fullest.contains("\"database\":"), "{fullest}");
    agrees_about_members::<auth::Config<'_>>(&fullest);
}

/// An event that is little more than its context.
#[derive(TelemetryEvent)]
#[telemetry(event = "started", context, budget_bits = 500)]
struct Started {
    by_hand: bool,
}

/// The payload of an event with the context of this machine.
fn with_context<E: TelemetryEvent>(event: &E) -> String {
    let body = Telemetry::disabled().preview(event).unwrap();
    // A preview has no anonymous id.
    let id = "A".repeat(43) + "=";
    let body = [&body[..body.len() - 46], &id, "\"}"].concat();
    let single = envelope::single(body.as_bytes()).unwrap();
    assert_eq!(single.event, E::NAME);
    let payload = &body[single.payload];
    assert!(payload.contains("systemInfo"), "{payload}");
    payload.to_owned()
}

#[test]
fn changes_of_the_context_are_rejected_as_the_json_schema_does() {
    let mut both = Both::of::<Started>();
    both.agrees_around(&with_context(&Started { by_hand: true }));
    // Nothing was judged in vain: each change that is only another spelling is one that the JSON Schema accepts.
    let is_seen =
        |(change, (judged, valid)): (&Change, &(u32, u32))| *change == Change::Value || judged == valid && *judged > 3;
    assert!(both.judged.len() == 6 && both.judged.iter().all(is_seen), "{:?}", both.judged);
}

#[test]
fn an_event_with_the_context_of_this_machine_is_accepted_and_comes_back() {
    let options = auth::AuthOptions::default();
    let config = auth::Config { database: None, adapter: None, options: &options };
    Both::of::<auth::Init<'_>>().accepts(&with_context(&auth::Init { config }));
}
