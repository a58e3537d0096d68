use std::io::ErrorKind;

use super::*;
use crate::consent::NameError;

const VARIABLE: &str = "ACME_TELEMETRY";

/// Every reason, with its sentence.
#[test]
fn a_reason_names_the_variable_of_the_application() {
    for (reason, told) in [
        (Reason::VariableOff, "ACME_TELEMETRY says no"),
        (
            Reason::VariableUnrecognized,
            "ACME_TELEMETRY is none of 1, true, yes, on, 0, false, no, off, and counts as no",
        ),
        (Reason::DoNotTrack, "DO_NOT_TRACK is set"),
        (Reason::ConfiguredOff, "the configuration says no"),
        (Reason::StoredOff, "the user's stored choice is no"),
        (Reason::NothingSaidYes, "nobody has said yes"),
    ] {
        assert_eq!(English.reason(reason, VARIABLE), told);
    }
    assert_eq!(English.source(Source::Variable, VARIABLE), VARIABLE);
    assert!(English.choice_error(&NameError::Prefix.into(), VARIABLE).starts_with("the prefix must be"));
}

#[test]
fn every_obstacle_is_told() {
    for (obstacle, told) in [
        (
            Obstacle::NoCertificates,
            "this machine has no certificates to check the receiver by, or `SSL_CERT_FILE` or `SSL_CERT_DIR` leads to none",
        ),
        (Obstacle::NoAddress, "the address of the receiver, or of the proxy, was not found"),
        (
            Obstacle::NoConnection,
            "the receiver could not be reached, directly or through the proxy that the environment names",
        ),
        (Obstacle::Tls, "the connection could not be encrypted, or the certificate is not trusted"),
        (Obstacle::TimedOut, "no answer came in time"),
        (Obstacle::NoAnswer, "the connection ended before an answer came, or the answer was not one of HTTP"),
        (Obstacle::Answer(503), "the receiver answered 503"),
        (Obstacle::Clock, "the clock shows a time before 1970"),
        (Obstacle::Shortage, "the system had no memory, thread or file left"),
        (
            Obstacle::DeletionUnprepared,
            "the file `telemetry-deletion` beside the choice could not be read or written, so no request to delete what is sent could follow a no",
        ),
        (Obstacle::Other, "the reason is not known"),
    ] {
        assert_eq!(English.obstacle(obstacle), format!("The last attempt to send failed: {told}."));
    }
    assert_eq!(
        English.obstacle(Obstacle::ChoiceUnreadable),
        "Nothing is sent as long as the stored choice cannot be read."
    );
}

#[test]
fn every_reason_why_nothing_is_kept_is_told() {
    for (problem, told) in [
        (Problem::NoDirectory, "there is no directory for them, because HOME is not set or names none"),
        (Problem::NotPermitted, "their directory cannot be written, or others can write to it"),
        (Problem::FileUnusable, "the file `salt` in their directory cannot be used"),
    ] {
        assert_eq!(English.not_kept(problem), format!("Events cannot be kept on disk: {told}."));
    }
    for (problem, told) in [
        (Problem::Full, "the limit for waiting events was reached"),
        (Problem::Busy, "another program was changing the files"),
        (Problem::DiskFull, "the disk was full"),
        (Problem::Other, "the system refused it"),
    ] {
        assert_eq!(English.not_kept(problem), format!("The last attempt to keep events on disk failed: {told}."));
    }
}

#[test]
fn every_reason_why_nothing_is_recorded_is_told() {
    for (problem, told) in [
        (Problem::NoDirectory, "there is no directory for it, because HOME is not set or names none"),
        (Problem::NotPermitted, "its directory cannot be written, or others can write to it"),
        (Problem::FileUnusable, "the file `sent.ndjson` in its directory cannot be used"),
    ] {
        assert_eq!(English.not_recorded(problem), format!("What is sent cannot be recorded: {told}."));
    }
    for (problem, told) in [(Problem::DiskFull, "the disk was full"), (Problem::Other, "the system refused it")] {
        assert_eq!(English.not_recorded(problem), format!("The last attempt to record what is sent failed: {told}."));
    }
}

#[test]
fn every_loss_is_told() {
    let told = [
        "the application publishes what telemetry reports",
        "the user has not agreed to what is new in them",
        "the application described them wrongly",
        "the application failed while it described them",
        "they could have revealed more than the application allows",
        "there is nowhere to send them",
        "too many were waiting",
        "too many were counted that day",
        "telemetry had already ended",
        "the system had no thread left",
        "the receiver refused them",
        "the receiver took none, and they could not be kept on disk",
        "the application failed while it sent them",
        "the program ended, and they could not be kept on disk",
        "the stored choice could not be read",
        "the user said no",
    ];
    assert_eq!(Loss::ALL.len(), told.len());
    for (loss, told) in Loss::ALL.iter().copied().zip(told) {
        assert_eq!(English.lost(2, loss), format!("Lost, because {told}: 2 events."));
    }
}

#[test]
fn a_command_is_told_where_the_page_names_one() {
    let honour = "DO_NOT_TRACK=1 does the same for all programs that honour it.";
    for (told, expected) in [
        (
            English.how_to_switch_off(Some("acme off"), VARIABLE),
            format!("To switch it off, run `acme off`, or set ACME_TELEMETRY=0. {honour}"),
        ),
        (English.how_to_switch_off(None, VARIABLE), format!("To switch it off, set ACME_TELEMETRY=0. {honour}")),
    ] {
        assert_eq!(told, expected);
    }
}

#[test]
fn the_steps_that_switch_it_on_are_told_in_their_order() {
    let yes = |command, variable| Step::SayYes { command, variable };
    for (steps, told) in [
        (&[yes(Some("acme on"), Some(VARIABLE))][..], "run `acme on`, or set ACME_TELEMETRY=1"),
        (&[yes(None, Some(VARIABLE))], "set ACME_TELEMETRY=1"),
        (&[Step::Unset { variable: "DO_NOT_TRACK" }], "remove DO_NOT_TRACK from the environment"),
        (
            &[Step::LeaveTests, Step::Configure, Step::Delete { file: "/a/file" }, yes(Some("acme on"), None)],
            "run this outside of a test run; then take the no out of the configuration; then delete /a/file; then run `acme on`",
        ),
    ] {
        assert_eq!(English.how_to_switch_on(steps), format!("To switch it on, {told}."));
    }
}

/// What to do about it differs with the reason.
#[test]
fn why_a_choice_cannot_be_stored_is_told_with_what_to_do() {
    let path = || "/home/jane/.config/acme/telemetry-consent".into();
    let instead = ", or set ACME_TELEMETRY to 0, or to 1 unless a no is stored";
    for (reason, what, why, instead) in [
        (NoPlace::HomeUnset, "yes", "HOME is not set; set it", instead),
        (NoPlace::NoHome, "choice", "there is no home directory; set HOME to one", instead),
        (
            NoPlace::AnotherUsersHome,
            "choice",
            "this home belongs to another user, so root stores nothing in it; run this as that user",
            instead,
        ),
        (
            NoPlace::NotADirectory { path: path() },
            "choice",
            "/home/jane/.config/acme/telemetry-consent is in the place of a directory, but is a file or a link that leads nowhere; move it away, or mount what it leads to",
            "",
        ),
        (
            NoPlace::NotWritable { path: "/home/jane/.config".into() },
            "choice",
            "/home/jane/.config cannot be written; make that directory writable",
            instead,
        ),
        (
            NoPlace::IsADirectory { path: path() },
            "choice",
            "/home/jane/.config/acme/telemetry-consent is a directory; delete it",
            "",
        ),
    ] {
        assert_eq!(English.choice_without_place(&reason), format!("A {what} cannot be stored: {why}."));
        let error = ChoiceError::from(reason);
        assert!(std::error::Error::source(&error).is_none(), "a chain of errors tells it once");
        let error = English.choice_error(&error, VARIABLE);
        assert_eq!(error, format!("the choice could not be stored: {why}{instead}"));
    }
    for (kind, told) in [
        (ErrorKind::PermissionDenied, "(permission denied); make the configuration directory writable"),
        (
            ErrorKind::ReadOnlyFilesystem,
            "(read-only filesystem or storage medium); make the configuration directory writable",
        ),
        (ErrorKind::StorageFull, "(no storage space); free some space on its disk"),
        (ErrorKind::Interrupted, "(operation interrupted); try again"),
    ] {
        let error = English.choice_error(&ChoiceError::Write(kind), VARIABLE);
        assert_eq!(error, format!("the choice could not be stored {told}{instead}"));
    }
}

#[test]
fn what_follows_from_an_answer_is_told() {
    assert_eq!(
        English.answered_yes(Some("acme off"), VARIABLE),
        "Thank you. To switch it off, run `acme off`, or set ACME_TELEMETRY=0. DO_NOT_TRACK=1 does the same for all programs that \
         honour it."
    );
    assert_eq!(English.answered_no("acme"), "acme sends nothing, and does not ask again.");
    assert_eq!(English.unanswered("acme"), "Without an answer, acme sends nothing that you have not agreed to.");
}

/// A translation of one sentence.
struct German;

impl Texts for German {
    fn about(&self, command: Command) -> String {
        match command {
            Command::Enable => "Eine Zusage speichern".to_owned(),
            other => English.about(other),
        }
    }
}

#[test]
fn a_translation_is_used_wherever_its_sentence_stands_and_the_rest_is_english() {
    let text = German.usage_error(UsageError::Missing);
    assert!(text.contains("  enable           Eine Zusage speichern\n"), "{text}");
    assert!(text.starts_with("a telemetry command is missing") && text.contains("Switch telemetry off"), "{text}");
}
