//! Shortages of files, space and permissions: the answer says so, and the next attempt works once the shortage is over.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value;

use crate::home::{CHILD, Home, Result, printed, wait_until};
use crate::server::Server;

/// The user as whom a test runs that root may not be.
const USER: u32 = 1_000;

/// A program that publishes an event with the context for each line of input, and prints the turn of each that is on disk.
fn publish(server: &Server, events: usize) -> String {
    format!(
        "publish --configured=true --endpoint={} --durability=write-ahead --context=1 --print=accepted --hear-each \
         --events={events}",
        server.url()
    )
}

/// The body of the event with this number, counted from zero.
fn body(server: &Server, number: usize) -> Result<Value> {
    wait_until(|| server.requests().len() > number)?;
    Ok(serde_json::from_str(&server.requests()[number].body)?)
}

/// The turns that were printed, and the report.
fn end(child: Child) -> Result<(Vec<String>, Value)> {
    let text = String::from_utf8(child.wait_with_output()?.stdout)?;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let report = serde_json::from_str(&lines.pop().unwrap_or_default()).map_err(|_| text.clone())?;
    Ok((lines, report))
}

fn next(input: &mut ChildStdin) -> Result {
    Ok(input.write_all(b"\n")?)
}

/// The id of a program that starts later.
fn later_id(command: &mut Command) -> Result<Value> {
    let text = printed(command)?;
    let body: Value = serde_json::from_str(text.lines().next().unwrap_or_default()).map_err(|_| text.clone())?;
    Ok(body["anonymousId"].clone())
}

const LATER: &str = "publish --configured=true --sink=console --print=preview";

/// Publishes one event in the shortage and two after it, and asserts that the later ones carry the id that lasts.
fn recovers(mut child: Child, server: &Server, over: impl FnOnce() -> Result) -> Result<Value> {
    let mut input = child.stdin.take().ok_or("no input")?;
    next(&mut input)?;
    let first = body(server, 0)?;
    assert_eq!(first["payload"]["ephemeral"], true, "{first}");
    over()?;
    let mut later = Value::Null;
    for number in 1..3 {
        next(&mut input)?;
        later = body(server, number)?;
        assert_eq!(later["payload"]["ephemeral"], Value::Null, "{later}");
    }
    assert_ne!(first["anonymousId"], later["anonymousId"]);
    let (on_disk, report) = end(child)?;
    assert_eq!(on_disk, ["2", "3"], "{report}");
    assert_eq!(report["counts"]["delivered"], 3, "{report}");
    assert_eq!(report["status"]["spool"]["problem"], Value::Null, "{report}");
    Ok(later["anonymousId"].clone())
}

#[test]
fn a_place_for_the_id_that_is_there_later() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let state = home.path().join("state");
    fs::write(&state, "a file in the place of a directory")?;
    let mut command = home.child(&publish(&server, 3));
    command.env("XDG_STATE_HOME", &state).stdin(Stdio::piped()).stdout(Stdio::piped());
    let id = recovers(command.spawn()?, &server, || {
        fs::remove_file(&state)?;
        Ok(fs::create_dir(&state)?)
    })?;
    assert_eq!(later_id(home.child(LATER).env("XDG_STATE_HOME", &state))?, id);
    Ok(())
}

#[test]
fn a_permission_that_is_given_later() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let state = home.path().join("state");
    fs::create_dir(&state)?;
    let close = |mode| fs::set_permissions(&state, fs::Permissions::from_mode(mode));
    close(0o500)?;
    let mut command = home.child(&publish(&server, 3));
    command.env("XDG_STATE_HOME", &state).stdin(Stdio::piped()).stdout(Stdio::piped());
    // The superuser is not bound by permissions.
    if rustix::process::geteuid().is_root() {
        for path in [home.path(), &state] {
            chown(path, Some(USER), Some(USER))?;
        }
        command.uid(USER).gid(USER);
    }
    recovers(command.spawn()?, &server, || Ok(close(0o700)?)).map(drop)
}

/// A program whose state lies on a disk of its own, in a namespace. `None` where this user cannot mount one.
fn on_a_disk(home: &Home, server: &Server, breaks: &str, mends: &str) -> Result<Option<Child>> {
    let state = home.path().join("state");
    fs::create_dir(&state)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut probe = home.command("unshare", "--mount --map-root-user mount -t tmpfs tmpfs");
    if !probe.arg(&state).env("PATH", &path).status().is_ok_and(|status| status.success()) {
        crate::home::not_shown("this user cannot mount a disk");
        return Ok(None);
    }
    // The disk can be mended only in the namespace, so the shell passes the lines on, and mends it after the first.
    let script = format!(
        "{{ {breaks}; }} && {{ read line; echo; read line; {mends}; echo; read line; echo; }} | \
         XDG_STATE_HOME=\"$0\" '{CHILD}' {}",
        publish(server, 3)
    );
    let mut command = home.command("unshare", "--mount --map-root-user sh -c");
    command.arg(script).arg(&state).env("PATH", path).stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(Some(command.spawn()?))
}

#[test]
fn a_disk_that_is_read_only_for_a_while() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let (breaks, mends) = ("mount -t tmpfs -o ro tmpfs \"$0\"", "mount -o remount,rw \"$0\"");
    let Some(child) = on_a_disk(&home, &server, breaks, mends)? else { return Ok(()) };
    recovers(child, &server, || Ok(())).map(drop)
}

#[test]
fn a_disk_that_is_full_for_a_while() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let breaks = "mount -t tmpfs -o size=64k tmpfs \"$0\" && { cat /dev/zero >\"$0/rest\" 2>/dev/null; true; }";
    let Some(child) = on_a_disk(&home, &server, breaks, "rm \"$0/rest\"")? else { return Ok(()) };
    recovers(child, &server, || Ok(())).map(drop)
}

/// Runs the program while the first attempt of a thread to open this file fails.
fn short_of_descriptors(home: &Home, file: &Path, arguments: &str) -> Command {
    let mut command = home.command("strace", "-f -qq -o /dev/null -e trace=openat");
    command.args(["-e", "inject=openat:error=EMFILE:when=1", "-P"]).arg(file).arg(CHILD);
    command.args(arguments.split_whitespace()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

#[test]
fn the_id_after_a_shortage_of_descriptors() -> Result {
    let home = Home::new()?;
    let lasting = later_id(&mut home.child(LATER))?;
    let arguments = "publish --configured=true --sink=console --events=2 --apart";
    let output = short_of_descriptors(&home, &home.state().join("salt"), arguments).output()?;
    let text = String::from_utf8(output.stderr)?;
    let bodies: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let lasts: Vec<bool> = bodies.iter().map(|body| body["anonymousId"] == lasting).collect();
    assert_eq!(lasts, [false, true], "{text}");
    Ok(())
}

/// A choice that could not be read once may be a yes.
#[test]
fn a_yes_in_a_shortage_of_descriptors_deletes_nothing() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    home.child(&format!("publish --endpoint={}", server.url())).status()?;
    let before = home.kept();
    assert!(before.contains(&"salt".to_owned()), "{before:?}");
    let refused = printed(&mut short_of_descriptors(&home, &home.choice(), "consent enable"))?;
    assert!(refused.starts_with("error: the stored choice cannot be read"), "{refused}");
    assert_eq!((home.kept(), home.stored().as_deref()), (before, Some("enabled\n")));
    assert_eq!(printed(&mut home.consent("enable"))?, "()");
    Ok(())
}

/// Nothing is sent as long as the choice cannot be read, and the status says why.
#[test]
fn a_choice_that_cannot_be_read_for_a_while() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let arguments = format!("publish --endpoint={} --hear-first --hear --print=status --wait=attempt", server.url());
    let mut child = home.child(&arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (mut input, mut output) =
        (child.stdin.take().ok_or("no input")?, BufReader::new(child.stdout.take().ok_or("no output")?));
    let mut line = String::new();
    output.read_line(&mut line)?;
    fs::remove_file(home.choice())?;
    fs::create_dir(home.choice())?;
    next(&mut input)?;
    next(&mut input)?;
    line.clear();
    output.read_line(&mut line)?;
    let status: Value = serde_json::from_str(&line)?;
    assert_eq!(status["obstacle"], "choice_unreadable", "{status}");
    assert_eq!(status["consent"]["decision"]["reason"], "stored_unreadable", "{status}");
    assert!(server.requests().is_empty());
    line.clear();
    output.read_line(&mut line)?;
    let report: Value = serde_json::from_str(&line)?;
    assert_eq!(report["counts"]["dropped"]["choice_unreadable"], 1, "{report}");
    child.wait()?;
    fs::remove_dir(home.choice())?;
    home.says_yes()?;
    printed(&mut home.child(&format!("publish --endpoint={} --first=2", server.url())))?;
    assert_eq!(server.requests().len(), 1);
    Ok(())
}
