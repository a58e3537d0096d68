mod versions;
mod workspace;
mod written;

use std::path::Path;

use super::*;

/// The package `app` in `/w/app`, version 1.2.3.
fn package() -> Package {
    Package { name: "app".into(), version: "1.2.3".into(), directory: "/w/app".into() }
}

/// A path and the file's text.
type File<'a> = (&'a str, &'a str);

fn read<'a>(files: &'a [File<'_>]) -> impl Fn(&Path) -> Option<String> + 'a {
    |path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned())
}

/// The findings, in the form `axum 0.8.1 if unix, tide | sqlx 0.8.6`.
fn found(files: &[File<'_>]) -> String {
    let read = read(files);
    let stack = stack(&package(), &Files::new(&read), &|_, _| true).unwrap_or_default();
    let shown = |found: &Found| {
        let version = found.version.map(|[major, minor, patch]| format!(" {major}.{minor}.{patch}"));
        let condition = found.condition.as_ref().map(|condition| format!(" if {condition}"));
        format!("{}{}{}", found.name, version.unwrap_or_default(), condition.unwrap_or_default())
    };
    let list = |found: &[Found]| found.iter().map(shown).collect::<Vec<_>>().join(", ");
    format!("{} | {}", list(&stack.frameworks), list(&stack.databases)).trim().to_owned()
}

/// A package that has one dependency.
const MEMBER: &str = "[package]\nname = 'app'\n[dependencies]\naxum = '0.8'";

/// The findings for these dependencies, which the lock file has in the versions of [`LOCK`].
fn found_with(dependencies: &str) -> String {
    let manifest = format!("[package]\nname = \"app\"\n{dependencies}");
    found(&[("/w/app/Cargo.toml", &manifest), ("/w/app/Cargo.lock", LOCK)])
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "app"
version = "1.2.3"
dependencies = ["axum", "sqlx", "tokio"]

[[package]]
name = "axum"
version = "0.8.4"
source = "registry+https://registry.example/index"
dependencies = ["hyper"]

[[package]]
name = "hyper"
version = "1.7.0"
source = "registry+https://registry.example/index"

[[package]]
name = "sqlx"
version = "0.9.0-alpha.1+build.7"
source = "git+https://git.example/sqlx#0123456789"
"#;

#[test]
fn a_dependency_is_found_however_it_is_written() {
    for dependencies in [
        "[dependencies]\naxum = '0.8'",
        "[dependencies]\naxum = { version = '0.8', features = ['ws'] }",
        "[dependencies]\naxum.version = '0.8'",
        "[dependencies.axum]\nversion = '0.8'",
        "[dependencies.axum]\npath = '../axum'",
        "[dependencies]\n'axum' = \"\"\"0.8\"\"\"",
        "[dependencies]\nweb = { package = 'axum', version = '0.8' }",
        "[dependencies]\nhyper = '1'\naxum = '0.8'\ntower = '0.5'",
    ] {
        assert_eq!(found_with(dependencies), "axum 0.8.4 |", "{dependencies}");
    }
}

#[test]
fn what_is_not_linked_is_not_found() {
    for dependencies in [
        "",
        "[dev-dependencies]\naxum = '0.8'",
        "[build-dependencies]\naxum = '0.8'",
        "[target.'cfg(unix)'.dev-dependencies]\naxum = '0.8'",
        "[dependencies]\naxum = { package = 'acme-axum', version = '0.8' }",
        "[dependencies]\nAxum = '0.8'",
        "[dependencies]\naxum = 8",
        "[dependencies]\naxum = ['0.8']",
        "[patch.crates-io]\naxum = { path = '../axum' }",
        "[replace]\n'axum:0.8.4' = { path = '../axum' }",
        "[workspace.dependencies]\naxum = '0.8'",
        "[features]\naxum = []",
    ] {
        assert_eq!(found_with(dependencies), "|", "{dependencies}");
    }
}

#[test]
fn a_dependency_of_a_platform_is_found_on_that_platform() {
    for (dependencies, expected) in [
        ("[target.'cfg(unix)'.dependencies]\naxum = '0.8'", "axum 0.8.4 if unix |"),
        ("[target.'cfg(unix)'.dependencies.web]\npackage = 'axum'", "axum 0.8.4 if unix |"),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[target.'cfg(windows)'.dependencies]\nhyper = '1'",
            "axum 0.8.4 if unix, hyper if windows |",
        ),
        ("[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[dependencies]\naxum = '0.8'", "axum 0.8.4 |"),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[dependencies]\nrocket = '0.5'",
            "axum 0.8.4 if unix, rocket |",
        ),
        ("[target.x86_64-unknown-linux-gnu.dependencies]\naxum = '0.8'", "|"),
        ("[target.'cfg(acme)'.dependencies]\naxum = '0.8'", "|"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}

#[test]
fn an_optional_dependency_is_found_with_the_feature_of_its_name() {
    for (dependencies, expected) in [
        ("[dependencies]\naxum = { version = '0.8', optional = true }", "axum 0.8.4 if feature = \"axum\" |"),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\ndefault = ['axum']\nws = ['axum?/ws']",
            "axum 0.8.4 if feature = \"axum\" |",
        ),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\naxum = ['dep:axum', 'tokio']",
            "axum 0.8.4 if feature = \"axum\" |",
        ),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = { version = '0.8', optional = true }",
            "axum 0.8.4 if all (unix , feature = \"axum\") |",
        ),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\nhyper = '1'",
            "axum 0.8.4 if feature = \"axum\", hyper |",
        ),
        ("[dependencies]\naxum = { version = '0.8', optional = false }", "axum 0.8.4 |"),
        // No feature has this name, or the one that does has another effect.
        ("[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\nweb = ['dep:axum']", "|"),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\naxum = ['web']\nweb = ['dep:axum']",
            "|",
        ),
        // The feature has a name that the author chose.
        ("[dependencies]\nacme = { package = 'axum', version = '0.8', optional = true }", "|"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}

#[test]
fn the_first_of_the_table_wins() {
    for (dependencies, expected) in [
        ("[dependencies]\naxum = '0.8'\nloco-rs = '0.16'\nsqlx = '0.9'\nsea-orm = '1'", "loco-rs | sea-orm"),
        ("[dependencies]\nredis = '1'\nmysql = '26'\nrusqlite = '0.37'", "| mysql"),
        ("[dependencies]\nsqlx = '0.9'\nredis = '1'", "| sqlx 0.9.0"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}
