//! 1,000 short programs against a backlog of 500 events, in each mode: `cargo bench --bench backlog -- --runs 1000`.
//!
//! Each program publishes one event, works for 10 ms and ends; with an uploader, which takes time and not programs, for 30 ms. It fails if the backlog outlasts 100 programs, if an event is lost, or if
//! more than one in 100 is received twice: on a busy machine, an answer can come when its program has ended.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    match linux::run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the backlog could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

/// It finds uploaders in /proc.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("not shown: this benchmark needs Linux");
    ExitCode::SUCCESS
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;
    use std::error::Error;
    use std::io;
    use std::thread;
    use std::time::{Duration, Instant};

    use telemetry_bench::budgets;
    use telemetry_bench::option;
    use telemetry_bench::report::{self, number};
    use telemetry_bench::soak::behavior::{Behavior, Verdict};
    use telemetry_bench::soak::house::House;
    use telemetry_bench::soak::program::{self, End, Mode, Publishing, Task};
    use telemetry_bench::soak::receiver::Receiver;
    use telemetry_bench::soak::run::Running;

    const BACKLOG: u32 = 500;

    /// Like a receiver on another machine.
    const LATENCY: Duration = Duration::from_millis(2);

    const HOUR: Duration = Duration::from_secs(60 * 60);
    const PATIENCE: Duration = Duration::from_secs(60);

    struct Found {
        mode: Mode,
        runs: u32,
        /// Programs until the backlog was received.
        until_empty: Option<u32>,
        received: usize,
        twice: usize,
        ended_after: Vec<f64>,
    }

    pub(super) fn run() -> Result<bool, Box<dyn Error>> {
        if program::run()? {
            return Ok(true);
        }
        let runs = option("--runs")?.unwrap_or(1_000);
        let mut all = Vec::new();
        for mode in Mode::ALL {
            all.push(measure(mode, runs)?);
        }
        println!("\n### {runs} short programs against a backlog of {BACKLOG} events\n");
        let head =
            ["", "programs until it is empty", "events received", "received twice", "ms of a program, median", "most"];
        let rows: Vec<_> = all.iter().map(Found::row).collect();
        report::table(&head, &rows);
        for found in &all {
            let until = found.until_empty.map_or(f64::INFINITY, f64::from);
            report::budget(&budgets::BACKLOG, found.mode.name(), Some(until));
        }
        Ok(all.iter().all(Found::holds))
    }

    fn measure(mode: Mode, runs: u32) -> io::Result<Found> {
        let (house, receiver) = (House::new()?, Receiver::start_with(LATENCY)?);
        fill(&house, &receiver)?;
        let mut found = Found { mode, runs, until_empty: None, received: 0, twice: 0, ended_after: Vec::new() };
        for run in 1..=runs {
            let start = Instant::now();
            Running::start(&house.home, plan(&receiver, mode, run), Task::Publish)?.finish(None)?;
            found.ended_after.push(start.elapsed().as_secs_f64() * 1e3);
            if found.until_empty.is_none() && is_backlog_received(&receiver) {
                found.until_empty = Some(run);
            }
        }
        // What the last ones left for the uploader of the next hour.
        house.pass(HOUR);
        Running::start(&house.home, plan(&receiver, mode, runs + 1), Task::Publish)?.finish(None)?;
        let start = Instant::now();
        while (house.spool().0 > 0 || !house.uploaders().is_empty()) && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        let taken = taken(&receiver);
        found.received = taken.len();
        found.twice = taken.values().filter(|times| **times > 1).count();
        Ok(found)
    }

    /// Leaves a backlog by a program whose receiver is down, and lets the pause pass that follows.
    fn fill(house: &House, receiver: &Receiver) -> io::Result<()> {
        receiver.behave(Behavior::Unavailable);
        let plan = Publishing { events: BACKLOG, end: End::Exit, ..plan(receiver, Mode::WriteAhead, 0) };
        Running::start(&house.home, plan, Task::Publish)?.finish(None)?;
        if house.spool().0 != BACKLOG as usize {
            return Err(io::Error::other(format!("{} events are on disk, not {BACKLOG}", house.spool().0)));
        }
        house.end_pauses();
        receiver.behave(Behavior::NoContent);
        Ok(())
    }

    fn plan(receiver: &Receiver, mode: Mode, run: u32) -> Publishing {
        Publishing {
            endpoint: receiver.endpoint(),
            run,
            mode,
            first: if run == 0 { 1 } else { BACKLOG + run },
            events: 1,
            gap: 0,
            work: if mode == Mode::Detached { 30 } else { 10 },
            end: End::Shutdown,
            is_told_to_end: false,
            configured: true,
        }
    }

    /// How often each event was taken.
    fn taken(receiver: &Receiver) -> BTreeMap<u32, usize> {
        let mut taken = BTreeMap::new();
        for arrival in receiver.arrivals().iter().filter(|arrival| arrival.verdict == Verdict::Taken) {
            *taken.entry(arrival.number).or_default() += 1;
        }
        taken
    }

    fn is_backlog_received(receiver: &Receiver) -> bool {
        taken(receiver).range(1..=BACKLOG).count() == BACKLOG as usize
    }

    impl Found {
        fn row(&self) -> Vec<String> {
            let mut times = self.ended_after.clone();
            times.sort_unstable_by(f64::total_cmp);
            let at = |at: usize| times.get(at).map_or_else(|| "not measured".into(), |time| number(*time));
            vec![
                self.mode.name().into(),
                self.until_empty.map_or_else(|| format!("more than {}", self.runs), |runs| runs.to_string()),
                self.received.to_string(),
                self.twice.to_string(),
                at(times.len() / 2),
                at(times.len().saturating_sub(1)),
            ]
        }

        fn holds(&self) -> bool {
            let is_soon_empty = self.until_empty.is_some_and(|runs| f64::from(runs) <= budgets::BACKLOG.most);
            is_soon_empty
                && self.twice <= (self.runs / 100) as usize
                && self.received == (BACKLOG + self.runs + 1) as usize
        }
    }
}
