//! Decides whether telemetry is on: one pure decision, and one file that reads its inputs.
//!
//! Telemetry is on when at least one input says yes and none says no. The inputs are read in this order, but **any no wins**:
//!
//! | input | says yes | says no |
//! |---|---|---|
//! | the variable `<PREFIX>_TELEMETRY` | `1`, `true`, `yes`, `on` | `0`, `false`, `no`, `off`, and any other text; empty says nothing |
//! | the variable `DO_NOT_TRACK` | never | set, and not empty, `0` or `false` |
//! | a test run, see [`Consent::skip_test_check`] | never | always |
//! | the operator's configuration, see [`Consent::configured`] | `Some(true)` | `Some(false)` |
//! | the user's stored choice, see [`Consent::ask`] | yes | no, or unreadable, or not written by this crate |
//!
//! White space around a variable's text and the case of its letters do not matter. `--cfg telemetry_off` denies before all of these inputs,
//! and so do [unusable names](NameError).
//!
//! # What being off costs
//!
//! When the environment denies, no system call is made. The only allocations are those of the standard library,
//! one for each set variable that is read. When nothing denies, the stored choice is read with one read-only open. The executable's path is
//! looked up only if telemetry would otherwise be on, or if the program was started by a path where a test may be located.

mod ask;
mod choice;
mod decide;
mod error;
mod handle;
mod inputs;
mod live;
mod names;
mod question;
mod reason;
mod report;
mod scope;
mod spelling;
mod terminal;
mod test_path;

pub use self::ask::{Answer, NotAsked};
pub use self::decide::{Decision, Reading};
pub use self::error::ChoiceError;
pub use self::handle::Consent;
pub use self::names::NameError;
pub use self::question::Question;
pub use self::reason::{Reason, Source};
pub use self::report::{Input, Report};
pub use self::scope::Scope;

pub(crate) use self::inputs::ChoiceFile;
pub(crate) use self::live::{ConsentNow, LiveConsent};
