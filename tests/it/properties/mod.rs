//! What must hold for every value of every shape.

mod canary;
mod numbers;
mod outside;
#[macro_use]
mod shapes;
mod source;
mod variants;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;
use telemetry::Snapshot;

pub(crate) use self::canary::found;
use self::shapes::{
    Enums, Flattened, Foreign, Generic, Level, Maps, Nested, Optional, Plain, Shape, Small, Tagged, Tree, Tuple,
    Untagged,
};
use self::source::Source;
use self::variants::{Command, Keyed};

/// Non-empty texts that are neither words nor versions and can contain any character.
fn secrets() -> impl Strategy<Value = Vec<String>> {
    vec("canary-[A-Za-z0-9]{8}[ -~äß漢\\\\\"/|]{0,6}-", 1..8)
}

fn visible() -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), 1..24)
}

fn json<T: Shape>(source: &Source<'_>) -> String {
    telemetry::testing::snapshot(&T::from_source(source)).as_json().to_owned()
}

/// Values that differ only in redacted content give identical bytes, without any text of that content.
fn redacted_content_changes_nothing<T: Shape>(
    visible: &[u32],
    one: &[String],
    other: &[String],
) -> Result<(), TestCaseError> {
    let (first, second) = (Source::new(visible, one), Source::new(visible, other));
    let (json, again) = (json::<T>(&first), json::<T>(&second));
    prop_assert_eq!(&json, &again);
    for text in first.into_canaries().iter().chain(&second.into_canaries()) {
        prop_assert_eq!(found(&json, text), None, "{} in {}", text, json);
    }
    Ok(())
}

/// The bytes are JSON that conforms to the schema, with members in the order of declaration.
fn snapshots_fit_the_schema<T: Shape>(visible: &[u32], hidden: &[String]) -> Result<(), TestCaseError> {
    let json = json::<T>(&Source::new(visible, hidden));
    let value: Value = serde_json::from_str(&json).unwrap();
    let schema = T::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    if let Err(error) = validator.validate(&value) {
        prop_assert!(false, "{} in {}", error, json);
    }
    let keys = members(&json);
    let expected: Vec<&str> = T::KEYS.iter().copied().filter(|key| keys.contains(&(*key).to_owned())).collect();
    prop_assert_eq!(keys, expected);
    Ok(())
}

/// The JSON Schema refuses a value just out of bounds at each place.
fn values_out_of_bounds_are_refused<T: Shape>(visible: &[u32], hidden: &[String]) -> Result<(), TestCaseError> {
    let json = json::<T>(&Source::new(visible, hidden));
    let value: Value = serde_json::from_str(&json).unwrap();
    let schema = T::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (path, outside) in outside::variations(&schema, &value) {
        prop_assert!(!validator.is_valid(&outside), "at {:?}, {} fits {}", path, outside, schema);
    }
    Ok(())
}

/// The members of the outermost object, in order.
fn members(json: &str) -> Vec<String> {
    let (mut depth, mut names, mut rest) = (0, Vec::new(), json);
    while let Some(at) = rest.find(['{', '[', '}', ']', '"']) {
        let (found, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = after;
        match found {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {
                // Words of a snapshot contain no escapes.
                let (text, after) = after.split_once('"').unwrap();
                if depth == 1 && after.starts_with(':') {
                    names.push(text.to_owned());
                }
                rest = after;
            }
        }
    }
    names
}

macro_rules! shapes {
    ($($name:ident: $shape:ty),+ $(,)?) => {$(
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

                #[test]
                fn redacted_content_changes_nothing(visible in visible(), one in secrets(), other in secrets()) {
                    super::redacted_content_changes_nothing::<$shape>(&visible, &one, &other)?;
                }

                #[test]
                fn snapshots_fit_the_schema(visible in visible(), hidden in secrets()) {
                    super::snapshots_fit_the_schema::<$shape>(&visible, &hidden)?;
                }
            }

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

                #[test]
                fn values_out_of_bounds_are_refused(visible in visible(), hidden in secrets()) {
                    super::values_out_of_bounds_are_refused::<$shape>(&visible, &hidden)?;
                }
            }

            #[test]
            fn the_schema_is_kept_when_released() {
                crate::schemas::is_kept::<$shape>();
            }

            #[test]
            fn the_schema_is_valid() {
                let schema = <$shape as telemetry::TelemetrySnapshot>::SCHEMA.to_json_schema();
                jsonschema::meta::validate(&schema).unwrap();
            }
        }
    )+};
}

for_each_shape!(shapes);

/// A type whose policy would echo its text.
#[derive(serde::Serialize)]
struct Echo<'a> {
    presence: bool,
    word: &'a str,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn an_echo_is_detected(hidden in secrets()) {
        let source = Source::new(&[1], &hidden);
        let word = source.secret();
        let body = serde_json::to_string(&Echo { presence: true, word: &word }).unwrap();
        prop_assert!(source.into_canaries().iter().any(|text| found(&body, text).is_some()));
    }
}

#[test]
fn members_are_those_of_the_outermost_object() {
    assert_eq!(members(r#"{"a":{"b":1},"c":["d"],"e":"f"}"#), ["a", "c", "e"]);
    assert!(members(r#"["a"]"#).is_empty());
    assert_eq!(Snapshot::of(&true).unwrap().as_json(), "true");
}
