//! A small command line that asks for consent on its first run, and lets its user inspect and change the choice.
//!
//! ```text
//! cargo run --example first_run                      # asks, if this is a terminal; then does its work
//! cargo run --example first_run -- telemetry status
//! cargo run --example first_run -- telemetry preview
//! cargo run --example first_run -- telemetry enable
//! cargo run --example first_run -- telemetry disable
//! cargo run --example first_run -- telemetry last
//! ```
//!
//! Acme and its collector do not exist. The variable `ACME_ENDPOINT` names another collector.

use std::error::Error;
use std::process::ExitCode;

use telemetry::client::{Durability, Upload};
use telemetry::consent::{Question, Scope};
use telemetry::{Consent, Telemetry, TelemetrySnapshot};

const CONSENT: Consent = Consent::new("ACME", "acme-first-run");
const RECEIVER: &str = "Acme Inc. (telemetry.acme.example)";
const ENDPOINT: &str = "https://telemetry.acme.example/v1/events";

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
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("first_run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["telemetry", "status"] => println!("{}", serde_json::to_string_pretty(&client().status())?),
        ["telemetry", "preview"] => println!("{}", client().preview(&example())?),
        ["telemetry", "enable"] => {
            CONSENT.enable(&scope())?;
            println!("Telemetry is on from now on. Thank you.");
        }
        ["telemetry", "disable"] => {
            CONSENT.disable()?;
            println!("Telemetry is off, and everything it stored on this machine is deleted.");
        }
        ["telemetry", "last"] => {
            for sent in client().last_sent() {
                println!("{}", serde_json::to_string(&sent)?);
            }
        }
        ["telemetry", ..] => return Err("telemetry takes status, preview, enable, disable or last".into()),
        _ => work(arguments)?,
    }
    Ok(())
}

fn work(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    // It asks only on a terminal, and never again once there is an answer.
    let question = Question {
        receiver: RECEIVER,
        categories: &["which command was run", "how many arguments it had"],
        preview: "first_run telemetry preview",
        disable: "first_run telemetry disable",
    };
    CONSENT.ask(&question, &scope())?;
    let command = arguments.first().cloned().unwrap_or_default();
    client().publish(&Run { command, arguments });
    println!("Done.");
    Ok(())
}

/// What a yes covers.
fn scope() -> Scope {
    Scope::new().event::<Run>()
}

fn example() -> Run {
    Run { command: "check".to_owned(), arguments: vec!["check".to_owned(), "src/secret.rs".to_owned()] }
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
