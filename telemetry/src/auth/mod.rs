//! The telemetry of [Better Auth](https://www.better-auth.com), for a library that has its options.
//!
//! [`AuthOptions`] has all options of the original, and the derive says of each what may leave: about a hundred are told as
//! yes or no, as a number, or as a word of [`vocabulary`], and the others are not looked at. Names and order on
//! the wire are the original's.
//!
#![doc = include_str!("../../docs/better-auth.md")]

mod config;
mod create;
mod events;
mod options;
pub mod vocabulary;

pub use config::Config;
pub use create::{TelemetryContext, builder, create_telemetry};
pub use events::{CliGenerate, CliMigrate, GenerateOutcome, Init, MigrateOutcome};
pub use indexmap::IndexMap;
pub use options::*;

use crate::consent::Consent;
use crate::page::Disclosure;
use crate::sink::{Outgoing, SendError};

/// Whose consent it is: that of the user of a command line or server, for the telemetry of the library.
///
/// Its variables are `BETTER_AUTH_TELEMETRY` and `BETTER_AUTH_TELEMETRY_DEBUG`.
pub const CONSENT: Consent = Consent::new("BETTER_AUTH", "better-auth");

/// Takes events in the place of an endpoint, one at a time, on a thread of telemetry's. What it says is counted.
pub type CustomTrack = Box<dyn FnMut(&Outgoing) -> Result<(), SendError> + Send>;

/// The page that tells users what is sent. Say on it who receives the data:
///
/// ```
/// let page = telemetry::auth::disclosure().receiver("Acme Inc.").endpoint("https://telemetry.acme.dev/v1/events").to_markdown();
/// assert!(page.contains("| Receiver | Acme Inc. |"));
/// assert!(page.contains("`BETTER_AUTH_TELEMETRY=0`"));
/// ```
#[must_use]
pub fn disclosure() -> Disclosure {
    Disclosure::new(CONSENT).event::<Init<'_>>().event::<CliGenerate<'_>>().event::<CliMigrate<'_>>()
}
