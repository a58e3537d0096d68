//! The counted event of what users do.

use telemetry::TelemetryEvent;

/// Somebody has signed in, or was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, TelemetryEvent)]
#[telemetry(event = "signIn", counted, rename_all = "camelCase")]
pub struct SignIn {
    /// The way in.
    #[telemetry(one_of("password", "passkey", "magic-link", "provider"))]
    pub method: &'static str,
    /// Whether it was refused.
    pub refused: bool,
}
