//! What must hold for the manifests and files of the repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn manifest(path: &Path) -> toml::Table {
    fs::read_to_string(path.join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Features add up over a whole program: those that add variants to serde_json's serializer double what serde's derive makes of an
/// author's own types.
#[test]
fn the_core_asks_for_no_more_of_serde_json_than_std() {
    let features = |dependencies: &toml::Value| {
        let features = dependencies["serde_json"].get("features").and_then(toml::Value::as_array);
        features.into_iter().flatten().map(|feature| feature.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (workspace, core) = (manifest(&root()), manifest(&root().join("telemetry")));
    assert_eq!(features(&workspace["workspace"]["dependencies"]), ["std"]);
    assert_eq!(features(&core["dependencies"]), [""; 0]);
}

/// The paths that a manifest names for its targets.
fn targets(manifest: &toml::Table) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for kind in ["bin", "example", "test", "bench"] {
        let targets = manifest.get(kind).and_then(toml::Value::as_array).into_iter().flatten();
        found.extend(targets.filter_map(|target| Some(target["path"].as_str()?.to_owned())));
    }
    let library = manifest.get("lib").and_then(|library| library.get("path")?.as_str());
    found.extend(library.map(str::to_owned));
    found
}

/// The files of the modules that a file declares.
fn modules(file: &Path, is_target: bool) -> BTreeSet<PathBuf> {
    let text = fs::read_to_string(file).unwrap();
    let declared = text.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    let directory =
        if is_target || file.ends_with("mod.rs") { file.parent().unwrap().to_owned() } else { file.with_extension("") };
    declared
        .flat_map(|name| [directory.join(format!("{name}.rs")), directory.join(name).join("mod.rs")])
        .filter(|path| path.is_file())
        .collect()
}

/// Every Rust file below a directory, except those of nested packages and those in `except`.
fn files(directory: &Path, except: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            if !except.contains(&name.as_str()) && !path.join("Cargo.toml").exists() {
                found.extend(files(&path, except));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Fails on files that look compiled but never are, because nothing names them.
fn assert_listed(package: &str, except: &[&str]) {
    let directory = root().join(package);
    let targets: BTreeSet<PathBuf> = targets(&manifest(&directory)).iter().map(|path| directory.join(path)).collect();
    let mut reached = targets.clone();
    let mut open: Vec<PathBuf> = reached.iter().cloned().collect();
    while let Some(file) = open.pop() {
        assert!(file.is_file(), "{} is named, and is not there", file.display());
        let new = modules(&file, targets.contains(&file)).into_iter().filter(|path| reached.insert(path.clone()));
        open.extend(new.collect::<Vec<_>>());
    }
    let lost: Vec<PathBuf> = files(&directory, except).into_iter().filter(|file| !reached.contains(file)).collect();
    assert!(lost.is_empty(), "no manifest and no module names {lost:?}");
}

#[test]
fn every_file_of_the_tests_is_listed() {
    // The test that compiles ui/ lists its files.
    assert_listed("tests", &["ui", "target"]);
}

#[test]
fn every_file_of_the_examples_is_listed() {
    assert_listed("examples", &["target"]);
}

#[test]
fn every_file_of_the_benchmarks_is_listed() {
    for package in ["tests/bench", "tests/bench/programs/hello", "tests/bench/programs/hello-telemetry"] {
        assert_listed(package, &["target"]);
    }
}

#[test]
fn every_package_inherits_from_the_workspace() {
    let workspace = manifest(&root());
    for member in workspace["workspace"]["members"].as_array().unwrap() {
        let manifest = manifest(&root().join(member.as_str().unwrap()));
        for key in ["version", "edition", "rust-version", "license"] {
            assert_eq!(manifest["package"][key]["workspace"].as_bool(), Some(true), "{key} of {member}");
        }
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "lints of {member}");
    }
}
