//! Whether the documents agree with the code.

use std::fs;
use std::path::PathBuf;

use crate::workspace::{manifest, root};

const DOCUMENTS: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "telemetry-collector/README.md",
    "telemetry-collector/docs/scale.md",
    "tests/bench/README.md",
];

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The first code block of a language.
pub(crate) fn block<'a>(document: &'a str, language: &str) -> &'a str {
    let fence = format!("\n```{language}\n");
    let (_, rest) = document.split_once(&fence).unwrap_or_else(|| panic!("no block of {language}"));
    rest.split_once("```").unwrap().0
}

#[test]
fn the_first_example_has_at_most_20_lines() {
    let readme = read("README.md");
    let lines = block(&readme, "rust").lines().count();
    assert!((10..=20).contains(&lines), "{lines} lines");
}

/// The README omits some lines of the error but changes none.
#[test]
fn the_readme_shows_an_error_of_the_compiler() {
    let readme = read("README.md");
    let stderr = read("tests/ui/policy/text_in_option.stderr").replace("ui/policy/text_in_option.rs", "src/config.rs");
    let mut lines = stderr.lines();
    for shown in block(&readme, "text").lines() {
        assert!(lines.any(|line| line == shown), "the compiler does not print, in this order: {shown}");
    }
}

#[test]
fn the_readme_tells_the_versions_of_the_manifest() {
    let readme = read("README.md");
    let package = &manifest(&root())["workspace"]["package"];
    let (minor, _) = package["version"].as_str().unwrap().rsplit_once('.').unwrap();
    let dependency = block(&readme, "toml\n[dependencies]");
    assert!(dependency.contains(&format!("version = \"{minor}\"")), "{dependency}");
    let rust = package["rust-version"].as_str().unwrap();
    assert!(readme.contains(&format!("minimum supported Rust version is {rust}.")), "{rust}");
}

#[test]
fn every_link_between_documents_leads_to_a_file() {
    for document in DOCUMENTS {
        let text = read(document);
        let mut links = 0;
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let (target, _) = rest.split_once(')').unwrap();
            let path = target.split('#').next().unwrap();
            if path.is_empty() || path.contains("://") {
                continue;
            }
            let file = root().join(document).parent().map(PathBuf::from).unwrap().join(path);
            assert!(file.exists(), "{document} links to {path}");
            links += 1;
        }
        println!("{document}: {links} links");
    }
}

#[test]
fn the_architecture_names_every_package() {
    let text = read("ARCHITECTURE.md");
    for member in manifest(&root())["workspace"]["members"].as_array().unwrap() {
        let member = member.as_str().unwrap();
        let is_named = member.starts_with("examples/") || text.contains(&format!("`{member}/`"));
        assert!(is_named, "ARCHITECTURE.md does not name {member}/");
    }
}

/// Compares the table in the crate's documentation with the manifest.
#[test]
fn every_feature_is_described() {
    let documentation = read("telemetry/src/lib.rs");
    let manifest = manifest(&root().join("telemetry"));
    let features = manifest["features"].as_table().unwrap();
    let default = features["default"].as_array().unwrap();
    for feature in features.keys().filter(|name| *name != "default") {
        let is_default = default.iter().any(|name| name.as_str() == Some(feature));
        let rows = documentation.lines().filter_map(|line| line.strip_prefix("//! | ")?.split_once(" | "));
        let mut row = rows.filter(|(names, _)| names.contains(&format!("`{feature}`")));
        let (_, rest) = row.next().unwrap_or_else(|| panic!("`{feature}` is not in the table of features"));
        assert_eq!(rest.starts_with("yes |"), is_default, "`{feature}`: {rest}");
    }
}

/// A path is a code span with a slash and without other punctuation.
#[test]
fn every_path_in_the_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let spans = text.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        span.contains('/') && span.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter))
    };
    let paths: Vec<&str> = spans.filter(is_path).collect();
    assert!(paths.len() > 40, "only {} paths were found", paths.len());
    let missing: Vec<&str> = paths.into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what does not exist: {missing:?}");
}

#[test]
fn the_architecture_lists_the_floors() {
    let text = read("ARCHITECTURE.md");
    let rows: Vec<String> = crate::layers::FLOORS
        .iter()
        .map(|floor| floor.iter().map(|module| format!("`{module}`")).collect::<Vec<_>>().join(", "))
        .map(|modules| format!("| {modules} |\n"))
        .collect();
    assert!(text.contains(&rows.concat()), "ARCHITECTURE.md does not list these floors:\n{}", rows.concat());
}
