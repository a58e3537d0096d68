//! A program that forks while its client is at work.

use std::error::Error;
use std::process::{self, ExitCode};
#[cfg(target_os = "linux")]
use std::thread;
use std::time::Instant;

use fork::Fork;
use serde_json::json;
use telemetry::Telemetry;
use telemetry::client::Durability;

use crate::acme::{self, PATIENCE, Started};

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let outcome = match arguments {
        #[cfg(target_os = "linux")]
        ["nested", endpoint] => nested(endpoint),
        #[cfg(target_os = "linux")]
        ["nested-anew", endpoint] => nested_anew(endpoint),
        ["daemon", endpoint] => daemon(endpoint),
        [endpoint, durability] => forks(endpoint, durability),
        _ => return ExitCode::FAILURE,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Publishes before the fork, and in both processes after it. The child reports its results first.
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
    let before = telemetry.counts().delivered();
    telemetry.publish(&Started { turn: 3 });
    telemetry.flush(PATIENCE);
    println!("{}", json!({"delivered": telemetry.counts().delivered() - before}));
    Ok(())
}

/// The first process of a container starts a sandbox while its threads publish. The sandbox's first process has the same process id.
#[cfg(target_os = "linux")]
fn nested(endpoint: &str) -> Result<(), Box<dyn Error>> {
    let telemetry = acme::builder().configured(Some(true)).endpoint(endpoint).build();
    for _ in 0..4 {
        let telemetry = telemetry.clone();
        thread::spawn(move || {
            loop {
                telemetry.publish(&Started { turn: 1 });
            }
        });
    }
    thread::sleep(std::time::Duration::from_millis(60));
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWPID)?;
    match fork::fork()? {
        Fork::Child => {
            let outcome = format!("{:?}", telemetry.publish(&Started { turn: 2 }));
            let error = telemetry.status().error;
            println!("{}", json!({"process": process::id(), "outcome": outcome, "error": error}));
        }
        Fork::Parent(child) => drop(fork::waitpid(child)?),
    }
    process::exit(0);
}

/// The first process of a container starts a sandbox, in which telemetry goes on. Both have the process id 1.
#[cfg(target_os = "linux")]
fn nested_anew(endpoint: &str) -> Result<(), Box<dyn Error>> {
    let build = || acme::builder().configured(Some(true)).endpoint(endpoint).build();
    let telemetry = build();
    telemetry.publish(&Started { turn: 1 });
    telemetry.flush(PATIENCE);
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWPID)?;
    match fork::fork()? {
        Fork::Child => {
            for (turn, client) in [(2, telemetry.after_fork()), (3, build())] {
                client.publish(&Started { turn });
                client.flush(PATIENCE);
            }
            println!("{}", process::id());
            process::exit(0);
        }
        Fork::Parent(child) => drop(fork::waitpid(child)?),
    }
    telemetry.publish(&Started { turn: 4 });
    telemetry.flush(PATIENCE);
    println!("{}", process::id());
    Ok(())
}

/// Publishes, starts a daemon unrelated to telemetry, and exits. The daemon runs until it is told to end.
fn daemon(endpoint: &str) -> Result<(), Box<dyn Error>> {
    let telemetry =
        acme::builder().configured(Some(true)).endpoint(endpoint).durability(Durability::WriteAhead).build();
    telemetry.publish(&Started { turn: 1 });
    match fork::fork()? {
        Fork::Child => {
            let _ = std::io::stdin().read_line(&mut String::new());
            process::exit(0);
        }
        Fork::Parent(_) => drop(telemetry),
    }
    Ok(())
}

fn in_the_child(telemetry: Telemetry) {
    let before = Instant::now();
    let outcome = format!("{:?}", telemetry.publish(&Started { turn: 2 }));
    let waited = [telemetry.flush(PATIENCE), telemetry.clone().shutdown(PATIENCE)];
    let (status, error) = (telemetry.status(), telemetry.error());
    let anew = telemetry.after_fork();
    let outcome_anew = format!("{:?}", anew.publish(&Started { turn: 4 }));
    anew.flush(PATIENCE);
    let delivered = anew.counts().delivered();
    drop((telemetry, anew));
    println!(
        "{}",
        json!({
            "outcome": outcome,
            "errors": [status.error, error],
            "anew": [outcome_anew, delivered.to_string()],
            "pending": waited.map(|flushed| flushed.pending),
            "published": status.counts.published(),
            "ms": before.elapsed().as_millis(),
        })
    );
}
