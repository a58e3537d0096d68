//! A no that is followed by a yes: events from before the no are gone, also for programs that have run all the time.

use std::io::Write as _;
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, status};

/// A receiver that keeps its first answer until it is told to go on.
struct Receiver {
    server: Server,
    goes_on: Arc<AtomicBool>,
}

impl Receiver {
    /// `first` is the status of the first answer. All others accept the event.
    fn start(first: &'static str) -> Result<Self> {
        let goes_on = Arc::new(AtomicBool::new(false));
        let waits = Arc::clone(&goes_on);
        let server = Server::start(move |number, _: &Request, stream: &mut TcpStream| {
            while number == 1 && !waits.load(Ordering::SeqCst) {
                thread::sleep(Duration::from_millis(1));
            }
            status(stream, if number == 1 { first } else { "204 No Content" })
        })?;
        Ok(Self { server, goes_on })
    }

    /// Waits until the first event is on its way. Then the user says no, and yes again.
    fn sees_a_no_and_a_yes(&self, home: &Home) -> Result {
        wait_until(|| !self.server.requests().is_empty())?;
        for choice in ["disable", "enable"] {
            assert!(home.consent(choice).status()?.success());
        }
        self.goes_on.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// A program that publishes three events, waits for a line of input, and waits for their outcomes.
fn start(home: &Home, receiver: &Receiver, arguments: &str) -> Result<Child> {
    let arguments = format!("publish --endpoint={} --events=3 --hear {arguments}", receiver.server.url());
    Ok(home.child(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?)
}

fn end(mut child: Child) -> Result<Value> {
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let output = String::from_utf8(child.wait_with_output()?.stdout)?;
    Ok(serde_json::from_str(output.trim()).map_err(|_| output.clone())?)
}

#[test]
fn what_was_published_before_a_no_is_not_sent_after_a_yes() -> Result {
    for mode in ["", "--durability=write-ahead"] {
        // The first event is delivered, or fails and would be tried again.
        for (first, delivered) in [("204 No Content", 1), ("503 Service Unavailable", 0)] {
            let (home, receiver) = (Home::with_yes()?, Receiver::start(first)?);
            let child = start(&home, &receiver, mode)?;
            receiver.sees_a_no_and_a_yes(&home)?;
            let report = end(child)?;
            assert_eq!(report["counts"]["delivered"], delivered, "{mode} {first}: {report}");
            assert_eq!(report["counts"]["dropped"]["consent_withdrawn"], 3 - delivered, "{mode} {first}: {report}");
            assert_eq!((receiver.server.requests().len(), home.spool()), (1, vec![]), "{mode} {first}");
        }
    }
    Ok(())
}

/// The programs wait in a pause, and none of them looks at the choice while it is a no.
#[test]
fn programs_that_slept_through_a_no_do_not_send_either() -> Result {
    let (home, receiver) = (Home::with_yes()?, Receiver::start("503 Service Unavailable\r\nretry-after: 4")?);
    receiver.goes_on.store(true, Ordering::SeqCst);
    let mode = "--durability=write-ahead";
    let children = [start(&home, &receiver, mode)?, start(&home, &receiver, mode)?];
    // Both have published, and one of them has failed.
    wait_until(|| home.spool().len() == 2 && home.kept().iter().any(|name| name.starts_with("pause-")))?;
    receiver.sees_a_no_and_a_yes(&home)?;
    let before = receiver.server.requests().len();
    for child in children {
        let report = end(child)?;
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        let counts = &report["counts"];
        assert_eq!(count(&counts["delivered"]) + count(&counts["dropped"]["consent_withdrawn"]), 3, "{report}");
    }
    assert_eq!(receiver.server.requests().len(), before);
    // A program that starts after the yes is not affected.
    let later = end(start(&home, &receiver, "")?)?;
    assert_eq!(later["counts"]["delivered"], 3, "{later}");
    Ok(())
}

#[test]
fn an_uploader_that_lives_through_a_no_sends_nothing_after_a_yes() -> Result {
    for first in ["204 No Content", "503 Service Unavailable"] {
        let (home, receiver) = (Home::with_yes()?, Receiver::start(first)?);
        let arguments = "--events=3 --upload=detached --wait=no --end=exit";
        home.child(&format!("publish --endpoint={} {arguments}", receiver.server.url())).status()?;
        receiver.sees_a_no_and_a_yes(&home)?;
        let lock = home.state().join("upload.lock");
        wait_until(|| std::fs::File::open(&lock).map_or(true, |lock| lock.try_lock().is_ok()))?;
        assert_eq!((receiver.server.requests().len(), home.spool()), (1, vec![]), "{first}");
    }
    Ok(())
}
