//! Configurations, and a command line, as large as real ones. What they cost their authors is counted.

#![allow(dead_code, reason = "a skipped field is never read")]

mod command_line;
mod editor;
mod node;
mod server;

use telemetry::{Snapshot, TelemetrySnapshot};

/// What an author wrote beyond the types.
#[derive(Debug, PartialEq, Default)]
struct Cost {
    fields: usize,
    types: usize,
    attributes: usize,
    /// The lines of these attributes.
    lines: usize,
    /// The functions in them, behind `with`.
    functions: usize,
}

/// Four real configurations of these kinds, annotated for a review of this library when its derive knew neither newtype variants under a tag,
/// nor names of serde and clap, nor closures, nor `presence` on every `Option`. The review did not count types and lines.
const BEFORE: Cost = Cost { fields: 385, types: 0, attributes: 247, lines: 0, functions: 43 };

/// The same kinds as types of our own wording, counted by [`cost`]. It is compared exactly, so that what falls cannot rise again.
const NOW: [(&str, Cost); 4] = [
    ("command_line.rs", Cost { fields: 62, types: 20, attributes: 27, lines: 27, functions: 0 }),
    ("server.rs", Cost { fields: 40, types: 14, attributes: 20, lines: 20, functions: 0 }),
    ("node.rs", Cost { fields: 150, types: 41, attributes: 44, lines: 44, functions: 1 }),
    ("editor.rs", Cost { fields: 154, types: 43, attributes: 39, lines: 39, functions: 1 }),
];

/// The most attributes and functions for all four.
const MOST: (usize, usize) = (130, 6);

/// Counts what is written up to the tests of a file.
fn cost(source: &str) -> Cost {
    let mut cost = Cost::default();
    let (mut is_derived, mut is_inside, mut is_open) = (false, false, false);
    for line in source.lines().take_while(|line| *line != "#[test]") {
        let item = line.trim_start();
        let attributes = line.matches("#[telemetry(").count();
        let is_within = attributes > 0 || is_open;
        cost.attributes += attributes;
        cost.lines += usize::from(is_within);
        cost.functions += if is_within { line.matches("with = ").count() } else { 0 };
        is_open = is_within && !line.contains(")]");
        if is_within {
            continue;
        }
        if line.starts_with("#[derive(") {
            is_derived = line.contains("TelemetrySnapshot");
        } else if line.ends_with('{') && (line.contains("struct ") || line.contains("enum ")) {
            is_inside = is_derived;
            cost.types += usize::from(is_derived);
        } else if line == "}" {
            (is_inside, is_derived) = (false, false);
        } else if is_inside && item.ends_with(',') && item.contains(": ") {
            cost.fields += 1;
        }
    }
    cost
}

#[test]
fn what_is_as_large_as_the_real_takes_few_attributes() {
    let found = [
        ("command_line.rs", cost(include_str!("command_line.rs"))),
        ("server.rs", cost(include_str!("server.rs"))),
        ("node.rs", cost(include_str!("node.rs"))),
        ("editor.rs", cost(include_str!("editor.rs"))),
    ];
    assert_eq!(found, NOW, "write into NOW what fell; what rose costs every author");
    let [command_line, server, node, editor] = &NOW.map(|(_, cost)| cost);
    assert!(command_line.fields >= 60 && server.fields >= 40);
    assert!(node.fields >= 136 && node.types >= 41);
    assert!(editor.fields >= 149 && editor.types >= 43);
    let sum = |count: fn(&Cost) -> usize| NOW.iter().map(|(_, cost)| count(cost)).sum::<usize>();
    assert!(sum(|cost| cost.fields) >= BEFORE.fields);
    let (attributes, functions) = (sum(|cost| cost.attributes), sum(|cost| cost.functions));
    const { assert!(MOST.0 < BEFORE.attributes && MOST.1 < BEFORE.functions) };
    assert!(attributes <= MOST.0 && functions <= MOST.1, "{attributes} {functions}");
}

#[test]
fn an_attribute_of_several_lines_counts_each_of_them() {
    let source = "#[derive(TelemetrySnapshot)]\n#[telemetry(tag = \"type\")]\nstruct A {\n    #[telemetry(\n        number(max = 9),\n        \
                  with = size\n    )]\n    a: u8,\n    b: bool,\n    #[arg(conflicts_with = \"c\")]\n    c: bool,\n}\n#[test]\nfn with = x";
    assert_eq!(cost(source), Cost { fields: 3, types: 1, attributes: 2, lines: 5, functions: 1 });
}

fn json<T: TelemetrySnapshot>(value: &T) -> serde_json::Value {
    let taken = Snapshot::of(value).unwrap();
    let validator = jsonschema::validator_for(&T::SCHEMA.to_json_schema()).unwrap();
    assert!(validator.is_valid(&taken.to_value()), "{taken:#}");
    taken.to_value()
}
