use std::path::PathBuf;

use super::*;
use crate::client::{ConfigError, Counts, Loss, Problem, Telemetry};
use crate::consent::{Consent, Coverage, Decision};
use crate::page::Disclosure;
use crate::user::texts::English;

const CONSENT: Consent = Consent::new("ACME", "acme");
const NOW: u64 = 1_000_000_000;
const HOUR: u64 = 60 * 60;

/// A status in which only these inputs speak.
fn status(reason: Reason, readings: &[(Source, Reading)]) -> Status {
    let sources = [
        Source::Build,
        Source::Names,
        Source::Variable,
        Source::DoNotTrack,
        Source::Tests,
        Source::Configured,
        Source::Stored,
    ];
    let reading = |source| readings.iter().find(|(other, _)| *other == source).map_or(Reading::Silent, |found| found.1);
    let enabled = matches!(reason, Reason::VariableOn | Reason::ConfiguredOn | Reason::StoredOn);
    let consent = Report {
        decision: Decision { enabled, debug: false, reason },
        variable: "ACME_TELEMETRY".to_owned(),
        inputs: sources.map(|source| Input { source, reading: reading(source) }).into(),
        coverage: None,
    };
    Status { consent: Some(consent), ..Telemetry::disabled().status() }
}

fn stored_on() -> Status {
    status(Reason::StoredOn, &[(Source::Stored, Reading::Yes(Reason::StoredOn))])
}

fn file() -> PathBuf {
    "/home/jane/.config/acme/telemetry-consent".into()
}

fn place() -> Option<ChoicePlace> {
    Some(ChoicePlace { file: Some(file()), yes: Ok(()), no: Ok(()) })
}

fn told(status: &Status, page: &Disclosure, place: Option<ChoicePlace>) -> String {
    let application = Application { consent: page.consent(), page };
    let report = status.consent.as_ref().unwrap();
    let state = Some("/home/jane/.local/state/acme/telemetry".into());
    Sentences { status, report, application: &application, place, state, now: NOW, texts: &English }.text()
}

/// The paragraphs of a status on the page of `acme`.
fn paragraphs(status: &Status, place: Option<ChoicePlace>) -> Vec<String> {
    let text = told(status, &Disclosure::new(CONSENT), place);
    text.split("\n\n").map(|paragraph| paragraph.trim_end().to_owned()).collect()
}

#[test]
fn a_status_says_who_decided_what_waits_and_how_to_go_on() {
    let mut status = Status {
        endpoint: Some("telemetry.acme.dev".to_owned()),
        receiver: Some("Acme Inc."),
        last_sent: Some(NOW - 300),
        ..stored_on()
    };
    status.spool.events = 3;
    status.spool.oldest = Some(NOW - 2 * HOUR);
    let page = Disclosure::new(CONSENT).commands("acme telemetry");
    assert_eq!(
        told(&status, &page, place()),
        "\
Telemetry of acme is on: the user's stored choice is yes.
The choice is stored in /home/jane/.config/acme/telemetry-consent.

What each input says (any no wins):
  ACME_TELEMETRY            says nothing
  DO_NOT_TRACK              says nothing
  test detection            says nothing
  the configuration         says nothing
  the user's stored choice  says yes

Receiver: Acme Inc.
Sent to: telemetry.acme.dev
On disk, 3 events are waiting to be sent, the oldest for 2 hours.
An event was last sent 5 minutes ago.

To switch it off, run `acme telemetry disable`, or set ACME_TELEMETRY=0. DO_NOT_TRACK=1 does the same for all programs that honour it.
To see what would be sent, run `acme telemetry preview`.
"
    );
}

#[test]
fn a_status_without_a_yes_says_how_to_give_one() {
    let status = status(Reason::NothingSaidYes, &[]);
    let [decision, inputs, sending, commands] = &paragraphs(&status, place())[..] else { panic!("paragraphs") };
    assert_eq!(
        decision,
        "Telemetry of acme is off: nobody has said yes.\n\
         No choice is stored. It would be stored in /home/jane/.config/acme/telemetry-consent."
    );
    assert!(inputs.ends_with("\n  the user's stored choice  says nothing"), "{inputs}");
    assert_eq!(sending, "No event is waiting to be sent.\nNo sent event is on record.");
    assert_eq!(commands, "To switch it on, set ACME_TELEMETRY=1.");
}

#[test]
fn every_place_of_the_choice_is_told() {
    let decision = |stored: Reading, place| {
        let reason = match stored {
            Reading::No(reason) | Reading::Yes(reason) => reason,
            _ => Reason::NothingSaidYes,
        };
        let paragraph = paragraphs(&status(reason, &[(Source::Stored, stored)]), place).swap_remove(0);
        let told = paragraph.split_once('\n').map_or("", |(_, told)| told);
        told.replace("/home/jane/.config/acme/", "…/")
    };
    let is_stored = "The choice is stored in …/telemetry-consent.";
    let is_unusable = "The file …/telemetry-consent cannot be read, or its content is not a choice.";
    let none = "No choice is stored. It would be stored in …/telemetry-consent.";
    for (stored, told) in [
        (Reading::Yes(Reason::StoredOn), is_stored),
        (Reading::No(Reason::StoredOff), is_stored),
        (Reading::No(Reason::StoredCorrupt), is_unusable),
        (
            Reading::No(Reason::StoredForeign),
            "The file …/telemetry-consent belongs to another user, or others can write to it.",
        ),
        (Reading::No(Reason::StoredUnreadable), is_unusable),
        (Reading::Silent, none),
    ] {
        assert_eq!(decision(stored, place()), told);
        for reason in [NoPlace::HomeUnset, NoPlace::AnotherUsersHome, NoPlace::IsADirectory { path: file() }] {
            let no_place = ChoicePlace { file: Some(file()), yes: Err(reason.clone()), no: Err(reason.clone()) };
            let why = English.choice_without_place(&reason).replace("/home/jane/.config/acme/", "…/");
            let expected = if told == none { why } else { format!("{told}\n{why}") };
            assert_eq!(decision(stored, Some(no_place)), expected);
        }
    }
    let nowhere = ChoicePlace { file: None, yes: Err(NoPlace::NoHome), no: Err(NoPlace::NoHome) };
    let told = "A choice cannot be stored: there is no home directory; set HOME to one.";
    assert_eq!(decision(Reading::Silent, Some(nowhere)), told);
    assert_eq!(decision(Reading::Silent, None), "", "the names are unusable");
}

#[test]
fn a_command_is_told_only_where_it_can_store_the_choice() {
    let page = Disclosure::new(CONSENT).commands("acme telemetry");
    let last = |status: &Status, yes: bool, no: bool| {
        let can = |can: bool| if can { Ok(()) } else { Err(NoPlace::HomeUnset) };
        let text = told(status, &page, Some(ChoicePlace { file: Some(file()), yes: can(yes), no: can(no) }));
        text.lines().rev().nth(1).unwrap().to_owned()
    };
    let off = status(Reason::NothingSaidYes, &[]);
    assert_eq!(last(&off, true, true), "To switch it on, run `acme telemetry enable`, or set ACME_TELEMETRY=1.");
    assert_eq!(last(&off, false, true), "To switch it on, set ACME_TELEMETRY=1.");
    for (can_store_no, command) in [(true, "run `acme telemetry disable`, or "), (false, "")] {
        let told = last(&stored_on(), false, can_store_no);
        assert!(told.starts_with(&format!("To switch it off, {command}set ACME_TELEMETRY=0. ")), "{told}");
    }
}

#[test]
fn how_the_program_was_built_is_told_if_it_denies_and_then_nothing_switches_it_on() {
    for (source, reason, row) in [
        (Source::Build, Reason::CompiledOut, "\n  the build                 says no\n"),
        (Source::Names, Reason::UnusableNames, "\n  the application's names   says no\n"),
    ] {
        let status = status(reason, &[(source, Reading::No(reason))]);
        let text = told(&status, &Disclosure::new(CONSENT), place());
        assert!(text.contains(row) && !text.contains("switch it on"), "{text}");
    }
    assert!(!told(&stored_on(), &Disclosure::new(CONSENT), place()).contains("the build"));
}

#[test]
fn what_keeps_events_from_being_sent_is_told() {
    let mut status = Status { debug: true, obstacle: Some(Obstacle::NoConnection), ..stored_on() };
    (status.queue.events, status.queue.unstored) = (1, 1);
    status.queue.paused_seconds = Some(40);
    status.spool.only_grows = true;
    status.spool.problem = Some(Problem::DiskFull);
    status.error = Some(ConfigError::NoEndpoint);
    let paragraphs = paragraphs(&status, place());
    assert!(paragraphs[0].contains("\nEvents are printed to standard error instead of being sent.\n"));
    assert_eq!(
        paragraphs[2],
        "Events cannot be sent: there is nowhere to send events; call `endpoint` or `sink` on the builder.\n\
         In memory, 1 event is waiting to be sent.\n\
         The last attempt to send failed: the receiver could not be reached, directly or through the proxy that the environment names.\n\
         Sending is paused for another 40 seconds.\n\
         For a day or more, events have been waiting and none was sent.\n\
         The last attempt to keep events on disk failed: the disk was full.\n\
         The directory for the files of telemetry is /home/jane/.local/state/acme/telemetry.\n\
         No sent event is on record."
    );
}

#[cfg(not(windows))]
#[test]
fn an_event_in_memory_and_on_disk_is_told_once() {
    let mut status = stored_on();
    (status.queue.events, status.queue.unstored, status.spool.events) = (3, 1, 2);
    let told = paragraphs(&status, place()).swap_remove(2);
    let waiting = "On disk, 2 events are waiting to be sent.\nIn memory, 1 event is waiting to be sent.\n";
    assert!(told.starts_with(waiting), "{told}");
    status.queue.unstored = 0;
    let told = paragraphs(&status, place()).swap_remove(2);
    assert!(told.starts_with("On disk, 2 events are waiting to be sent.\nNo sent event"), "{told}");
}

#[test]
fn nothing_is_said_of_a_record_that_is_not_kept() {
    let told_of = |change: fn(&mut Status)| {
        let mut status = stored_on();
        change(&mut status);
        paragraphs(&status, place()).swap_remove(2)
    };
    let directory = "The directory for the files of telemetry is /home/jane/.local/state/acme/telemetry.";
    let new_id = "Each start of the program has a new anonymous id.";
    let not_recorded = "What is sent cannot be recorded: the file `sent.ndjson` in its directory cannot be used.";
    let waiting = "No event is waiting to be sent.";
    assert_eq!(
        told_of(|status| status.unrecorded = Some(Problem::FileUnusable)),
        format!("{waiting}\n{not_recorded}\n{directory}")
    );
    assert_eq!(
        told_of(|status| (status.unrecorded, status.last_sent) = (Some(Problem::FileUnusable), Some(NOW - 300))),
        format!("{waiting}\n{not_recorded}\n{directory}\nAn event was last sent 5 minutes ago.")
    );
    assert_eq!(
        told_of(|status| status.ephemeral_id = true),
        format!("{waiting}\n{new_id}\nNo sent event is on record.")
    );
}

fn counts(published: u64, delivered: u64, spooled: u64) -> Counts {
    let mut counts = Counts::default();
    (counts.published, counts.delivered, counts.spooled) = (published, delivered, spooled);
    counts
}

#[test]
fn every_event_and_every_loss_is_told() {
    let mut status = stored_on();
    status.counts = counts(9, 4, 1);
    status.counts.drop_for(Loss::QueueFull, 1);
    status.counts.drop_for(Loss::Refused, 2);
    status.spool.recovered = counts(1, 1, 0);
    status.spool.expired = 2;
    status.spool.foreign = 1;
    status.spool.torn = 1;
    let paragraphs = paragraphs(&status, place());
    assert_eq!(
        paragraphs[3],
        "This program has published 9 events: 4 sent, 1 left on disk, 1 waiting, 3 lost.\n\
         Lost, because too many were waiting: 1 event.\n\
         Lost, because the receiver refused them: 2 events.\n\
         Earlier programs had left 1 event to this one: 1 sent.\n\
         Too old to be sent: 2 events.\n\
         Not sent, because another program or user wrote them: 1 line.\n\
         Not sent, because a crash cut them off: 1 line."
    );
}

#[test]
fn a_disabled_client_says_so() {
    let client = Telemetry::disabled();
    for page in [Disclosure::new(CONSENT), Disclosure::of::<bool>()] {
        let text = text(&client.status(), &Application::of(&client, &page), &English);
        assert_eq!(text, "Telemetry is always off in this program.\n");
    }
}

#[derive(telemetry_derive::TelemetryEvent)]
#[telemetry(crate = crate, event = "started")]
struct Started {
    by_hand: bool,
}

#[derive(telemetry_derive::TelemetryEvent)]
#[telemetry(crate = crate, event = "stopped")]
struct Stopped {
    by_hand: bool,
}

#[test]
fn an_event_that_the_page_does_not_list_is_told_too_and_no_command_agrees_to_it() {
    let new = |page: &Disclosure| Coverage::without_consent_to(page.scope());
    let listed = Disclosure::new(CONSENT).commands("acme telemetry").event::<Started>();
    let published = new(&Disclosure::new(CONSENT).event::<Started>().event::<Stopped>()).needs_consent;
    let all = and(new(&listed), published.clone());
    let names: Vec<&str> = all.needs_consent.iter().map(|event| event.event).collect();
    assert_eq!(names, ["started", "stopped"]);

    let mut status = stored_on();
    status.consent.as_mut().unwrap().coverage = Some(all);
    let text = told(&status, &listed, place());
    let after = text.split_once("\nTo have it sent, run `acme telemetry enable`.\n").unwrap().1;
    let expected = "The event stopped is not sent, because the user has not agreed to what is new in it:\n";
    assert!(after.starts_with(expected), "{text}");

    let only = Coverage { needs_consent: published.into_iter().skip(1).collect(), ..Coverage::default() };
    status.consent.as_mut().unwrap().coverage = Some(only);
    let text = told(&status, &listed, place());
    assert!(text.contains(expected) && !text.contains("To have it sent"), "{text}");
}

#[test]
fn a_request_for_deletion_is_promised_only_where_a_no_can_be_stored() {
    let status = Status { deletion: Some(DeletionStatus::default()), ..stored_on() };
    for (no, is_promised) in [(Ok(()), true), (Err(NoPlace::NoHome), false)] {
        let place = ChoicePlace { file: Some(file()), yes: Ok(()), no };
        let text = told(&status, &Disclosure::new(CONSENT), Some(place));
        assert_eq!(text.contains("\nA stored no also asks the receiver"), is_promised, "{text}");
    }
}

#[test]
fn what_is_new_since_the_yes_is_told_with_the_way_to_agree() {
    let mut status = stored_on();
    let page = Disclosure::new(CONSENT).commands("acme telemetry").event::<Started>();
    status.consent.as_mut().unwrap().coverage = Some(Coverage::without_consent_to(page.scope()));
    let told_of = |status: &Status| told(status, &page, place());
    let expected = "\n\nThe event started is not sent, because the user has not agreed to what is new in it:\n  \
                    `by_hand` is new: yes or no.\nTo have it sent, run `acme telemetry enable`.\n\n";
    assert!(told_of(&status).contains(expected), "{}", told_of(&status));
    let unstorable = ChoicePlace { file: Some(file()), yes: Err(NoPlace::HomeUnset), no: Ok(()) };
    let without_a_command = told(&status, &page, Some(unstorable));
    assert!(without_a_command.contains("is new: yes or no.\n\n"), "{without_a_command}");
    // What denies comes first.
    status.consent.as_mut().unwrap().decision.enabled = false;
    assert!(!told_of(&status).contains("started"));
}
