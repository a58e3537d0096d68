//! Where there is no place for the choice, every command says why and what to do, and that helps.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{End, end, printed, types};
use crate::home::{CHILD, Home, Result};

const ON_BY_THE_VARIABLE: &str = "\nTo switch it on, set ACME_TELEMETRY=1.\n";

#[test]
fn without_a_home_that_exists_the_user_is_told_so() -> Result {
    let home = Home::new()?;
    let missing = home.path().join("missing");
    for place in [Path::new("/"), &missing, Path::new("/dev/null"), Path::new("relative")] {
        let status = printed(types(&home, "status").env("HOME", place))?;
        let why = "there is no home directory; set HOME to one";
        assert!(
            status.starts_with(&format!(
                "Telemetry of acme is off: nobody has said yes.\nA choice cannot be stored: {why}.\n\n"
            )),
            "{place:?}: {status}"
        );
        assert!(status.contains(ON_BY_THE_VARIABLE), "{status}");
        for words in ["enable", "disable"] {
            let End { code, out, err } = end(types(&home, words).env("HOME", place))?;
            let instead = "or set ACME_TELEMETRY to 0, or to 1 unless a no is stored";
            assert_eq!((code, out.as_str()), (1, ""), "{place:?}");
            assert_eq!(err, format!("error: the choice could not be stored: {why}, {instead}\n"), "{place:?}");
        }
    }
    Ok(())
}

/// Something that is in the place of the choice, or of a directory above it.
struct Obstruction {
    put: fn(&Home) -> std::io::Result<()>,
    /// Where it is in the home, and what is told of it.
    path: &'static str,
    told: &'static str,
}

const OBSTRUCTIONS: [Obstruction; 5] = [
    Obstruction {
        put: |home| fs::create_dir_all(home.choice()),
        path: ".config/acme/telemetry-consent",
        told: "is a directory; delete it",
    },
    Obstruction {
        put: |home| {
            fs::create_dir(home.path().join(".config"))?;
            fs::write(home.path().join(".config/acme"), "")
        },
        path: ".config/acme",
        told: "is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to",
    },
    Obstruction {
        put: |home| fs::write(home.path().join(".config"), ""),
        path: ".config",
        told: "is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to",
    },
    Obstruction {
        put: |home| {
            fs::create_dir(home.path().join(".config"))?;
            symlink("nowhere", home.path().join(".config/acme"))
        },
        path: ".config/acme",
        told: "is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to",
    },
    Obstruction {
        put: |home| symlink(".config", home.path().join(".config")),
        path: ".config",
        told: "is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to",
    },
];

#[test]
fn what_is_in_the_place_of_the_choice_is_named_and_without_it_the_choice_is_stored() -> Result {
    for Obstruction { put, path, told } in OBSTRUCTIONS {
        for (words, stored) in [("enable", "enabled\n"), ("disable", "disabled\n")] {
            let home = Home::new()?;
            put(&home)?;
            let why = format!("{} {told}", home.path().join(path).display());
            let status = printed(&mut types(&home, "status"))?;
            assert!(status.contains(&format!("\nA choice cannot be stored: {why}.\n")), "{path}: {status}");
            assert!(!status.contains("telemetry enable") && !status.contains("would be stored"), "{path}: {status}");
            // A file there cannot hold a no. What cannot be read may.
            if status.contains(ON_BY_THE_VARIABLE) {
                let on = printed(types(&home, "status").env("ACME_TELEMETRY", "1"))?;
                assert!(on.starts_with("Telemetry of acme is on: "), "{path}: {on}");
                assert!(on.contains("\nTo switch it off, set ACME_TELEMETRY=0."), "{path}: {on}");
            } else {
                assert!(status.contains("cannot be read, and counts as no.\n"), "{path}: {status}");
            }
            let End { code, out, err } = end(&mut types(&home, words))?;
            assert_eq!((code, out.as_str()), (1, ""), "{path}");
            assert_eq!(err, format!("error: the choice could not be stored: {why}\n"));

            fs::rename(home.path().join(path), home.path().join("away"))?;
            printed(&mut types(&home, words))?;
            assert_eq!(home.stored().as_deref(), Some(stored), "{path}");
        }
    }
    Ok(())
}

/// A program without `HOME`, of a user whose home is known to the system. `None` if this user cannot have such a system.
fn without_home(home: &Home, arguments: &str) -> Result<Option<Command>> {
    let users = home.path().join("passwd");
    fs::write(&users, format!("root:x:0:0::{}:/bin/sh\n", home.path().display()))?;
    mounted(home, "mount --bind \"$0\" /etc/passwd || exit 7; unset HOME; exec \"$@\"", &users, arguments)
}

/// A program that is started by a script which first mounts something. `None` if this user cannot do that.
fn mounted(home: &Home, script: &str, path: &Path, arguments: &str) -> Result<Option<Command>> {
    let mut command = home.command("unshare", "--mount --map-root-user sh -c");
    command.arg(script).arg(path).arg(CHILD).args(arguments.split_whitespace());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let can = command.output()?.status.code() != Some(7);
    if !can {
        crate::home::not_shown("this user cannot mount anything");
    }
    Ok(can.then_some(command))
}

#[test]
fn without_the_variable_a_no_is_stored_found_and_told_and_a_yes_is_not() -> Result {
    let home = Home::new()?;
    let Some(mut status) = without_home(&home, "user status")? else { return Ok(()) };
    let before = printed(&mut status)?;
    let unset = "A yes cannot be stored: HOME is not set; set it.\n";
    let nobody = "Telemetry of acme is off: nobody has said yes.\n";
    assert!(before.starts_with(&format!("{nobody}{unset}\n")) && before.contains(ON_BY_THE_VARIABLE), "{before}");

    let Some(mut disable) = without_home(&home, "user disable")? else { return Ok(()) };
    printed(&mut disable)?;
    assert_eq!(home.stored().as_deref(), Some("disabled\n"));
    let told = printed(&mut status)?;
    let file = home.choice().display().to_string();
    let is_no = format!(
        "Telemetry of acme is off: the user's stored choice is no.\nThe choice is stored in {file}.\n{unset}\n"
    );
    assert!(told.starts_with(&is_no) && !told.contains("To switch it on"), "{told}");
    assert_eq!(told, printed(status.env("ACME_TELEMETRY", "1"))?.replace("says yes", "says nothing"));

    // A program that looks for no choice, since nothing says yes, does not find this one either, so it does not count.
    home.says_yes()?;
    let told = printed(status.env_remove("ACME_TELEMETRY"))?;
    assert!(told.starts_with(&format!("{nobody}{unset}\n")), "{told}");
    let Some(mut decide) = without_home(&home, "consent decide")? else { return Ok(()) };
    assert!(printed(&mut decide)?.contains(r#""reason":"nothing_said_yes""#));
    Ok(())
}

#[test]
fn a_directory_that_cannot_be_written_is_named() -> Result {
    let script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" || exit 7; exec \"$@\"";
    for (is_made, stored) in [(false, None), (true, None), (true, Some("enabled\n"))] {
        let home = Home::new()?;
        let directory = if is_made { home.choice().with_file_name("") } else { home.path().join(".config") };
        fs::create_dir_all(&directory)?;
        if let Some(stored) = stored {
            fs::write(home.choice(), stored)?;
        }
        let run = |arguments: &str| mounted(&home, script, &directory, arguments);
        let Some(mut status) = run("user status")? else { return Ok(()) };
        let told = printed(&mut status)?;
        let why = format!(
            "{} cannot be written; make that directory writable",
            directory.display().to_string().trim_end_matches('/')
        );
        assert!(told.contains(&format!("\nA choice cannot be stored: {why}.\n")), "{told}");
        let how = if stored.is_some() { "\nTo switch it off, set ACME_TELEMETRY=0." } else { ON_BY_THE_VARIABLE };
        assert!(told.contains(how), "{told}");
        for words in ["user enable", "user disable"] {
            let Some(mut command) = run(words)? else { return Ok(()) };
            let End { code, out, err } = end(&mut command)?;
            let instead = "or set ACME_TELEMETRY to 0, or to 1 unless a no is stored";
            assert_eq!((code, out.as_str()), (1, ""));
            assert_eq!(err, format!("error: the choice could not be stored: {why}, {instead}\n"));
        }
    }
    Ok(())
}

/// Somebody else may have named the directory.
#[test]
fn a_path_forges_no_line() -> Result {
    let home = Home::new()?;
    let forged = home.path().join("\u{1b}[2J\nTelemetry of acme is on");
    fs::create_dir(&forged)?;
    let status = printed(types(&home, "status").env("HOME", &forged))?;
    assert!(status.contains("\\u{1b}[2J\\nTelemetry of acme is on/.config/acme/telemetry-consent"), "{status}");
    assert!(!status.contains('\u{1b}') && !status.contains("\nTelemetry of acme is on"), "{status:?}");
    fs::create_dir_all(forged.join(".config/acme/telemetry-consent"))?;
    let End { err, .. } = end(types(&home, "enable").env("HOME", &forged))?;
    assert!(err.contains("\\u{1b}[2J\\n") && err.lines().count() == 1 && !err.contains('\u{1b}'), "{err:?}");
    Ok(())
}
