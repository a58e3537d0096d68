//! Each way in which a program can end, with both durabilities.

use std::thread;
use std::time::{Duration, Instant};

use super::{publish, report};
use crate::home::{Home, Result};
use crate::server::{Request, Server, status};

const ENDS: &[&str] = if cfg!(unix) {
    &["return", "exit", "static", "panic", "exec", "term", "kill"]
} else {
    &["return", "exit", "static", "panic"]
};

/// Ends the program while the first of three events is being sent, and returns how many of them a later program delivers.
fn delivered_later(arguments: &str) -> Result<u64> {
    let home = Home::new()?;
    let hangs = |turn: &str| turn == "true";
    // The receiver accepts all requests, but answers only those of the later program.
    let server = Server::start(move |_, request: &Request, stream: &mut _| {
        while hangs(request.header("x-collector-token")) {
            thread::park();
        }
        status(stream, "204 No Content")
    })?;
    let before = Instant::now();
    let _ = publish(&home, &server.url(), &format!("--token=true --events=3 --wait=no {arguments}")).output()?;
    assert!(before.elapsed() < Duration::from_secs(5), "{arguments}");
    let report = report(&mut publish(&home, &server.url(), "--first=100 --wait=drain"))?;
    assert_eq!(home.spool(), [""; 0], "{arguments}");
    let recovered = &report["status"]["spool"]["recovered"];
    assert_eq!(recovered["delivered"], recovered["published"], "{report}");
    Ok(recovered["delivered"].as_u64().unwrap_or(u64::MAX))
}

#[test]
fn what_publish_accepted_ahead_of_time_survives_every_end() -> Result {
    for end in ENDS {
        assert_eq!(delivered_later(&format!("--durability=write-ahead --end={end}"))?, 3, "{end}");
    }
    Ok(())
}

#[test]
fn what_is_relaxed_survives_the_ends_at_which_the_client_is_dropped() -> Result {
    for end in ENDS {
        let expected = if ["return", "panic"].contains(end) { 3 } else { 0 };
        assert_eq!(delivered_later(&format!("--end={end}"))?, expected, "{end}");
    }
    Ok(())
}

#[test]
fn nobody_waits_for_a_receiver_that_asks_for_a_long_pause_and_nothing_is_lost() -> Result {
    let server = Server::start(|_, request: &Request, stream: &mut _| {
        let asks = request.header("x-collector-token") == "true";
        status(stream, if asks { "503 Service Unavailable\r\nretry-after: 3600" } else { "204 No Content" })
    })?;
    for arguments in ["", "--context=1", "--durability=write-ahead --context=1"] {
        let (home, start) = (Home::new()?, Instant::now());
        let arguments = format!("--token=true --events=2 --exit-wait=60000 --wait=no --end=return {arguments}");
        publish(&home, &server.url(), &arguments).output()?;
        assert!(start.elapsed() < Duration::from_secs(30), "{arguments}");
        home.ends_pauses()?;
        let report = report(&mut publish(&home, &server.url(), "--first=100 --wait=drain"))?;
        assert_eq!(report["status"]["spool"]["recovered"]["delivered"], 2, "{arguments}: {report}");
    }
    Ok(())
}
