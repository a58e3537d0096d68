//! Configurations as large as real ones. What they cost their authors is counted.

mod editor;
mod node;

/// What an author wrote beyond the types.
#[derive(Debug, PartialEq, Default)]
struct Cost {
    fields: usize,
    types: usize,
    /// On fields, and on containers beyond the names that serde's attributes state already.
    attributes: usize,
    functions: usize,
}

/// Counts what is written up to the tests of a file.
fn cost(source: &str) -> Cost {
    let mut cost = Cost::default();
    let (mut is_derived, mut is_inside) = (false, false);
    for line in source.lines().take_while(|line| *line != "#[test]") {
        let item = line.trim_start();
        if line.starts_with("#[derive(") {
            is_derived = line.contains("TelemetrySnapshot");
        } else if line.ends_with('{') && (line.contains("struct ") || line.contains("enum ")) {
            is_inside = is_derived;
            cost.types += usize::from(is_derived);
        } else if line == "}" {
            (is_inside, is_derived) = (false, false);
        } else if item.starts_with("#[telemetry(") {
            // To be taken from serde's attributes, which say the same.
            let repeats = line == r#"#[telemetry(rename_all = "camelCase")]"#;
            cost.attributes += usize::from(!repeats);
            cost.functions += usize::from(line.contains("with = "));
        } else if is_inside && item.ends_with(',') && item.contains(": ") {
            cost.fields += 1;
        }
    }
    cost
}

#[test]
fn a_real_configuration_takes_few_attributes() {
    let node = cost(include_str!("node.rs"));
    let editor = cost(include_str!("editor.rs"));
    assert!(node.fields >= 136 && node.types >= 41, "{node:?}");
    assert!(editor.fields >= 149 && editor.types >= 43, "{editor:?}");
    assert!(node.attributes + editor.attributes <= 105, "{node:?} {editor:?}");
    assert!(node.functions + editor.functions <= 2, "{node:?} {editor:?}");
}
