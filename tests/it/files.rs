//! What is kept on the machine, in the situations that the documentation of `client` lists.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::home::{Home, Result, printed, wait_until};
use crate::server::{Server, free_address, url};

/// The user as whom a test runs that root may not be.
const USER: u32 = 1_000;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The program that publishes one event with consent, and prints its body before.
fn publish(home: &Home, arguments: &str) -> Command {
    home.child(&format!("publish --configured=true --print=preview {arguments}"))
}

/// The body of the event, and what the program says of itself in its last line.
fn published(command: &mut Command) -> Result<(Value, Value)> {
    let text = printed(command)?;
    let mut lines = text.lines();
    let body = serde_json::from_str(lines.next().unwrap_or_default()).map_err(|_| text.clone())?;
    let report = serde_json::from_str(lines.last().unwrap_or_default()).map_err(|_| text.clone())?;
    Ok((body, report))
}

fn id(command: &mut Command) -> Result<String> {
    let (body, _) = published(command)?;
    Ok(body["anonymousId"].as_str().ok_or("no id")?.to_owned())
}

/// Everything below a directory, but directories.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// Has published, so that there is something to delete: a salt, a spool file and events that were sent.
fn home_with_state() -> Result<Home> {
    let (home, server) = (Home::new()?, Server::accepting()?);
    published(&mut publish(&home, &format!("--endpoint={}", server.url())))?;
    published(&mut publish(&home, &format!("--wait=attempt --endpoint={}", url(free_address()?))))?;
    assert!(home.kept().len() >= 3, "{:?}", home.kept());
    Ok(home)
}

/// Gives the whole home to a user, and runs a command as that user.
fn as_user(home: &Home, command: &mut Command) -> Result<String> {
    if !is_root() {
        return printed(command);
    }
    for path in ["", ".config", ".config/acme", ".local", ".local/state", ".local/state/acme"] {
        let path = home.path().join(path);
        if path.exists() {
            chown(path, Some(USER), Some(USER))?;
        }
    }
    printed(command.uid(USER).gid(USER))
}

#[test]
fn every_file_that_is_made_is_in_the_documentation() -> Result {
    let home = home_with_state()?;
    let server = Server::accepting()?;
    published(&mut publish(&home, &format!("--upload=detached --endpoint={}", server.url())))?;
    wait_until(|| !server.requests().is_empty())?;
    printed(&mut home.consent("enable"))?;
    home.child(&format!("user --endpoint={} --deletion publish", server.url())).status()?;
    assert!(home.choice().with_file_name("telemetry-deletion").exists());
    let documentation = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../telemetry/docs/files.md"))?;
    let told: BTreeSet<&str> = documentation
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name))
        .collect();
    let is_told = |name: &str| {
        let matches = |pattern: &&str| match pattern.split_once('*') {
            Some((start, end)) => name.starts_with(start) && name.ends_with(end),
            None => name == *pattern,
        };
        told.iter().any(matches)
    };
    let made = files(home.path());
    assert!(made.len() >= 4 && told.len() >= 9, "{made:?} {told:?}");
    for file in made {
        let name = file.file_name().and_then(|name| name.to_str()).ok_or("no name")?;
        assert!(is_told(name), "{name}");
        // What the uploader has sent may be gone by now.
        let mode = fs::metadata(&file).map(|found| found.permissions().mode() & 0o777);
        assert!(mode.is_err() || mode.is_ok_and(|mode| mode == 0o600), "{name}");
    }
    Ok(())
}

#[test]
fn the_security_policy_lists_the_same_files() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = fs::read_to_string(root.join("telemetry/docs/files.md"))?;
    assert!(
        fs::read_to_string(root.join("SECURITY.md"))?.contains(&files),
        "copy telemetry/docs/files.md into SECURITY.md"
    );
    Ok(())
}

#[test]
fn root_makes_nothing_in_the_home_of_another_user() -> Result {
    if !is_root() {
        crate::home::not_shown("only root can be in another user's home");
        return Ok(());
    }
    for existing in ["", ".config", ".local"] {
        let home = Home::new()?;
        for path in ["", existing] {
            fs::create_dir_all(home.path().join(path))?;
            chown(home.path().join(path), Some(USER), Some(USER))?;
        }
        let before = fs::read_dir(home.path())?.count();
        for action in ["enable", "disable"] {
            let refused = printed(&mut home.consent(action))?;
            assert!(refused.starts_with("error: ") && refused.contains("another user"), "{action}: {refused}");
        }
        let server = Server::accepting()?;
        let (one, report) = published(&mut publish(
            &home,
            &format!("--durability=write-ahead --context=1 --endpoint={}", server.url()),
        ))?;
        assert_eq!(one["payload"]["ephemeral"], true, "{one}");
        assert_eq!(report["counts"]["delivered"], 1, "{report}");
        assert_eq!(fs::read_dir(home.path())?.count(), before, "{existing:?}");
        assert!(files(home.path()).is_empty(), "{existing:?}");
    }
    Ok(())
}

/// A no deletes what was kept, also in a directory that telemetry would not use any more.
#[test]
fn a_no_deletes_what_was_kept_wherever_it_is() -> Result {
    for action in ["disable", "reset-id"] {
        let salt = |home: &Home| home.state().join("salt");

        let home = home_with_state()?;
        fs::set_permissions(home.state(), fs::Permissions::from_mode(0o770))?;
        assert_eq!(printed(&mut home.consent(action))?, "()");
        assert!(!salt(&home).exists() && home.spool().is_empty(), "{action}: others may write it");

        let home = home_with_state()?;
        let elsewhere = home.path().join("elsewhere");
        fs::rename(home.state(), &elsewhere)?;
        symlink(&elsewhere, home.state())?;
        assert_eq!(printed(&mut home.consent(action))?, "()");
        assert!(!salt(&home).exists() && home.spool().is_empty(), "{action}: it is a link");
    }
    Ok(())
}

#[test]
fn a_no_deletes_what_lies_in_the_directory_of_another_user_or_names_it() -> Result {
    if !is_root() {
        crate::home::not_shown("only root can give a directory to another user");
        return Ok(());
    }
    for action in ["disable", "reset-id"] {
        let home = home_with_state()?;
        chown(home.state(), Some(USER), Some(USER))?;
        assert_eq!(printed(&mut home.consent(action))?, "()");
        assert!(!home.state().join("salt").exists() && home.spool().is_empty(), "{action}: {:?}", home.kept());

        let home = home_with_state()?;
        let refused = as_user(&home, &mut home.consent(action))?;
        let is_named = refused.contains(&home.state().display().to_string());
        assert!(refused.starts_with("error: ") && is_named, "{action}: {refused}");
        assert!(home.kept().len() >= 3, "{action}: {:?}", home.kept());
    }
    Ok(())
}

#[test]
fn what_could_not_be_deleted_is_named() -> Result {
    for action in ["disable", "reset-id"] {
        let home = home_with_state()?;
        fs::set_permissions(home.state(), fs::Permissions::from_mode(0o555))?;
        let refused = as_user(&home, &mut home.consent(action))?;
        let is_named = home.kept().iter().any(|name| refused.contains(&home.state().join(name).display().to_string()));
        assert!(refused.starts_with("error: ") && is_named, "{action}: {refused}");
        assert!(home.kept().len() >= 3);

        // The other files are deleted although one cannot be.
        let home = home_with_state()?;
        fs::remove_file(home.state().join("salt"))?;
        fs::create_dir(home.state().join("salt"))?;
        let refused = printed(&mut home.consent(action))?;
        assert!(refused.contains(&home.state().join("salt").display().to_string()), "{action}: {refused}");
        assert!(home.spool().is_empty());

        // A link to a disk that is not mounted may hide what was kept.
        fs::remove_dir(home.state().join("salt"))?;
        fs::remove_dir_all(home.state())?;
        symlink(home.path().join("not-mounted"), home.state())?;
        let refused = printed(&mut home.consent(action))?;
        assert!(refused.contains(&home.state().display().to_string()), "{action}: {refused}");
    }
    Ok(())
}

#[test]
fn a_service_of_systemd_keeps_its_state_where_systemd_says() -> Result {
    let home = Home::new()?;
    let service = home.path().join("var/lib/acme");
    fs::create_dir_all(&service)?;
    let endpoint = url(free_address()?);
    let command = || {
        let mut command = publish(&home, &format!("--wait=attempt --endpoint={endpoint}"));
        command.env("STATE_DIRECTORY", format!("{}:/var/lib/other", service.display())).env("HOME", "/");
        command
    };
    assert_eq!(id(&mut command())?, id(&mut command())?);
    let kept = files(home.path());
    assert!(kept.iter().all(|file| file.starts_with(service.join("acme/telemetry"))), "{kept:?}");
    assert!(kept.contains(&service.join("acme/telemetry/salt")), "{kept:?}");
    Ok(())
}

/// A container's user without a home has `HOME=/`, and an account that was deleted has one that is not there.
#[test]
fn a_home_that_is_none_is_not_made() -> Result {
    let home = Home::new()?;
    let (server, gone) = (Server::accepting()?, home.path().join("gone"));
    for place in [Path::new("/"), &gone] {
        let command = |arguments: &str| {
            let mut command = publish(&home, &format!("{arguments} --endpoint={}", server.url()));
            command.env("HOME", place);
            command
        };
        let (body, report) = published(&mut command("--context=1 --durability=write-ahead"))?;
        assert_eq!(body["payload"]["ephemeral"], true, "{body}");
        assert_eq!(report["counts"]["delivered"], 1, "{report}");
        let refused = printed(home.consent("enable").env("HOME", place))?;
        assert!(refused.starts_with("error: "), "{refused}");
    }
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    assert!(!Path::new("/.local/state/acme").exists() && !Path::new("/.config/acme").exists());
    Ok(())
}

/// The text of a choice goes through a second file, which a process that is killed leaves to the next.
#[test]
fn processes_that_are_killed_while_they_store_a_choice_leave_one_file_at_most() -> Result {
    let home = Home::new()?;
    for round in 0..150_u64 {
        let mut child = home.consent(if round % 2 == 0 { "enable" } else { "disable" }).spawn()?;
        std::thread::sleep(Duration::from_micros(300 + 40 * (round % 50)));
        child.kill()?;
        child.wait()?;
    }
    let kept = files(&home.path().join(".config"));
    let left_behind = |path: &&PathBuf| !path.ends_with("telemetry-consent") && !path.ends_with("telemetry-withdrawn");
    assert!(kept.iter().filter(left_behind).count() <= 1, "{kept:?}");
    printed(&mut home.consent("disable"))?;
    let left: BTreeSet<PathBuf> = files(home.path()).into_iter().collect();
    assert_eq!(left, [home.choice(), home.choice().with_file_name("telemetry-withdrawn")].into());
    Ok(())
}

/// A library that takes the place of the system's locks, which fail as on a network without a lock server.
#[cfg(target_os = "linux")]
pub(crate) fn without_locks(home: &Home) -> Result<Option<PathBuf>> {
    let (source, library) = (home.path().join("locks.c"), home.path().join("locks.so"));
    fs::write(&source, "#include <errno.h>\nint flock(int file, int how) { errno = ENOLCK; return -1; }\n")?;
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status();
    if !compiled.is_ok_and(|status| status.success()) {
        crate::home::not_shown("there is no C compiler");
        return Ok(None);
    }
    Ok(Some(library))
}

#[cfg(target_os = "linux")]
#[test]
fn without_file_locks_the_id_is_one_all_the_same_and_a_choice_is_stored() -> Result {
    let home = Home::new()?;
    let Some(library) = without_locks(&home)? else { return Ok(()) };
    let server = Server::accepting()?;
    let endpoint = format!("--endpoint={}", server.url());
    let one = || id(publish(&home, &endpoint).env("LD_PRELOAD", &library));
    assert_eq!(one()?, one()?);
    assert_eq!(printed(home.consent("enable").env("LD_PRELOAD", &library))?, "()");
    assert_eq!(home.stored().as_deref(), Some("enabled\n"));
    assert_eq!(files(&home.path().join(".config")), [home.choice()]);
    Ok(())
}
