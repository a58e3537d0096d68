//! A small command line that asks for consent on its first run, and lets its user inspect and change the choice.
//!
//! ```text
//! cargo run --example first_run                      # asks, if this is a terminal; then does its work
//! cargo run --example first_run -- telemetry status
//! cargo run --example first_run -- telemetry preview
//! cargo run --example first_run -- telemetry enable
//! cargo run --example first_run -- telemetry disable
//! cargo run --example first_run -- telemetry last
//! cargo run --example first_run -- telemetry page
//! ```
//!
//! Acme and its collector do not exist. The variable `ACME_ENDPOINT` names another collector.

use std::process::ExitCode;

use telemetry::client::{Durability, Upload};
use telemetry::consent::Question;
use telemetry::page::Disclosure;
use telemetry::{Consent, Telemetry, TelemetrySnapshot, user};

const CONSENT: Consent = Consent::new("ACME", "acme-first-run");
const RECEIVER: &str = "Acme Inc. (telemetry.acme.example)";
const ENDPOINT: &str = "https://telemetry.acme.example/v1/events";

const QUESTION: Question<'_> = Question {
    receiver: RECEIVER,
    categories: &["which command was run", "how many arguments it had"],
    preview: "first_run telemetry preview",
    disable: "first_run telemetry disable",
};

/// The event of one run of the program.
#[derive(TelemetrySnapshot)]
#[telemetry(event = "run")]
struct Run {
    /// The command that was run.
    #[telemetry(one_of("build", "check", "test"))]
    command: String,
    /// The number of arguments.
    #[telemetry(count(max = 20))]
    arguments: Vec<String>,
}

fn main() -> ExitCode {
    // This program ends before a request would, so another process of the same executable sends the events it stored.
    telemetry::run_uploader();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == "telemetry" => match user::Command::parse(rest) {
            Ok(command) => command.run(&client(), &page(), example),
            Err(error) => {
                eprint!("first_run: {error}");
                ExitCode::from(2)
            }
        },
        _ => {
            work(arguments);
            ExitCode::SUCCESS
        }
    }
}

fn work(arguments: Vec<String>) {
    // It asks only on a terminal, and never again once there is an answer.
    user::first_run(&CONSENT, &QUESTION, &page());
    let command = arguments.first().cloned().unwrap_or_default();
    client().publish(&Run { command, arguments });
    println!("Done.");
}

fn example() -> Run {
    Run { command: "check".to_owned(), arguments: vec!["check".to_owned(), "src/secret.rs".to_owned()] }
}

fn page() -> Disclosure {
    Disclosure::new(CONSENT).receiver(RECEIVER).endpoint(ENDPOINT).commands("first_run telemetry").event::<Run>()
}

fn client() -> Telemetry {
    let endpoint = std::env::var("ACME_ENDPOINT");
    Telemetry::builder(CONSENT)
        .endpoint(endpoint.as_deref().unwrap_or(ENDPOINT))
        .receiver(RECEIVER)
        .durability(Durability::WriteAhead)
        .upload(Upload::Detached)
        .build()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(super::page().scope(), "schemas/first_run");
    }
}
