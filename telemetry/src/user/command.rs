use super::texts::{English, Texts};
use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed, Words};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// What a user asks of telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Say whether telemetry is on and why, and what became of the events.
    Status {
        /// As JSON: the serialized [`Status`](crate::Status).
        json: bool,
    },
    /// Print an example of an event, exactly as it would be sent.
    Preview,
    /// Switch telemetry on: store a yes.
    Enable,
    /// Switch telemetry off, and delete what it kept on this machine: store a no.
    Disable,
    /// Print the last events that were sent.
    Last,
    /// Print the page that says what is sent and to whom.
    Page,
    /// Print these commands. A parser of clap has a help of its own.
    Help,
}

/// Why arguments are not one of the [commands](Command). Its sentence lists the commands and contains no argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UsageError {
    /// There is no argument.
    Missing,
    /// The first argument is not a command.
    Unknown,
    /// The command of this name does not take the argument that follows it.
    Argument(&'static str),
}

impl Command {
    /// Every command that has a name, in the order in which they are listed.
    pub(super) const ALL: [Self; 6] =
        [Self::Status { json: false }, Self::Preview, Self::Enable, Self::Disable, Self::Last, Self::Page];

    const NAMES: [&'static str; 7] = {
        let [status, preview, enable, disable, last, page] = Self::ALL;
        let [status, preview, enable] = [status.name(), preview.name(), enable.name()];
        let [disable, last, page, help] = [disable.name(), last.name(), page.name(), Self::Help.name()];
        [status, preview, enable, disable, last, page, help]
    };

    const WORDS: Words = Words::exact(&Self::NAMES);

    /// Reads the arguments that follow the application's own command, such as `status --json` of `acme telemetry status --json`.
    ///
    /// `help`, `--help` and `-h` in place of a command are [`Command::Help`].
    ///
    /// ```
    /// use telemetry::user::{Command, UsageError};
    ///
    /// assert_eq!(Command::parse(["status", "--json"]), Ok(Command::Status { json: true }));
    /// assert_eq!(Command::parse(["last", "week"]), Err(UsageError::Argument("last")));
    /// ```
    ///
    /// # Errors
    ///
    /// [`UsageError`] says which commands there are.
    pub fn parse<I>(arguments: I) -> Result<Self, UsageError>
    where
        I: IntoIterator,
        I::Item: AsRef<std::ffi::OsStr>,
    {
        let mut arguments = arguments.into_iter();
        let first = arguments.next().ok_or(UsageError::Missing)?;
        let first = first.as_ref();
        if ["help", "--help", "-h"].iter().any(|word| first == *word) {
            return Ok(Self::Help);
        }
        let mut command = Self::ALL.into_iter().find(|command| first == command.name()).ok_or(UsageError::Unknown)?;
        for argument in arguments {
            match &mut command {
                Self::Status { json } if !*json && argument.as_ref() == "--json" => *json = true,
                _ => return Err(UsageError::Argument(command.name())),
            }
        }
        Ok(command)
    }

    /// The word that a user types.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Status { .. } => "status",
            Self::Preview => "preview",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::Last => "last",
            Self::Page => "page",
            Self::Help => "help",
        }
    }
}

/// The name of the command is sent, so that a variant of an enum that derives can hold one.
impl TelemetrySnapshot for Command {
    const SCHEMA: Schema = Schema::of(Kind::tag(Self::WORDS).always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(Self::WORDS.index_of(self.name()));
    }

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }
}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&English.usage_error(*self))
    }
}

impl std::error::Error for UsageError {}

/// The commands, one a line.
pub(super) fn list(texts: &(impl Texts + ?Sized)) -> String {
    let usages = Command::ALL.map(|command| match command {
        Command::Status { .. } => "status [--json]",
        other => other.name(),
    });
    let longest = usages.iter().map(|usage| usage.len()).max().unwrap_or_default();
    let lines = usages.iter().zip(Command::ALL);
    lines.map(|(usage, command)| format!("  {usage:longest$}  {}\n", texts.about(command))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_is_read_by_its_name() {
        for command in Command::ALL {
            assert_eq!(Command::parse([command.name()]), Ok(command));
            let with_json = Command::parse([command.name(), "--json"]);
            match command {
                Command::Status { .. } => assert_eq!(with_json, Ok(Command::Status { json: true })),
                other => assert_eq!(with_json, Err(UsageError::Argument(other.name()))),
            }
        }
        for help in ["help", "--help", "-h"] {
            assert_eq!(Command::parse([help]), Ok(Command::Help));
        }
    }

    #[test]
    fn the_name_of_a_command_is_sent_and_nothing_else() {
        for command in [Command::Status { json: true }, Command::Help].into_iter().chain(Command::ALL) {
            let snapshot = crate::testing::snapshot(&command);
            assert_eq!(snapshot.as_json(), format!("\"{}\"", command.name()));
        }
    }

    #[test]
    fn any_other_argument_is_an_error_that_lists_the_commands_and_does_not_repeat_it() {
        let none: [&str; 0] = [];
        assert_eq!(Command::parse(none), Err(UsageError::Missing));
        for words in [&["hunter2"][..], &["Status"], &[""], &["status", "hunter2"], &["status", "--json", "--json"]] {
            let error = Command::parse(words).unwrap_err();
            let text = error.to_string();
            assert!(!text.contains("hunter2"), "{text}");
            for command in Command::ALL {
                assert!(text.contains(&format!("\n  {}", command.name())), "{text}");
            }
        }
    }

    #[test]
    fn an_error_says_what_is_wrong_and_which_commands_there_are() {
        let list = "  \
            status [--json]  Say whether telemetry is on and why, and what became of the events\n  \
            preview          Print an example of an event, exactly as it would be sent\n  \
            enable           Switch telemetry on\n  \
            disable          Switch telemetry off, and delete what it kept on this machine\n  \
            last             Print the last events that were sent\n  \
            page             Print the page that says what is sent and to whom\n";
        for (error, sentence) in [
            (UsageError::Missing, "a telemetry command is missing; give one of these:"),
            (UsageError::Unknown, "there is no such telemetry command; give one of these:"),
            (
                UsageError::Argument("last"),
                "the telemetry command `last` does not take this argument; the commands are:",
            ),
        ] {
            assert_eq!(error.to_string(), format!("{sentence}\n{list}"));
        }
    }
}
