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
    let files = home.spool();
    let bytes =
        files.iter().map(|name| fs::metadata(home.state().join(name)).map_or(0, |found| found.len())).sum::<u64>();
    let events = report(&mut publish(&home, &down, "--configured=false"))?["status"]["spool"]["events"].clone();
    let events = usize::try_from(events.as_u64().ok_or("no number")?)?;
    // An event that found no room when it was published may have found some later.
    assert!(accepted <= events, "{accepted} {events} {files:?}");
    // A program that ends leaves the room empty that it has taken and not used.
    assert!((EVENTS - PROGRAMS..=EVENTS).contains(&events) && bytes <= BYTES, "{events} {bytes} {files:?}");
    Ok(())
}
