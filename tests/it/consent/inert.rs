//! Telemetry that is off does nothing, as counted in system calls and in allocations.

use crate::home::{Home, Result, printed};
use crate::server::Server;
use crate::trace::system_calls;

#[test]
fn no_system_call_is_made_when_the_environment_or_the_configuration_denies() -> Result {
    let home = Home::with_yes()?;
    for variables in [
        [("ACME_TELEMETRY", "0")],
        [("ACME_TELEMETRY", "perhaps")],
        [("DO_NOT_TRACK", "1")],
        [("NODE_ENV", "test")],
        [("TEST", "1")],
        [("CARGO_BIN_EXE_acme", "")],
    ] {
        for action in ["consent trace --configured=true", "consent trace-ask --configured=true"] {
            let calls = system_calls(&home, action, &variables)?;
            assert_eq!(calls, [""; 0], "{action} {variables:?}");
        }
    }
    assert_eq!(system_calls(&home, "consent trace --configured=false", &[])?, [""; 0]);
    let nowhere = system_calls(&home, "consent trace", &[("HOME", "")])?;
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
        let calls = system_calls(&home, "consent trace", variables)?;
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

/// The client's whole life, with an endpoint, a header and events.
#[test]
fn a_client_that_is_off_does_no_more_than_that() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let life = format!("traced life {}", server.url());
    for variable in [("ACME_TELEMETRY", "0"), ("DO_NOT_TRACK", "1"), ("CI_ACME", "1")] {
        let calls = system_calls(&home, &life, &[variable])?;
        let expected = usize::from(variable.0 == "CI_ACME");
        assert_eq!(calls.len(), expected, "{variable:?}: {calls:?}");
        assert!(calls.iter().all(|call| call.contains("telemetry-consent\", O_RDONLY|")), "{calls:?}");
    }
    assert!(server.requests().is_empty());
    assert_eq!(std::fs::read_dir(home.path())?.count(), 1, "but for the trace there is nothing");
    Ok(())
}

/// `std` allocates to return the value of a variable; nothing else allocates.
#[test]
fn a_denial_allocates_once_for_each_variable_that_is_set() -> Result {
    let home = Home::with_yes()?;
    let allocations = |arguments: &str, variables: &[(&str, &str)]| {
        printed(home.consent(&format!("allocations {arguments}")).envs(variables.iter().copied()))
    };
    assert_eq!(allocations("--configured=false", &[])?, "0");
    assert_eq!(allocations("", &[("ACME_TELEMETRY", "0")])?, "1");
    assert_eq!(allocations("", &[("DO_NOT_TRACK", "1")])?, "1");
    assert_eq!(allocations("", &[("ACME_TELEMETRY", "1"), ("DO_NOT_TRACK", "1")])?, "2");
    Ok(())
}
