//! A directory of released schemas.

use std::fs;
use std::path::Path;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Released;
use telemetry_collector::check::{Known, KnownError};

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../telemetry/schemas");

fn copy(from: &str, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(Path::new(SCHEMAS).join(from), to).unwrap();
}

#[test]
fn the_events_of_better_auth_are_known_by_name_and_hash() {
    let known = Known::read(Path::new(SCHEMAS)).unwrap();
    let events: Vec<&str> = known.events().map(|(event, _)| event).collect();
    assert_eq!(events, ["cli_generate", "cli_migrate", "init"]);
    for (event, schemas) in known.events() {
        for schema in schemas {
            assert_eq!(schema.hash().0[..], data_encoding::HEXLOWER.decode(schema.schema().hash().as_bytes()).unwrap());
            assert!(known.get(event, &schema.hash()).is_some_and(|found| found.event() == event));
            assert!(known.get("other", &schema.hash()).is_none());
            assert!(!schema.version().is_empty() && schema.date().len() == 10);
        }
    }
}

#[test]
fn directories_in_the_directory_are_read_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    copy("init.json", &home.path().join("one/init.json"));
    copy("init.json", &home.path().join("two/init.json"));
    copy("cli_generate.json", &home.path().join("cli_generate.json"));
    copy("cli_migrate.json", &home.path().join("one/deeper/cli_migrate.json"));
    fs::write(home.path().join(".hidden.json"), "x").unwrap();
    fs::write(home.path().join("README.md"), "x").unwrap();
    let known = Known::read(home.path()).unwrap();
    let events: Vec<(&str, usize)> = known.events().map(|(event, schemas)| (event, schemas.len())).collect();
    // The same schema in two files is one.
    assert_eq!(events, [("cli_generate", 1), ("init", 1)]);
}

#[test]
fn of_one_schema_in_two_files_the_earlier_release_counts() {
    let home = tempfile::tempdir().unwrap();
    copy("init.json", &home.path().join("one/init.json"));
    let text = fs::read_to_string(home.path().join("one/init.json")).unwrap();
    let date = text.split("\"date\":\"").nth(1).unwrap()[..10].to_owned();
    fs::create_dir(home.path().join("two")).unwrap();
    fs::write(home.path().join("two/init.json"), text.replace(&date, "2020-02-02")).unwrap();
    let known = Known::read(home.path()).unwrap();
    let (_, schemas) = known.events().next().unwrap();
    assert_eq!(schemas[0].date(), "2020-02-02");
}

#[test]
fn two_events_that_send_the_same_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    copy("init.json", &home.path().join("init.json"));
    let text = fs::read_to_string(home.path().join("init.json")).unwrap();
    fs::write(home.path().join("start.json"), text.replace("\"event\": \"init\"", "\"event\": \"start\"")).unwrap();
    let known = Known::read(home.path()).unwrap();
    let hash = known.events().next().unwrap().1[0].hash();
    assert_eq!(known.get("init", &hash).unwrap().event(), "init");
    assert_eq!(known.get("start", &hash).unwrap().event(), "start");
}

#[test]
fn an_error_names_the_file() {
    let home = tempfile::tempdir().unwrap();
    let missing = home.path().join("missing");
    let error = Known::read(&missing).unwrap_err();
    assert!(matches!(error, KnownError::Unreadable { .. }) && error.to_string().contains("missing"), "{error}");
    copy("init.json", &home.path().join("one/init.json"));
    let file = home.path().join("one/init.json");
    let text = fs::read_to_string(&file).unwrap();
    for broken in ["{}".to_owned(), text.replacen("\"flag\"", "\"presence\"", 1), "x".repeat(5 << 20)] {
        fs::write(&file, broken).unwrap();
        let error = Known::read(home.path()).unwrap_err();
        assert!(matches!(error, KnownError::Invalid { .. }) && error.to_string().contains("init.json: "), "{error}");
    }
    fs::write(&file, [0xff]).unwrap();
    assert!(matches!(Known::read(home.path()).unwrap_err(), KnownError::Unreadable { .. }));
}

#[test]
fn an_event_is_an_object() {
    let home = tempfile::tempdir().unwrap();
    let schema = telemetry::schema::Released::of(&<bool as telemetry::TelemetrySnapshot>::SCHEMA);
    let releases = serde_json::json!([{ "version": "0.1.0", "date": "2026-11-26", "bits": 1, "hash": schema.hash() }]);
    let file = serde_json::json!({ "format": 1, "event": "bare", "releases": releases, "schema": schema });
    fs::write(home.path().join("bare.json"), file.to_string()).unwrap();
    let error = Known::read(home.path()).unwrap_err();
    assert!(matches!(error, KnownError::NotAnEvent { .. }) && error.to_string().contains("0.1.0"), "{error}");
}

/// Eight times eight times eight times eight flags.
#[derive(Default, TelemetrySnapshot)]
pub(crate) struct Eight<T> {
    a: T,
    b: T,
    c: T,
    d: T,
    e: T,
    f: T,
    g: T,
    h: T,
}

pub(crate) type Wide = Eight<Eight<Eight<Eight<bool>>>>;

#[test]
fn an_event_with_more_columns_than_a_table_can_have_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let write = |schema: Released, bits: u64| {
        let releases =
            serde_json::json!([{ "version": "0.1.0", "date": "2026-11-26", "bits": bits, "hash": schema.hash() }]);
        let file = serde_json::json!({ "format": 1, "event": "wide", "releases": releases, "schema": schema });
        fs::write(home.path().join("wide.json"), file.to_string()).unwrap();
        Known::read(home.path())
    };
    let error = write(Released::of(&Wide::SCHEMA), Wide::SCHEMA.bits()).unwrap_err();
    assert!(error.to_string().starts_with("the schemas of wide have 4096 columns"), "{error}");
    type Narrow = Eight<Eight<Eight<bool>>>;
    assert!(write(Released::of(&Narrow::SCHEMA), Narrow::SCHEMA.bits()).is_ok());
}
