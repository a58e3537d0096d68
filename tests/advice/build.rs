//! Writes a module in which each advice of the compiler is followed, on each type that it is given for.
//!
//! It is made from the table in `telemetry/src/snapshot/advice.rs`, so a new advice is tested by itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a build script fails")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

/// The table of advice.
const TABLE: &str = include_str!("../../telemetry/src/snapshot/advice.rs");
/// The advice for lists of bytes and characters.
const CHECKS: &str = include_str!("../../telemetry/src/schema/check.rs");
/// The advice for types that the library does not know.
const UNKNOWN: &str = include_str!("../../telemetry/src/snapshot/mod.rs");

/// An attribute that a note shows, and whether it is meant for an `Option` of the type.
#[derive(Debug, PartialEq)]
struct Attribute {
    text: String,
    is_of_option: bool,
}

/// The attributes in a note: its code, apart from `Option` itself.
fn attributes(note: &str) -> Vec<Attribute> {
    let parts: Vec<&str> = note.split('`').collect();
    let mut found = Vec::new();
    for (at, text) in parts.iter().enumerate().filter(|(at, text)| at % 2 == 1 && **text != "Option") {
        let text = text.strip_prefix("#[telemetry(").and_then(|text| text.strip_suffix(")]")).unwrap_or(text);
        let is_of_option = parts[at + 1] == " on an " && parts.get(at + 2) == Some(&"Option");
        found.push(Attribute { text: text.to_owned(), is_of_option });
    }
    found
}

/// The text of a literal, whose lines may be continued.
fn unescaped(literal: &str) -> String {
    let joined: Vec<&str> =
        literal.split("\\\n").enumerate().map(|(at, line)| if at == 0 { line } else { line.trim_start() }).collect();
    joined.concat().replace("\\\"", "\"")
}

/// The note of each advice, by the name of its trait.
fn notes() -> Vec<(String, String)> {
    TABLE
        .split("\nadvice!(\n")
        .skip(1)
        .map(|advice| {
            let advice = advice.split_once("\n);").unwrap().0;
            let (name, rest) = advice.trim_start().split_once(",\n").unwrap();
            // The message, the label, and the note, which may go on for several lines.
            let note = rest.splitn(3, ",\n").nth(2).unwrap().trim();
            (name.to_owned(), unescaped(note.strip_prefix('"').unwrap().strip_suffix('"').unwrap()))
        })
        .collect()
}

/// Each type without a default policy, or an example of it, with the name of the trait of its advice.
fn types() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for row in TABLE.lines().filter_map(|line| line.strip_prefix("never!(")?.strip_suffix(");")) {
        let (name, types) = match row.split_once(" for ") {
            Some((name, types)) => (name, types),
            None => (row.split_once(':').unwrap().0, row.split_once(", such as ").unwrap().1),
        };
        found.extend(types.split(", ").map(|ty| (name.to_owned(), ty.to_owned())));
    }
    found
}

/// All types with the attributes of their advice.
fn cases() -> Vec<(String, Attribute)> {
    let notes = notes();
    let mut cases = Vec::new();
    for (name, ty) in types() {
        let (_, note) = notes.iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("{name} has no note"));
        cases.extend(attributes(note).into_iter().map(|attribute| (ty.clone(), attribute)));
    }
    let text = CHECKS.split_once("const TEXT: &str = \"").unwrap().1.split_once("\";").unwrap().0;
    for ty in ["Vec<u8>", "Option<Vec<char>>", "&'static [u8]", "std::collections::VecDeque<i8>"] {
        cases.extend(attributes(&unescaped(text)).into_iter().map(|attribute| (ty.to_owned(), attribute)));
    }
    let unknown =
        UNKNOWN.split_once("note = \"for a type of another crate: ").unwrap().1.split_once("\"\n)]").unwrap().0;
    for ty in ["Foreign", "Box<dyn Fn()>", "fn(u8) -> u8"] {
        cases.extend(attributes(&unescaped(unknown)).into_iter().map(|attribute| (ty.to_owned(), attribute)));
    }
    cases
}

/// A program that follows each advice.
fn program() -> String {
    let imports = TABLE.split_once("\nuse std::").unwrap().1.split_once("\nuse super::").unwrap().0;
    let mut program = format!(
        "use std::{imports}\nuse telemetry::TelemetrySnapshot;\n\n\
         pub struct Foreign;\n\n#[derive(TelemetrySnapshot)]\npub struct View {{\n    on: bool,\n}}\n\n\
         impl View {{\n    fn of<T: ?Sized>(_: &T) -> Self {{\n        Self {{ on: true }}\n    }}\n}}\n",
    );
    for (at, (ty, Attribute { text, is_of_option })) in cases().iter().enumerate() {
        let ty = match ty.as_str() {
            "str" | "Path" | "OsStr" => format!("Box<{ty}>"),
            _ => ty.clone(),
        };
        let ty = if *is_of_option { format!("Option<{ty}>") } else { ty };
        let default = if text.starts_with("changed") { "Default, " } else { "" };
        write!(
            program,
            "\nmod case_{at} {{\n    use super::*;\n\n    #[derive({default}TelemetrySnapshot)]\n    struct Options {{\n        \
             #[telemetry({text})]\n        value: {ty},\n        other: bool,\n    }}\n}}\n"
        )
        .unwrap();
    }
    program
}

/// Without this, a table in another form would be a table without advice.
fn check() {
    let (cases, notes, types) = (cases(), notes(), types());
    assert_eq!(notes.len(), TABLE.matches("advice!(\n").count());
    assert!(types.len() > 60 && cases.len() > 180, "{} types, {} cases", types.len(), cases.len());
    for (name, note) in notes {
        assert!(attributes(&note).iter().any(|attribute| attribute.text == "skip"), "{name}: {note}");
        assert!(types.iter().any(|(of, _)| *of == name), "{name} is given for no type");
    }
    let note = "`#[telemetry(one_of(\"a\"))]` sends a word; `presence` on an `Option` sends whether it is set";
    let attribute = |text: &str, is_of_option| Attribute { text: text.to_owned(), is_of_option };
    assert_eq!(attributes(note), [attribute("one_of(\"a\")", false), attribute("presence", true)]);
}

fn main() {
    for file in ["snapshot/advice.rs", "snapshot/mod.rs", "schema/check.rs"] {
        println!("cargo::rerun-if-changed=../../telemetry/src/{file}");
    }
    check();
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("followed.rs"), program()).unwrap();
}
