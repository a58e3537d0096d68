//! The options of a library, and the event that it publishes. The example is in the tests.

use std::collections::BTreeMap;

use telemetry::page::Disclosure;
use telemetry::{Consent, TelemetrySnapshot};

/// The consent of the library's users.
pub const CONSENT: Consent = Consent::new("ACME", "acme");

/// The options of the library.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(event = "init", rename_all = "camelCase")]
pub struct Options {
    /// The key that signs cookies.
    #[telemetry(presence)]
    pub secret: String,
    /// Whether cookies are sent over https only.
    pub secure: bool,
    /// Where users are kept.
    #[telemetry(one_of("postgres", "mysql", "sqlite"))]
    pub database: Option<String>,
    /// Signing in with another account.
    #[telemetry(each(key = "id", one_of("github", "google", other = "custom"), max = 8))]
    pub providers: BTreeMap<String, Provider>,
    /// A company's own server, with the feature `sso`.
    #[cfg(feature = "sso")]
    pub sso: Option<Sso>,
}

/// An account elsewhere.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub struct Provider {
    /// Whether the library can prove who it is.
    #[telemetry(presence)]
    pub client_secret: Option<String>,
    /// What it asks for.
    pub scopes: Vec<String>,
}

/// A company's own server.
#[cfg(feature = "sso")]
#[derive(Debug, TelemetrySnapshot)]
pub struct Sso {
    /// Where it is.
    #[telemetry(presence)]
    pub issuer: String,
}

/// The page for users.
#[must_use]
pub fn disclosure() -> Disclosure {
    Disclosure::new(CONSENT)
        .receiver("Acme Inc.")
        .endpoint("https://telemetry.acme.dev/v1/events")
        .retention("90 days")
        .contact("privacy@acme.dev")
        .event::<Options>()
}
