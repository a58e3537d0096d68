//! A command line that counts which commands it was given, and whether it made their output shorter.

use telemetry::client::Outcome;
use telemetry::client::{Durability, Upload};
use telemetry::page::Disclosure;
use telemetry::schema::Words;
use telemetry::testing::snapshot;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

const CONSENT: Consent = Consent::new("ACME", "acme-filter");
const RECEIVER: &str = "Acme Inc. (telemetry.acme.example)";
const ENDPOINT: &str = "https://telemetry.acme.example/v1/events";

/// The commands that the program knows. Any other is sent as one word.
const COMMANDS: Words = Words::new(&["cargo", "docker", "git", "go", "grep", "ls", "npm", "pytest"]).other("another");

/// One run of a command. 9 words and 3 endings are 27 distinct snapshots: a day has room for 64.
#[derive(TelemetryEvent)]
#[telemetry(event = "run", counted)]
struct Run<'a> {
    /// Which command was run.
    #[telemetry(one_of(COMMANDS))]
    command: &'a str,
    /// What became of its output.
    ending: Ending,
}

#[derive(Clone, Copy, PartialEq, Eq, TelemetrySnapshot)]
#[telemetry(rename_all = "kebab-case")]
enum Ending {
    Shortened,
    PassedThrough,
    Failed,
}

/// How much was left out. 9 words and 5 ranges are 45 distinct snapshots.
#[derive(TelemetryEvent)]
#[telemetry(event = "saving", counted)]
struct Saving<'a> {
    /// Which command was run.
    #[telemetry(one_of(COMMANDS))]
    command: &'a str,
    /// How many percent of its output were left out.
    #[telemetry(bucket(25, 50, 75, 90))]
    percent: u64,
}

/// Counts one run. Both events are on disk when this returns, and are sent when the day is over.
fn count(telemetry: &Telemetry, command: &str, ending: Ending, before: u64, after: u64) {
    telemetry.publish(&Run { command, ending });
    let saved = before.saturating_sub(after).saturating_mul(100).checked_div(before);
    if let Some(percent) = saved.filter(|_| ending == Ending::Shortened) {
        telemetry.publish(&Saving { command, percent });
    }
}

/// `main` calls `telemetry::run_uploader()` first: another process of the same executable sends what is due.
fn client() -> Telemetry {
    Telemetry::builder(CONSENT)
        .endpoint(ENDPOINT)
        .receiver(RECEIVER)
        .durability(Durability::WriteAhead)
        .upload(Upload::Detached)
        .batches(true)
        .build()
}

fn page() -> Disclosure {
    Disclosure::new(CONSENT)
        .receiver(RECEIVER)
        .endpoint(ENDPOINT)
        .commands("acme-filter telemetry")
        .event::<Run<'_>>()
        .event::<Saving<'_>>()
}

#[test]
fn a_run_is_a_word_and_an_ending_and_nothing_that_was_typed() {
    let known = Run { command: "git", ending: Ending::PassedThrough };
    assert_eq!(snapshot(&known).as_json(), r#"{"command":"git","ending":"passed-through"}"#);

    // A command that is not in the table is a word, never the text.
    let unknown = Run { command: "/home/user/bin/deploy --token hunter2", ending: Ending::Shortened };
    assert_eq!(snapshot(&unknown).as_json(), r#"{"command":"another","ending":"shortened"}"#);

    let saving = Saving { command: "cargo", percent: 81 };
    assert_eq!(snapshot(&saving).as_json(), r#"{"command":"cargo","percent":"75-89"}"#);

    // The client adds the count.
    assert_eq!(Run::SCHEMA.to_json_schema()["properties"]["count"]["maximum"], 1_000_000);
    let preview = Telemetry::disabled().preview(&known).unwrap();
    assert!(preview.contains(r#""ending":"passed-through","count":1}"#), "{preview}");
    assert_eq!(Telemetry::disabled().publish(&known), Outcome::Off);
}

#[test]
fn a_client_without_consent_counts_nothing_and_the_page_tells_of_both_events() {
    let telemetry = client();
    count(&telemetry, "cargo", Ending::Shortened, 1_000, 190);
    count(&telemetry, "cargo", Ending::Failed, 0, 0);
    assert_eq!(telemetry.counts().published(), 0);
    let page = page().to_markdown();
    assert!(page.contains("### Event `run`") && page.contains("### Event `saving`"), "{page}");
}
