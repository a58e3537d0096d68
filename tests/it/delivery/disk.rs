//! Disks that cannot be written or hold unexpected content: the host sees no error, and events are delivered from memory.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use serde_json::Value;

use super::{publish, report};
use crate::home::{CHILD, Home, Result, printed};
use crate::server::{Server, free_address, url};

const EAGER: &str = "--durability=write-ahead --events=2 --print=accepted";

/// Asserts that everything is delivered and that the status names this problem.
fn delivers_from_memory(command: &mut Command, server: &Server, problem: &str) -> Result {
    let before = server.ids().len();
    let text = printed(command)?;
    let [last] = text.lines().collect::<Vec<_>>()[..] else {
        return Err(format!("events are said to be on disk: {text}").into());
    };
    let report: Value = serde_json::from_str(last)?;
    assert_eq!(report["counts"]["delivered"], 2, "{report}");
    assert_eq!(report["status"]["spool"]["problem"], problem, "{report}");
    assert_eq!(server.ids().len(), before + 2);
    Ok(())
}

#[test]
fn a_home_that_cannot_be_used() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let state = home.path().join("state");
    fs::write(&state, "a file in the place of a directory")?;
    let mut command = publish(&home, &server.url(), EAGER);
    delivers_from_memory(command.env("XDG_STATE_HOME", &state), &server, "not_permitted")?;

    // The superuser is not bound by these permissions, so the kernel's own read-only files stand in for a read-only disk.
    let mut command = publish(&home, &server.url(), EAGER);
    let problem = report(command.env("XDG_STATE_HOME", "/proc/self"))?["status"]["spool"]["problem"].clone();
    assert!(problem.is_string(), "{problem}");
    assert_eq!(server.ids().len(), 4);
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn the_directory_of_another_users_service_is_passed_over() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let theirs = home.path().join("theirs");
    fs::create_dir(&theirs)?;
    // Only root can give a directory away; to the others, those of the system belong to another user.
    let theirs = if chown(&theirs, Some(12_345), None).is_ok() { theirs } else { "/usr".into() };
    let report = report(publish(&home, &server.url(), "").env("STATE_DIRECTORY", theirs))?;
    assert_eq!(report["status"]["ephemeral_id"], false, "{report}");
    assert!(home.kept().contains(&"salt".to_owned()), "{:?}", home.kept());
    Ok(())
}

/// Runs a child under a umask that takes all permissions away.
fn under_a_umask(home: &Home, arguments: &str) -> Result {
    let mut command = home.command("sh", "-c");
    command.args(["umask 0777; exec \"$0\" \"$@\"", CHILD]).args(arguments.split_whitespace());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    assert!(command.output()?.status.success(), "{arguments}");
    Ok(())
}

#[test]
fn a_umask_takes_nothing_from_the_owner() -> Result {
    let (home, down) = (Home::new()?, url(free_address()?));
    under_a_umask(&home, "consent enable")?;
    under_a_umask(&home, &format!("publish --endpoint={down} --durability=write-ahead --upload=detached --wait=no"))?;
    under_a_umask(&home, &format!("publish --configured=true --file={}", home.path().join("a/b/events").display()))?;
    let (mut directories, mut names) = (vec![home.path().to_owned()], Vec::new());
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(directory)? {
            let (path, found) = {
                let entry = entry?;
                (entry.path(), entry.metadata()?)
            };
            let expected = if found.is_dir() { 0o700 } else { 0o600 };
            assert_eq!(found.permissions().mode() & 0o777, expected, "{}", path.display());
            names.extend(path.file_name().and_then(|name| name.to_str()).map(str::to_owned));
            directories.extend(found.is_dir().then_some(path));
        }
    }
    for name in ["telemetry-consent", "salt", "upload.lock", "events"] {
        assert!(names.iter().any(|found| found == name), "{name}: {names:?}");
    }
    Ok(())
}

#[test]
fn a_home_that_is_read_only() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let state = home.path().join("state");
    fs::create_dir(&state)?;
    fs::set_permissions(&state, fs::Permissions::from_mode(0o500))?;
    let mut command = publish(&home, &server.url(), EAGER);
    command.env("XDG_STATE_HOME", &state);
    // The superuser is not bound by permissions, so the child runs as another user.
    let somebody = 12_345;
    if fs::write(state.join("probe"), "").is_ok() {
        fs::remove_file(state.join("probe"))?;
        chown(home.path(), Some(somebody), None)?;
        chown(&state, Some(somebody), None)?;
        if !Command::new(CHILD).uid(somebody).output().is_ok_and(|output| output.status.code() == Some(1)) {
            crate::home::not_shown("nobody else may start the program");
            return Ok(());
        }
        command.uid(somebody);
    }
    delivers_from_memory(&mut command, &server, "not_permitted")
}

#[test]
fn no_home() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut command = publish(&home, &server.url(), EAGER);
    command.env("HOME", "relative").env("XDG_STATE_HOME", "relative");
    delivers_from_memory(&mut command, &server, "no_directory")
}

#[test]
fn a_directory_that_others_can_write() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    fs::create_dir_all(home.state())?;
    fs::set_permissions(home.state(), fs::Permissions::from_mode(0o777))?;
    delivers_from_memory(&mut publish(&home, &server.url(), EAGER), &server, "not_permitted")?;
    assert_eq!(fs::read_dir(home.state())?.count(), 0);
    Ok(())
}

#[test]
fn a_directory_of_another_user() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    fs::create_dir_all(home.state())?;
    if chown(home.state(), Some(12_345), None).is_err() {
        crate::home::not_shown("this user cannot give a directory away");
        return Ok(());
    }
    delivers_from_memory(&mut publish(&home, &server.url(), EAGER), &server, "not_permitted")?;
    assert_eq!(fs::read_dir(home.state())?.count(), 0);
    Ok(())
}

#[test]
fn links_in_place_of_files() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let down = url(free_address()?);
    report(&mut publish(&home, &down, "--wait=attempt"))?;
    let [name] = &home.spool()[..] else { return Err("not one file".into()) };
    let (spool, target) = (home.state().join(name), home.path().join("target"));
    fs::rename(&spool, &target)?;
    let before = fs::read(&target)?;
    symlink(&target, &spool)?;
    let later = report(&mut publish(&home, &down, "--wait=attempt"))?;
    assert_eq!(later["status"]["spool"]["recovered"]["published"], 0, "{later}");
    assert_eq!(fs::read(&target)?, before);

    let salt = home.state().join("salt");
    fs::rename(&salt, home.path().join("salt"))?;
    symlink(home.path().join("salt"), &salt)?;
    delivers_from_memory(&mut publish(&home, &server.url(), EAGER), &server, "file_unusable")
}

/// A separate disk with no space left, where the system lets this user mount one.
#[test]
fn a_full_disk() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let state = home.path().join("state");
    fs::create_dir(&state)?;
    let fill = "mount -t tmpfs -o size=64k tmpfs \"$0\" && mkdir -p \"$0/acme\" && { cat /dev/zero >\"$0/rest\" 2>/dev/null; true; }";
    let arguments = format!("publish --configured=true --endpoint={} {EAGER}", server.url());
    let mut command = home.command("unshare", "--mount --map-root-user sh -c");
    command.arg(format!("{fill} && XDG_STATE_HOME=\"$0\" exec '{CHILD}' {arguments}")).arg(&state);
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let mut probe = Command::new("unshare");
    probe.args(["--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs"]).arg(&state);
    if !probe.status().is_ok_and(|status| status.success()) {
        crate::home::not_shown("this user cannot mount a disk");
        return Ok(());
    }
    delivers_from_memory(&mut command, &server, "disk_full")
}

/// Simulates a disk that is almost full: the line of one event can be written, and no more until that event is delivered.
#[test]
fn a_file_that_cannot_grow() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let endpoint = server.url();
    // `ulimit -f` counts blocks of 512 bytes.
    let script = format!(
        "ulimit -f 1; exec '{CHILD}' publish --configured=true --endpoint={endpoint} --durability=write-ahead --events=20"
    );
    let mut command = home.command("/bin/sh", "-c");
    let report = report(command.arg(script))?;
    assert_eq!(report["counts"]["delivered"], 20, "{report}");
    assert_eq!((&report["status"]["spool"]["torn"], home.spool().len()), (&0.into(), 0), "{report}");
    Ok(())
}

#[test]
fn lines_that_others_wrote_are_counted_and_never_sent() -> Result {
    let home = Home::new()?;
    let server = Server::accepting()?;
    let address = free_address()?;
    report(&mut publish(&home, &url(address), "--events=2 --wait=attempt"))?;
    let [name] = &home.spool()[..] else { return Err("not one file".into()) };
    let path = home.state().join(name);
    let mut text = fs::read_to_string(&path)?;
    let forged = text.lines().next().unwrap_or_default().replace("\"turn\":1", "\"turn\":9");
    text = format!("{forged}\nrubbish\n{text}{}", &forged[..40]);
    fs::write(&path, text)?;
    let receiver =
        Server::start_at(address, |_, _: &_, stream: &mut _| crate::server::status(stream, "204 No Content"))?;
    let report = report(&mut publish(&home, &receiver.url(), "--first=3 --wait=drain"))?;
    let spool = &report["status"]["spool"];
    assert_eq!((&spool["foreign"], &spool["torn"]), (&2.into(), &1.into()), "{report}");
    assert_eq!(receiver.ids().len(), 3);
    assert!(receiver.requests().iter().all(|request| !request.body.contains("\"turn\":9")));
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn what_waits_for_one_receiver_is_never_sent_to_another() -> Result {
    let (home, other) = (Home::new()?, Server::accepting()?);
    let address = free_address()?;
    report(&mut publish(&home, &url(address), "--events=2 --wait=attempt"))?;
    let report = report(&mut publish(&home, &other.url(), "--first=3"))?;
    assert_eq!(report["status"]["spool"]["recovered"]["published"], 0, "{report}");
    assert!(other.requests().iter().all(|request| request.body.contains("\"turn\":3")));
    assert_eq!((other.requests().len(), home.spool().len()), (1, 1));
    Ok(())
}
