//! Every API that reports whether telemetry is on gives the same answer.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Result, printed};

/// The answer of `decide`, `report`, the client and its status, which must be the same.
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
    assert_eq!(report["decision"], decision);
    let client = run(&format!("publish --sink=console {configured}"))?;
    assert_eq!(client["status"]["consent"]["decision"], decision);
    assert_eq!(client["counts"]["published"], u64::from(decision["enabled"] == true), "{client}");
    Ok(decision["reason"].clone())
}

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
#[test]
fn without_a_home_there_is_nowhere_to_store_a_yes() -> Result {
    let home = Home::new()?;
    let refused = printed(home.consent("enable").env_remove("HOME"))?;
    assert!(refused.starts_with("error: ") && refused.contains("HOME"), "{refused}");
    Ok(())
}

/// The no may be on a disk that is not mounted now.
#[test]
fn a_link_that_leads_nowhere_in_place_of_the_choice_denies() -> Result {
    let home = Home::new()?;
    fs::create_dir_all(home.path().join(".config/acme"))?;
    symlink(home.path().join("not-mounted"), home.choice())?;
    assert_eq!(verdict(&home, "--configured=true", |_| {})?, "stored_unreadable");
    verdict(&home, "", |_| {})?;

    for link in [".config/acme", ".config"] {
        let home = Home::new()?;
        let link = home.path().join(link);
        fs::create_dir_all(link.parent().ok_or("no parent")?)?;
        symlink(home.path().join("not-mounted"), link)?;
        assert_eq!(verdict(&home, "--configured=true", |_| {})?, "stored_unreadable");
        verdict(&home, "", |_| {})?;
    }
    Ok(())
}
