//! Sinks of the application's own, in processes that come one after the other.

use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Result, printed};

fn publish(home: &Home, arguments: &str) -> Command {
    home.child(&format!("publish --configured=true --durability=write-ahead {arguments}"))
}

/// What the program says of itself in its last line.
fn report(command: &mut Command) -> Result<Value> {
    let text = printed(command)?;
    Ok(serde_json::from_str(text.lines().last().unwrap_or_default())?)
}

#[test]
fn what_is_kept_for_one_sink_is_never_delivered_to_another() -> Result {
    let home = Home::new()?;
    report(&mut publish(&home, "--events=2 --sink=later-a --wait=attempt"))?;
    let other = report(&mut publish(&home, "--first=3 --sink=now-b"))?;
    assert_eq!(other["status"]["spool"]["recovered"]["published"], 0, "{other}");
    let same = report(&mut publish(&home, "--first=4 --sink=now-a --wait=drain"))?;
    assert_eq!(same["status"]["spool"]["recovered"]["delivered"], 2, "{same}");
    Ok(())
}

#[test]
fn each_file_is_a_destination_of_its_own() -> Result {
    let home = Home::new()?;
    let (below_a_file, file) = (home.path().join("in-the-way/a"), home.path().join("b"));
    std::fs::write(home.path().join("in-the-way"), "")?;
    report(&mut publish(&home, &format!("--file={} --wait=attempt", below_a_file.display())))?;
    report(&mut publish(&home, &format!("--first=2 --file={}", file.display())))?;
    assert_eq!(std::fs::read_to_string(&file)?.lines().count(), 1);
    std::fs::remove_file(home.path().join("in-the-way"))?;
    report(&mut publish(&home, &format!("--first=3 --file={} --wait=drain", below_a_file.display())))?;
    assert_eq!(std::fs::read_to_string(&below_a_file)?.lines().count(), 2);
    Ok(())
}

#[test]
fn a_sink_without_a_destination_is_a_mistake_that_is_told() -> Result {
    let home = Home::new()?;
    let report = report(&mut publish(&home, "--sink=nameless"))?;
    assert_eq!(report["counts"]["dropped"]["not_configured"], 1, "{report}");
    let error = report["status"]["error"].as_str().unwrap_or_default();
    assert!(error.contains("destination"), "{report}");
    Ok(())
}
