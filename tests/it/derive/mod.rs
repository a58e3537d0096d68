//! What is sent for each shape of type and under each attribute.

#![allow(dead_code, reason = "a skipped field is never read")]

mod bounds;
mod cases;
mod changed;
mod clap_names;
mod computed;
mod containers;
mod counted;
mod enums;
mod maps;
mod names;
mod natural;
mod newtypes;
mod own_module;
mod policies;
mod presence;
mod scope;
mod sets;

use telemetry::{Snapshot, TelemetrySnapshot};

/// The snapshot as compact JSON.
fn json<T: TelemetrySnapshot + ?Sized>(value: &T) -> String {
    Snapshot::of(value).unwrap().as_json().to_owned()
}

/// A struct with one field: values and the expected snapshot of each.
macro_rules! field {
    ($(#[telemetry($($attribute:tt)*)])? $ty:ty { $($value:expr => $expected:expr),+ $(,)? }) => {{
        #[derive(telemetry::TelemetrySnapshot)]
        struct Holder {
            $(#[telemetry($($attribute)*)])?
            x: $ty,
        }
        $(
            let expected: Option<&str> = Into::into($expected);
            let expected = expected.map_or("{}".to_owned(), |value| format!("{{\"x\":{value}}}"));
            assert_eq!($crate::derive::json(&Holder { x: $value }), expected, "{}", stringify!($value));
        )+
    }};
}
use field;
