//! Writes a module in which each advice of the compiler is followed, on each type that it is given for.
//!
//! It is made from the table in `telemetry/src/snapshot/advice.rs`, so a new advice is tested by itself. For the notes of the policies and the
//! messages of the derive, `rows.rs` says on what they are followed; an advice without a row fails, as does a row without its advice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "that is how a build script fails")]

mod rows;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rows::{Follow, ROWS, Row};

/// The table of advice.
const TABLE: &str = include_str!("../../telemetry/src/snapshot/advice.rs");
/// That for counters.
const COUNTERS: &str = include_str!("../../telemetry/src/counters/advice.rs");
/// The advice for lists of bytes and characters.
const CHECKS: &str = include_str!("../../telemetry/src/schema/check.rs");
/// The advice for types that the library does not know.
const UNKNOWN: &str = include_str!("../../telemetry/src/snapshot/mod.rs");

/// An attribute that a note shows, and whether it is meant for an `Option` of the type, or for types of numbers alone.
#[derive(Debug, PartialEq)]
struct Attribute {
    text: String,
    is_of_option: bool,
    is_of_numbers: bool,
}

impl Attribute {
    fn is_for(&self, ty: &str) -> bool {
        !self.is_of_numbers || ty.contains("<u32>")
    }
}

/// The attributes in a note: its code, apart from `Option` itself.
fn attributes(note: &str) -> Vec<Attribute> {
    let parts: Vec<&str> = note.split('`').collect();
    let mut found = Vec::new();
    for (at, text) in parts.iter().enumerate().filter(|(at, text)| at % 2 == 1 && **text != "Option") {
        let text = text.strip_prefix("#[telemetry(").and_then(|text| text.strip_suffix(")]")).unwrap_or(text);
        let is_of_option = parts[at + 1] == " on an " && parts.get(at + 2) == Some(&"Option");
        let is_of_numbers = parts[at + 1].starts_with(" of numbers");
        found.push(Attribute { text: text.to_owned(), is_of_option, is_of_numbers });
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
    [TABLE, COUNTERS]
        .iter()
        .flat_map(|table| table.split("\nadvice!(\n").skip(1))
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
    let lines = TABLE.lines().chain(COUNTERS.lines());
    for row in lines.filter_map(|line| line.strip_prefix("never!(")?.strip_suffix(");")) {
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
        let followed = attributes(note).into_iter().filter(|attribute| attribute.is_for(&ty));
        cases.extend(followed.map(|attribute| (ty.clone(), attribute)));
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

/// The directories and files whose notes are followed as `rows.rs` says.
const NOTES: [&str; 3] = ["snapshot/policy", "schema/bound.rs", "snapshot/event.rs"];
/// Those of the derive, all of whose texts are followed.
const DERIVE: [&str; 4] = ["check", "parse", "policies", "shape"];

/// Each advice in the notes and messages, with its file as it stands in a row.
fn advised() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for file in NOTES.iter().flat_map(|path| sources(&telemetry().join(path))) {
        let parts: Vec<_> = file.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        let source = source(&file);
        for note in source.split("note = ").skip(1).filter_map(|rest| literals(rest).into_iter().next()) {
            found.extend(code(&note).into_iter().map(|advice| (format!("{}/{}", parts[1], parts[0]), advice)));
        }
    }
    for file in DERIVE.iter().flat_map(|path| sources(&derive().join(path))) {
        for literal in literals(&source(&file)) {
            found.extend(code(&literal).into_iter().map(|advice| ("derive".to_owned(), advice)));
        }
    }
    // A text of one name or word, which the error puts in.
    found.retain(|(_, advice)| !(advice.starts_with('{') && advice.ends_with('}')));
    found
}

fn telemetry() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../telemetry/src")
}

fn derive() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../telemetry-derive/src")
}

/// The file, or all files of the directory.
fn sources(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![path.to_owned()];
    }
    let files = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The code of a file, without comments and tests.
fn source(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The texts in code.
fn literals(code: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), code);
    while let Some(at) = rest.find('"') {
        // `'"'` is a character.
        if rest[..at].ends_with('\'') && rest[at + 1..].starts_with('\'') {
            rest = &rest[at + 2..];
            continue;
        }
        let text = &rest[at + 1..];
        let mut escaped = false;
        let end = text.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        let end = end.unwrap();
        found.push(unescaped(&text[..end]));
        rest = &text[end + 1..];
    }
    found
}

/// The code in a text.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a text is what an advice says, with something in place of what is left open.
fn follows(text: &str, advice: &str) -> bool {
    let advice = advice.replace("path", "...").replace("Type", "...").replace('…', "...");
    let (mut parts, mut rest) = (Vec::new(), advice.as_str());
    while let Some(open) = rest.find('{') {
        let Some(close) = rest[open..].find('}') else { break };
        parts.push(&rest[..open]);
        rest = &rest[open + close + 1..];
    }
    parts.push(rest);
    let mut at = 0;
    parts.iter().flat_map(|part| part.split("...")).all(|part| match text[at..].find(part) {
        Some(found) => {
            at += found + part.len();
            true
        }
        None => false,
    })
}

/// The attribute in an advice.
fn attribute(advice: &str) -> &str {
    advice.strip_prefix("#[telemetry(").and_then(|text| text.strip_suffix(")]")).unwrap_or(advice)
}

/// What follows the advice of a row, item by item.
fn items(&(file, advice, follow): &Row) -> Vec<String> {
    let field = |text: &str, ty: &str| {
        assert!(follows(text, attribute(advice)), "{file}: `{text}` does not follow `{advice}`");
        let default = if text.starts_with("changed") { "Default, " } else { "" };
        format!(
            "#[derive({default}TelemetrySnapshot)]\nstruct Options {{\n    #[telemetry({text})]\n    value: {ty},\n    other: bool,\n}}"
        )
    };
    match follow {
        Follow::Fields(types) => types.iter().map(|ty| field(attribute(advice), ty)).collect(),
        Follow::Written(all) => all.iter().map(|(text, ty)| field(text, ty)).collect(),
        Follow::Item(item) => {
            assert!(follows(item, advice), "{file}: this does not follow `{advice}`:\n{item}");
            vec![item.to_owned()]
        }
        Follow::Word => Vec::new(),
    }
}

/// A program that follows each advice.
fn program() -> String {
    let imports = TABLE.split_once("\nuse std::").unwrap().1.split_once("\nuse super::").unwrap().0;
    let mut program = format!(
        "use std::{imports}\nuse telemetry::TelemetrySnapshot;\n\n\
         {GIVEN}",
    );
    for (at, (ty, Attribute { text, is_of_option, .. })) in cases().iter().enumerate() {
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
    for (at, item) in ROWS.iter().flat_map(items).enumerate() {
        write!(program, "\nmod row_{at} {{\n    use super::*;\n\n{item}\n}}\n").unwrap();
    }
    program
}

/// What the items name.
const GIVEN: &str = r#"
use std::collections::{BTreeMap, HashMap, HashSet};
use telemetry::TelemetryEvent;
use telemetry::counters::{Counter, Gauge};
use telemetry::schema::{Edges, Words};

pub const SIZES: Edges = Edges::new(&[10, 100]);
pub const LIMIT: u32 = 100;
pub const DEFAULT_PORT: u16 = 8080;
pub const PROVIDERS: Words = Words::new(&["google"]);
pub type Port = u16;

#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign;

impl Foreign {
    fn size(&self) -> u32 {
        3
    }

    fn age(&self) -> Duration {
        Duration::ZERO
    }

    fn many(&self) -> usize {
        3
    }

    fn name(&self) -> &str {
        ""
    }
}

fn by_name<K>(map: &BTreeMap<K, bool>) -> BTreeMap<&'static str, bool> {
    map.values().map(|value| ("", *value)).collect()
}

#[derive(TelemetrySnapshot, PartialEq, Eq, Hash)]
pub struct View {
    on: bool,
}

impl View {
    fn of<T: ?Sized>(_: &T) -> Self {
        Self { on: true }
    }
}
"#;

/// Without this, a table in another form would be a table without advice.
fn check() {
    let (cases, notes, types) = (cases(), notes(), types());
    assert_eq!(notes.len(), [TABLE, COUNTERS].map(|table| table.matches("\nadvice!(\n").count()).iter().sum());
    assert!(types.len() > 60 && cases.len() > 180, "{} types, {} cases", types.len(), cases.len());
    for (name, note) in notes {
        assert!(attributes(&note).iter().any(|attribute| attribute.text == "skip"), "{name}: {note}");
        assert!(types.iter().any(|(of, _)| *of == name), "{name} is given for no type");
    }
    let (advised, rows): (_, BTreeSet<_>) =
        (advised(), ROWS.iter().map(|(file, advice, _)| ((*file).to_owned(), (*advice).to_owned())).collect());
    let forgotten: Vec<_> = advised.difference(&rows).collect();
    assert!(forgotten.is_empty(), "say in tests/advice/rows.rs how to follow {forgotten:#?}");
    let unknown: Vec<_> = rows.difference(&advised).collect();
    assert!(unknown.is_empty(), "no message says {unknown:#?}: take it out of tests/advice/rows.rs");
    assert_eq!(rows.len(), ROWS.len(), "an advice stands twice in tests/advice/rows.rs");
    assert!(follows("number(max = 9), with = a::b", "number(...), with = path") && !follows("a", "b"));
    assert!(follows("count(max = 100)", "{name} = 100") && !follows("count(max = 10)", "{name} = 100"));
    let note = "`#[telemetry(one_of(\"a\"))]` sends a word; `presence` on an `Option` sends whether it is set; `count` of numbers counts";
    let attribute =
        |text: &str, is_of_option, is_of_numbers| Attribute { text: text.to_owned(), is_of_option, is_of_numbers };
    let expected =
        [attribute("one_of(\"a\")", false, false), attribute("presence", true, false), attribute("count", false, true)];
    assert_eq!(attributes(note), expected);
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rows.rs");
    for file in ["counters/advice.rs", "snapshot/advice.rs", "snapshot/mod.rs", "schema/check.rs"].iter().chain(&NOTES)
    {
        println!("cargo::rerun-if-changed={}", telemetry().join(file).display());
    }
    for directory in DERIVE {
        println!("cargo::rerun-if-changed={}", derive().join(directory).display());
    }
    check();
    fs::write(Path::new(&env::var_os("OUT_DIR").unwrap()).join("followed.rs"), program()).unwrap();
}
