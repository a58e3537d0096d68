//! The arguments of the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Error, Parser, ValueExt as _};

use telemetry::user;

use crate::generate::Generate;

pub(crate) const USAGE: &str = "\
auth-cli [--config FILE] generate [--output FILE] [--append] [--yes]
    Write the SQL of the tables to a file, by default schema.sql.
auth-cli [--config FILE] migrate [--yes]
    Update the SQLite database of the configuration.
auth-cli [--config FILE] telemetry status [--json] | preview | last | page | enable | disable
    Show whether telemetry is on and what it sends, and switch it on or off.

The configuration is auth.toml, or another TOML or JSON file. --yes (-y) answers every question with yes.
";

pub(crate) struct Arguments {
    /// `None` means the default file.
    pub(crate) config: Option<PathBuf>,
    pub(crate) command: Command,
}

pub(crate) enum Command {
    Help,
    Generate(Generate),
    Migrate { yes: bool },
    Telemetry(user::Command),
}

/// The arguments, in any order.
#[derive(Default)]
struct Typed {
    words: Vec<String>,
    config: Option<PathBuf>,
    output: Option<PathBuf>,
    append: bool,
    yes: bool,
    help: bool,
}

impl Arguments {
    pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let mut typed = Typed::read(&mut Parser::from_args(arguments))?;
        let config = typed.config.take();
        Ok(Self { config, command: typed.command()? })
    }
}

impl Typed {
    fn read(parser: &mut Parser) -> Result<Self, Error> {
        let mut typed = Self::default();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => typed.help = true,
                Arg::Short('c') | Arg::Long("config") => typed.config = Some(parser.value()?.into()),
                Arg::Short('o') | Arg::Long("output") => typed.output = Some(parser.value()?.into()),
                // Only a telemetry command takes it.
                Arg::Long("json") => typed.words.push("--json".to_owned()),
                Arg::Long("append") => typed.append = true,
                Arg::Short('y') | Arg::Long("yes") => typed.yes = true,
                Arg::Value(word) => typed.words.push(word.string()?),
                other => return Err(other.unexpected()),
            }
        }
        Ok(typed)
    }

    fn command(self) -> Result<Command, Error> {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let (append, yes) = (self.append, self.yes);
        Ok(match (words.as_slice(), self.output, append, yes) {
            _ if self.help => Command::Help,
            (["generate"], output, ..) => {
                let output = output.unwrap_or_else(|| "schema.sql".into());
                Command::Generate(Generate { output, append, yes })
            }
            (["migrate"], None, false, _) => Command::Migrate { yes },
            (["telemetry", words @ ..], None, false, false) => {
                Command::Telemetry(user::Command::parse(words).map_err(|error| error.to_string())?)
            }
            _ => return Err("not a valid command; see --help".into()),
        })
    }
}
