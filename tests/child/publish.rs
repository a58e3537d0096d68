//! Publishes events like an application named `acme`, and prints their outcomes.

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use telemetry::Telemetry;
use telemetry::client::{AnonymousId, Builder, Durability, Outcome, Upload};
use telemetry::context::{App, Database, Framework};
use telemetry::sink::{self, Outgoing};
use telemetry::snapshot::Version;

use crate::acme::{self, PATIENCE, Which};

/// As `app!()` makes it.
const APP: App =
    App::new("acme", None, Framework::named("axum", Some(Version::new(0, 8, 4))), Database::named("sqlx", None), true);

/// The options from the arguments, each written `--name=value`.
struct Plan {
    builder: Builder,
    first: usize,
    events: usize,
    wait: Wait,
    which: Which,
    /// Prints the turn of each event that was accepted with the requested durability.
    prints_accepted: bool,
    /// Prints the exact JSON that would be sent for the first event.
    prints_preview: bool,
    /// Prints the status before the end.
    prints_status: bool,
    /// Prints how much time telemetry took on the program's own thread, in microseconds.
    prints_cost: bool,
    /// Waits for a line of input after the events were published, or says that it is ready, and waits before that.
    hears: bool,
    hears_first: bool,
    hears_each: bool,
    /// Waits for each event before the next one.
    apart: bool,
    /// Publishes while no file can be opened, and waits for the result once files can be opened again.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix has the limit"))]
    lacks_files: bool,
    work: Duration,
    end: End,
}

/// The condition to wait for once all events are published.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    Nothing,
    /// All events have outcomes, or the given time is up.
    Flush(Duration),
    /// All events have outcomes, or one attempt has failed.
    Attempt,
    /// The counts of earlier days are on their way, and one attempt to send them has failed.
    Moved,
    /// No event is in memory only.
    Stored,
    /// No event is left in memory or on disk.
    Drain,
    /// Events of another process have been taken over.
    Recovered,
    /// The events on disk are known to have a problem.
    Problem,
    /// This process has no more children.
    Children,
}

/// The way in which the program ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// Shuts the client down, and prints the outcomes of the events.
    Shutdown,
    /// Shuts the client down, and prints how many threads and children the process has then.
    Alone,
    Return,
    Exit,
    Static,
    Panic,
    /// Another program takes its place.
    #[cfg(unix)]
    Exec,
    #[cfg(unix)]
    Signal(rustix::process::Signal),
}

/// The maximum duration of the end.
const EXIT: Duration = Duration::from_millis(50);

/// A burst has ended after this long without an event.
const BURST: Duration = Duration::from_millis(200);

static CLIENT: OnceLock<Telemetry> = OnceLock::new();

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match Plan::read(arguments) {
        Ok(plan) => plan.run(),
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Plan {
    fn read(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut plan = Self {
            builder: acme::builder(),
            first: 1,
            events: 1,
            wait: Wait::Flush(PATIENCE),
            which: Which::default(),
            prints_accepted: false,
            prints_preview: false,
            prints_status: false,
            prints_cost: false,
            hears: false,
            hears_first: false,
            hears_each: false,
            apart: false,
            lacks_files: false,
            work: Duration::ZERO,
            end: End::Shutdown,
        };
        for argument in arguments {
            let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
            plan = plan.set(name, value)?;
        }
        Ok(plan)
    }

    fn set(self, name: &str, value: &str) -> Result<Self, Box<dyn Error>> {
        let Self { builder, .. } = self;
        let plan = Self { builder: acme::builder(), ..self };
        let with = |builder| Ok(Self { builder, ..plan });
        match (name, value) {
            ("--endpoint", _) => with(builder.endpoint(value)),
            ("--batches", _) => with(builder.batches(true)),
            ("--posthog", _) => with(builder.posthog(sink::PostHog::new("phc_acme"))),
            ("--otlp", _) => with(builder.otlp(sink::Otlp::new().service_name("acme"))),
            ("--token", _) => with(builder.header("X-Collector-Token", value)),
            ("--configured", _) => with(builder.configured(Some(value.parse()?))),
            ("--exit-wait", _) => with(builder.exit_wait(milliseconds(value)?)),
            ("--durability", "write-ahead") => with(builder.durability(Durability::WriteAhead)),
            ("--upload", "detached") => with(builder.upload(Upload::Detached)),
            ("--debug", _) => with(builder.debug(true)),
            ("--app", _) => with(builder.app(APP)),
            ("--receiver", _) => with(builder.receiver("Acme Inc.")),
            ("--file", _) => with(builder.sink(sink::File::new(value))),
            ("--id", "per-install") => with(builder.anonymous_id(AnonymousId::PerInstall)),
            ("--id", "unkeyed") => with(builder.anonymous_id(AnonymousId::PerProjectUnkeyed)),
            ("--id", key) => with(builder.anonymous_id(AnonymousId::PerProject { key: key.into() })),
            ("--project", _) => with(builder.project(value)),
            ("--base-url", _) => with(builder.base_url(value)),
            ("--sink", "console") => with(builder.sink(sink::Console::new())),
            ("--sink", "panicking") => with(builder.sink(sink::from_fn(panicking).to("nowhere"))),
            ("--sink", "nameless") => with(builder.sink(sink::from_fn(|_| Ok(())))),
            ("--sink", "later-a") => with(builder.sink(sink::from_fn(|_| Err(sink::SendError::Retry)).to("a"))),
            ("--sink", "now-a") => with(builder.sink(sink::from_fn(|_| Ok(())).to("a"))),
            ("--sink", "now-b") => with(builder.sink(sink::from_fn(|_| Ok(())).to("b"))),
            ("--context", _) => {
                Ok(Self { builder, which: Which { context_from: value.parse()?, ..plan.which }, ..plan })
            }
            ("--panicking", _) => {
                Ok(Self { builder, which: Which { panics_from: value.parse()?, ..plan.which }, ..plan })
            }
            ("--first", _) => Ok(Self { builder, first: value.parse()?, ..plan }),
            ("--events", _) => Ok(Self { builder, events: value.parse()?, ..plan }),
            ("--wait", _) => Ok(Self { builder, wait: Wait::read(value)?, ..plan }),
            ("--end", _) => Ok(Self { builder, end: End::read(value)?, ..plan }),
            ("--print", "accepted") => Ok(Self { builder, prints_accepted: true, ..plan }),
            ("--print", "status") => Ok(Self { builder, prints_status: true, ..plan }),
            ("--print", "cost") => Ok(Self { builder, prints_cost: true, ..plan }),
            ("--print", "preview") => Ok(Self { builder, prints_preview: true, ..plan }),
            // The program's own work, during which telemetry has time.
            ("--work", _) => Ok(Self { builder, work: milliseconds(value)?, ..plan }),
            #[cfg(unix)]
            ("--sigpipe", "default") => {
                sigpipe::reset();
                Ok(Self { builder, ..plan })
            }
            // Each burst ends before the next event.
            ("--apart", _) => Ok(Self { builder, apart: true, ..plan }),
            ("--hear-each", _) => Ok(Self { builder, hears_each: true, ..plan }),
            ("--hear-first", _) => Ok(Self { builder, hears_first: true, ..plan }),
            ("--lack-files", _) => Ok(Self { builder, lacks_files: true, ..plan }),
            #[cfg(target_os = "linux")]
            ("--adopt", _) => {
                nix::sys::prctl::set_child_subreaper(true)?;
                Ok(Self { builder, ..plan })
            }
            ("--hear", _) => Ok(Self { builder, hears: true, ..plan }),
            ("--tell", _) => {
                tell();
                Ok(Self { builder, ..plan })
            }
            _ => Err(format!("no such argument: {name}={value}").into()),
        }
    }

    fn run(self) -> ExitCode {
        let before = Instant::now();
        let telemetry = self.builder.build();
        let building = before.elapsed();
        if self.prints_preview {
            println!("{}", self.which.preview(&telemetry, self.first).unwrap_or_default());
        }
        if self.hears_first {
            println!("ready");
            hear();
        }
        #[cfg(unix)]
        let limit = self.lacks_files.then(allow_no_more_files);
        let before = Instant::now();
        for turn in self.first..self.first + self.events {
            if self.hears_each {
                hear();
            }
            let outcome = self.which.publish(&telemetry, turn);
            if self.apart {
                telemetry.flush(Duration::from_secs(2));
                thread::sleep(BURST);
            }
            if self.prints_accepted && outcome == Outcome::Accepted {
                println!("{turn}");
                let _ = io::stdout().flush();
            }
        }
        let publishing = before.elapsed();
        #[cfg(unix)]
        if let Some(limit) = limit {
            Wait::Attempt.wait(&telemetry);
            println!("{}", json!(telemetry.counts()));
            let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, limit);
        }
        if self.hears {
            hear();
        }
        thread::sleep(self.work);
        self.wait.wait(&telemetry);
        if self.prints_status {
            println!("{}", json!(telemetry.status()));
        }
        match self.end {
            End::Shutdown => {
                let before = Instant::now();
                thread::sleep(EXIT);
                let nap = before.elapsed();
                let is_enabled = telemetry.is_enabled();
                telemetry.shutdown(EXIT);
                println!("{}", report(&telemetry, is_enabled, [publishing, nap, before.elapsed() - nap]));
            }
            End::Alone => {
                telemetry.shutdown(PATIENCE);
                let threads = std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
                #[cfg(unix)]
                let children = rustix::process::wait(rustix::process::WaitOptions::NOHANG).is_ok();
                #[cfg(not(unix))]
                let children = false;
                println!("{}", json!({"threads": threads, "children": children}));
            }
            End::Return => {
                let before = Instant::now();
                drop(telemetry);
                if self.prints_cost {
                    println!("{}", (building + publishing + before.elapsed()).as_micros());
                }
            }
            End::Exit => std::process::exit(0),
            End::Static => drop(CLIENT.set(telemetry)),
            #[expect(clippy::panic, reason = "that is the end which is tested")]
            End::Panic => panic!("as it should"),
            #[cfg(unix)]
            End::Exec => {
                let mut command = std::process::Command::new("/bin/sh");
                let error = std::os::unix::process::CommandExt::exec(command.args(["-c", "exit 0"]));
                println!("error: {error}");
            }
            #[cfg(unix)]
            End::Signal(signal) => {
                let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
                thread::park();
            }
        }
        ExitCode::SUCCESS
    }
}

/// From now on the process cannot open more files. Returns the previous limit.
#[cfg(unix)]
fn allow_no_more_files() -> rustix::process::Rlimit {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(0), ..limit });
    limit
}

impl Wait {
    pub(crate) fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(match text {
            "no" => Self::Nothing,
            "attempt" => Self::Attempt,
            "moved" => Self::Moved,
            "stored" => Self::Stored,
            "drain" => Self::Drain,
            "recovered" => Self::Recovered,
            "problem" => Self::Problem,
            "children" => Self::Children,
            _ => Self::Flush(milliseconds(text)?),
        })
    }

    pub(crate) fn wait(self, telemetry: &Telemetry) {
        let until = |done: &dyn Fn(&telemetry::Status) -> bool| {
            let deadline = Instant::now() + PATIENCE;
            while Instant::now() < deadline && !done(&telemetry.status()) {
                // Each check reads the disk, which also takes time.
                thread::sleep(Duration::from_millis(10));
            }
        };
        match self {
            Self::Nothing => {}
            Self::Flush(timeout) => drop(telemetry.flush(timeout)),
            Self::Attempt => until(&|status| status.queue.paused_seconds.is_some() || status.queue.events == 0),
            Self::Moved => until(&|status| status.counted.earlier == 0 && status.queue.paused_seconds.is_some()),
            Self::Stored => until(&|status| status.spool.events == status.queue.events),
            #[cfg(unix)]
            Self::Children => while rustix::process::wait(rustix::process::WaitOptions::empty()).is_ok() {},
            #[cfg(not(unix))]
            Self::Children => {}
            Self::Recovered => until(&|status| status.spool.recovered.published() > 0),
            Self::Problem => until(&|status| status.spool.problem.is_some()),
            Self::Drain => until(&|status| {
                let waiting = status.queue.events + status.queue.recovered + status.spool.events;
                waiting == 0 && status.counted.earlier == 0
            }),
        }
    }
}

impl End {
    fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        Ok(match text {
            "alone" => Self::Alone,
            "return" => Self::Return,
            "exit" => Self::Exit,
            "static" => Self::Static,
            "panic" => Self::Panic,
            #[cfg(unix)]
            "exec" => Self::Exec,
            #[cfg(unix)]
            "term" => Self::Signal(rustix::process::Signal::TERM),
            #[cfg(unix)]
            "kill" => Self::Signal(rustix::process::Signal::KILL),
            _ => return Err(format!("no such end: {text}").into()),
        })
    }
}

#[expect(clippy::panic, reason = "that is what is tested")]
fn panicking(_: &Outgoing) -> Result<(), sink::SendError> {
    panic!("as it should");
}

/// Prints all log messages of telemetry and its dependencies on standard error.
pub(crate) fn tell() {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(io::stderr)
        .init();
}

pub(crate) fn hear() {
    let _ = io::stdin().lock().read_line(&mut String::new());
}

fn milliseconds(text: &str) -> Result<Duration, Box<dyn Error>> {
    Ok(Duration::from_millis(text.parse()?))
}

/// Whether the client was on, the outcomes of the events, and how long it took to publish them, to sleep for as long as an end may take, and
/// to end.
fn report(telemetry: &Telemetry, is_enabled: bool, times: [Duration; 3]) -> serde_json::Value {
    let status = telemetry.status();
    let [publishing, nap, ending] = times.map(|time| time.as_millis());
    json!({
        "enabled": is_enabled,
        "error": status.error,
        "counts": status.counts,
        "status": status,
        "publishing_ms": publishing,
        "nap_ms": nap,
        "ending_ms": ending,
    })
}
