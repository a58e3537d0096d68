//! Programs that live shorter than a request, and the process that sends for them.

use std::fs::{self, File};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use super::tls::Tls;
use super::{publish, report};
use crate::home::{Home, Result, wait_until};
use crate::server::Server;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Makes it an hour later for whoever asks when the last uploader was started.
fn an_hour_passes(home: &Home) -> Result {
    let lock = File::options().append(true).open(home.state().join("upload.lock"))?;
    Ok(lock.set_modified(SystemTime::now() - HOUR)?)
}

fn short(home: &Home, endpoint: &str, turn: usize) -> Command {
    publish(home, endpoint, &format!("--upload=detached --wait=no --end=exit --token=hunter2 --first={turn}"))
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

/// Many programs at once, of which each finds that it is time for an uploader.
#[test]
fn two_processes_never_send_at_a_time() -> Result {
    const PROGRAMS: usize = 40;
    const AT_A_TIME: usize = 8;
    let (home, server) = (Home::new()?, Tls::start(Duration::from_millis(20))?);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(turn) = Some(next.fetch_add(1, Ordering::SeqCst)).filter(|turn| *turn < PROGRAMS) {
                    // There is no such file before the first one.
                    let _ = an_hour_passes(&home);
                    let mut program = short(&home, &server.url(), turn);
                    let status = program.env("SSL_CERT_FILE", Tls::AUTHORITY).status();
                    assert!(status.is_ok_and(|status| status.success()));
                }
            });
        }
    });
    wait_until(|| server.ids().len() == PROGRAMS && home.spool().is_empty())?;
    assert_eq!(server.most_at_a_time(), 1);
    Ok(())
}
