//! What the user of an application can do: see whether telemetry is on and why, see what it sends, and switch it on or off.
//!
//! Every application with telemetry owes its users these commands, so they are provided here.
//!
//! | command | what it does |
//! |---|---|
//! | `status` | says whether telemetry is on, which input decided, where the choice is stored, what waits, and what was lost; with `--json`, prints the [`Status`](crate::Status) |
//! | `preview` | prints an example of an event, as [`Telemetry::preview`](crate::Telemetry::preview) makes it |
//! | `enable` | stores a yes, and says what still says no |
//! | `disable` | stores a no, and deletes what telemetry kept on the machine; if the application [asks for deletion](crate::Consent::with_deletion_request), also asks the receiver, for two seconds at most, to delete what it has |
//! | `last` | prints the bodies of the last events that were sent, also if the receiver refused them, and how long ago |
//! | `page` | prints the [page for users](crate::page::Disclosure) |
//!
//! # A command line
//!
//! [`Command::parse`] reads the words after `acme telemetry`, and [`Command::run`] does what they say. With the feature `clap`, a [`Command`]
//! is a subcommand of a parser that clap derives.
//!
//! ```
//! use std::process::ExitCode;
//!
//! use telemetry::page::Disclosure;
//! use telemetry::user::{self, Command};
//! use telemetry::{Consent, Telemetry, TelemetryEvent};
//!
//! const CONSENT: Consent = Consent::new("ACME", "acme-cli");
//!
//! #[derive(TelemetryEvent)]
//! #[telemetry(event = "run")]
//! struct Run {
//!     /// Whether the result was written to a file.
//!     to_file: bool,
//! }
//!
//! fn page() -> Disclosure {
//!     Disclosure::new(CONSENT).receiver("Acme Inc.").commands("acme telemetry").event::<Run>()
//! }
//!
//! /// Runs `acme telemetry …`.
//! fn telemetry_command(words: &[&str]) -> ExitCode {
//!     let telemetry = Telemetry::builder(CONSENT).endpoint("https://telemetry.acme.dev/v1/events").build();
//!     match Command::parse(words) {
//!         Ok(command) => command.run(&telemetry, &page(), || Run { to_file: true }),
//!         Err(error) => {
//!             eprintln!("{error}");
//!             ExitCode::from(2)
//!         }
//!     }
//! }
//!
//! assert_eq!(telemetry_command(&["page"]), ExitCode::SUCCESS);
//! assert_eq!(telemetry_command(&["pages"]), ExitCode::from(2));
//! ```
//!
//! Before its own work, a command line calls [`first_run`], which asks the user once.
//!
//! # A service
//!
//! [`report`] gives the same as JSON or text, for a route of the service's own.
//!
//! # Output and exit codes
//!
//! Standard output carries only what was requested: the sentences or JSON of `status`, bodies of events, the page. A remark about
//! it goes to standard error, so `acme telemetry last | jq` works. When the reader of a pipe ends early, the command ends quietly, as if everything
//! had been read.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done. `status` also ends so when telemetry is off, and `enable` when the yes is stored but something else still says no |
//! | 1 | the choice could not be stored, a file could not be deleted, the example could not be created, or the output could not be written |
//!
//! For words that [`Command::parse`] does not know, 2 is usual.
//!
//! # Other languages
//!
//! Every sentence is a method of [`Texts`], whose provided methods are [`English`]. Two kinds of text are not there: the
//! [question](crate::consent::Question) of [`Consent::ask`](crate::Consent::ask) is in English, apart from what the application says in it; and so is the page.

mod advice;
mod application;
#[cfg(feature = "clap")]
mod clap;
mod command;
mod duration;
mod english;
mod first_run;
mod output;
mod report;
mod run;
mod status;
mod texts;

pub use self::advice::Step;
pub use self::command::{Command, UsageError};
pub use self::first_run::{FirstRun, first_run, first_run_in};
pub use self::output::{Exit, Output};
pub use self::report::{Format, Report, report};
pub use self::texts::{English, Texts};
