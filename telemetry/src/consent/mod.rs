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
//! | the user's stored choice, see [`Consent::ask`] | yes | no, or unreadable, or not written by this crate, or a yes that another user can have written |
//!
//! White space around a variable's text and the case of its letters do not matter. `--cfg telemetry_off` denies before all of these inputs,
//! and so do [unusable names](NameError).
//!
//! # What a yes covers
//!
//! A yes of the operator, by the variable or the configuration, covers every event. The user's own yes covers what was shown for it: it is
//! stored with the name and the schema of each event in its [`Scope`]. When an application is updated, an event may be new, or its schema
//! may [allow more](crate::export::difference) than before, such as a further field or a higher bound. Such an event is not sent under that
//! yes:
//!
//! - [`publish`](crate::Telemetry::publish) returns [`Outcome::NeedsConsent`](crate::client::Outcome::NeedsConsent), and writes nothing.
//! - [`Consent::ask`] asks again, once, and shows only what is new. A yes adds to the earlier one. A no leaves it as it was.
//! - [`Consent::coverage`] and the [status](crate::Status) list what is covered, and what needs consent.
//!
//! An event whose schema stayed the same or allows less is covered, also in an older version of the program. Several versions can be in use
//! side by side. Purposes do not matter, since they are not sent.
//!
//! # The request for deletion
//!
//! Without [`Consent::with_deletion_request`], nothing is sent after a no. With it, a stored no is followed by one request, the only thing
//! that is sent then:
//!
//! ```text
//! POST <endpoint>
//! idempotency-key: <32 hexadecimal digits>-0
//!
//! {"type":"deletion","anonymousId":"<44 characters>"}
//! ```
//!
//! It has the headers of an event, except `telemetry-age`, `telemetry-id` and `telemetry-schema`. There is one for each anonymous id under
//! which events may have been sent to this endpoint from this user's account, usually one in all. It is sent again only if the receiver cannot take it, or if a program
//! ends before its answer; the key stays the same. Pauses between attempts grow as those of events do, and are kept on disk, so short
//! programs obey them too. After seven days it is given up.
//!
//! - An id is written down before a request under it begins, and on Unix taken back if no connection could be made. If it cannot be known whether
//!   anything arrived, or the program is killed, it stays. The file lies beside the choice, so that every no leads to the request: that of
//!   [`disable`](Consent::disable), which knows no endpoint, and that of a [question](Consent::ask). Only a no by a program whose consent
//!   does not ask for deletion, such as a later version's, deletes the file instead.
//! - [`Command::Disable`](crate::user::Command) sends it within two seconds, if it can. Otherwise, and after [`Consent::disable`], the next
//!   client of the application sends it, in the background when it is built and within its [exit wait](crate::client::Builder::exit_wait);
//!   a client that runs sends it when it notices the no. This holds for each [`Upload`](crate::client::Upload).
//! - A no of the environment or the configuration makes nothing due, and also keeps a due request from being sent.
//! - No event was ever sent, or only under an id that is drawn for each process: there is nothing to ask for.
//! - A yes after the no does not take the request back: it concerns what was sent before. It is sent before any event.
//! - [`Consent::reset_id`] forgets the id, so that a later request cannot link it to the next one.
//! - A client with a [sink](crate::client::Builder::sink) asks nobody: what the sink has kept is the application's own to delete.
//!
//! # What being off costs
//!
//! When the environment denies, no system call is made. The only allocations are those of the standard library,
//! one for each set variable that is read. When nothing denies, the stored choice is read with one read-only open. The executable's path is
//! looked up only if telemetry would otherwise be on, or if the program was started by a path where a test may be located.

mod ask;
mod choice;
mod coverage;
mod covered;
mod decide;
mod declined;
#[cfg_attr(not(feature = "http"), allow(dead_code, reason = "only an endpoint is asked for deletion"))]
mod deletion;
mod error;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod handle;
mod inputs;
mod last_no;
mod live;
mod names;
mod place;
mod question;
mod reason;
mod remembered;
mod report;
mod scope;
mod spelling;
mod terminal;
#[cfg(test)]
mod test_events;
mod test_path;
mod verdicts;

pub use self::ask::{Answer, NotAsked};
pub use self::coverage::{Coverage, CoveredEvent, NewEvent};
pub use self::decide::{Decision, Reading};
pub use self::deletion::DeletionEnd;
pub use self::error::ChoiceError;
pub use self::handle::Consent;
pub use self::names::NameError;
pub use self::place::NoPlace;
pub use self::question::Question;
pub use self::reason::{Reason, Source};
pub use self::report::{Input, Report};
pub use self::scope::Scope;

#[cfg(test)]
pub(crate) use self::decide::{Executable, Inputs, StoredChoice, Tests};
#[cfg(any(test, feature = "http"))]
pub(crate) use self::deletion::{DeletionRequests, DeletionStore, Due, Noted, RequestState, Subject};
#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::fuzz::consent as fuzz;
pub(crate) use self::live::{ConsentNow, LiveConsent};
pub(crate) use self::place::ChoicePlace;
