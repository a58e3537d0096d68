//! May we? One pure decision, and the one file that reads what it depends on.
//!
//! Telemetry is on when somebody said yes and nobody said no. These are asked, in this order; whatever comes later,
//! **any no wins**:
//!
//! | input | says yes | says no |
//! |---|---|---|
//! | the variable `<PREFIX>_TELEMETRY` | `1`, `true`, `yes`, `on` | `0`, `false`, `no`, `off`, and any other text; empty says nothing |
//! | the variable `DO_NOT_TRACK` | never | set, and not empty, `0` or `false` |
//! | a test run, see [`Consent::skip_test_check`] | never | always |
//! | the operator's configuration, see [`Consent::configured`] | `Some(true)` | `Some(false)` |
//! | the user's stored choice, see [`Consent::ask`] | yes | no, or unreadable, or not written by this crate |
//!
//! White space around a variable's text and the case of its letters do not matter. `--cfg telemetry_off` denies before
//! all of them, and so do [names that cannot be used](NameError).
//!
//! # What being off costs
//!
//! When the environment denies, no system call is made; the standard library allocates once for each variable that is
//! set and was asked, and nothing else allocates. When nothing denies, the stored choice is read with one read-only
//! open. The executable's path is looked up only when all else would switch telemetry on, or when the program was
//! started by a path at which a test lies.

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

pub(crate) use self::live::{ConsentNow, LiveConsent};
