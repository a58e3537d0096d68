//! The program that the soak starts again and again: it publishes numbered events, and writes each outcome to its output before it goes on.
//!
//! The executable of the benchmark is also this program, so nothing else has to be built.

use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use telemetry::client::{Durability, Outcome, Upload};
use telemetry::consent::Scope;
use telemetry::{Consent, Telemetry, TelemetryEvent};

const CONSENT: Consent = Consent::new("SOAK", "soak").skip_test_check();

/// The name of the application's directory.
pub const APPLICATION: &str = "soak";

/// The header that tells the receiver which run an event was sent by. An uploader sends the number of the run that started it.
pub const RUN_HEADER: &str = "x-run";

/// Precedes the task among the arguments.
const ARGUMENT: &str = "--task";

/// How long the end of a client may take. This is the default of the library.
pub const EXIT_WAIT: Duration = Duration::from_millis(50);

/// How long a program waits until everything is delivered.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the account finds the number of an event.
pub const NUMBER: &str = "number";

#[derive(TelemetryEvent)]
#[telemetry(event = "worked", budget_bits = 64)]
struct Worked {
    #[telemetry(number(max = 4_294_967_295))]
    number: u32,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "started", context, budget_bits = 1024)]
struct Started {
    #[telemetry(number(max = 4_294_967_295))]
    number: u32,
}

/// How a program publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Mode {
    Relaxed,
    WriteAhead,
    Detached,
}

impl Mode {
    pub const ALL: [Self; 3] = [Self::Relaxed, Self::WriteAhead, Self::Detached];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Relaxed => "Relaxed",
            Self::WriteAhead => "WriteAhead",
            Self::Detached => "Detached",
        }
    }
}

/// How a program ends, unless it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// Shuts its client down and prints its counts.
    Shutdown,
    /// Calls `process::exit` at once.
    Exit,
}

/// What one program publishes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Publishing {
    pub endpoint: String,
    pub run: u32,
    pub mode: Mode,
    /// The number of the first event. The others follow.
    pub first: u32,
    pub events: u32,
    /// Between two events, in milliseconds.
    pub gap: u64,
    /// The program's own work after the last event, in milliseconds.
    pub work: u64,
    pub end: End,
    /// Stops publishing when its input ends.
    pub is_told_to_end: bool,
    /// The operator has said yes. Otherwise only the stored choice counts.
    pub configured: bool,
}

/// What the executable does in place of the benchmark.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    Publish(Publishing),
    /// Stores a yes or a no.
    Choose(bool),
    /// Publishes one event and waits until nothing is left in memory or on disk.
    Drain(Publishing),
    /// Publishes one event, waits until it is delivered, and sleeps for this many seconds between two marks.
    Idle(Publishing, u64),
}

/// The line that a program prints for one event, or at its end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Line {
    Accepted(u32),
    /// Accepted, but not on disk although that was asked for.
    InMemory(u32),
    /// Not accepted, for this reason.
    Lost(u32, String),
    Off(u32),
    Report(Report),
}

/// What a client says at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The lost events by reason, including those that were not accepted.
    pub dropped: std::collections::BTreeMap<String, u64>,
    pub published: u64,
    pub delivered: u64,
    pub spooled: u64,
    pub pending: u64,
    /// What became of events of earlier programs.
    pub recovered: serde_json::Value,
    pub expired: u64,
    pub foreign: u64,
    pub torn: u64,
    /// Events that were still on disk.
    pub waiting: u64,
}

/// The arguments for a program with this task.
pub fn arguments(task: &Task) -> serde_json::Result<[String; 2]> {
    Ok([ARGUMENT.into(), serde_json::to_string(task)?])
}

/// Whether this process is such a program. If so, it has done its task.
///
/// # Errors
///
/// If the task cannot be read, or a choice cannot be stored.
pub fn run() -> Result<bool, Box<dyn Error>> {
    telemetry::run_uploader();
    let mut arguments = std::env::args().skip_while(|argument| argument != ARGUMENT).skip(1);
    let Some(task) = arguments.next() else { return Ok(false) };
    match serde_json::from_str(&task)? {
        Task::Publish(plan) => publish(&plan),
        Task::Choose(true) => CONSENT.enable(&Scope::new().event::<Worked>().event::<Started>())?,
        Task::Choose(false) => CONSENT.disable()?,
        Task::Drain(plan) => drain(&plan),
        Task::Idle(plan, seconds) => idle(&plan, seconds),
    }
    Ok(true)
}

fn client(plan: &Publishing) -> Telemetry {
    let builder = Telemetry::builder(CONSENT)
        .endpoint(&plan.endpoint)
        .header(RUN_HEADER, &plan.run.to_string())
        .configured(plan.configured.then_some(true))
        .exit_wait(EXIT_WAIT);
    match plan.mode {
        Mode::Relaxed => builder,
        Mode::WriteAhead => builder.durability(Durability::WriteAhead),
        Mode::Detached => builder.upload(Upload::Detached),
    }
    .build()
}

fn publish(plan: &Publishing) {
    let telemetry = client(plan);
    let is_over = Arc::new(AtomicBool::new(false));
    if plan.is_told_to_end {
        let is_over = Arc::clone(&is_over);
        thread::spawn(move || {
            let _ = io::stdin().read_to_end(&mut Vec::new());
            is_over.store(true, Ordering::Relaxed);
        });
    }
    for number in (plan.first..).take(plan.events as usize) {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        say(&publish_one(&telemetry, number));
        if plan.gap > 0 {
            thread::sleep(Duration::from_millis(plan.gap));
        }
    }
    thread::sleep(Duration::from_millis(plan.work));
    if plan.end == End::Exit {
        std::process::exit(0);
    }
    telemetry.shutdown(EXIT_WAIT);
    say(&Line::Report(report(&telemetry)));
}

/// Every fourth event carries the context.
fn publish_one(telemetry: &Telemetry, number: u32) -> Line {
    let outcome = match number % 4 {
        0 => telemetry.publish(&Started { number }),
        _ => telemetry.publish(&Worked { number }),
    };
    match outcome {
        Outcome::Accepted => Line::Accepted(number),
        Outcome::InMemory => Line::InMemory(number),
        Outcome::Dropped(loss) => Line::Lost(number, loss.name().to_owned()),
        _ => Line::Off(number),
    }
}

/// With one write, so that a line is whole wherever the process is killed.
fn say(line: &Line) {
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    let mut output = io::stdout().lock();
    let _ = output.write_all(&text).and_then(|()| output.flush());
}

fn report(telemetry: &Telemetry) -> Report {
    let status = telemetry.status();
    let counts = status.counts;
    Report {
        dropped: counts.losses().map(|(loss, events)| (loss.name().to_owned(), events)).collect(),
        published: counts.published(),
        delivered: counts.delivered(),
        spooled: counts.spooled(),
        pending: counts.pending(),
        recovered: serde_json::to_value(status.spool.recovered).unwrap_or_default(),
        expired: status.spool.expired,
        foreign: status.spool.foreign,
        torn: status.spool.torn,
        waiting: status.spool.events as u64,
    }
}

fn drain(plan: &Publishing) {
    let telemetry = client(plan);
    say(&publish_one(&telemetry, plan.first));
    let start = Instant::now();
    loop {
        let status = telemetry.status();
        if status.queue.events + status.queue.recovered + status.spool.events == 0 || start.elapsed() > PATIENCE {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    telemetry.shutdown(PATIENCE);
    say(&Line::Report(report(&telemetry)));
}

fn idle(plan: &Publishing, seconds: u64) {
    let telemetry = client(plan);
    say(&publish_one(&telemetry, plan.first));
    telemetry.flush(PATIENCE);
    // Leaves time for what follows the answer, such as the end of the connection.
    thread::sleep(Duration::from_millis(500));
    eprintln!("mark");
    thread::sleep(Duration::from_secs(seconds));
    eprintln!("mark");
}
