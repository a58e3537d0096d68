//! A daemon that closes all descriptors while its client waits for a sink, and then opens files of its own under their numbers.

use std::error::Error;
use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use telemetry::client::Durability;
use telemetry::sink::{self, SendError};

use crate::acme::{self, Started};

/// The content of the daemon's own files.
const OWN: &str = "the daemon's own";

/// Where the sink and the daemon wait for each other, twice: in between, the worker has no other files open.
static MEETING: Barrier = Barrier::new(2);

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match arguments {
        [events, outcome] if closes(events, outcome).is_ok() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn closes(events: &str, outcome: &str) -> Result<(), Box<dyn Error>> {
    let outcome = if outcome == "retry" { Err(SendError::Retry) } else { Ok(()) };
    let builder = acme::builder().configured(Some(true)).durability(Durability::WriteAhead);
    let telemetry = builder.sink(sink::from_fn(move |_| hold(outcome)).to("a")).build();
    for turn in 0..events.parse()? {
        telemetry.publish(&Started { turn });
    }
    MEETING.wait();
    let files = open_in_their_place()?;
    MEETING.wait();
    telemetry.shutdown(Duration::from_millis(500));
    let is_whole = |file: &&File| file.metadata().is_ok_and(|found| found.len() == OWN.len() as u64);
    println!("{}", json!({"files": files.len(), "whole": files.iter().filter(is_whole).count()}));
    // One that is closed already must not be closed again.
    std::mem::forget(files);
    Ok(())
}

/// Waits in the first call, while the daemon closes descriptors.
fn hold(outcome: Result<(), SendError>) -> Result<(), SendError> {
    static IS_LATER: AtomicBool = AtomicBool::new(false);
    if !IS_LATER.swap(true, Ordering::SeqCst) {
        MEETING.wait();
        MEETING.wait();
    }
    outcome
}

/// Closes all descriptors but the standard streams, and opens files of which each has one of their numbers.
fn open_in_their_place() -> Result<Vec<File>, Box<dyn Error>> {
    for descriptor in 3..64 {
        let _ = nix::unistd::close(descriptor);
    }
    let home = PathBuf::from(std::env::var_os("HOME").ok_or("no home")?);
    let mut files = Vec::new();
    for number in 0..16 {
        let mut file = File::options().read(true).append(true).create(true).open(home.join(format!("own-{number}")))?;
        file.write_all(OWN.as_bytes())?;
        files.push(file);
    }
    Ok(files)
}
