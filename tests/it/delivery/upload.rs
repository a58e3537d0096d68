//! Programs that live shorter than a request, and the process that sends for them.

use std::fs::{self, File};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::tls::Tls;
use super::{publish, report};
use crate::home::{Home, Result};
use crate::server::Server;

const HOUR: Duration = Duration::from_secs(60 * 60);
const PATIENCE: Duration = Duration::from_secs(60);

/// Makes it an hour later for whoever asks when the last uploader was started.
fn an_hour_passes(home: &Home) -> Result {
    let lock = File::options().append(true).open(home.state().join("upload.lock"))?;
    Ok(lock.set_modified(SystemTime::now() - HOUR)?)
}

fn wait_until(done: impl Fn() -> bool) -> Result {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        if Instant::now() > deadline {
            return Err("it did not happen".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

fn short(home: &Home, endpoint: &str, turn: usize) -> Command {
    let mut command =
        publish(home, endpoint, &format!("--upload=detached --wait=no --end=exit --token=hunter2 --first={turn}"));
    command.env("SSL_CERT_FILE", Tls::AUTHORITY);
    command
}

#[test]
fn another_process_sends_what_a_short_one_published() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    short(&home, &server.url(), 1).status()?;
    wait_until(|| server.requests().len() == 1)?;
    let [request] = &server.requests()[..] else { return Err("not one request".into()) };
    assert!(request.body.contains("\"turn\":1"));
    assert_eq!(request.header("x-collector-token"), "hunter2");
    // Within the hour there is no other, unless the first one is still there.
    wait_until(|| home.spool().is_empty() && is_free(&home))?;
    short(&home, &server.url(), 2).status()?;
    assert_eq!((home.spool().len(), is_free(&home)), (1, true));
    an_hour_passes(&home)?;
    short(&home, &server.url(), 3).status()?;
    wait_until(|| server.ids().len() == 3)?;
    Ok(())
}

#[test]
fn nothing_is_sent_after_a_no() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    short(&home, &server.url(), 1).status()?;
    wait_until(|| server.requests().len() == 1 && is_free(&home))?;
    short(&home, &server.url(), 2).status()?;
    an_hour_passes(&home)?;
    fs::create_dir_all(home.path().join(".config/acme"))?;
    fs::write(home.choice(), "disabled\n")?;
    short(&home, &server.url(), 3).status()?;
    assert_eq!(server.requests().len(), 1);
    assert!(is_free(&home), "nobody was started");
    Ok(())
}

#[test]
fn what_cannot_be_written_is_sent_by_the_program_itself() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut command = publish(&home, &server.url(), "--upload=detached");
    let report = report(command.env("HOME", "relative").env("XDG_STATE_HOME", "relative"))?;
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    Ok(())
}

/// Whether no uploader is there.
fn is_free(home: &Home) -> bool {
    File::open(home.state().join("upload.lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}

/// `cargo test --release -p telemetry-tests --test it short_programs -- --ignored --nocapture` prints the shares and the times.
#[test]
#[ignore = "a measurement of some minutes"]
fn short_programs() -> Result {
    const RUNS: usize = 200;
    let server = Tls::start(Duration::from_millis(150))?;
    let mut medians = Vec::new();
    for upload in ["", "--upload=detached"] {
        let home = Home::new()?;
        let (mut times, mut longest_queue) = (Vec::new(), 0);
        let already = server.ids().len();
        for run in 0..RUNS {
            if run == RUNS / 2 && !upload.is_empty() {
                an_hour_passes(&home)?;
            }
            for with in [false, true] {
                let consent = if with { "" } else { "--configured=false" };
                let mut command =
                    publish(&home, &server.url(), &format!("--work=20 --wait=no --end=return {upload} {consent}"));
                let before = Instant::now();
                command.env("SSL_CERT_FILE", Tls::AUTHORITY).status()?;
                times.push((with, before.elapsed()));
            }
            longest_queue = longest_queue.max(home.spool().len());
        }
        if !upload.is_empty() {
            an_hour_passes(&home)?;
            short(&home, &server.url(), RUNS + 1).status()?;
            wait_until(|| home.spool().is_empty())?;
        }
        let of = |with: bool| {
            let mut times: Vec<Duration> = times.iter().filter(|time| time.0 == with).map(|time| time.1).collect();
            times.sort_unstable();
            (times[times.len() / 2], times[times.len() * 99 / 100], times[times.len() - 1])
        };
        let delivered = server.ids().len() - already;
        eprintln!("{upload:>18}: {delivered} of {RUNS} delivered, at most {longest_queue} files");
        eprintln!("    median, 99th, longest without: {:?}; with: {:?}", of(false), of(true));
        medians.push((delivered, of(true).0.saturating_sub(of(false).0)));
    }
    assert!(medians[1].0 >= RUNS, "not all were delivered");
    Ok(())
}
