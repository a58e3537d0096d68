//! Off is inert, counted in system calls and in allocations.

use std::fs;
use std::process::Command;

use crate::home::{CHILD, Home, Result, printed};

/// The system calls between the two marks of the child, one a line, without the process's id.
fn system_calls(home: &Home, action: &str, variables: &[(&str, &str)]) -> Result<Vec<String>> {
    let trace = home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-o"]).arg(&trace);
    command.args(["-E", &format!("HOME={}", home.path().display())]);
    for (name, value) in variables {
        command.args(["-E", &format!("{name}={value}")]);
    }
    // The tracer needs its own search path; the child gets what -E names, and nothing else that is asked for.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.arg(CHILD).arg("consent").args(action.split_whitespace()).output();
    let output = output.map_err(|error| format!("this test needs strace: {error}"))?;
    assert!(output.status.success(), "{output:?}");
    let trace = fs::read_to_string(trace)?;
    let calls: Vec<&str> = trace.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim()).collect();
    let marks: Vec<usize> = (0..calls.len()).filter(|at| calls[*at].starts_with("write(2, \"mark")).collect();
    let [first, last] = marks[..] else {
        return Err(format!("{} marks in the trace", marks.len()).into());
    };
    Ok(calls[first + 1..last].iter().map(|call| (*call).to_owned()).collect())
}

#[test]
fn no_system_call_is_made_when_the_environment_or_the_configuration_denies() -> Result {
    let home = Home::with_choice("enabled\n")?;
    for variables in [
        [("ACME_TELEMETRY", "0")],
        [("ACME_TELEMETRY", "perhaps")],
        [("DO_NOT_TRACK", "1")],
        [("NODE_ENV", "test")],
        [("TEST", "1")],
        [("CARGO_BIN_EXE_acme", "")],
    ] {
        for action in ["trace --configured=true", "trace-ask --configured=true"] {
            let calls = system_calls(&home, action, &variables)?;
            assert_eq!(calls, [""; 0], "{action} {variables:?}");
        }
    }
    assert_eq!(system_calls(&home, "trace --configured=false", &[])?, [""; 0]);
    let nowhere = system_calls(&home, "trace", &[("HOME", "")])?;
    assert_eq!(nowhere, [""; 0], "the system is not asked for another home");
    Ok(())
}

#[test]
fn what_is_off_by_choice_makes_one_read_only_open() -> Result {
    for (home, variables) in [
        (Home::new()?, &[][..]),
        (Home::with_choice("disabled\n")?, &[]),
        (Home::with_choice("disabled\n")?, &[("ACME_TELEMETRY", "1")]),
        (Home::with_choice("rubbish")?, &[("ACME_TELEMETRY", "1")]),
    ] {
        let calls = system_calls(&home, "trace", variables)?;
        let (opens, others): (Vec<&String>, Vec<&String>) = calls.iter().partition(|call| call.starts_with("openat("));
        let [open] = opens[..] else {
            return Err(format!("not one open: {calls:?}").into());
        };
        assert!(
            open.contains("telemetry-consent\"") && open.contains("O_RDONLY") && !open.contains("O_CREAT"),
            "{open}"
        );
        // The standard library checks a descriptor before it closes it.
        let is_of_the_open = |call: &str| ["read(", "fcntl(", "close("].iter().any(|name| call.starts_with(name));
        assert!(others.iter().all(|call| is_of_the_open(call)), "{others:?}");
    }
    Ok(())
}

/// `std` returns the value of a variable in an allocation of its own; nothing else allocates.
#[test]
fn a_denial_allocates_once_for_each_variable_that_is_set() -> Result {
    let home = Home::with_choice("enabled\n")?;
    let allocations = |arguments: &str, variables: &[(&str, &str)]| {
        printed(home.consent(&format!("allocations {arguments}")).envs(variables.iter().copied()))
    };
    assert_eq!(allocations("--configured=false", &[])?, "0");
    assert_eq!(allocations("", &[("ACME_TELEMETRY", "0")])?, "1");
    assert_eq!(allocations("", &[("DO_NOT_TRACK", "1")])?, "1");
    assert_eq!(allocations("", &[("ACME_TELEMETRY", "1"), ("DO_NOT_TRACK", "1")])?, "2");
    Ok(())
}
