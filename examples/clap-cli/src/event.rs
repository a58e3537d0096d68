//! The event of one run, which is counted by day, and what the user can do about it.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;
use telemetry::client::{Durability, Upload};
use telemetry::consent::Question;
use telemetry::page::Disclosure;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot, user};

use crate::cli::Cli;
use crate::remotes::Outcome;

pub(crate) const CONSENT: Consent = Consent::new("CLAP_CLI", "clap-cli");
const RECEIVER: &str = "Acme Inc. (telemetry.acme.example)";
const ENDPOINT: &str = "https://telemetry.acme.example/v1/events";
pub(crate) const QUESTION: Question<'_> = Question {
    receiver: RECEIVER,
    categories: &[
        "which command was run",
        "which flags were used, without their values",
        "how it ended",
        "how long it took",
    ],
    preview: "clap-cli telemetry preview",
    disable: "clap-cli telemetry disable",
};

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Ran<'a> {
    #[telemetry(flatten)]
    cli: &'a Cli,
    /// How long it took.
    #[telemetry(bucket(10, 100, 1_000, 10_000, unit = "ms"))]
    took: Duration,
    /// How it ended.
    outcome: Outcome,
    /// The exit code.
    exit: Exit,
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "snake_case")]
enum Exit {
    Success,
    Failure,
}

impl<'a> Ran<'a> {
    fn new(cli: &'a Cli, took: Duration, outcome: Outcome) -> Self {
        let is_done = matches!(outcome, Outcome::Changed | Outcome::Unchanged);
        Self { cli, took, outcome, exit: if is_done { Exit::Success } else { Exit::Failure } }
    }
}

/// Publishes how a command ended, and returns its exit code.
pub(crate) fn publish(cli: &Cli, took: Duration, outcome: Outcome) -> ExitCode {
    let ran = Ran::new(cli, took, outcome);
    client().publish(&ran);
    if matches!(ran.exit, Exit::Success) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

pub(crate) fn telemetry(command: user::Command) -> ExitCode {
    let example = Cli::parse_from(["clap-cli", "remote", "add", "origin", "https://acme.example", "--first"]);
    command.run(&client(), &page(), || Ran::new(&example, Duration::from_millis(20), Outcome::Changed))
}

pub(crate) fn page() -> Disclosure {
    Disclosure::new(CONSENT).receiver(RECEIVER).endpoint(ENDPOINT).commands("clap-cli telemetry").event::<Ran<'_>>()
}

fn client() -> Telemetry {
    Telemetry::builder(CONSENT)
        .endpoint(std::env::var("ACME_ENDPOINT").as_deref().unwrap_or(ENDPOINT))
        .receiver(RECEIVER)
        .durability(Durability::WriteAhead)
        .upload(Upload::Detached)
        .build()
}
