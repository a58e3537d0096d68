//! The released schemas of the simulated application.

use std::process::Command;

use telemetry::Consent;
use telemetry::testing::assert_schemas;
use telemetry_collector::check::Known;
use telemetry_collector::demo::Calendar;
use telemetry_collector::demo::app::Version;

const SCHEMAS: &str = "demo/schemas";
const VERSION: &str = "COLLECTOR_TEST_VERSION";

fn check(version: Version) {
    assert_schemas(version.disclosure(Consent::new("ACME", "acme-console")).scope(), SCHEMAS);
}

/// Checks or writes the schemas of one version, in a process whose package has that version. By itself, this test does nothing.
#[test]
fn of_one_version() {
    let Ok(name) = std::env::var(VERSION) else { return };
    Version::ALL.into_iter().filter(|version| version.name() == name).for_each(check);
}

#[test]
fn reviewed_diff() {
    if std::env::var_os("TELEMETRY_UPDATE").is_none() {
        Version::ALL.into_iter().for_each(check);
        return;
    }
    for version in Version::ALL {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--exact", "demo::schemas::of_one_version"]).env(VERSION, version.name());
        let output = test.env("CARGO_PKG_VERSION", version.name()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// The dates in the files are set by hand when they are renewed.
#[test]
fn each_version_has_the_date_of_its_release() {
    let known = Known::read(SCHEMAS.as_ref()).unwrap();
    let releases = |event: &str| {
        let of_event = known.events().filter(|(name, _)| *name == event).flat_map(|(_, schemas)| schemas);
        of_event.map(|schema| (schema.version().to_owned(), schema.date().to_owned())).collect::<Vec<_>>()
    };
    let expected =
        Version::ALL.map(|version| (version.name().to_owned(), Calendar::day(version.released()).to_string()));
    assert_eq!(releases("init"), expected);
    assert_eq!(releases("upgraded"), expected[1..2]);
    assert_eq!(releases("signIn"), expected[2..3]);
}

/// The first version is the application of the quickstart.
#[test]
fn it_begins_as_the_quickstart() {
    let known = Known::read("../examples/schemas/quickstart".as_ref()).unwrap();
    let demo = Known::read(SCHEMAS.as_ref()).unwrap();
    let hashes = |known: &Known| {
        let init = known.events().filter(|(name, _)| *name == "init").flat_map(|(_, schemas)| schemas);
        init.map(|schema| schema.hash()).collect::<Vec<_>>()
    };
    assert_eq!(hashes(&demo).first(), hashes(&known).last());
}
