//! Works between two marks on standard error, so that a trace of system calls shows which ones happen in between.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use telemetry::Telemetry;
use telemetry::client::Durability;

use crate::acme::{self, Init, PATIENCE, Started};

const EVENTS: usize = 20;

/// The result of the work is printed after the second mark.
pub(crate) fn between_marks<T>(work: impl FnOnce() -> T) -> T {
    eprintln!("mark");
    let result = work();
    eprintln!("mark");
    result
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match arguments {
        ["life", endpoint] => between_marks(|| life(endpoint)),
        ["idle", endpoint] => {
            let telemetry = client(endpoint, Durability::Relaxed);
            telemetry.publish(&Started { turn: 1 });
            telemetry.flush(PATIENCE);
            // Leave time for work that follows the answer.
            thread::sleep(Duration::from_millis(500));
            between_marks(|| thread::sleep(Duration::from_secs(3)));
        }
        ["build", endpoint] => drop(between_marks(|| client(endpoint, Durability::WriteAhead))),
        ["publish", endpoint] => publish(&client(endpoint, Durability::Relaxed)),
        ["publish-context", endpoint] => {
            let telemetry = client(endpoint, Durability::WriteAhead);
            between_marks(|| {
                for turn in 0..EVENTS {
                    telemetry.publish(&Init { turn });
                }
            });
        }
        ["publish-ahead", endpoint] => publish(&client(endpoint, Durability::WriteAhead)),
        _ => return ExitCode::FAILURE,
    }
    ExitCode::SUCCESS
}

/// Everything that a client does, from its creation to its end.
fn life(endpoint: &str) {
    let telemetry = acme::builder().endpoint(endpoint).header("X-Collector-Token", "hunter2").build();
    for turn in 0..EVENTS {
        telemetry.publish(&Started { turn });
    }
    telemetry.flush(PATIENCE);
    telemetry.shutdown(PATIENCE);
    let _ = telemetry.counts();
}

fn client(endpoint: &str, durability: Durability) -> Telemetry {
    acme::builder().configured(Some(true)).endpoint(endpoint).durability(durability).build()
}

/// The cost of each event for its caller, after the first one has started the worker and while the receiver keeps the worker busy.
fn publish(telemetry: &Telemetry) {
    telemetry.publish(&Started { turn: 0 });
    between_marks(|| {
        for turn in 1..=EVENTS {
            telemetry.publish(&Started { turn });
        }
    });
}
