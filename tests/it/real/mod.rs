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
    functions: usize,
}

/// Counts what is written up to the tests of a file.
fn cost(source: &str) -> Cost {
    let mut cost = Cost::default();
    let (mut is_derived, mut is_inside) = (false, false);
    for line in source.lines().take_while(|line| *line != "#[test]") {
        let item = line.trim_start();
        let attributes = line.matches("#[telemetry(").count();
        cost.attributes += attributes;
        cost.functions += line.matches("with = ").count();
        if line.starts_with("#[derive(") {
            is_derived = line.contains("TelemetrySnapshot");
        } else if line.ends_with('{') && (line.contains("struct ") || line.contains("enum ")) {
            is_inside = is_derived;
            cost.types += usize::from(is_derived);
        } else if line == "}" {
            (is_inside, is_derived) = (false, false);
        } else if is_inside && attributes == 0 && item.ends_with(',') && item.contains(": ") {
            cost.fields += 1;
        }
    }
    cost
}

#[test]
fn what_is_as_large_as_the_real_takes_few_attributes() {
    let node = cost(include_str!("node.rs"));
    let editor = cost(include_str!("editor.rs"));
    let command_line = cost(include_str!("command_line.rs"));
    let server = cost(include_str!("server.rs"));
    let all = [&node, &editor, &command_line, &server];
    assert!(node.fields >= 136 && node.types >= 41, "{node:?}");
    assert!(editor.fields >= 149 && editor.types >= 43, "{editor:?}");
    assert!(command_line.fields >= 60 && server.fields >= 40, "{command_line:?} {server:?}");
    let sum = |count: fn(&Cost) -> usize| all.iter().map(|cost| count(cost)).sum::<usize>();
    let (attributes, functions) = (sum(|cost| cost.attributes), sum(|cost| cost.functions));
    assert!(attributes <= 130 && functions <= 6, "{attributes} {functions}: {all:?}");
}

fn json<T: TelemetrySnapshot>(value: &T) -> serde_json::Value {
    let taken = Snapshot::of(value).unwrap();
    let validator = jsonschema::validator_for(&T::SCHEMA.to_json_schema()).unwrap();
    assert!(validator.is_valid(&taken.to_value()), "{taken:#}");
    taken.to_value()
}
