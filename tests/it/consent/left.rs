//! A no that is stored while a program writes, and the program is killed.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use crate::home::{CHILD, Home, Result, wait_until};
use crate::server::{Server, free_address, url};

/// The system calls that were made so far.
fn trace(home: &Home) -> PathBuf {
    home.path().join("trace")
}

/// A program that writes an event to disk, traced so that system calls are delayed, or end it.
fn traced(home: &Home, injections: &[&str]) -> Result<Command> {
    let mut command = home.command("strace", "-f -qq -e trace=mkdir,flock,link,linkat -o");
    command.arg(trace(home)).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for injection in injections {
        command.args(["-e", &format!("inject={injection}")]);
    }
    command.args([CHILD, "publish", "--durability=write-ahead", "--wait=no", "--end=exit"]);
    command.arg(format!("--endpoint={}", url(free_address()?)));
    Ok(command)
}

#[test]
fn a_no_before_the_first_file_leaves_none() -> Result {
    let home = Home::with_yes()?;
    // The program has found a yes and makes the directory. Its next file is that of the id.
    let mut child = traced(&home, &["mkdir:delay_enter=300000", "link,linkat:signal=KILL"])?.spawn()?;
    wait_until(|| home.path().join(".local").exists())?;
    assert!(home.consent("disable").status()?.success());
    child.wait()?;
    assert!(!home.state().exists(), "{:?}", home.kept());
    Ok(())
}

#[test]
fn a_no_before_the_spool_file_leaves_none() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    home.child(&format!("publish --endpoint={}", server.url())).status()?;
    assert!(home.kept().contains(&"salt".to_owned()));
    // The program has its turn to create a file, and would be killed as soon as it locks the file.
    let mut child = traced(&home, &["flock:delay_exit=1000000:when=1", "flock:signal=KILL:when=2"])?.spawn()?;
    wait_until(|| fs::read_to_string(trace(&home)).is_ok_and(|calls| calls.contains("flock(")))?;
    assert!(home.consent("disable").status()?.success());
    child.wait()?;
    assert!(!home.state().exists(), "{:?}", home.kept());
    Ok(())
}

/// As where a directory may be written and not listed, and on file systems that cannot synchronize one.
#[test]
fn a_choice_is_stored_although_its_directory_cannot_be_synchronized() -> Result {
    let home = Home::with_yes()?;
    home.child("publish --durability=write-ahead --wait=no --end=exit --endpoint=http://127.0.0.1:9").status()?;
    assert!(home.state().exists());
    for choice in ["disable", "enable"] {
        let mut command = home.command("strace", "-f -qq -e trace=fsync -e inject=fsync:error=EINVAL:when=2+2 -o");
        command.arg(trace(&home)).env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let ended = command.args([CHILD, "consent", choice]).output()?;
        assert_eq!(String::from_utf8_lossy(&ended.stdout).trim(), "()", "{choice}: {ended:?}");
        assert!(fs::read_to_string(trace(&home))?.contains("INJECTED"), "{choice}");
        assert!(!home.state().exists(), "{:?}", home.kept());
    }
    Ok(())
}

/// A file that was created after the no, as an earlier version could.
fn leave_a_file(home: &Home) -> Result {
    home.consent("disable").status()?;
    fs::create_dir_all(home.state())?;
    File::create(home.state().join("spool-0123456789abcdef-0123456789abcdef.ndjson"))?.write_all(b"an event\n")?;
    home.closes_state()
}

#[test]
fn a_file_that_was_left_behind_goes_with_the_next_look_at_the_status_or_the_next_choice() -> Result {
    for next in ["publish --print=status --end=return --wait=no", "consent disable", "consent enable"] {
        let home = Home::new()?;
        leave_a_file(&home)?;
        home.child(next).status()?;
        assert!(!home.state().exists(), "{next}: {:?}", home.kept());
    }
    Ok(())
}
