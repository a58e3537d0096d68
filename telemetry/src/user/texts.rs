use std::io;
use std::time::Duration;

use super::advice::Step;
use super::command::{self, Command, UsageError};
use super::duration::in_english;
use super::english;
use crate::client::{ConfigError, Counts, DeletionStatus, Loss, Problem};
use crate::consent::{ChoiceError, DeletionEnd, NoPlace, Reading, Reason, Source};
use crate::sink::Obstacle;

/// The sentences in which the commands speak to the user. The provided methods are English.
///
/// A translation overrides them; a method that it leaves out, or that a later version adds, speaks English.
///
/// ```
/// use telemetry::user::Texts;
///
/// struct German;
///
/// impl Texts for German {
///     fn on(&self, application: &str, reason: &str) -> String {
///         format!("Telemetrie von {application}: an ({reason}).")
///     }
/// }
///
/// assert_eq!(German.on("acme", "gefragt und bejaht"), "Telemetrie von acme: an (gefragt und bejaht).");
/// ```
///
/// Arguments are names that the application chose, files of telemetry, numbers and enums of this crate. `variable` is the name
/// `<PREFIX>_TELEMETRY`, and `command` a command of the application.
pub trait Texts {
    /// The state, if telemetry is on, with the [reason](Self::reason).
    fn on(&self, application: &str, reason: &str) -> String {
        format!("Telemetry of {application} is on: {reason}.")
    }

    /// The state, if telemetry is off, with the [reason](Self::reason).
    fn off(&self, application: &str, reason: &str) -> String {
        format!("Telemetry of {application} is off: {reason}.")
    }

    /// The state of [`Telemetry::disabled`](crate::Telemetry::disabled).
    fn always_off(&self) -> String {
        "Telemetry is always off in this program.".to_owned()
    }

    /// Why telemetry is on or off, as the end of a sentence.
    fn reason(&self, reason: Reason, variable: &str) -> String {
        with_variable(&reason.to_string(), variable)
    }

    /// Events are printed instead of sent.
    fn debug(&self) -> String {
        "Events are printed to standard error instead of being sent.".to_owned()
    }

    /// A choice is stored in this file.
    fn choice_stored(&self, file: &str) -> String {
        format!("The choice is stored in {file}.")
    }

    /// No choice is stored. This is the file in which one would be.
    fn choice_absent(&self, file: &str) -> String {
        format!("No choice is stored. It would be stored in {file}.")
    }

    /// The file cannot be read, or its content is not a choice.
    fn choice_unusable(&self, file: &str) -> String {
        format!("The file {file} cannot be read, or its content is not a choice.")
    }

    /// Where a yes is that another user can have written.
    fn choice_foreign(&self, file: &str) -> String {
        format!("The file {file} belongs to another user, or others can write to it.")
    }

    /// A choice cannot be stored, for this reason. If only `HOME` is not set, it is a yes that cannot be stored.
    fn choice_without_place(&self, reason: &NoPlace) -> String {
        let choice = if *reason == NoPlace::HomeUnset { "yes" } else { "choice" };
        format!("A {choice} cannot be stored: {reason}.")
    }

    /// An event is not sent, because the user has agreed to an earlier version of it, or to none. What it can send beyond that follows, one
    /// value a line. `is_declined`: the user was asked about it.
    fn needs_consent(&self, event: &str, is_declined: bool) -> String {
        let why = if is_declined { "declined" } else { "not agreed to" };
        format!("The event {event} is not sent, because the user has {why} what is new in it:")
    }

    /// How to agree to what is new.
    fn how_to_agree(&self, command: &str) -> String {
        format!("To have it sent, run `{command}`.")
    }

    /// Introduces the inputs of the decision, which follow one a line.
    fn inputs(&self) -> String {
        "What each input says (any no wins):".to_owned()
    }

    /// The name of an input.
    fn source(&self, source: Source, variable: &str) -> String {
        with_variable(&source.to_string(), variable)
    }

    /// What an input says, in a word or two.
    fn reading(&self, reading: Reading) -> String {
        match reading {
            Reading::NotRead => "was not read",
            Reading::Silent => "says nothing",
            Reading::Yes(_) => "says yes",
            Reading::No(_) => "says no",
        }
        .to_owned()
    }

    /// Who receives the events.
    fn receiver(&self, receiver: &str) -> String {
        format!("Receiver: {receiver}")
    }

    /// The host to which events are sent, with its port unless that is the default.
    fn host(&self, host: &str) -> String {
        format!("Sent to: {host}")
    }

    /// There is nowhere to send events.
    fn nowhere_to_send(&self, error: ConfigError) -> String {
        format!("Events cannot be sent: {error}.")
    }

    /// No event waits.
    fn nothing_waits(&self) -> String {
        "No event is waiting to be sent.".to_owned()
    }

    /// So many events wait on disk, the oldest for this long.
    fn waiting_on_disk(&self, events: usize, oldest: Option<Duration>) -> String {
        let oldest = oldest.map(|age| format!(", the oldest for {}", self.duration(age)));
        format!("On disk, {}{}.", english::waiting(events), oldest.unwrap_or_default())
    }

    /// So many events are counted, and are sent as fewer once the day is over.
    fn counted(&self, events: u64, distinct: usize) -> String {
        let (events, distinct) = (english::events(events), english::events(distinct as u64));
        format!("Counted and not sent yet: {events}. When their day is over, they are sent as {distinct}.")
    }

    /// So many events wait in memory. Those that are told as waiting on disk are not among them.
    fn waiting_in_memory(&self, events: usize) -> String {
        format!("In memory, {}.", english::waiting(events))
    }

    /// Nothing is sent for this long.
    fn paused(&self, rest: Duration) -> String {
        format!("Sending is paused for another {}.", self.duration(rest))
    }

    /// The last attempt to send failed, or nothing can be sent now.
    fn obstacle(&self, obstacle: Obstacle) -> String {
        english::obstacle(obstacle)
    }

    /// What tells a no that a yes has followed is in this file, which cannot be read.
    fn marker_unreadable(&self, file: &str) -> String {
        format!(
            "The file {file} cannot be read. Make it a file that you can read; or delete it, store a no and then your choice, and start running programs again."
        )
    }

    /// Events have waited for a day, and none was sent.
    fn only_grows(&self) -> String {
        "For a day or more, events have been waiting and none was sent.".to_owned()
    }

    /// Events cannot be kept on disk, or could not the last time.
    fn not_kept(&self, problem: Problem) -> String {
        let why = english::why_not_kept(problem);
        match problem {
            Problem::NoDirectory | Problem::NotPermitted | Problem::FileUnusable => {
                format!("Events cannot be kept on disk: {why}.")
            }
            // They pass, and the next attempt shows it.
            Problem::Full | Problem::Busy | Problem::DiskFull | Problem::Other => {
                format!("The last attempt to keep events on disk failed: {why}.")
            }
        }
    }

    /// The anonymous id does not last, because nothing can be kept or there is nothing to make it of.
    fn new_id(&self) -> String {
        "Each start of the program has a new anonymous id.".to_owned()
    }

    /// What is sent cannot be recorded for the user to read, or could not the last time.
    fn not_recorded(&self, problem: Problem) -> String {
        let why = english::why_not_recorded(problem);
        match problem {
            Problem::NoDirectory | Problem::NotPermitted | Problem::FileUnusable => {
                format!("What is sent cannot be recorded: {why}.")
            }
            // They pass, and the next attempt shows it.
            Problem::Full | Problem::Busy | Problem::DiskFull | Problem::Other => {
                format!("The last attempt to record what is sent failed: {why}.")
            }
        }
    }

    /// The directory for what telemetry keeps, which need not exist.
    fn files_in(&self, directory: &str) -> String {
        format!("The directory for the files of telemetry is {directory}.")
    }

    /// So many waiting events became too old.
    fn expired(&self, events: u64) -> String {
        format!("Too old to be sent: {}.", english::events(events))
    }

    /// So many lines of the files were written by somebody else.
    fn foreign(&self, lines: u64) -> String {
        format!("Not sent, because another program or user wrote them: {}.", english::lines(lines))
    }

    /// So many lines of the files are incomplete.
    fn torn(&self, lines: u64) -> String {
        format!("Not sent, because a crash cut them off: {}.", english::lines(lines))
    }

    /// What became of the events that this program published.
    fn published(&self, counts: &Counts) -> String {
        format!("This program has published {}: {}.", english::events(counts.published()), english::outcomes(counts))
    }

    /// What became of the events that earlier programs had left on disk.
    fn recovered(&self, counts: &Counts) -> String {
        format!(
            "Earlier programs had left {} to this one: {}.",
            english::events(counts.published()),
            english::outcomes(counts)
        )
    }

    /// So many events were lost for this reason.
    fn lost(&self, events: u64, loss: Loss) -> String {
        format!("Lost, because {}: {}.", english::why_lost(loss), english::events(events))
    }

    /// An event was last sent so long ago.
    fn last_sent(&self, age: Duration) -> String {
        format!("An event was last sent {} ago.", self.duration(age))
    }

    /// There is no record of a sent event.
    fn nothing_sent(&self) -> String {
        "No sent event is on record.".to_owned()
    }

    /// How to switch telemetry off.
    fn how_to_switch_off(&self, command: Option<&str>, variable: &str) -> String {
        let run = command.map(|command| format!("run `{command}`, or "));
        format!(
            "To switch it off, {}set {variable}=0. DO_NOT_TRACK=1 does the same for all programs that honour it.",
            run.unwrap_or_default()
        )
    }

    /// How to switch telemetry on: all of these steps, of which there is at least one.
    fn how_to_switch_on(&self, steps: &[Step<'_>]) -> String {
        let steps: Vec<String> = steps.iter().map(|step| self.step(*step)).collect();
        format!("To switch it on, {}.", steps.join("; then "))
    }

    /// One step, as a part of a sentence.
    fn step(&self, step: Step<'_>) -> String {
        match step {
            Step::Unset { variable } => format!("remove {variable} from the environment"),
            Step::LeaveTests => "run this outside of a test run".to_owned(),
            Step::Configure => "take the no out of the configuration".to_owned(),
            Step::Delete { file } => format!("delete {file}"),
            Step::SayYes { command, variable } => {
                let command = command.map(|command| format!("run `{command}`"));
                let variable = variable.map(|variable| format!("set {variable}=1"));
                let ways: Vec<String> = command.into_iter().chain(variable).collect();
                ways.join(", or ")
            }
        }
    }

    /// How to see what would be sent.
    fn how_to_see(&self, command: &str) -> String {
        format!("To see what would be sent, run `{command}`.")
    }

    /// The remark about the body of an example event.
    fn example(&self) -> String {
        "This is the body of a request, with example values. It was not sent.".to_owned()
    }

    /// The example event cannot be created, as the end of an error.
    fn no_example(&self, loss: Loss) -> String {
        format!("the example cannot be created: {loss}")
    }

    /// The remark about a body that was sent so long ago.
    fn sent(&self, age: Duration) -> String {
        format!("Sent {} ago:", self.duration(age))
    }

    /// A yes is stored, and telemetry is on.
    fn enabled(&self, application: &str) -> String {
        format!("The yes is stored. Telemetry of {application} is on.")
    }

    /// A yes is stored, and telemetry is off all the same, for this [reason](Self::reason).
    fn enabled_in_vain(&self, application: &str, reason: &str) -> String {
        format!("The yes is stored, but telemetry of {application} is still off: {reason}.")
    }

    /// A no is stored, and nothing is left.
    fn disabled(&self, application: &str) -> String {
        format!("The no is stored. Telemetry of {application} is off, and what it kept on this machine is deleted.")
    }

    /// After [`disabled`](Self::disabled): what became of the request for deletion. Nothing is said if there was nothing to ask for.
    fn deletion_requested(&self, deletion: &DeletionStatus) -> Option<String> {
        let sentence = match (deletion.waiting, deletion.end) {
            (0, None) => return None,
            (0, Some(DeletionEnd::Sent)) => "The receiver was asked to delete what it has.",
            (0, Some(DeletionEnd::Refused)) => "The receiver was asked to delete what it has, and refused.",
            (0, Some(DeletionEnd::Expired)) => "The receiver could not be asked for 7 days to delete what it has.",
            _ if deletion.is_held => {
                "The receiver was not asked to delete what it has: another input says no as well, and then nothing is sent. It is asked when this program runs without that no in the next 7 days."
            }
            _ => {
                "The receiver could not be asked yet to delete what it has. It is asked when this program runs again, for at most 7 days."
            }
        };
        Some(sentence.to_owned())
    }

    /// What a no asks of the receiver.
    fn deletion_promised(&self) -> String {
        "A stored no also asks the receiver, in one last request, to delete what it has.".to_owned()
    }

    /// So many requests for deletion are due.
    fn deletion_waits(&self, requests: usize) -> String {
        let requests = english::counted(requests as u64, "request", "requests");
        format!("After a no, the receiver is still to be asked to delete what it has: {requests}.")
    }

    /// After [`deletion_waits`](Self::deletion_waits): why none of them is sent now.
    fn deletion_held(&self) -> String {
        "It is not asked as long as another input says no, or the stored choice cannot be read.".to_owned()
    }

    /// How the last request for deletion ended, and how long ago.
    fn deletion_ended(&self, end: DeletionEnd, age: Duration) -> String {
        let age = self.duration(age);
        match end {
            DeletionEnd::Sent => format!("After a no, the receiver was asked {age} ago to delete what it has."),
            DeletionEnd::Refused => format!("After a no, the receiver refused {age} ago to delete what it has."),
            DeletionEnd::Expired => {
                format!(
                    "After a no, the receiver could not be asked for 7 days to delete what it has; that was given up {age} ago."
                )
            }
        }
    }

    /// The user has answered the question with yes.
    fn answered_yes(&self, command: Option<&str>, variable: &str) -> String {
        format!("Thank you. {}", self.how_to_switch_off(command, variable))
    }

    /// The user has answered the question with no.
    fn answered_no(&self, application: &str) -> String {
        format!("{application} sends nothing, and does not ask again.")
    }

    /// The user has said no to what is new since an earlier yes.
    fn answered_declined(&self, application: &str) -> String {
        format!(
            "{application} does not send what is new, and does not ask about it again. What you agreed to before goes on."
        )
    }

    /// The question was not answered.
    fn unanswered(&self, application: &str) -> String {
        format!("Without an answer, {application} sends nothing that you have not agreed to.")
    }

    /// A choice could not be stored, or something could not be deleted: the end of an error.
    fn choice_error(&self, error: &ChoiceError, variable: &str) -> String {
        with_variable(&error.to_string(), variable)
    }

    /// A choice cannot be stored, since the page and the client name no application: the end of an error.
    fn no_application(&self) -> String {
        "this program has no telemetry to switch on or off".to_owned()
    }

    /// The output could not be written: the end of an error.
    fn output_error(&self, error: &io::Error) -> String {
        format!("the output could not be written ({})", error.kind())
    }

    /// The line of an error.
    fn error(&self, why: &str) -> String {
        format!("error: {why}")
    }

    /// What a command does, in the list of commands.
    fn about(&self, command: Command) -> String {
        match command {
            Command::Status { .. } => "Say whether telemetry is on and why, and what became of the events",
            Command::Preview => "Print an example of an event, exactly as it would be sent",
            Command::Enable => "Switch telemetry on",
            Command::Disable => "Switch telemetry off, and delete what it kept on this machine",
            Command::Last => "Print the last events that were sent",
            Command::Page => "Print the page that says what is sent and to whom",
            Command::Help => "Print these commands",
        }
        .to_owned()
    }

    /// What the option `--json` of `status` does.
    fn about_json(&self) -> String {
        "Print it as JSON".to_owned()
    }

    /// Why arguments are not a command, and which commands there are.
    fn usage_error(&self, error: UsageError) -> String {
        let what = match error {
            UsageError::Missing => "a telemetry command is missing; give one of these:".to_owned(),
            UsageError::Unknown => "there is no such telemetry command; give one of these:".to_owned(),
            UsageError::Argument(command) => {
                format!("the telemetry command `{command}` does not take this argument; the commands are:")
            }
        };
        format!("{what}\n{}", command::list(self))
    }

    /// A duration, such as `3 hours`.
    fn duration(&self, duration: Duration) -> String {
        in_english(duration)
    }
}

/// English.
#[derive(Clone, Copy, Debug, Default)]
pub struct English;

impl Texts for English {}

/// This crate's sentences speak of the variable `<PREFIX>_TELEMETRY`, whose name only the application knows.
fn with_variable(sentence: &str, variable: &str) -> String {
    sentence.replace("<PREFIX>_TELEMETRY", variable)
}

#[cfg(test)]
mod tests;
