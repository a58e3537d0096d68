use super::*;
use crate::consent::choice::{self, ENABLED};
use crate::consent::test_events::{build, check, narrower, other, scope, wider};

fn agreed(scopes: &[&[ScopedEvent]]) -> Covered {
    let mut covered = Covered::default();
    scopes.iter().for_each(|events| covered.add(&scope(events)));
    covered
}

/// The coverage as another process reads it.
fn read_back(covered: &Covered) -> Covered {
    let text = choice::yes(covered);
    assert_eq!(choice::covered(text.as_bytes()), *covered, "{text}");
    choice::covered(text.as_bytes())
}

#[test]
fn an_event_is_covered_if_it_can_send_nothing_beyond_what_was_agreed_to() {
    // What was agreed to, one yes after the other; the event; whether it is covered.
    for (name, yes, event, expected) in [
        ("the same", &[&[build()][..]][..], build(), true),
        ("narrowed", &[&[build()]], narrower(), true),
        ("widened", &[&[build()]], wider(), false),
        ("widened, and agreed to", &[&[build()], &[wider()]], wider(), true),
        ("a new event", &[&[build()]], check(), false),
        ("another event was removed", &[&[build(), check()], &[build()]], build(), true),
        ("the removed event comes back", &[&[build(), check()], &[build()]], check(), true),
        ("an older program after a yes in a newer one", &[&[wider()]], build(), true),
        ("an older program whose field the newer one lacks", &[&[other()]], build(), false),
        ("the same, after a yes in each", &[&[build()], &[other()]], build(), true),
        ("the newer of those", &[&[build()], &[other()]], other(), true),
        ("an older file", &[], build(), false),
    ] {
        assert_eq!(read_back(&agreed(yes)).covers(&event), expected, "{name}");
    }
}

#[test]
fn what_another_schema_contains_is_not_kept() {
    let kept = |scopes: &[&[ScopedEvent]]| agreed(scopes).entries().count();
    assert_eq!(kept(&[&[build()], &[build()]]), 1);
    assert_eq!(kept(&[&[build()], &[narrower()]]), 1);
    assert_eq!(kept(&[&[build()], &[wider()]]), 1);
    assert_eq!(kept(&[&[build()], &[other()], &[check()]]), 3);
}

#[test]
fn new_values_are_told_against_the_nearest_schema() {
    let covered = agreed(&[&[other()], &[build()]]);
    assert_eq!(covered.new_in(&check()), ["`by_hand` is new: yes or no; or left out."]);
    let new = covered.new_in(&wider());
    assert!(new[0].starts_with("`files` can send more") && new[1].starts_with("`offline` is new"), "{new:?}");
    assert_eq!(new.len(), 2, "{new:?}");
}

#[test]
fn a_part_that_is_torn_or_was_changed_covers_nothing() {
    let text = choice::yes(&agreed(&[&[build(), check()]]));
    let covers = |text: &str| [build(), check()].map(|event| choice::covered(text.as_bytes()).covers(&event));
    assert_eq!(covers(&text), [true, true]);
    let first_line = text.match_indices('\n').nth(1).unwrap().0 + 1;
    for length in (ENABLED.len()..text.len()).filter(|length| *length != first_line) {
        assert_eq!(covers(&text[..length]), [false, false], "{length}");
    }
    let hash = build().schema().hash();
    for (from, to) in [
        ("\"build\"", "\"bu ild\""),
        ("\"event\"", "\"name\""),
        (&*hash, &hash[1..]),
        (&hash, &hash.to_uppercase()),
        ("}\n{", "}\n\n{"),
        ("}\n{", "}\r\n\0{"),
        ("}\n{", "}{"),
    ] {
        assert_ne!(text.replacen(from, to, 1), text, "{from}");
        assert_eq!(covers(&text.replacen(from, to, 1)), [false, false], "{from} {to}");
    }
}

#[test]
fn a_schema_that_is_not_the_one_of_its_hash_covers_only_the_hash() {
    let text = choice::yes(&agreed(&[&[wider()]]));
    let (_, schema) = text.split_once("\"schema\":").unwrap();
    for changed in ["{}}\n", "null}\n", "[]}\n", &schema.replace("20", "21"), &schema.replace("offline", "onlyine")] {
        let text = text.replace(schema, changed);
        let covered = choice::covered(text.as_bytes());
        assert_eq!([wider(), build()].map(|event| covered.covers(&event)), [true, false], "{text}");
    }
}

/// A later version of this crate may write more.
#[test]
fn what_a_later_version_wrote_stays_as_it_is() {
    let hash = "0".repeat(64);
    let later = format!("{ENABLED}{{\"event\":\"later\",\"hash\":\"{hash}\",\"schema\":{{\"form\":2}},\"more\":1}}\n");
    let mut covered = choice::covered(later.as_bytes());
    covered.add(&scope(&[build()]));
    assert!(choice::yes(&covered).starts_with(&later));
    assert!(read_back(&covered).covers(&build()));
}

#[test]
fn a_part_that_is_too_large_covers_nothing() {
    let line = format!("{{\"event\":\"build\",\"hash\":\"{}\"}}\n", build().schema().hash());
    let fits = (CHOICE_BYTES - ENABLED.len()) / line.len();
    let covers = |lines| choice::covered((ENABLED.to_owned() + &line.repeat(lines)).as_bytes()).covers(&build());
    assert!(covers(fits));
    assert!(!covers(fits + 1));
}

#[test]
fn the_limit_of_the_file_is_kept_and_what_was_asked_for_is_covered() {
    let old = format!("{{\"event\":\"old\",\"hash\":\"{}\"}}", "0".repeat(64));
    let mut covered = Covered { lines: vec![Line::parse(&old).unwrap(); CHOICE_BYTES / (old.len() + 1)] };
    covered.add(&scope(&[build(), check()]));
    assert!(choice::yes(&covered).len() <= CHOICE_BYTES);
    let covered = read_back(&covered);
    assert!(covered.covers(&build()) && covered.covers(&check()) && covered.entries().count() > 1_000);
}

#[test]
fn of_many_schemas_of_one_event_the_oldest_are_dropped() {
    let line = |number: usize| format!("{{\"event\":\"build\",\"hash\":\"{number:064}\"}}");
    let mut covered = Covered { lines: (0..40).map(|number| Line::parse(&line(number)).unwrap()).collect() };
    covered.lines.push(Line::parse(&line(7).replace("build", "check")).unwrap());
    covered.add(&scope(&[build()]));
    let kept: Vec<_> = covered.entries().collect();
    assert_eq!(kept.iter().filter(|(event, _)| *event == "build").count(), SCHEMAS_OF_AN_EVENT);
    assert_eq!(kept[0].1, format!("{:064}", 40 + 1 - SCHEMAS_OF_AN_EVENT));
    assert_eq!(kept.iter().filter(|(event, _)| *event == "check").count(), 1);
    assert!(covered.covers(&build()));
}
