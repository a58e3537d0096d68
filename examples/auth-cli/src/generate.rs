//! `generate`: writes the SQL of the tables to a file.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use telemetry::auth::{AuthOptions, GenerateOutcome};

use crate::prompt::confirm;
use crate::schema::{self, SchemaError, Table};

pub(crate) struct Generate {
    pub(crate) output: PathBuf,
    pub(crate) append: bool,
    pub(crate) yes: bool,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum GenerateError {
    #[error(transparent)]
    Schema(#[from] SchemaError),
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{} cannot be written: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    #[error(
        "{} creates `{table}` in another way; remove that, or generate without --append",
        path.display()
    )]
    Otherwise { path: PathBuf, table: String },
    #[error("the question cannot be asked: {0}; use --yes")]
    Mute(io::Error),
}

/// What to do with the file.
struct Step {
    outcome: GenerateOutcome,
    question: &'static str,
    text: String,
}

pub(crate) fn run(command: &Generate, options: &AuthOptions) -> Result<GenerateOutcome, GenerateError> {
    let path = &command.output;
    let tables = schema::tables(options)?;
    let Some(step) = step(command, &tables, read(path)?)? else {
        println!("{} is up to date.", path.display());
        return Ok(GenerateOutcome::NoChanges);
    };
    let question = format!("{} {}?", step.question, path.display());
    if !(command.yes || confirm(&question).map_err(GenerateError::Mute)?) {
        eprintln!("Nothing was written.");
        return Ok(GenerateOutcome::Aborted);
    }
    write(path, &step).map_err(|source| GenerateError::Unwritable { path: path.clone(), source })?;
    println!("The schema is in {}.", path.display());
    Ok(step.outcome)
}

/// `None` if the file has every table already.
fn step(command: &Generate, tables: &[Table], there: Option<String>) -> Result<Option<Step>, GenerateError> {
    let statements = schema::statements(tables);
    let script = format!("{}\n", statements.join("\n\n"));
    let step = match there {
        None => Step { outcome: GenerateOutcome::Generated, question: "Write the schema to", text: script },
        Some(there) if command.append => {
            let missing: Vec<String> =
                statements.into_iter().filter(|statement| !there.contains(statement.as_str())).collect();
            if missing.is_empty() {
                return Ok(None);
            }
            check_tables(&command.output, tables, &there)?;
            let text = format!("{}{}\n", space_after(&there), missing.join("\n\n"));
            Step { outcome: GenerateOutcome::Appended, question: "Append the schema to", text }
        }
        Some(there) if there == script => return Ok(None),
        Some(_) => Step { outcome: GenerateOutcome::Overwritten, question: "Overwrite", text: script },
    };
    Ok(Some(step))
}

/// A script that creates a table twice would fail.
fn check_tables(path: &Path, tables: &[Table], there: &str) -> Result<(), GenerateError> {
    let is_other = |table: &&Table| schema::defines(there, table) && !there.contains(&schema::create_table(table));
    match tables.iter().find(is_other) {
        Some(table) => Err(GenerateError::Otherwise { path: path.to_owned(), table: table.name.clone() }),
        None => Ok(()),
    }
}

fn read(path: &Path) -> Result<Option<String>, GenerateError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(GenerateError::Unreadable { path: path.to_owned(), source }),
    }
}

fn write(path: &Path, step: &Step) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let mut file = match step.outcome {
        GenerateOutcome::Appended => File::options().append(true).open(path)?,
        _ => File::create(path)?,
    };
    file.write_all(step.text.as_bytes())
}

/// One empty line between the old text and the new.
fn space_after(there: &str) -> &'static str {
    match there {
        "" => "",
        _ if there.ends_with("\n\n") => "",
        _ if there.ends_with('\n') => "\n",
        _ => "\n\n",
    }
}
