//! The limits of what waits on disk, while many programs write at once.

use std::fs;
use std::process::Stdio;

use super::{publish, report};
use crate::home::{Home, Result};
use crate::server::{free_address, url};

const EVENTS: usize = 500;
const BYTES: u64 = 1024 * 1024;

#[test]
fn many_programs_at_once_leave_no_more_than_five_hundred_events() -> Result {
    const PROGRAMS: usize = 16;
    let (home, down) = (Home::new()?, url(free_address()?));
    report(&mut publish(&home, &down, "--durability=write-ahead --wait=attempt"))?;
    // An uploader has already run, so no other will be started.
    fs::write(home.state().join("upload.lock"), ".+")?;
    let modes = ["--durability=write-ahead", "--upload=detached"].into_iter().cycle();
    let programs = (0..PROGRAMS).zip(modes).map(|(program, mode)| {
        let arguments = format!("--first={} --events=60 --print=accepted --wait=no --end=exit {mode}", 100 * program);
        publish(&home, &down, &arguments).stdout(Stdio::piped()).spawn()
    });
    let programs = programs.collect::<std::io::Result<Vec<_>>>()?;
    let mut accepted = 1;
    for program in programs {
        accepted += String::from_utf8(program.wait_with_output()?.stdout)?.lines().count();
    }
    // An event that found no room when it was published may have found some later.
    let (events, bytes) = waiting(&home, &down)?;
    assert!((accepted..=EVENTS).contains(&events) && bytes <= BYTES, "{accepted} {events} {bytes} {:?}", home.spool());
    // They left room empty that they had taken and not used, or had not dared to take while another one was stopped in its turn. None of it
    // is lost: the first program that has the disk to itself takes all files over, and the next one fills them.
    report(&mut publish(&home, &down, "--first=5000 --durability=write-ahead --wait=attempt"))?;
    publish(&home, &down, "--first=6000 --events=500 --durability=write-ahead --wait=no --end=exit").status()?;
    let (events, bytes) = waiting(&home, &down)?;
    assert!(events == EVENTS && bytes <= BYTES, "{events} {bytes} {:?}", home.spool());
    Ok(())
}

/// How many events, and bytes, are on disk.
fn waiting(home: &Home, down: &str) -> Result<(usize, u64)> {
    let bytes =
        home.spool().iter().map(|name| fs::metadata(home.state().join(name)).map_or(0, |found| found.len())).sum();
    let events = report(&mut publish(home, down, "--configured=false"))?["status"]["spool"]["events"].clone();
    Ok((usize::try_from(events.as_u64().ok_or("no number")?)?, bytes))
}
