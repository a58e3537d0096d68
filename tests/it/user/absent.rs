//! A program that does not use the commands for users does not contain them.

use std::process::Command;

use crate::examples::build;
use crate::home::{Result, printed};

/// The functions and constants of `telemetry::user` in an example, by their symbols.
fn symbols_of_user(example: &str) -> Result<usize> {
    let symbols = printed(Command::new("nm").arg(build(example)?))?;
    assert!(symbols.contains("9telemetry6client"), "{example} has no symbols");
    Ok(symbols.lines().filter(|symbol| symbol.contains("9telemetry4user")).count())
}

#[test]
fn a_program_without_the_commands_pays_nothing_for_them() -> Result {
    assert_eq!(symbols_of_user("quickstart")?, 0);
    assert!(symbols_of_user("first_run")? > 50, "the symbols are found where the commands are used");
    Ok(())
}
