//! What `status` says of how to switch telemetry on is followed, and telemetry is on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::printed;
use crate::home::{CHILD, Home, Result};

/// A user whose telemetry is off.
#[derive(Clone, Copy, Default)]
struct Case {
    /// The reason.
    reason: &'static str,
    variables: &'static [(&'static str, &'static str)],
    options: &'static str,
    stored: Option<&'static str>,
    /// What the user is told to do.
    advice: &'static str,
}

const CASES: [Case; 23] = [
    Case {
        reason: "nothing_said_yes",
        variables: &[],
        options: "",
        stored: None,
        advice: "run `acme telemetry enable`, or set ACME_TELEMETRY=1",
    },
    // Continuous integration says nothing.
    Case {
        reason: "nothing_said_yes",
        variables: &[("CI", "true")],
        options: "--no-commands",
        stored: None,
        advice: "set ACME_TELEMETRY=1",
    },
    Case {
        reason: "variable_off",
        variables: &[("ACME_TELEMETRY", "0")],
        options: "",
        stored: None,
        advice: "set ACME_TELEMETRY=1",
    },
    Case {
        reason: "variable_off",
        variables: &[("ACME_TELEMETRY", "0")],
        options: "",
        stored: Some("disabled\n"),
        advice: "remove ACME_TELEMETRY from the environment; then run `acme telemetry enable`",
    },
    Case {
        reason: "variable_off",
        variables: &[("ACME_TELEMETRY", "0")],
        options: "",
        stored: Some("enabled\n"),
        advice: "set ACME_TELEMETRY=1",
    },
    Case {
        reason: "variable_unrecognized",
        variables: &[("ACME_TELEMETRY", "enable")],
        options: "",
        stored: None,
        advice: "set ACME_TELEMETRY=1",
    },
    Case {
        reason: "variable_unrecognized",
        variables: &[("ACME_TELEMETRY", "enable")],
        options: "--no-commands",
        stored: Some("disabled\n"),
        advice: "delete FILE; then set ACME_TELEMETRY=1",
    },
    Case {
        reason: "do_not_track",
        variables: &[("DO_NOT_TRACK", "1")],
        options: "",
        stored: None,
        advice: "remove DO_NOT_TRACK from the environment; then run `acme telemetry enable`, or set ACME_TELEMETRY=1",
    },
    Case {
        reason: "do_not_track",
        variables: &[("DO_NOT_TRACK", "1"), ("ACME_TELEMETRY", "1")],
        options: "",
        stored: None,
        advice: "remove DO_NOT_TRACK from the environment",
    },
    Case {
        reason: "do_not_track",
        variables: &[("DO_NOT_TRACK", "1")],
        options: "",
        stored: Some("enabled\n"),
        advice: "remove DO_NOT_TRACK from the environment",
    },
    Case {
        reason: "do_not_track",
        variables: &[("DO_NOT_TRACK", "1")],
        options: "--configured=true",
        stored: Some("disabled\n"),
        advice: "remove DO_NOT_TRACK from the environment; then run `acme telemetry enable`",
    },
    Case {
        reason: "test_environment",
        variables: &[("NODE_ENV", "test"), ("CARGO_BIN_EXE_acme", "")],
        options: "--test-check",
        stored: None,
        advice: "run this outside of a test run; then run `acme telemetry enable`, or set ACME_TELEMETRY=1",
    },
    Case {
        reason: "configured_off",
        variables: &[],
        options: "--configured=false",
        stored: None,
        advice: "take the no out of the configuration; then run `acme telemetry enable`, or set ACME_TELEMETRY=1",
    },
    Case {
        reason: "configured_off",
        variables: &[("ACME_TELEMETRY", "1")],
        options: "--configured=false",
        stored: None,
        advice: "take the no out of the configuration",
    },
    Case {
        reason: "stored_off",
        variables: &[],
        options: "",
        stored: Some("disabled\n"),
        advice: "run `acme telemetry enable`",
    },
    Case {
        reason: "stored_off",
        variables: &[("ACME_TELEMETRY", "1")],
        options: "",
        stored: Some("disabled\n"),
        advice: "run `acme telemetry enable`",
    },
    Case {
        reason: "stored_off",
        variables: &[],
        options: "--no-commands",
        stored: Some("disabled\n"),
        advice: "delete FILE; then set ACME_TELEMETRY=1",
    },
    Case {
        reason: "stored_off",
        variables: &[("ACME_TELEMETRY", "1")],
        options: "--no-commands",
        stored: Some("disabled\n"),
        advice: "delete FILE",
    },
    Case {
        reason: "stored_corrupt",
        variables: &[],
        options: "",
        stored: Some("perhaps\n"),
        advice: "run `acme telemetry enable`",
    },
    Case {
        reason: "stored_corrupt",
        variables: &[],
        options: "--no-commands --configured=true",
        stored: Some("perhaps\n"),
        advice: "delete FILE",
    },
    Case {
        reason: "stored_unreadable",
        variables: &[],
        options: "",
        stored: Some(UNREADABLE),
        advice: "delete FILE; then run `acme telemetry enable`, or set ACME_TELEMETRY=1",
    },
    Case {
        reason: "stored_unreadable",
        variables: &[("ACME_TELEMETRY", "1")],
        options: "",
        stored: Some(UNREADABLE),
        advice: "delete FILE",
    },
    Case {
        reason: "variable_off",
        variables: &[("ACME_TELEMETRY", "0"), ("DO_NOT_TRACK", "1"), ("NODE_ENV", "test")],
        options: "--test-check --configured=false",
        stored: Some("disabled\n"),
        advice: "remove DO_NOT_TRACK from the environment; then remove ACME_TELEMETRY from the environment; then run this outside \
                 of a test run; then take the no out of the configuration; then run `acme telemetry enable`",
    },
];

/// In place of the text of a choice: a link that leads nowhere, which root cannot read either.
const UNREADABLE: &str = "a link that leads nowhere";

/// A user, and what the user has set.
struct User {
    home: Home,
    program: PathBuf,
    variables: Vec<(&'static str, &'static str)>,
    options: Vec<&'static str>,
}

impl User {
    fn of(case: &Case) -> Result<Self> {
        let home = match case.stored {
            Some("enabled\n") => Home::with_yes()?,
            Some(text) => Home::with_choice(text)?,
            None => Home::new()?,
        };
        if case.stored == Some(UNREADABLE) {
            fs::remove_file(home.choice())?;
            std::os::unix::fs::symlink("nowhere", home.choice())?;
        }
        let options = case.options.split_whitespace().collect();
        Ok(Self { home, program: CHILD.into(), variables: case.variables.to_vec(), options })
    }

    /// Types `acme telemetry …`.
    fn types(&self, words: &str) -> Command {
        let mut command = self.home.command(&self.program, "user");
        command.args(&self.options).args(words.split_whitespace()).envs(self.variables.iter().copied());
        command
    }

    fn decision(&self) -> Result<Value> {
        let status: Value = serde_json::from_str(&printed(&mut self.types("status --json"))?)?;
        Ok(status["consent"]["decision"].clone())
    }

    /// The advice of `status`, with the file of the choice as `FILE`.
    fn advice(&self) -> Result<Option<String>> {
        let status = printed(&mut self.types("status"))?;
        let advice = status.lines().find_map(|line| line.strip_prefix("To switch it on, ")?.strip_suffix('.'));
        Ok(advice.map(|advice| advice.replace(&self.home.choice().display().to_string(), "FILE")))
    }

    /// Does what one step says.
    fn follows(&mut self, step: &str) -> Result {
        if let Some(variable) = step.strip_prefix("remove ").and_then(|rest| rest.strip_suffix(" from the environment"))
        {
            self.variables.retain(|(name, _)| *name != variable);
        } else if step == "set ACME_TELEMETRY=1" {
            self.variables.retain(|(name, _)| *name != "ACME_TELEMETRY");
            self.variables.push(("ACME_TELEMETRY", "1"));
        } else if step == "run this outside of a test run" {
            self.variables.retain(|(name, _)| *name != "NODE_ENV" && *name != "CARGO_BIN_EXE_acme");
        } else if step == "take the no out of the configuration" {
            self.options.retain(|option| *option != "--configured=false");
        } else if step == "delete FILE" {
            fs::remove_file(self.home.choice())?;
        } else if step == "run `acme telemetry enable`" {
            printed(&mut self.types("enable"))?;
        } else {
            return Err(format!("nobody can follow this: {step}").into());
        }
        Ok(())
    }
}

/// The ways that an advice leaves: it ends with a choice between several.
fn ways(advice: &str) -> Vec<Vec<&str>> {
    let mut steps: Vec<&str> = advice.split("; then ").collect();
    let last = steps.pop().unwrap_or_default();
    last.split(", or ").map(|last| [&steps[..], &[last]].concat()).collect()
}

#[test]
fn whoever_follows_the_advice_has_switched_telemetry_on() -> Result {
    for case in CASES {
        let advice = User::of(&case)?.advice()?;
        assert_eq!(advice.as_deref(), Some(case.advice), "{}", case.reason);
        for way in ways(case.advice) {
            let mut user = User::of(&case)?;
            assert_eq!(user.decision()?["reason"], case.reason);
            for step in &way {
                user.follows(step)?;
            }
            let decision = user.decision()?;
            assert_eq!(decision["enabled"], true, "{}: {way:?}: {decision}", case.reason);
        }
    }
    Ok(())
}

#[test]
fn a_program_that_lies_where_tests_do_gets_no_advice() -> Result {
    let mut user = User::of(&Case { options: "--test-check", ..Case::default() })?;
    user.program = user.home.path().join("rustdoctestAb12/rust_out");
    fs::create_dir_all(user.program.parent().unwrap_or(Path::new("")))?;
    fs::hard_link(CHILD, &user.program)?;
    assert_eq!(user.decision()?["reason"], "test_executable");
    assert_eq!(user.advice()?, None);
    Ok(())
}
