//! A [`Command`] as a subcommand of a parser of clap.

use clap::error::{Error, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, FromArgMatches, Subcommand};

use super::command::Command;
use super::texts::{English, Texts};

const JSON: &str = "json";

/// Lets a variant of a derived parser hold the commands:
///
/// ```
/// use clap::Parser;
/// use telemetry::{Snapshot, TelemetrySnapshot, user};
///
/// #[derive(Parser, TelemetrySnapshot)]
/// #[telemetry(tag = "command")]
/// enum Acme {
///     Build,
///     /// See what is sent about the use of this program, and switch it on or off.
///     #[command(subcommand)]
///     Telemetry(user::Command),
/// }
///
/// let acme = Acme::parse_from(["acme", "telemetry", "status", "--json"]);
/// assert_eq!(Snapshot::of(&acme)?.as_json(), r#"{"command":"telemetry","value":"status"}"#);
/// let Acme::Telemetry(command) = acme else { unreachable!() };
/// assert_eq!(command, user::Command::Status { json: true });
/// # Ok::<(), telemetry::snapshot::RecordError>(())
/// ```
impl Subcommand for Command {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        command.subcommands(Self::ALL.map(described))
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        named(name).is_some()
    }
}

impl FromArgMatches for Command {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let Some((name, matches)) = matches.subcommand() else {
            return Err(Error::raw(ErrorKind::MissingSubcommand, "a telemetry command is missing"));
        };
        match named(name) {
            Some(Self::Status { .. }) => Ok(Self::Status { json: matches.get_flag(JSON) }),
            Some(other) => Ok(other),
            None => Err(Error::raw(ErrorKind::InvalidSubcommand, "there is no such telemetry command")),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn named(name: &str) -> Option<Command> {
    Command::ALL.into_iter().find(|command| command.name() == name)
}

fn described(command: Command) -> clap::Command {
    let described = clap::Command::new(command.name()).about(English.about(command));
    match command {
        Command::Status { .. } => {
            described.arg(Arg::new(JSON).long(JSON).action(ArgAction::SetTrue).help(English.about_json()))
        }
        _ => described,
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    enum Acme {
        #[command(subcommand)]
        Telemetry(Command),
    }

    fn parse(words: &str) -> Result<Command, ErrorKind> {
        let parsed = Acme::try_parse_from(["acme", "telemetry"].into_iter().chain(words.split_whitespace()));
        parsed.map(|Acme::Telemetry(command)| command).map_err(|error| error.kind())
    }

    #[test]
    fn the_commands_are_those_that_are_parsed_without_clap() {
        for command in Command::ALL {
            assert_eq!(parse(command.name()), Ok(command));
            assert!(Command::has_subcommand(command.name()));
        }
        assert_eq!(parse("status --json"), Ok(Command::Status { json: true }));
        assert_eq!(parse("last --json"), Err(ErrorKind::UnknownArgument));
        assert_eq!(parse("pages"), Err(ErrorKind::InvalidSubcommand));
        assert_eq!(parse(""), Err(ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand));
        assert!(!Command::has_subcommand("help"));
    }

    #[test]
    fn a_parser_can_be_updated() {
        let mut acme = Acme::Telemetry(Command::Last);
        acme.try_update_from(["acme", "telemetry", "status", "--json"]).unwrap();
        let Acme::Telemetry(command) = acme;
        assert_eq!(command, Command::Status { json: true });
    }

    #[test]
    fn the_help_says_what_each_command_does() {
        let error = Acme::try_parse_from(["acme", "telemetry", "--help"]).unwrap_err();
        let help = error.to_string();
        for command in Command::ALL {
            assert!(help.contains(&English.about(command)), "{help}");
        }
    }
}
