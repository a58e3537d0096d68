//! The regression gate: instructions, LLVM lines and the size of programs, against the baselines in baselines.toml. Times are not looked at.
//!
//! A ratio that fell fails as well: a baseline above what is measured would let it rise again unseen. `-- --lower` writes what fell into the
//! file; `-- --raise "why"` what rose or is new.

use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use telemetry::client::Outcome;
use telemetry::{Consent, Snapshot, Telemetry, sink};
use telemetry_bench::auth;
use telemetry_bench::baselines::{Baselines, Found, Verdict, silently_raised};
use telemetry_bench::compile::{Code, Crate, Derive, Workspace};
use telemetry_bench::config::{self, Config};
use telemetry_bench::cost::{Way, counts};
use telemetry_bench::counted::{Counted, Name};
use telemetry_bench::llvm;
use telemetry_bench::pace::Pace;
use telemetry_bench::report;

const COMMAND: &str = "cargo bench --manifest-path tests/bench/Cargo.toml --no-default-features --bench gate --";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baselines.toml");

fn main() -> ExitCode {
    match gate() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the gate could not measure: {error}");
            ExitCode::FAILURE
        }
    }
}

fn gate() -> io::Result<bool> {
    let mut found = instructions()?;
    if found.is_empty() {
        return Ok(true);
    }
    found.extend(compiled()?);
    let mut baselines = Baselines::parse(&std::fs::read_to_string(FILE)?)?;
    print(&baselines, &found);
    change(&mut baselines, &found)?;
    let failures = failures(&baselines, &found)?;
    for failure in &failures {
        println!("\n{failure}");
    }
    Ok(failures.is_empty())
}

/// The instructions of what a host's threads do.
fn instructions() -> io::Result<Vec<Found>> {
    let (config, off) = (Config::example(), Telemetry::disabled());
    let client = || {
        Telemetry::builder(Consent::new("ACME_OF_THIS_GATE", "acme-of-this-gate").skip_test_check())
            .configured(Some(true))
    };
    let on = client().sink(sink::from_fn(|_| Ok(()))).build();
    // It counts in a file, which is in a home of its own. Nothing is sent before the day is over.
    let counting = client().endpoint("http://localhost:9/v1/events").build();
    let [realistic, everything] = auth::RECORDED.map(|(_, name)| auth::recorded(name));
    let counted = Counted { name: Name::Build, failed: false, took: 20 };
    // What is cut short would be cheap.
    assert_eq!(config::derived(&config).into_bytes(), config::pushed(&config));
    assert!(Snapshot::of(&realistic.config()).is_ok() && Snapshot::of(&everything.config()).is_ok());
    let ways = [
        Way::new("bytes pushed by hand", || config::pushed(&config)),
        Way::new("a snapshot of 60 leaves", || config::snapshot(&config)),
        Way::new("a snapshot of realistic options of Better Auth", || Snapshot::of(&realistic.config())),
        Way::new("a snapshot of all options of Better Auth", || Snapshot::of(&everything.config())),
        Way::new("publishing while telemetry is off", || off.publish(&config)),
        // What the system does is not counted, nor what the worker does.
        Way::new("counting an event of 3 leaves", || assert_eq!(counting.publish(&counted), Outcome::Counted)),
        // Only the thread that publishes is counted. Before each round, the worker has sent everything.
        Way::new("publishing while telemetry is on", || on.publish(&config)).settled(Pace::IN_A_ROW.calls, || {
            let _ = on.flush(Duration::from_secs(60));
        }),
    ];
    let counts = counts(&ways)?;
    let Some((reference, counts)) = counts.split_first() else { return Ok(Vec::new()) };
    let found = |(way, count): (&Way<'_>, &f64)| {
        Found::new(format!("instructions of {}", way.name()), *count, "bytes pushed by hand", *reference)
    };
    ways[1..].iter().zip(counts).map(found).collect()
}

/// What the derive gives to LLVM and what it adds to a program, beside serde's `Serialize`.
fn compiled() -> io::Result<Vec<Found>> {
    let workspace = Workspace::write(env!("CARGO_TARGET_TMPDIR"))?;
    let mut found = Vec::new();
    for (code, what) in [(Code::Records, "100 structs of 10 fields"), (Code::Options, "the options of Better Auth")] {
        let lines = |derive| Ok::<_, io::Error>(llvm::lines(&workspace, Crate::new(code, derive))? as f64);
        let [ours, serde] = [lines(Derive::Telemetry)?, lines(Derive::Serde)?];
        found.push(Found::new(format!("LLVM lines of {what}"), ours, "Serialize", serde)?);
        let size = |derive| Ok::<_, io::Error>(workspace.size(Crate::new(code, derive))? as f64);
        let [plain, ours, serde] = [size(Derive::Nothing)?, size(Derive::Telemetry)?, size(Derive::Serde)?];
        found.push(Found::new(
            format!("bytes that {what} add to a program"),
            ours - plain,
            "Serialize",
            serde - plain,
        )?);
    }
    Ok(found)
}

fn print(baselines: &Baselines, found: &[Found]) {
    let row = |found: &Found| {
        let (old, new) = (baselines.ratio(&found.what), found.ratio());
        vec![
            found.what.clone(),
            report::number(found.amount),
            format!("{}: {}", found.of, report::number(found.reference)),
            old.map_or_else(|| "none".into(), |old| format!("{old:.4}")),
            format!("{new:.4}"),
            old.map_or_else(String::new, |old| format!("{:+.1} %", (new / old - 1.0) * 100.0)),
            baselines.verdict(found).to_string(),
        ]
    };
    let head = ["", "found", "beside", "baseline", "ratio", "change", "verdict"];
    report::table(&head, &found.iter().map(row).collect::<Vec<_>>());
}

/// Writes what fell or rose into the file, as the arguments say.
fn change(baselines: &mut Baselines, found: &[Found]) -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let raise = arguments.iter().position(|argument| argument == "--raise");
    let why = raise.map(|at| arguments.get(at + 1).map_or("", |why| why.trim()));
    if why.is_some_and(|why| why.is_empty() || why.starts_with("--")) {
        return Err(io::Error::other("`--raise` takes the reason: `--raise \"why\"`"));
    }
    let lowers = arguments.iter().any(|argument| argument == "--lower");
    for found in found {
        match (baselines.verdict(found), why) {
            (Verdict::Rose | Verdict::New, Some(why)) => baselines.raise(found, why),
            (Verdict::Fell, _) if lowers => baselines.lower(found),
            _ => {}
        }
    }
    if lowers || why.is_some() { std::fs::write(FILE, baselines.to_string()) } else { Ok(()) }
}

fn failures(baselines: &Baselines, found: &[Found]) -> io::Result<Vec<String>> {
    let mut failures = baselines.failures(found, COMMAND);
    let raised = silently_raised(Path::new(FILE))?;
    failures
        .extend(raised.iter().map(|what| format!("{what}: its baseline was lower once; `why` must say why it rose")));
    Ok(failures)
}
