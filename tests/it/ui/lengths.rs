//! How long the messages are: ten lines a mistake, apart from those in a table that may only get shorter.

use std::collections::BTreeMap;
use std::fs;

use super::files;

/// Lines that are not empty, for each error.
const LINES: usize = 10;

/// What is allowed beyond that: in each topic, the number of messages that are longer, and the lines that they have too many.
const LONGER: [(&str, usize, usize); 7] = [
    ("app", 0, 0),
    ("attack", 9, 26),
    ("attribute", 8, 31),
    ("container", 5, 79),
    ("guarantee", 29, 236),
    ("policy", 27, 171),
    ("schema", 3, 21),
];

/// The lines of the longest message of a single error.
const LONGEST: usize = 42;

/// How many messages show what the library is made of.
const INTERNALS: [(&str, usize); 4] = [
    // The traits of the advice, which have no implementations.
    ("NeedsPolicy`", 49),
    // Where the compiler lists implementations in place of an advice.
    ("is implemented for `", 8),
    ("in the macro `", 7),
    ("`telemetry::__private::", 84),
];

/// The lines of a message, and the errors in it.
fn size(message: &str) -> (usize, usize) {
    let lines = message.lines().filter(|line| !line.trim().is_empty()).count();
    (lines, message.lines().filter(|line| line.starts_with("error")).count())
}

/// Compares exactly, so that what gets shorter lowers the table, and cannot get longer again.
#[track_caller]
fn compare(what: &str, found: usize, allowed: usize) {
    assert!(found <= allowed, "{what}: {found}, and {allowed} are allowed: shorten the messages in tests/ui that grew");
    assert!(found == allowed, "{what}: {found}, and {allowed} are allowed: lower it in tests/it/ui/lengths.rs");
}

#[test]
fn a_mistake_takes_ten_lines() {
    let mut longer: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut longest = 0;
    for file in files("stderr") {
        let topic = file.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let (lines, errors) = size(&fs::read_to_string(&file).unwrap());
        let (files, beyond) = longer.entry(topic).or_default();
        let more = lines.saturating_sub(LINES * errors);
        *files += usize::from(more > 0);
        *beyond += more;
        if errors == 1 {
            longest = longest.max(lines);
        }
    }
    assert!(longer.keys().eq(LONGER.map(|(topic, ..)| topic).iter()), "{longer:?}");
    for (topic, allowed_files, allowed_lines) in LONGER {
        let (files, lines) = longer[topic];
        compare(&format!("lines beyond {LINES} for an error, in all of {topic}"), lines, allowed_lines);
        compare(&format!("messages of {topic} with more than {LINES} lines for an error"), files, allowed_files);
    }
    compare("the lines of the longest message", longest, LONGEST);
}

#[test]
fn few_messages_show_what_the_library_is_made_of() {
    let messages: Vec<String> = files("stderr").iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    for (internal, allowed) in INTERNALS {
        let found = messages.iter().filter(|message| message.contains(internal)).count();
        compare(&format!("messages with {internal}"), found, allowed);
    }
}

#[test]
fn blank_lines_do_not_count_and_each_error_does() {
    let message = "error: a\n --> b\n  |\n\nerror[E0277]: c\n  |\n  = note: no error\n";
    assert_eq!(size(message), (6, 2));
}
