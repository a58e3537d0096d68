//! Programs that are killed and started anew while their receiver misbehaves, and a user who says no and yes in turn:
//! `cargo bench --bench soak -- --minutes 20 --seed 7`.
//!
//! It fails unless every accepted event was received, or is lost for a reason that is known. See tests/bench/README.md, "The soak".

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    match soak() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the soak did not come to its end: {error}");
            ExitCode::FAILURE
        }
    }
}

/// It reads what programs hold from /proc.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("not shown: the soak needs Linux");
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
fn soak() -> Result<bool, Box<dyn std::error::Error>> {
    use telemetry_bench::option;
    use telemetry_bench::soak::{program, storm, verdict};

    if program::run()? {
        return Ok(true);
    }
    let minutes: f64 = option("--minutes")?.unwrap_or(2.0);
    let seed: u64 = option("--seed")?.unwrap_or_else(|| fastrand::u64(..));
    println!("A soak of {minutes} minutes; to repeat its plans: --minutes {minutes} --seed {seed}");
    let storm = storm::rage(std::time::Duration::from_secs_f64(minutes * 60.0), seed)?;
    let failures = verdict::give(&storm);
    println!("\nAlways yes: {}.", verdict::line(&storm.steady.account));
    println!("No and yes: {}.", verdict::line(&storm.choices.account));
    for failure in &failures {
        println!("\n**DOES NOT HOLD**: {failure}");
    }
    Ok(failures.is_empty())
}
