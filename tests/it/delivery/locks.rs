//! A file system without file locks: programs share the spool all the same, and nothing is sent twice.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::{publish, report};
use crate::files::without_locks;
use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, free_address, status, url};

/// A home on such a file system.
struct Lockless {
    home: Home,
    library: PathBuf,
}

impl Lockless {
    fn new() -> Result<Option<Self>> {
        let home = Home::new()?;
        let library = without_locks(&home)?;
        Ok(library.map(|library| Self { home, library }))
    }

    fn publish(&self, endpoint: &str, arguments: &str) -> Command {
        let mut command = publish(&self.home, endpoint, arguments);
        command.env("LD_PRELOAD", &self.library);
        command
    }

    /// A program that has written two events to disk and waits, since the receiver asked for a pause of some seconds.
    fn program_that_waits(&self, seconds: u32) -> Result<(Server, Child)> {
        let refusal = format!("503 Service Unavailable\r\nretry-after: {seconds}");
        let server = Server::start(move |number, _: &Request, stream: &mut TcpStream| {
            status(stream, if number == 1 { &refusal } else { "204 No Content" })
        })?;
        let mut program = self.publish(&server.url(), "--durability=write-ahead --events=2 --hear");
        let program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        wait_until(|| self.home.kept().iter().any(|name| name.starts_with("pause-")))?;
        Ok((server, program))
    }

    /// Sets the date of all spool files back, as if their programs had not come back for a while.
    fn a_while_passes(&self) -> Result {
        for name in self.home.spool() {
            let file = File::options().write(true).open(self.home.state().join(name))?;
            file.set_modified(SystemTime::now() - Duration::from_secs(120))?;
        }
        Ok(())
    }
}

/// Lets a program that waits go on to its end.
fn counts_at_the_end(mut program: Child) -> Result<Value> {
    program.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let output = String::from_utf8(program.wait_with_output()?.stdout)?;
    Ok(serde_json::from_str::<Value>(output.trim())?["counts"].clone())
}

#[test]
fn events_are_kept_and_drained_once_and_no_file_stays() -> Result {
    const PROGRAMS: usize = 12;
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let address = free_address()?;
    for (turn, mode) in (0..PROGRAMS).zip(["", "--durability=write-ahead"].into_iter().cycle()) {
        let first = 10 * turn;
        let left =
            report(&mut lockless.publish(&url(address), &format!("--first={first} --events=2 --wait=attempt {mode}")))?;
        assert_eq!(left["status"]["spool"]["events"], 2 * (turn + 1), "{left}");
    }
    assert!(lockless.home.spool().len() <= PROGRAMS, "{:?}", lockless.home.spool());
    lockless.home.ends_pauses()?;
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))?;
    let at_once: Vec<_> = (0..3)
        .map(|turn| {
            lockless
                .publish(&server.url(), &format!("--first={} --wait=2000", 1000 + turn))
                .stdout(Stdio::null())
                .spawn()
        })
        .collect::<std::io::Result<_>>()?;
    for mut program in at_once {
        program.wait()?;
    }
    // On a busy machine a program's time may end before it has released the files that it was sending.
    lockless.a_while_passes()?;
    let last = report(&mut lockless.publish(&server.url(), "--first=2000 --wait=drain"))?;
    assert_eq!(lockless.home.spool(), [""; 0], "{last}");
    assert_eq!((server.ids().len(), server.requests().len()), (2 * PROGRAMS + 4, 2 * PROGRAMS + 4), "{last}");
    Ok(())
}

#[test]
fn the_events_of_a_killed_program_are_taken_after_a_while() -> Result {
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let address = free_address()?;
    lockless.publish(&url(address), "--durability=write-ahead --events=2 --wait=attempt --end=kill").status()?;
    lockless.home.ends_pauses()?;
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))?;
    report(&mut lockless.publish(&server.url(), "--first=10"))?;
    assert_eq!(server.requests().len(), 1, "the program may still be running");
    lockless.a_while_passes()?;
    report(&mut lockless.publish(&server.url(), "--first=11 --wait=drain"))?;
    assert_eq!((server.ids().len(), server.requests().len()), (4, 4));
    assert_eq!(lockless.home.spool(), [""; 0]);
    Ok(())
}

#[test]
fn a_program_that_comes_back_late_does_not_send_what_another_has_taken() -> Result {
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let (server, program) = lockless.program_that_waits(4)?;
    lockless.home.ends_pauses()?;
    lockless.a_while_passes()?;
    report(&mut lockless.publish(&server.url(), "--first=10 --wait=drain"))?;
    assert_eq!(server.ids().len(), 3);
    let counts = counts_at_the_end(program)?;
    assert_eq!((&counts["spooled"], &counts["delivered"]), (&2.into(), &0.into()), "{counts}");
    assert_eq!(server.requests().len(), 4, "one failed, and three were delivered");
    Ok(())
}

#[test]
fn events_whose_file_the_user_deletes_are_not_called_kept() -> Result {
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let (server, program) = lockless.program_that_waits(2)?;
    for name in lockless.home.spool() {
        std::fs::remove_file(lockless.home.state().join(name))?;
    }
    wait_until(|| server.ids().len() == 2 && server.requests().len() == 3)?;
    let counts = counts_at_the_end(program)?;
    assert_eq!(counts["delivered"], 2, "{counts}");
    Ok(())
}

/// Two machines share a home, and files can be locked on one of them only.
#[test]
fn a_program_that_cannot_lock_files_takes_none_that_another_has_locked() -> Result {
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let address = free_address()?;
    let mut holder = publish(&lockless.home, &url(address), "--durability=write-ahead --events=2 --hear");
    let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    wait_until(|| lockless.home.kept().iter().any(|name| name.starts_with("pause-")))?;
    lockless.home.ends_pauses()?;
    let held = lockless.home.spool();
    let server = Server::start_at(address, |_, _: &Request, stream: &mut TcpStream| status(stream, "204 No Content"))?;
    report(&mut lockless.publish(&server.url(), "--first=10"))?;
    assert_eq!((server.requests().len(), lockless.home.spool()), (1, held));
    holder.kill()?;
    holder.wait()?;
    lockless.a_while_passes()?;
    report(&mut lockless.publish(&server.url(), "--first=11 --wait=drain"))?;
    assert_eq!((server.ids().len(), server.requests().len()), (4, 4));
    assert_eq!(lockless.home.spool(), [""; 0]);
    Ok(())
}

#[test]
fn no_process_is_left_to_send_what_no_lock_can_keep_another_from_sending() -> Result {
    let Some(lockless) = Lockless::new()? else { return Ok(()) };
    let server = Server::accepting()?;
    for turn in 0..3 {
        let report = report(&mut lockless.publish(&server.url(), &format!("--first={turn} --upload=detached")))?;
        assert_eq!(report["counts"]["delivered"], 1, "{report}");
    }
    assert_eq!((server.requests().len(), lockless.home.spool()), (3, vec![]));
    Ok(())
}
