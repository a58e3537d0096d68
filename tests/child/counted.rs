//! Publishes counted events like an application named `acme`, and prints a line for each one that was counted, and after a flush.

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use telemetry::client::{Durability, Every, Outcome, Upload};
use telemetry::{TelemetryEvent, TelemetrySnapshot};

use crate::acme;
use crate::publish::Wait;

#[derive(TelemetryEvent)]
#[telemetry(event = "command", counted)]
struct Command {
    name: Name,
    failed: bool,
}

#[derive(Clone, Copy, TelemetrySnapshot)]
enum Name {
    Build,
    Check,
    Clean,
    Run,
    Test,
}

/// Published by itself.
#[derive(TelemetryEvent)]
#[telemetry(event = "usage")]
struct Usage {
    #[telemetry(number(max = 1_000_000))]
    beats: u32,
}

const NAMES: [Name; 5] = [Name::Build, Name::Check, Name::Clean, Name::Run, Name::Test];

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match publish(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn publish(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut builder = acme::builder();
    let (mut events, mut names, mut wait) = (0, NAMES.len(), Wait::Nothing);
    let (mut prints, mut hears, mut beat, mut panics) = (false, false, None, false);
    let mut flush_each = usize::MAX;
    for argument in arguments {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        match name {
            "--configured" => builder = builder.configured(Some(value.parse()?)),
            "--endpoint" => builder = builder.endpoint(value),
            "--batches" => builder = builder.batches(true),
            "--durability" => builder = builder.durability(Durability::WriteAhead),
            "--upload" => builder = builder.upload(Upload::Detached),
            "--debug" => builder = builder.debug(true),
            "--events" => events = value.parse()?,
            "--names" => names = value.parse()?,
            "--wait" => wait = Wait::read(value)?,
            "--print" => prints = true,
            "--flush-each" => flush_each = value.parse()?,
            "--hear" => hears = true,
            "--panics" => panics = true,
            "--beat" => beat = Some(Every::new(Duration::from_millis(value.parse()?))),
            "--beat-once" => beat = Some(Every::new(Duration::from_millis(value.parse()?)).once_an_install()),
            _ => return Err(format!("no such argument: {argument}").into()),
        }
    }
    let telemetry = builder.build();
    if let Some(every) = beat {
        let mut beats = 0;
        telemetry.every(every, move || {
            beats += 1;
            assert!(!panics || beats > 1, "as it should");
            Usage { beats }
        });
    }
    for turn in 0..events {
        let name = NAMES[turn % names];
        let outcome = telemetry.publish(&Command { name, failed: false });
        if prints {
            match outcome {
                Outcome::Counted => println!("{turn}"),
                // It is sent at the end, unless the program is killed.
                Outcome::InMemory => println!("in memory"),
                _ => {}
            }
            if (turn + 1).is_multiple_of(flush_each) {
                telemetry.flush(Duration::from_secs(1));
                if telemetry.status().counted.in_memory == 0 {
                    println!("written");
                }
            }
            io::stdout().flush()?;
        }
        if hears {
            crate::publish::hear();
        }
    }
    if hears && events == 0 {
        crate::publish::hear();
    }
    wait.wait(&telemetry);
    let status = telemetry.status();
    telemetry.shutdown(Duration::from_secs(1));
    println!("{}", json!({ "status": status, "counts": telemetry.counts() }));
    Ok(())
}
