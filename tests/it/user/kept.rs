//! What the user is told where telemetry cannot keep its files.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::{End, end, printed, types};
use crate::home::{Home, Result};
use crate::server::Server;

const NO_RECORD: &str = "\nNo sent event is on record.\n";
const NEW_ID: &str = "\nEach start of the program has a new anonymous id.\n";

/// What is wrong, and the sentences of the status that say so.
struct Case {
    prepare: fn(&Path) -> Result,
    not_kept: Option<&'static str>,
    is_id_new: bool,
    not_recorded: Option<&'static str>,
}

const DIRECTORY: Case = Case {
    prepare: |state| Ok(fs::set_permissions(state, fs::Permissions::from_mode(0o770))?),
    not_kept: Some("their directory cannot be written, or others can write to it"),
    is_id_new: true,
    not_recorded: Some("its directory cannot be written, or others can write to it"),
};

const SALT: Case = Case {
    prepare: |state| Ok(fs::create_dir(state.join("salt"))?),
    not_kept: Some("the file `salt` in their directory cannot be used"),
    is_id_new: true,
    not_recorded: None,
};

const RECORD: Case = Case {
    prepare: |state| Ok(fs::create_dir(state.join("sent.ndjson"))?),
    not_kept: None,
    is_id_new: false,
    not_recorded: Some("the file `sent.ndjson` in its directory cannot be used"),
};

const CASES: [Case; 8] = [
    DIRECTORY,
    Case { prepare: |state| replace(state, |state, aside| symlink(aside, state)), ..DIRECTORY },
    Case { prepare: |state| replace(state, |state, _| fs::write(state, "a file")), ..DIRECTORY },
    SALT,
    Case { prepare: |state| Ok(symlink("elsewhere", state.join("salt"))?), ..SALT },
    RECORD,
    Case { prepare: |state| Ok(symlink("elsewhere", state.join("sent.ndjson"))?), ..RECORD },
    Case {
        prepare: |state| {
            let made = Command::new("mkfifo").arg(state.join("sent.ndjson")).status()?;
            if made.success() { Ok(()) } else { Err("no named pipe was made".into()) }
        },
        ..RECORD
    },
];

/// Moves the state directory aside, and puts something else in its place.
fn replace(state: &Path, by: impl Fn(&Path, &Path) -> std::io::Result<()>) -> Result {
    let aside: PathBuf = state.with_file_name("aside");
    fs::rename(state, &aside)?;
    Ok(by(state, &aside)?)
}

#[test]
fn what_cannot_be_kept_is_told_by_status_and_last_of_a_later_program() -> Result {
    for (number, Case { prepare, not_kept, is_id_new, not_recorded }) in CASES.into_iter().enumerate() {
        let (home, server) = (Home::with_yes()?, Server::accepting()?);
        let types = |words: &str| types(&home, &format!("--endpoint={} {words}", server.url()));
        fs::create_dir_all(home.state())?;
        home.closes_state()?;
        prepare(&home.state())?;
        assert_eq!(printed(&mut types("--patient publish"))?, "", "{number}");
        let requests = server.requests();
        assert_eq!((requests.len(), requests[0].header("telemetry-id") == "ephemeral"), (1, is_id_new), "{number}");

        let status = printed(&mut types("status"))?;
        let kept = not_kept.map(|why| format!("\nEvents cannot be kept on disk: {why}.\n"));
        assert_eq!(status.contains("\nEvents cannot be kept"), kept.is_some(), "{number} {status}");
        assert!(kept.is_none_or(|told| status.contains(&told)), "{number} {status}");
        assert_eq!(status.contains(NEW_ID), is_id_new, "{number} {status}");
        let recorded = not_recorded.map(|why| format!("What is sent cannot be recorded: {why}.\n"));
        assert_eq!(status.contains("\nWhat is sent cannot"), recorded.is_some(), "{number} {status}");
        assert!(!status.contains(NO_RECORD), "{number} {status}");
        let directory = format!("\nThe directory for the files of telemetry is {}.\n", home.state().display());
        assert!(status.contains(&directory), "{number} {status}");

        let End { code, out, err } = end(&mut types("last"))?;
        match recorded {
            Some(told) => {
                assert!(status.contains(&told), "{number} {status}");
                assert_eq!((code, out.as_str(), err), (0, "", told), "{number}");
            }
            None => assert_eq!((code, out.trim_end()), (0, requests[0].body.as_str()), "{number}"),
        }
        assert_eq!(server.requests().len(), 1, "status and last send nothing");
    }
    Ok(())
}

#[test]
fn without_a_home_a_program_with_a_yes_says_that_nothing_is_kept() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let types = |words: &str, place: &str| {
        let mut command = types(&home, &format!("--endpoint={} {words}", server.url()));
        command.env("HOME", place).env("ACME_TELEMETRY", "1");
        command
    };
    let missing = home.path().join("nobody").display().to_string();
    let told =
        "What is sent cannot be recorded: there is no directory for it, because HOME is not set or names none.\n";
    for place in [missing.as_str(), "relative"] {
        printed(&mut types("--patient publish", place))?;
        let status = printed(&mut types("status", place))?;
        for told in [
            "\nEvents cannot be kept on disk: there is no directory for them, because HOME is not set or names none.\n",
            NEW_ID,
            told,
        ] {
            assert!(status.contains(told), "{place}: {status}");
        }
        assert!(!status.contains(NO_RECORD), "{place}: {status}");
        assert_eq!(end(&mut types("last", place))?.err, told, "{place}");
    }
    assert_eq!(server.requests().len(), 2);
    Ok(())
}

/// What the marker of the latest no cannot tell is not written to disk, so it is counted as lost.
#[test]
fn a_marker_that_cannot_be_read_is_named_and_what_is_lost_by_it_is_counted() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let endpoint = format!("--endpoint={}", server.url());
    let marker = home.choice().with_file_name("telemetry-withdrawn");
    fs::create_dir(&marker)?;
    let report = crate::home::printed(&mut home.child(&format!("publish {endpoint} --wait=attempt")))?;
    let report: Value = serde_json::from_str(report.lines().last().unwrap_or_default())?;
    assert_eq!(report["counts"]["dropped"], json!({"choice_unreadable": 1}), "{report}");
    assert_eq!(report["status"]["obstacle"], "choice_unreadable", "{report}");
    assert_eq!(report["status"]["spool"]["problem"], Value::Null, "{report}");
    assert_eq!((home.kept(), server.requests().len()), (vec![], 0));

    let json: Value = serde_json::from_str(&printed(&mut types(&home, &format!("{endpoint} status --json")))?)?;
    assert_eq!(json["obstacle"], "choice_unreadable");
    let status = printed(&mut types(&home, &format!("{endpoint} status")))?;
    let told = format!(
        "\nNothing is sent as long as the stored choice cannot be read.\nThe file {} cannot be read. Make it a file \
         that you can read; or delete it, store a no and then your choice, and start running programs again.\n",
        marker.display()
    );
    assert!(status.starts_with("Telemetry of acme is on") && status.contains(&told), "{status}");

    fs::remove_dir(&marker)?;
    let status = printed(&mut types(&home, &format!("{endpoint} status")))?;
    assert!(!status.contains("cannot be read"), "{status}");
    printed(&mut types(&home, &format!("{endpoint} --patient publish")))?;
    assert_eq!(server.requests().len(), 1);

    // The salt that there is now is not at fault.
    fs::create_dir(&marker)?;
    let status = printed(&mut types(&home, &format!("{endpoint} status")))?;
    assert!(status.contains(&told) && !status.contains(NEW_ID) && !status.contains("on disk:"), "{status}");
    Ok(())
}

#[test]
fn where_everything_is_as_it_should_be_and_where_telemetry_is_off_nothing_of_it_is_said() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let mut cases = vec![types(&home, &format!("--endpoint={} status", server.url()))];
    let mut off = types(&home, &format!("--endpoint={} status", server.url()));
    off.env("ACME_TELEMETRY", "0").env("XDG_STATE_HOME", home.path().join("nobody/state"));
    cases.push(off);
    for mut command in cases {
        let status = printed(&mut command)?;
        assert!(!status.contains("cannot be") && !status.contains(NEW_ID) && status.contains(NO_RECORD), "{status}");
    }
    Ok(())
}
