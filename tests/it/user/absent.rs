//! A program that does not use the commands for users, or schemas that were released, does not contain them.

use std::process::Command;

use crate::examples::build;
use crate::home::{Result, printed};

/// The functions and constants of some modules in an example, by their symbols.
fn symbols(example: &str, modules: &[&str]) -> Result<Vec<String>> {
    let symbols = printed(Command::new("nm").arg(build(example)?))?;
    assert!(symbols.contains("9telemetry6schema"), "{example} has no symbols");
    let is_of_them = |symbol: &&str| modules.iter().any(|module| symbol.contains(module));
    Ok(symbols.lines().filter(is_of_them).map(str::to_owned).collect())
}

const USER: &[&str] = &["9telemetry4user"];

/// Schemas that were read, their files, and what compares them.
const RELEASED: &[&str] =
    &["9telemetry6schema8released", "9telemetry6export8released", "9telemetry6export10difference"];

#[test]
fn a_program_without_the_commands_pays_nothing_for_them() -> Result {
    assert_eq!(symbols("quickstart", USER)?, [""; 0]);
    assert!(symbols("first_run", USER)?.len() > 50, "the symbols are found where the commands are used");
    Ok(())
}

/// This example walks its schemas, and prints a page of them. A client needs released schemas: a stored yes is one.
#[test]
fn a_program_without_a_client_pays_nothing_for_released_schemas() -> Result {
    assert_eq!(symbols("auth_snapshot", RELEASED)?, [""; 0]);
    assert!(symbols("quickstart", RELEASED)?.len() > 50, "the symbols are found where a yes is compared");
    Ok(())
}

/// Files of released schemas are read by tests and receivers alone.
#[test]
fn a_program_with_a_client_pays_nothing_for_files_of_released_schemas() -> Result {
    assert_eq!(symbols("first_run", &["9telemetry6export8released"])?, [""; 0]);
    Ok(())
}
