//! `migrate`: updates the tables of a SQLite database.

use std::io;

use telemetry::auth::MigrateOutcome;

use crate::config::Configuration;
use crate::database::{Database, DatabaseError};
use crate::plan::Plan;
use crate::prompt::confirm;
use crate::schema::{self, SchemaError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrateError {
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the question cannot be asked: {0}; use --yes")]
    Mute(io::Error),
}

pub(crate) fn run(configuration: &Configuration, yes: bool) -> Result<MigrateOutcome, MigrateError> {
    if configuration.adapter() != "kysely" {
        eprintln!(
            "This command cannot migrate through this adapter: write the schema with `generate` and use the adapter's own migration."
        );
        return Ok(MigrateOutcome::UnsupportedAdapter);
    }
    let tables = schema::tables(&configuration.options)?;
    let database = Database::look(&configuration.options.database)?;
    let plan = Plan::new(&tables, &database)?;
    if !plan.problems.is_empty() {
        eprintln!("The database was not changed:");
        plan.problems.iter().for_each(|problem| eprintln!("- {problem}"));
        return Ok(MigrateOutcome::UnsafeChange);
    }
    if plan.changes.is_empty() {
        println!("The database is up to date.");
        return Ok(MigrateOutcome::NoChanges);
    }
    println!("New:");
    plan.changes.iter().for_each(|change| println!("- {change}"));
    if !(yes || confirm("Change the database?").map_err(MigrateError::Mute)?) {
        eprintln!("Nothing was changed.");
        return Ok(MigrateOutcome::Aborted);
    }
    database.change(&plan.changes)?;
    println!("The database is up to date now.");
    Ok(MigrateOutcome::Migrated)
}
