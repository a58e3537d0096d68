//! Whatever the bytes are, the checker answers, soon and without a panic, and within the limits of nesting and length.

use proptest::collection::vec;
use proptest::prelude::*;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::check::{Fault, KnownSchema, LONGEST_PAYLOAD, envelope};

use super::shapes::{Enums, Nested, Shape, Tree};
use super::source::Source;
use super::variants::Keyed;

fn known<T: TelemetrySnapshot>() -> KnownSchema {
    KnownSchema::new("tested", "0.1.0", "2026-11-26", Released::of(&T::SCHEMA))
}

/// A chain of objects.
#[derive(TelemetrySnapshot)]
struct Chain {
    next: Option<Box<Chain>>,
}

/// A chain of lists.
#[derive(TelemetrySnapshot)]
struct Branches {
    #[telemetry(each(max = 1))]
    children: Vec<Branches>,
}

/// A chain of maps, whose entries the recorder does not count.
#[derive(TelemetrySnapshot)]
struct Named {
    #[telemetry(each(key = "id", one_of("x")))]
    named: std::collections::BTreeMap<String, Named>,
}

fn chain(depth: u32) -> Chain {
    Chain { next: (depth > 0).then(|| Box::new(chain(depth - 1))) }
}

fn branches(depth: u32) -> Branches {
    Branches { children: if depth > 0 { vec![branches(depth - 1)] } else { Vec::new() } }
}

fn named(depth: u32) -> Named {
    let deeper = (depth > 0).then(|| ("x".to_owned(), named(depth - 1)));
    Named { named: deeper.into_iter().collect() }
}

/// The checker accepts the depths that the recorder records.
fn agrees<T: TelemetrySnapshot>(value: fn(u32) -> T, [open, inner, close]: [&str; 3]) {
    let known = known::<T>();
    let mut depths = 0;
    for depth in 0..40 {
        let mut payload = [&open.repeat(depth as usize), inner, &close.repeat(depth as usize)].concat();
        if !payload.starts_with('{') {
            payload = format!("{{{payload}}}");
        }
        let (snapshot, checked) = (telemetry::Snapshot::of(&value(depth)), known.check(payload.as_bytes()));
        if let Ok(snapshot) = &snapshot {
            assert_eq!(snapshot.as_json(), payload);
            depths += 1;
        }
        assert_eq!(checked.is_ok(), snapshot.is_ok(), "{depth}: {checked:?}");
    }
    assert!((7..40).contains(&depths), "{depths}");
}

#[test]
fn what_the_recorder_nests_is_accepted_and_nothing_deeper() {
    agrees(chain, ["{\"next\":", "{}", "}"]);
    agrees(branches, ["{\"children\":[", "{\"children\":[]}", "]}"]);
    agrees(named, ["\"named\":[{\"id\":\"x\",", "\"named\":[]", "}]"]);
}

#[test]
fn a_payload_is_as_long_as_a_recorder_and_the_context_can_make_it() {
    let known = known::<Branches>();
    let long = [&b"{\"children\":["[..], &b" ".repeat(LONGEST_PAYLOAD)].concat();
    let fault = known.check(&long).unwrap_err().fault;
    assert_eq!(fault, Fault::TooLong { bytes: long.len() });
    assert_eq!(known.check(&long[..LONGEST_PAYLOAD]).unwrap_err().fault, Fault::Malformed);
    assert_eq!(envelope::well_formed(&long).unwrap_err().fault, Fault::TooLong { bytes: long.len() });
}

/// Variants that begin alike and contain each other.
#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
#[expect(dead_code, reason = "its schema is all that is needed")]
enum Alike {
    One { x: Option<Box<Alike>>, a: bool },
    Two { x: Option<Box<Alike>>, y: Option<Box<Alike>>, b: bool },
    Three { x: Option<Box<Alike>>, y: Option<Box<Alike>>, z: Option<Box<Alike>> },
    Four { x: Option<Box<Alike>>, y: Option<Box<Alike>>, z: bool },
}

#[derive(TelemetrySnapshot)]
struct Trial {
    of: Alike,
}

/// Every one of the variants fails at its end, at each level.
fn trials(depth: u32, end: &str) -> String {
    if depth == 0 {
        return end.to_owned();
    }
    let below = trials(depth - 1, end);
    format!("{{\"x\":{below},\"y\":{below},\"z\":{below}}}")
}

#[test]
fn variants_that_begin_alike_take_no_more_time_when_they_are_nested() {
    let known = known::<Trial>();
    let payload = |depth, end| format!("{{\"of\":{}}}", trials(depth, end));
    assert!(known.check(payload(3, "{\"x\":{},\"y\":{\"b\":true},\"z\":false}").as_bytes()).is_ok());
    // Without remembering what was tried, this takes minutes.
    for depth in 1..8 {
        let payload = payload(depth, "{\"x\":{},\"q\":1}");
        assert_eq!(known.check(payload.as_bytes()).unwrap_err().path, "of");
    }
    let deep = [&"{\"x\":".repeat(14), "1", &"}".repeat(14)].concat();
    assert!(known.check(format!("{{\"of\":{deep}}}").as_bytes()).is_err());
}

/// Pieces of payloads, from which something like one is made.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"{"[..],
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"",
        b"\"label\":",
        b"\"left\":",
        b"\"children\":",
        b"\"named\":",
        b"\"id\":",
        b"\"x\"",
        b"true",
        b"1",
        b"-",
        b"0",
        b"\\",
        b"\0",
        b"\xff",
        b" ",
        b"null",
        b"{\"label\":true,\"children\":[],\"named\":[]}",
        b"{\"label\":true,\"children\":[",
        b"],\"named\":[]}",
    ]);
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn snapshot<T: Shape>(visible: &[u32]) -> Vec<u8> {
    let hidden = ["canary".to_owned()];
    telemetry::testing::snapshot(&T::from_source(&Source::new(visible, &hidden))).as_json().to_owned().into_bytes()
}

/// A change of some bytes.
fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    vec((any::<prop::sample::Index>(), 0..4_u8, any::<u8>()), 1..4)
}

fn edit(bytes: &mut Vec<u8>, edits: &[(prop::sample::Index, u8, u8)]) {
    for (at, how, byte) in edits {
        let at = at.index(bytes.len().max(1));
        match how {
            _ if bytes.is_empty() => bytes.push(*byte),
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        let _ = known::<Tree>().check(&bytes);
        let _ = (envelope::single(&bytes), envelope::line(&bytes), envelope::deletion(&bytes), envelope::well_formed(&bytes));
    }

    #[test]
    fn what_is_nearly_a_payload_is_answered(bytes in nearly()) {
        if known::<Tree>().check(&bytes).is_ok() {
            prop_assert!(envelope::well_formed(&bytes).is_ok());
        }
    }

    #[test]
    fn an_edited_payload_is_answered(visible in vec(any::<u32>(), 1..24), edits in edits()) {
        for (known, mut bytes) in [
            (known::<Enums>(), snapshot::<Enums>(&visible)),
            (known::<Keyed>(), snapshot::<Keyed>(&visible)),
            (known::<Nested>(), snapshot::<Nested>(&visible)),
        ] {
            edit(&mut bytes, &edits);
            if known.check(&bytes).is_ok() {
                prop_assert!(envelope::well_formed(&bytes).is_ok());
            }
        }
    }

    #[test]
    fn an_edited_line_is_answered(edits in edits()) {
        let mut line = super::envelope::LINE.as_bytes().to_vec();
        edit(&mut line, &edits);
        if let Ok(read) = envelope::line(&line) {
            prop_assert!(line.get(read.event.payload).is_some());
        }
    }
}
