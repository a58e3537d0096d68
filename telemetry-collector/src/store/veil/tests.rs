use proptest::prelude::*;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;

use super::*;
use crate::check::Fault;

#[derive(TelemetrySnapshot)]
struct Run {
    by_hand: bool,
    #[telemetry(one_of("build", "1.5", "test ä", "#ab", "???"))]
    command: String,
    #[telemetry(version)]
    compiler: String,
    #[telemetry(number(min = -99, max = 99))]
    wait: i8,
}

fn run() -> KnownSchema {
    KnownSchema::new("run", "0.1.0", "2026-11-27", Released::of(&Run::SCHEMA))
}

fn payload(command: &str) -> String {
    format!(r#"{{"by_hand":true,"command":"{command}","compiler":"1.97.0","wait":-99}}"#)
}

fn has(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

#[test]
fn texts_are_hidden_and_come_back_with_the_schema_and_the_id() {
    for command in ["build", "1.5", "test ä", "#ab", "???"] {
        let payload = payload(command);
        let hidden = hide(payload.as_bytes(), b"id");
        for part in ["by_hand", "command", "wait", "build", "test", "#ab", "???"] {
            assert!(!has(&hidden, part), "{part}");
        }
        assert!(has(&hidden, r#""1.97.0""#) && has(&hidden, ":-99}"));
        assert_eq!(reveal(&hidden, b"id", &run()), payload.as_bytes());
        assert_ne!(hidden, hide(payload.as_bytes(), b"di"), "equal texts of two events are not recognized");
    }
}

#[test]
fn what_no_schema_accepts_is_a_mark_that_none_accepts() {
    let run = run();
    let good = payload("build");
    assert!(run.check(good.as_bytes()).is_ok());
    let long = "9".repeat(19);
    for (from, to, fault) in [
        ("build", "xyz", Fault::NotAWord { bytes: 0 }),
        ("build", "build\\u0020", Fault::Escape),
        (":true", ": true", Fault::WhiteSpace),
        ("-99}", "-99\t}", Fault::WhiteSpace),
        ("-99", "-99.0", Fault::NumberForm),
        ("-99", "-0", Fault::NumberForm),
        ("-99", "9e1", Fault::NumberForm),
        ("-99", &long, Fault::OutOfBounds),
        ("\"wait\"", "\"weight\"", Fault::UnknownMember { bytes: 0 }),
        ("1.97.0", "1.097.0", Fault::NotAVersion { bytes: 0 }),
    ] {
        let payload = good.replace(from, to);
        let revealed = reveal(&hide(payload.as_bytes(), b"id"), b"id", &run);
        let (sent, waited) = (run.check(payload.as_bytes()).unwrap_err(), run.check(&revealed).unwrap_err());
        assert_eq!(std::mem::discriminant(&waited.fault), std::mem::discriminant(&fault), "{to}: {waited:?}");
        assert_eq!(std::mem::discriminant(&sent.fault), std::mem::discriminant(&fault), "{to}: {sent:?}");
        assert_eq!(sent.path, waited.path, "{to}");
    }
}

#[test]
fn what_the_schema_does_not_know_stays_hidden() {
    let payload = br#"{"by_hand":true,"secret":"hunter2","at":["192.168.0.7",1e3,123456789012345678901,"hunter2"]}"#;
    let hidden = hide(payload, b"id");
    for part in ["hunter2", "192", "1e3", "1234567890"] {
        assert!(!has(&hidden, part), "{part}");
    }
    let revealed = reveal(&hidden, b"id", &run());
    assert_eq!(str::from_utf8(&revealed), Ok(r#"{"by_hand":true,"":"","":["",0.0,1000000000000000000,""]}"#));
}

#[test]
fn a_text_that_comes_again_takes_three_bytes() {
    let once = hide(br#"["build"]"#, b"id").len();
    assert_eq!(hide(br#"["build","build"]"#, b"id").len(), once + 4);
    let many: Vec<String> = (0..70_000).map(|number| format!("\"a{number}\"")).collect();
    let payload = format!("[{},\"a69999\",\"build\"]", many.join(","));
    let revealed = reveal(&hide(payload.as_bytes(), b"id"), b"id", &run());
    assert_eq!(revealed.len(), "[]".len() + 70_002 * 3 - 1 + "build".len());
}

#[test]
fn a_damaged_row_is_no_event() {
    let run = run();
    let hidden = hide(payload("build").as_bytes(), b"id");
    for end in 0..hidden.len() {
        assert!(run.check(&reveal(&hidden[..end], b"id", &run)).is_err(), "{end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    /// Whatever the bytes are, no letter of theirs is left. Those of the marks and of the hashes are not in the pieces.
    #[test]
    fn nothing_but_structure_literals_numbers_and_versions_is_left(
        pieces in proptest::collection::vec(
            prop_oneof![
                prop::sample::select(vec!["{", "}", "[", "]", ",", ":", "\"", "\\", "true", "null", " ", "-7", "1.2.3"])
                    .prop_map(str::to_owned),
                "(SECRET){1,3}",
            ],
            0..30,
        ),
    ) {
        let hidden = hide(pieces.concat().as_bytes(), b"id");
        prop_assert!(!has(&hidden, "SECRET"), "{:?}", hidden);
    }
}
