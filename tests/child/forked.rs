//! A program that forks once its client is at work.

use std::error::Error;
use std::process::{self, ExitCode};
use std::time::Instant;

use fork::Fork;
use serde_json::json;
use telemetry::Telemetry;
use telemetry::client::Durability;

use crate::acme::{self, PATIENCE, Started};

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let [endpoint, durability] = arguments else { return ExitCode::FAILURE };
    match forks(endpoint, durability) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Publishes before the fork, and in both processes after it. The child tells what it saw first.
fn forks(endpoint: &str, durability: &str) -> Result<(), Box<dyn Error>> {
    let mut builder = acme::builder().configured(Some(true)).endpoint(endpoint);
    if durability == "write-ahead" {
        builder = builder.durability(Durability::WriteAhead);
    }
    let telemetry = builder.build();
    telemetry.publish(&Started { turn: 1 });
    telemetry.flush(PATIENCE);
    match fork::fork()? {
        Fork::Child => {
            in_the_child(telemetry);
            process::exit(0);
        }
        Fork::Parent(child) => {
            fork::waitpid(child)?;
        }
    }
    telemetry.publish(&Started { turn: 3 });
    let flushed = telemetry.flush(PATIENCE);
    println!("{}", json!({"delivered": flushed.delivered}));
    Ok(())
}

fn in_the_child(telemetry: Telemetry) {
    let before = Instant::now();
    let outcome = format!("{:?}", telemetry.publish(&Started { turn: 2 }));
    let waited = [telemetry.flush(PATIENCE), telemetry.clone().shutdown(PATIENCE)];
    let status = telemetry.status();
    drop(telemetry);
    println!(
        "{}",
        json!({
            "outcome": outcome,
            "pending": waited.map(|flushed| flushed.pending),
            "published": status.counts.published(),
            "ms": before.elapsed().as_millis(),
        })
    );
}
