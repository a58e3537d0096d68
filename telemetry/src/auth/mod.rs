//! The telemetry of [Better Auth](https://www.better-auth.com), for libraries with its options.
//!
//! [`AuthOptions`] has every option of the original, each with a policy that says what may be sent. About a hundred are sent as
//! a boolean, a number, or a word from [`vocabulary`]; the others are skipped. Names and order on the wire are the original's.
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

/// The consent of the user of a command line or server to the telemetry of the library.
///
/// Its variables are `BETTER_AUTH_TELEMETRY` and `BETTER_AUTH_TELEMETRY_DEBUG`.
pub const CONSENT: Consent = Consent::new("BETTER_AUTH", "better-auth");

/// A function that receives events instead of an endpoint, one at a time, on the worker thread. What it returns is counted.
pub type CustomTrack = Box<dyn FnMut(&Outgoing) -> Result<(), SendError> + Send>;

/// The page that tells users what is sent. Add who receives the data:
///
/// ```
/// let page = telemetry::auth::disclosure().receiver("Acme Inc.").endpoint("https://telemetry.acme.dev/v1/events").to_markdown();
/// assert!(page.contains("| Receiver | Acme Inc. |"));
/// assert!(page.contains("`BETTER_AUTH_TELEMETRY=0`"));
/// ```
#[must_use]
pub fn disclosure() -> Disclosure {
    let page = Disclosure::new(CONSENT).project_key(create::PROJECT_KEY);
    page.event::<Init<'_>>().event::<CliGenerate<'_>>().event::<CliMigrate<'_>>()
}
