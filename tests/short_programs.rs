//! Programs that work for 20 ms and publish one event, against a receiver that speaks TLS and takes 150 ms for each answer.
//!
//! `cargo bench -p telemetry-tests --bench short_programs` prints how many events arrive, with and without a process of their own that
//! sends them, and how much longer the programs take. Each run is compared with a run of the same program without telemetry, and
//! that one with another without telemetry: what these two differ by is the machine's doing. It fails when an event is missing, when two
//! processes send at a time, when one lives longer than 30 s, and when the programs take longer than the machine can explain.

#[cfg(unix)]
#[allow(dead_code, reason = "the tests need more of it")]
#[path = "it/home.rs"]
mod home;
#[cfg(unix)]
#[path = "it/delivery/tls.rs"]
mod tls;

#[cfg(unix)]
fn main() -> home::Result {
    programs::main()
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod programs {
    use std::collections::BTreeSet;
    use std::fs::{self, File};
    use std::path::Path;
    use std::process::Command;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant, SystemTime};

    use super::home::{Home, Result, printed, wait_until};
    use super::tls::Tls;

    const RUNS: usize = 200;
    /// Runs of which each starts a process that sends.
    const STARTS: usize = 40;
    const LATENCY: Duration = Duration::from_millis(150);

    /// How long a process that sends may be there.
    const LIFETIME: Duration = Duration::from_secs(30);

    /// How much longer a program may take than without telemetry.
    const BOUND: f64 = 10.0;

    const OFF: &str = "--configured=false";
    const DETACHED: &str = "--upload=detached";

    pub(super) fn main() -> Result {
        println!(
            "{RUNS} programs of 20 ms, one event each; {} ms for each answer; all in milliseconds\n",
            LATENCY.as_millis()
        );
        println!("programs that send themselves");
        let alone = send_themselves()?;
        println!("    {alone} of {RUNS} events delivered\n\nprograms that leave it to a process of its own");
        let (times, uploaders) = leave_it_to_others()?;
        println!("    {RUNS} of {RUNS} events delivered within two hours");
        println!(
            "    {} processes sent, {} at a time\n\nprograms that start such a process",
            uploaders.all.len(),
            uploaders.most
        );
        let starts = starts()?;
        let gone = lifetime()?;
        println!("\na process whose receiver does not answer is gone after {:.1} s", gone.as_secs_f64());
        if gone > LIFETIME {
            return Err("a process lives too long".into());
        }
        if uploaders.most > 1 {
            return Err("two processes sent at a time".into());
        }
        times.check()?;
        starts.check()
    }

    fn send_themselves() -> Result<usize> {
        let (home, server) = (Home::new()?, Tls::start(LATENCY)?);
        let mut times = Times::default();
        for run in 0..RUNS {
            times.add(&home, &server, "", run)?;
        }
        times.print();
        Ok(server.ids().len())
    }

    /// All events are delivered, or it fails.
    fn leave_it_to_others() -> Result<(Times, Uploaders)> {
        let (home, server) = (Home::new()?, Tls::start(LATENCY)?);
        let mut times = Times::default();
        let uploaders = Uploaders::watch(home.path(), || {
            for run in 0..RUNS {
                if run == RUNS / 2 {
                    an_hour_passes(&home)?;
                }
                times.add(&home, &server, DETACHED, run)?;
            }
            an_hour_passes(&home)?;
            printed(&mut program(&home, &server, DETACHED))?;
            wait_until(|| server.ids().len() == RUNS + 1 && home.spool().is_empty())
        })?;
        times.print();
        if server.most_at_a_time() > 1 {
            return Err("two processes sent at a time".into());
        }
        Ok((times, uploaders))
    }

    /// Each has a home of its own, since a process is started once an hour.
    fn starts() -> Result<Times> {
        let server = Tls::start(LATENCY)?;
        let mut times = Times::default();
        for run in 0..STARTS {
            let home = Home::new()?;
            times.add(&home, &server, DETACHED, run)?;
            wait_until(|| server.ids().len() > run)?;
        }
        times.print();
        Ok(times)
    }

    /// How long the process is there whose receiver takes an hour for an answer.
    fn lifetime() -> Result<Duration> {
        let (home, server) = (Home::new()?, Tls::start(Duration::from_secs(60 * 60))?);
        printed(&mut program(&home, &server, DETACHED))?;
        let before = Instant::now();
        let lock = File::open(home.state().join("upload.lock"))?;
        let is_free = || lock.try_lock().is_ok_and(|()| lock.unlock().is_ok());
        // It takes the lock first of all.
        wait_until(|| !is_free())?;
        wait_until(is_free)?;
        Ok(before.elapsed())
    }

    fn program(home: &Home, server: &Tls, arguments: &str) -> Command {
        let url = server.url();
        let all = format!(
            "publish --configured=true --endpoint={url} --work=20 --wait=no --end=return --print=cost {arguments}"
        );
        let mut command = home.child(&all);
        command.env("SSL_CERT_FILE", Tls::AUTHORITY);
        command
    }

    /// Makes it an hour later for whoever asks when the last process was started. By then that one is gone.
    fn an_hour_passes(home: &Home) -> Result {
        let lock = File::options().append(true).open(home.state().join("upload.lock"))?;
        wait_until(|| lock.try_lock().is_ok())?;
        Ok(lock.set_modified(SystemTime::now() - Duration::from_secs(60 * 60))?)
    }

    /// Milliseconds of whole programs, and of the part of them that telemetry took of their own thread.
    #[derive(Default)]
    struct Times {
        without: Vec<f64>,
        again: Vec<f64>,
        with: Vec<f64>,
        within: Vec<f64>,
    }

    impl Times {
        /// One program with telemetry and two without, each time in another order.
        fn add(&mut self, home: &Home, server: &Tls, upload: &str, run: usize) -> Result {
            for turn in run..run + 3 {
                let arguments = if turn % 3 == 0 { upload } else { OFF };
                let mut command = program(home, server, &format!("{arguments} --first={run}"));
                let before = Instant::now();
                let within = printed(&mut command)?;
                let time = before.elapsed().as_secs_f64() * 1e3;
                match turn % 3 {
                    0 => {
                        self.with.push(time);
                        self.within.push(within.parse::<f64>()? / 1e3);
                    }
                    1 => self.without.push(time),
                    _ => self.again.push(time),
                }
            }
            Ok(())
        }

        /// How much longer each program took than the same one without telemetry.
        fn differences(&self, times: &[f64]) -> Vec<f64> {
            sorted(times.iter().zip(&self.without).map(|(time, without)| time - without).collect())
        }

        fn print(&self) {
            line("without telemetry", &sorted(self.without.clone()));
            line("with telemetry", &sorted(self.with.clone()));
            line("within telemetry", &sorted(self.within.clone()));
            for (what, times) in [("with, less without", &self.with), ("without, less without", &self.again)] {
                let differences = self.differences(times);
                line(what, &differences);
                let over = differences.iter().filter(|difference| **difference > BOUND).count();
                println!("        {over} of {} runs took more than {BOUND} ms longer", differences.len());
            }
        }

        /// Fails when a program took longer than the bound and the machine's own doing together.
        fn check(&self) -> Result {
            let (with, without) = (self.differences(&self.with), self.differences(&self.again));
            if at(&with, 100) - at(&without, 100).max(0.0) > BOUND {
                return Err("programs are held up".into());
            }
            Ok(())
        }
    }

    fn sorted(mut times: Vec<f64>) -> Vec<f64> {
        times.sort_unstable_by(f64::total_cmp);
        times
    }

    fn at(sorted: &[f64], percent: usize) -> f64 {
        let last = sorted.len().saturating_sub(1);
        sorted.get((sorted.len() * percent / 100).min(last)).copied().unwrap_or_default()
    }

    fn line(what: &str, sorted: &[f64]) {
        let [median, ninety, ninety_nine, longest] = [50, 90, 99, 100].map(|percent| at(sorted, percent));
        println!(
            "    {what:<22} median {median:7.2}  90th {ninety:7.2}  99th {ninety_nine:7.2}  longest {longest:7.2}"
        );
    }

    /// The processes that send for others.
    #[derive(Default)]
    struct Uploaders {
        all: BTreeSet<String>,
        most: usize,
    }

    impl Uploaders {
        /// Looks for them while something else is done, where the system tells.
        fn watch(home: &Path, work: impl FnOnce() -> Result) -> Result<Self> {
            let done = AtomicBool::new(false);
            let (result, seen) = thread::scope(|scope| {
                let watcher = scope.spawn(|| {
                    let mut seen = Self::default();
                    while !done.load(Ordering::Relaxed) {
                        seen.look(home);
                        thread::sleep(Duration::from_millis(10));
                    }
                    seen
                });
                let result = work();
                done.store(true, Ordering::Relaxed);
                (result, watcher.join().unwrap_or_default())
            });
            result.map(|()| seen)
        }

        fn look(&mut self, home: &Path) {
            let home = format!("HOME={}", home.display());
            let is_one = |environment: &[u8]| {
                let mut variables = environment.split(|byte| *byte == 0);
                let is_here = variables.clone().any(|variable| variable == home.as_bytes());
                is_here && variables.any(|variable| variable.starts_with(b"TELEMETRY_UPLOADER=upload:"))
            };
            let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
            let uploaders =
                processes.filter(|process| fs::read(process.path().join("environ")).is_ok_and(|all| is_one(&all)));
            let names: Vec<String> = uploaders.filter_map(|process| process.file_name().into_string().ok()).collect();
            self.most = self.most.max(names.len());
            self.all.extend(names);
        }
    }
}
