//! What is derived from a schema: bits, JSON Schema, hash, and the page for users.

use std::panic::catch_unwind;

use serde_json::json;
use telemetry::client::AnonymousId;
use telemetry::page::Disclosure;
use telemetry::schema::{Field, Kind, Schema, Words};
use telemetry::snapshot::Recorder;
use telemetry::{Consent, TelemetrySnapshot, testing};

#[derive(TelemetrySnapshot)]
#[telemetry(event = "started")]
struct Started {
    /// Whether a | person did it.
    by_hand: bool,
    #[telemetry(number(max = 15, unit = "s"))]
    wait: u8,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

/// The same, except for the purposes of the fields.
#[derive(TelemetrySnapshot)]
struct Renamed {
    by_hand: bool,
    #[telemetry(number(max = 15, unit = "s"))]
    wait: u8,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

#[derive(TelemetrySnapshot)]
struct Wider {
    by_hand: bool,
    #[telemetry(number(max = 16))]
    wait: u8,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

/// Measured in another unit.
#[derive(TelemetrySnapshot)]
struct Measured {
    by_hand: bool,
    #[telemetry(number(max = 15, unit = "ms"))]
    wait: u8,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

/// Sent in another order.
#[derive(TelemetrySnapshot)]
struct Reordered {
    #[telemetry(number(max = 15, unit = "s"))]
    wait: u8,
    by_hand: bool,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

/// Of the same bodies, with another meaning.
#[derive(TelemetrySnapshot)]
struct Shown {
    #[telemetry(presence)]
    by_hand: Option<Box<()>>,
    #[telemetry(number(max = 15, unit = "s"))]
    wait: u8,
    #[telemetry(one_of("a", "b"))]
    word: Option<String>,
}

/// The bits of a schema with only this kind, required.
macro_rules! bits {
    ($kind:expr) => {{
        struct One;
        impl TelemetrySnapshot for One {
            const SCHEMA: Schema = Schema::group(&[Field::new("one", $kind).required()]);
            fn record(&self, _: &mut Recorder<'_>) {}
        }
        One::SCHEMA.bits()
    }};
}

#[test]
fn bits_are_the_logarithm_of_the_states() {
    assert_eq!(bits!(Kind::flag()), 1);
    assert_eq!(bits!(Kind::presence()), 1);
    assert_eq!(bits!(Kind::count(1_000)), 10);
    assert_eq!(bits!(Kind::count(1_024)), 11);
    assert_eq!(bits!(Kind::number(0, 15)), 4);
    assert_eq!(bits!(Kind::number(-1, 15)), 5);
    assert_eq!(bits!(Kind::number(-((1 << 53) - 1), (1 << 53) - 1)), 54);
    assert_eq!(bits!(Kind::bucket(&[10, 100])), 2);
    assert_eq!(bits!(Kind::bucket(&[10, 100, 1_000, 10_000])), 3);
    assert_eq!(bits!(Kind::tag(Words::new(&["a", "b"]))), 2);
    assert_eq!(bits!(Kind::tag(Words::new(&["a", "other"]))), 1);
    // The length, 0 to 3, and three words.
    assert_eq!(bits!(Kind::tags(Words::new(&["a", "b"]), 3)), 2 + 3 * 2);
    assert_eq!(bits!(Kind::version()), 49);
    assert_eq!(bits!(Kind::group::<Started>()), 1 + 4 + 2);
    assert_eq!(bits!(Kind::list::<Started>(3)), 2 + 3 * 7);
    // Absence is one state.
    assert_eq!(Started::SCHEMA.bits(), 1 + 4 + 2);
    assert_eq!(<Option<bool> as TelemetrySnapshot>::SCHEMA.bits(), 2);
}

#[test]
fn the_json_schema_describes_what_can_be_sent() {
    assert_eq!(
        Started::SCHEMA.to_json_schema(),
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "by_hand": { "type": "boolean", "description": "Whether a | person did it." },
                "wait": { "type": "integer", "minimum": 0, "maximum": 15 },
                "word": { "enum": ["a", "b", "other"] },
            },
            "required": ["by_hand", "wait"],
            "additionalProperties": false,
        })
    );
}

#[test]
fn the_hash_ignores_purposes_alone() {
    assert_eq!(Started::SCHEMA.hash().len(), 64);
    assert_eq!(Started::SCHEMA.hash(), Renamed::SCHEMA.hash());
    for other in [Wider::SCHEMA, Measured::SCHEMA, Reordered::SCHEMA, Shown::SCHEMA] {
        assert_ne!(Started::SCHEMA.hash(), other.hash(), "{other:?}");
    }
}

#[test]
fn the_page_states_every_fact_and_names_missing_ones() {
    let page = Disclosure::new(Consent::new("ACME", "acme"))
        .receiver("Acme Inc.")
        .endpoint("https://telemetry.acme.dev/v1?key=secret")
        .header("X-Collector-Token")
        .disable("acme telemetry disable")
        .preview("acme telemetry preview")
        .event::<Started>()
        .to_markdown();
    for line in [
        "# Telemetry of acme",
        "| Receiver | Acme Inc. |",
        "| Sent to | `telemetry.acme.dev` |",
        "| Kept for | not stated |",
        "| Contact | not stated |",
        "| `X-Collector-Token` | set by the application, the same for all users |",
        "- Set the variable `ACME_TELEMETRY=0`.",
        "- Run `acme telemetry disable`, which is remembered.",
        "- Run `acme telemetry preview` to see what would be sent.",
        "### Event `started`",
        "| `by_hand` | yes or no | 1 | Whether a &#124; person did it. |",
        "| `wait` | number from 0 to 15 s | 4 | not stated |",
        "| `word` | one of `a`, `b`, `other`; or left out | 2 | not stated |",
    ] {
        assert!(page.lines().any(|found| found == line), "{line}\n{page}");
    }
    assert!(page.contains("It links the events of one installation."), "{page}");
    let key = AnonymousId::PerProject { key: "hunter2".into() };
    let keyed = Disclosure::new(Consent::new("ACME", "acme")).anonymous_id(key).to_markdown();
    assert!(keyed.contains("a key that only its operator has") && !keyed.contains("hunter2"), "{keyed}");
    let either = Disclosure::new(Consent::new("ACME", "acme")).project_key("ACME_PROJECT_KEY").to_markdown();
    let by_key = "If the operator has set a project's key (`ACME_PROJECT_KEY`), it is another one:\n\nIt links the events of one project";
    assert!(either.contains("It links the events of one installation.") && either.contains(by_key), "{either}");
    let guessable = Disclosure::new(Consent::new("ACME", "acme")).anonymous_id(AnonymousId::PerProjectUnkeyed);
    assert!(guessable.to_markdown().contains("so a guess\nat both can be checked"));
    assert!(Disclosure::of::<Started>().to_markdown().contains("## The anonymous id\n\nnot stated\n"));
    assert!(page.contains("IP address"));
    assert!(page.contains("At most 7 bits."));
    assert!(!page.contains("secret"));
}

#[test]
fn a_page_that_differs_is_reported_with_the_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("TELEMETRY.md");
    let page = Disclosure::of::<Started>().to_markdown();
    let assertion = || testing::assert_disclosure::<Started>(&path);

    let missing = *catch_unwind(assertion).unwrap_err().downcast::<String>().unwrap();
    assert!(missing.contains("to write it, run the test with TELEMETRY_UPDATE=1"), "{missing}");

    std::fs::write(&path, &page).unwrap();
    assertion();
    // As git checks it out on Windows.
    std::fs::write(&path, page.replace('\n', "\r\n")).unwrap();
    assertion();

    std::fs::write(&path, page.replace("from 0 to 15", "from 0 to 9")).unwrap();
    let different = *catch_unwind(assertion).unwrap_err().downcast::<String>().unwrap();
    assert!(different.contains("file: | `wait` | number from 0 to 9 s"), "{different}");
    assert!(different.contains("code: | `wait` | number from 0 to 15 s"), "{different}");
}
