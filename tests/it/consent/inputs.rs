//! Each input is read from its documented place.

use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

use crate::home::{CHILD, Home, Result, printed};

/// The name of the reason why telemetry is on or off.
fn reason(command: &mut Command) -> Result<String> {
    let decision: serde_json::Value = serde_json::from_str(&printed(command)?)?;
    let reason = decision["reason"].as_str().ok_or("no reason")?;
    assert_eq!(decision["enabled"], reason.ends_with("_on"), "{decision}");
    Ok(reason.to_owned())
}

#[test]
fn nothing_said_is_off_and_writes_nothing() -> Result {
    let home = Home::new()?;
    assert_eq!(reason(&mut home.consent("decide"))?, "nothing_said_yes");
    assert_eq!(fs::read_dir(home.path())?.count(), 0);
    Ok(())
}

#[test]
fn each_variable_is_read() -> Result {
    let home = Home::new()?;
    for (name, value, expected) in [
        ("ACME_TELEMETRY", "1", "variable_on"),
        ("ACME_TELEMETRY", "0", "variable_off"),
        ("ACME_TELEMETRY", "perhaps", "variable_unrecognized"),
        ("ACME_TELEMETRY", "", "configured_on"),
        ("OTHER_TELEMETRY", "0", "configured_on"),
        ("DO_NOT_TRACK", "1", "do_not_track"),
        ("DO_NOT_TRACK", "0", "configured_on"),
        ("NODE_ENV", "test", "test_environment"),
        ("RUST_ENV", "test", "test_environment"),
        ("TEST", "1", "test_environment"),
        ("NEXTEST", "1", "test_environment"),
        ("CARGO_BIN_EXE_acme", "/target/debug/acme", "test_environment"),
        ("CARGO_BIN_NAME", "acme", "configured_on"),
    ] {
        let configured = if name == "ACME_TELEMETRY" && !value.is_empty() { "" } else { "--configured=true" };
        let mut command = home.consent(&format!("decide {configured}"));
        assert_eq!(reason(command.env(name, value))?, expected, "{name}={value}");
    }
    let mut command = home.consent("decide --configured=true");
    let not_text = std::ffi::OsStr::from_bytes(b"\xff1");
    assert_eq!(reason(command.env("ACME_TELEMETRY", not_text))?, "variable_unrecognized");
    Ok(())
}

#[test]
fn the_debug_variable_needs_nothing_else() -> Result {
    let home = Home::new()?;
    for other in ["ACME_TELEMETRY", "DO_NOT_TRACK"] {
        let mut command = home.consent("decide --configured=false");
        let decision = printed(command.env("ACME_TELEMETRY_DEBUG", "1").env(other, "0"))?;
        assert!(decision.contains(r#""enabled":false,"debug":true"#), "{decision}");
    }
    Ok(())
}

#[test]
fn the_stored_choice_is_read_back_and_any_other_text_denies() -> Result {
    let home = Home::new()?;
    assert_eq!(printed(&mut home.consent("enable"))?, "()");
    assert_eq!(reason(&mut home.consent("decide"))?, "stored_on");
    assert_eq!(reason(home.consent("decide").env("DO_NOT_TRACK", "1"))?, "do_not_track");
    assert_eq!(fs::metadata(home.choice())?.permissions().mode() & 0o777, 0o600);
    assert_eq!(printed(&mut home.consent("disable"))?, "()");
    assert_eq!(reason(&mut home.consent("decide"))?, "stored_off");
    assert_eq!(reason(home.consent("decide").env("ACME_TELEMETRY", "1"))?, "stored_off");
    fs::write(home.choice(), "enabled")?;
    assert_eq!(reason(home.consent("decide --configured=true").env("ACME_TELEMETRY", "1"))?, "stored_corrupt");
    Ok(())
}

#[test]
fn a_yes_that_others_can_have_written_does_not_count_and_a_no_does() -> Result {
    let home = Home::with_yes()?;
    fs::set_permissions(home.choice(), Permissions::from_mode(0o622))?;
    assert_eq!(reason(&mut home.consent("decide"))?, "stored_foreign");
    assert_eq!(reason(home.consent("decide").env("ACME_TELEMETRY", "1"))?, "stored_foreign");
    home.says_yes()?;
    assert_eq!(reason(&mut home.consent("decide"))?, "stored_on");
    assert_eq!(printed(&mut home.consent("disable"))?, "()");
    fs::set_permissions(home.choice(), Permissions::from_mode(0o666))?;
    assert_eq!(reason(&mut home.consent("decide"))?, "stored_off");
    Ok(())
}

#[test]
fn the_stored_choice_lies_in_the_configuration_directory() -> Result {
    let home = Home::with_choice("disabled\n")?;
    let elsewhere = home.path().join("elsewhere");
    fs::create_dir_all(elsewhere.join("acme"))?;
    fs::write(elsewhere.join("acme/telemetry-consent"), "enabled\n")?;
    assert_eq!(reason(home.consent("decide").env("XDG_CONFIG_HOME", &elsewhere))?, "stored_on");
    assert_eq!(reason(home.consent("decide").env("XDG_CONFIG_HOME", "elsewhere"))?, "stored_off");
    Ok(())
}

#[test]
fn a_home_that_is_none_has_no_choice_and_denies_nothing() -> Result {
    let home = Home::new()?;
    for place in ["/dev/null", "relative"] {
        assert_eq!(reason(home.consent("decide").env("HOME", place))?, "nothing_said_yes", "{place:?}");
        assert_eq!(reason(home.consent("decide --configured=true").env("HOME", place))?, "configured_on");
        let refused = printed(home.consent("disable").env("HOME", place))?;
        assert!(refused.starts_with("error: ") && refused.contains("<PREFIX>_TELEMETRY"), "{refused}");
    }
    // The system may know the home of the user who runs this test, so nothing is stored here.
    assert_eq!(reason(home.consent("decide").env("HOME", ""))?, "nothing_said_yes");
    assert_eq!(reason(home.consent("decide").env_remove("HOME"))?, "nothing_said_yes");
    Ok(())
}

/// A hard link to the child at another path, which may look like that of a test. It is not a copy, because a newly written file cannot be
/// started while a process forked by another thread still has it open.
fn child_at(home: &Home, path: &str) -> Result<PathBuf> {
    let path = home.path().join(path);
    fs::create_dir_all(path.parent().ok_or("no parent")?)?;
    fs::hard_link(CHILD, &path)?;
    Ok(path)
}

#[test]
fn an_executable_is_a_test_by_where_it_lies() -> Result {
    let home = Home::new()?;
    for (path, beside, expected) in [
        ("odd/debug/deps/acme-0123456789abcdef", "odd/debug/.fingerprint", "test_executable"),
        ("name/deps/acme-0123456789abcdef", "name/incremental", "test_executable"),
        ("tried/debug/examples/acme-0123456789abcdef", "tried/debug/.fingerprint", "test_executable"),
        ("run/debug/examples/acme", "run/debug/.fingerprint", "configured_on"),
        ("far/examples/acme-0123456789abcdef", "far/other", "configured_on"),
        ("rustdoctestAb12/rust_out", "other", "test_executable"),
        ("app/deps/acme-0123456789abcdef", "app/other", "configured_on"),
        ("debug/acme", "debug/.fingerprint", "configured_on"),
    ] {
        fs::create_dir_all(home.path().join(beside))?;
        let child = child_at(&home, path)?;
        let decide = "consent decide --configured=true";
        assert_eq!(reason(&mut home.command(&child, decide))?, expected, "{path}");
        let skipped = format!("{decide} --skip-test-check");
        assert_eq!(reason(&mut home.command(&child, &skipped))?, "configured_on", "{path}");

        // Even under another name, the system's information identifies it.
        let link = home.path().join("link");
        symlink(&child, &link)?;
        assert_eq!(reason(&mut home.command(&link, decide))?, expected, "{path}");
        fs::remove_file(&link)?;
    }
    Ok(())
}

#[test]
fn the_report_tells_each_input() -> Result {
    let home = Home::with_choice("disabled\n")?;
    let mut command = home.consent("report --configured=true");
    let report: serde_json::Value = serde_json::from_str(&printed(command.env("DO_NOT_TRACK", "1"))?)?;
    let expected = serde_json::json!({
        "decision": { "enabled": false, "debug": false, "reason": "do_not_track" },
        "variable": "ACME_TELEMETRY",
        "inputs": [
            { "source": "build", "reading": "silent" },
            { "source": "names", "reading": "silent" },
            { "source": "variable", "reading": "silent" },
            { "source": "do_not_track", "reading": { "no": "do_not_track" } },
            { "source": "tests", "reading": "silent" },
            { "source": "configured", "reading": { "yes": "configured_on" } },
            { "source": "stored", "reading": { "no": "stored_off" } },
        ],
        "coverage": { "everything": true, "covered": [], "needs_consent": [] },
    });
    assert_eq!(report, expected);
    Ok(())
}
