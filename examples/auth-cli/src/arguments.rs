//! What is typed after the program's name.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::{Arg, Error, Parser, ValueExt as _};

use crate::generate::Generate;
use crate::reporting::Wish;

pub(crate) const USAGE: &str = "\
auth-cli [--config FILE] generate [--output FILE] [--append] [--yes]
    Write the SQL of the tables to a file, schema.sql unless it is said.
auth-cli [--config FILE] migrate [--yes]
    Bring the SQLite database of the configuration up to date.
auth-cli [--config FILE] telemetry status | preview | last | enable | disable
    See whether and what is sent, and say yes or no to it.

The configuration is auth.toml, or another TOML or JSON file. --yes (-y) answers all questions with yes.
";

pub(crate) struct Arguments {
    /// Nothing when the usual file is meant.
    pub(crate) config: Option<PathBuf>,
    pub(crate) command: Command,
}

pub(crate) enum Command {
    Help,
    Generate(Generate),
    Migrate { yes: bool },
    Telemetry(Wish),
}

/// What was typed, in no order.
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
            (["telemetry", wish], None, false, false) => Command::Telemetry(match *wish {
                "status" => Wish::Status,
                "preview" => Wish::Preview,
                "last" => Wish::Last,
                "enable" => Wish::Enable,
                "disable" => Wish::Disable,
                _ => return Err("telemetry takes status, preview, last, enable or disable".into()),
            }),
            _ => return Err("this is none of the commands; see --help".into()),
        })
    }
}
