use super::*;
use crate::event::draft::tests::{Panicking, Started};
use crate::user::Texts;

/// Nothing is stored under a name that cannot be used, so these tests leave the home of the user who runs them alone.
const UNUSABLE: Consent = Consent::new("acme", "acme-of-these-tests").skip_test_check();

fn run(command: Command, client: &Telemetry, page: &Disclosure) -> (Exit, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = command.run_to(Output::new(&mut out, &mut err), client, page, || Started(true));
    (exit, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// A client that is on, and keeps nothing in the home of the user who runs the tests.
fn client() -> Telemetry {
    Telemetry::builder(UNUSABLE).build()
}

#[test]
fn preview_prints_the_body_alone_and_a_remark_beside_it() {
    let client = client();
    let (exit, out, err) = run(Command::Preview, &client, &Disclosure::new(UNUSABLE));
    assert_eq!(exit, Exit::Done);
    assert_eq!(out, client.preview(&Started(true)).unwrap() + "\n");
    assert_eq!(err, "This is the body of a request, with example values. It was not sent.\n");
}

#[test]
fn an_example_that_cannot_be_created_is_an_error() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let page = Disclosure::new(UNUSABLE);
    let exit = Command::Preview.run_to(Output::new(&mut out, &mut err), &client(), &page, || Panicking);
    assert_eq!((exit, out.as_slice()), (Exit::Failed, &b""[..]));
    assert_eq!(
        String::from_utf8(err).unwrap(),
        "error: the example cannot be created: the event's snapshot panicked\n"
    );
}

#[test]
fn a_choice_that_cannot_be_stored_is_an_error() {
    for command in [Command::Enable, Command::Disable] {
        let (exit, out, err) = run(command, &client(), &Disclosure::new(UNUSABLE));
        assert_eq!((exit, out.as_str()), (Exit::Failed, ""));
        assert!(err.starts_with("error: the prefix must be 1 to 48 of A-Z"), "{err}");
    }
}

#[test]
fn without_an_application_there_is_no_choice_to_store() {
    for command in [Command::Enable, Command::Disable] {
        let (exit, out, err) = run(command, &Telemetry::disabled(), &Disclosure::of::<Started>());
        assert_eq!((exit, out.as_str()), (Exit::Failed, ""));
        assert_eq!(err, "error: this program has no telemetry to switch on or off\n");
    }
}

#[test]
fn a_disabled_client_answers_every_question() {
    let (client, page) = (Telemetry::disabled(), Disclosure::of::<Started>());
    let (exit, out, err) = run(Command::Last, &client, &page);
    assert_eq!((exit, out.as_str(), err.as_str()), (Exit::Done, "", "No sent event is on record.\n"));
    assert_eq!(run(Command::Page, &client, &page), (Exit::Done, page.to_markdown(), String::new()));
    let (exit, out, _) = run(Command::Status { json: true }, &client, &page);
    assert_eq!(exit, Exit::Done);
    assert!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["consent"].is_null());
    let (exit, out, _) = run(Command::Help, &client, &page);
    assert_eq!((exit, out.lines().count()), (Exit::Done, Command::ALL.len()));
}

struct Shouting;

impl Texts for Shouting {
    fn nothing_sent(&self) -> String {
        "NOTHING".to_owned()
    }
}

#[test]
fn the_texts_of_the_output_are_used() {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let output = Output::new(&mut out, &mut err).texts(&Shouting);
    let page = Disclosure::new(UNUSABLE);
    assert_eq!(Command::Last.run_to(output, &client(), &page, || Started(true)), Exit::Done);
    assert_eq!(err, b"NOTHING\n");
}
