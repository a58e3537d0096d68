//! Every API that reports whether telemetry is on gives the same answer.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::home::{Home, Result, printed};

/// The answer of `decide`, `report`, the client and its status, which must be the same. Only the reason may differ: where nothing says yes,
/// `decide` does not look everywhere for a stored denial.
fn verdict(home: &Home, configured: &str, change: impl Fn(&mut Command)) -> Result<Value> {
    let run = |arguments: &str| -> Result<Value> {
        let mut command = home.child(arguments);
        change(&mut command);
        // Without a home, the system may report that of the user who runs this test.
        command.env("XDG_STATE_HOME", home.path().join("state"));
        let text = printed(&mut command)?;
        Ok(serde_json::from_str(text.lines().last().unwrap_or_default()).map_err(|_| text.clone())?)
    };
    let decision = run(&format!("consent decide {configured}"))?;
    let report = run(&format!("consent report {configured}"))?;
    if decision["reason"] == "nothing_said_yes" {
        assert_eq!(report["decision"]["enabled"], false, "{report}");
    } else {
        assert_eq!(report["decision"], decision);
    }
    let client = run(&format!("publish --sink=console {configured}"))?;
    assert_eq!(client["status"]["consent"]["decision"], report["decision"]);
    assert_eq!(client["counts"]["published"], u64::from(decision["enabled"] == true), "{client}");
    Ok(report["decision"]["reason"].clone())
}

/// Only on Unix does `HOME` say where the home is.
#[cfg(unix)]
#[test]
fn with_and_without_a_home() -> Result {
    for choice in ["", "enabled\n", "disabled\n"] {
        let home = if choice.is_empty() { Home::new()? } else { Home::with_choice(choice)? };
        for configured in ["", "--configured=true", "--configured=false"] {
            for place in [None, Some(""), Some("relative"), Some("/"), home.path().to_str()] {
                verdict(&home, configured, |command| {
                    match place {
                        Some(place) => command.env("HOME", place),
                        None => command.env_remove("HOME"),
                    };
                })?;
            }
        }
    }
    Ok(())
}

/// A yes that could not be read again is not stored.
#[cfg(unix)]
#[test]
fn without_a_home_there_is_nowhere_to_store_a_yes() -> Result {
    let home = Home::new()?;
    let refused = printed(home.consent("enable").env_remove("HOME"))?;
    assert!(refused.starts_with("error: ") && refused.contains("HOME"), "{refused}");
    Ok(())
}

/// The no may be on a disk that is not mounted now.
#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_in_place_of_the_choice_denies() -> Result {
    let home = Home::new()?;
    fs::create_dir_all(home.path().join(".config/acme"))?;
    symlink(home.path().join("not-mounted"), home.choice())?;
    assert_eq!(verdict(&home, "--configured=true", |_| {})?, "stored_unreadable");
    assert_eq!(verdict(&home, "", |_| {})?, "stored_unreadable");

    for link in [".config/acme", ".config"] {
        let home = Home::new()?;
        let link = home.path().join(link);
        fs::create_dir_all(link.parent().ok_or("no parent")?)?;
        symlink(home.path().join("not-mounted"), link)?;
        assert_eq!(verdict(&home, "--configured=true", |_| {})?, "stored_unreadable");
        assert_eq!(verdict(&home, "", |_| {})?, "stored_unreadable");
    }
    Ok(())
}

/// The report of a program whose user makes these choices after its client was built, and before it publishes.
fn after_choices(home: &Home, choices: &[&str]) -> Result<Value> {
    let mut child =
        home.child("publish --sink=console --hear-first").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    output.read_line(&mut String::new())?;
    for choice in choices {
        assert!(home.consent(choice).stdout(Stdio::null()).status()?.success());
    }
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let lines = output.lines().collect::<std::io::Result<Vec<_>>>()?;
    Ok(serde_json::from_str(lines.last().map_or("", String::as_str))?)
}

#[test]
fn a_yes_that_comes_too_late_for_a_client_is_not_what_its_status_says() -> Result {
    for (before, choices, published) in [("", &["enable"][..], 0), ("enabled\n", &["disable", "enable"], 1)] {
        let home = if before.is_empty() { Home::new()? } else { Home::with_yes()? };
        let report = after_choices(&home, choices)?;
        let decision = &report["status"]["consent"]["decision"];
        assert_eq!(decision["enabled"], false, "{report}");
        assert_eq!(decision["reason"], "yes_for_later_programs", "{report}");
        assert_eq!(report["counts"]["published"], published, "{report}");
        assert_eq!(report["counts"]["delivered"], 0, "{report}");
        // A program that starts later is on.
        assert_eq!(verdict(&home, "", |_| {})?, "stored_on");
    }
    let report = after_choices(&Home::with_yes()?, &["enable"])?;
    assert_eq!(report["status"]["consent"]["decision"]["enabled"], true, "{report}");
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    Ok(())
}
