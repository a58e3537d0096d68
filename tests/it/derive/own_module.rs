//! An application with a module of its own that is called as the library is: generated code names the crate.

use ::telemetry::TelemetrySnapshot;

/// Not the library.
mod telemetry {
    pub(super) mod __private {}
}

#[derive(TelemetrySnapshot)]
struct Options {
    secure: bool,
}

#[test]
fn a_module_called_telemetry_is_not_in_the_way() {
    assert_eq!(super::json(&Options { secure: true }), "{\"secure\":true}");
}
