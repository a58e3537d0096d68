//! Small types whose values are all enumerated: the number of bodies fits the stated bits, and the JSON Schema accepts these
//! bodies and nothing else.

mod all;
mod differences;
#[macro_use]
mod each_type;
mod types;
mod universe;

use std::collections::BTreeSet;

use serde_json::Value;
use telemetry::{Snapshot, TelemetrySnapshot};

use self::all::All;

/// Each distinct body of a type, as compact JSON with sorted members.
fn bodies<T: TelemetrySnapshot + All>() -> BTreeSet<String> {
    let body = |value: &T| Snapshot::of(value).unwrap().to_value().to_string();
    T::all().iter().map(body).collect()
}

/// Asserts that the number of distinct bodies fits into the bits.
fn fits_its_bits<T: TelemetrySnapshot + All>() {
    let (count, bits) = (bodies::<T>().len() as u128, T::SCHEMA.bits());
    assert!(bits >= 128 || count <= 1 << bits, "{count} bodies in {bits} bits");
}

/// Asserts that the JSON Schema accepts a value exactly if it can be sent.
fn accepts_exactly_what_can_be_sent<T: TelemetrySnapshot + All>() {
    let schema = T::SCHEMA.to_json_schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let bodies = bodies::<T>();
    let values: Vec<Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    let universe = universe::around(&values, T::DEPTH);
    assert!(universe.len() > values.len() && values.iter().all(|value| universe.contains(&value.to_string())));
    for text in universe {
        let value: Value = serde_json::from_str(&text).unwrap();
        let (accepted, can_be_sent) = (validator.is_valid(&value), bodies.contains(&text));
        assert_eq!(accepted, can_be_sent, "accepted, can be sent: {text}\nunder {schema:#}\nbodies: {bodies:#?}");
    }
}

macro_rules! exact {
    ($($name:ident: $ty:ty,)+) => {
        const TYPES: &[&str] = &[$(stringify!($name)),+];

        /// The schema of each type, and its bodies.
        fn everything() -> Vec<(&'static str, telemetry::schema::Schema, BTreeSet<String>)> {
            vec![$({
                #[allow(unused_imports, reason = "a type of the standard library needs none")]
                use self::types::*;
                (stringify!($name), <$ty as TelemetrySnapshot>::SCHEMA, bodies::<$ty>())
            }),+]
        }

        $(mod $name {
            #[allow(unused_imports, reason = "a type of the standard library needs none")]
            use super::types::*;

            #[test]
            fn fits_its_bits() {
                super::fits_its_bits::<$ty>();
            }

            #[test]
            fn is_kept_when_released() {
                crate::schemas::is_kept::<$ty>();
            }

            #[test]
            fn accepts_exactly_what_can_be_sent() {
                super::accepts_exactly_what_can_be_sent::<$ty>();
            }
        })+
    };
}

for_each_type!(exact);

#[test]
fn there_are_at_least_forty() {
    assert!(TYPES.len() >= 40, "{}", TYPES.len());
}
