//! Schemas that change.

use telemetry_collector::arrival::Fate;

use super::*;

#[derive(TelemetrySnapshot)]
struct BrokenRun {
    #[telemetry(one_of("short", "long"))]
    wait: String,
}

#[test]
fn a_wider_schema_adds_columns_and_rewrites_nothing() {
    let kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    let before: String = kept.one("SELECT group_concat(sql) FROM sqlite_schema WHERE type = 'index'");
    let wide = r#"{"by_hand":true,"wait":3,"command":"build","compiler":"1.2.3","flags":["quiet"]}"#;
    assert_eq!(kept.write_one(event(&wider_run(), 2, 1, wide)), Fate::Stored);
    assert_eq!(before, kept.one::<String>("SELECT group_concat(sql) FROM sqlite_schema WHERE type = 'index'"));
    assert_eq!(kept.all::<String>("SELECT command FROM run ORDER BY wait"), ["test", "build"]);
    assert_eq!(kept.all::<Option<String>>("SELECT compiler FROM run ORDER BY wait"), [None, Some("1.2.3".to_owned())]);
}

#[test]
fn columns_that_a_schema_removed_stay_and_older_versions_still_fit() {
    let kept = Kept::new();
    let wide = r#"{"by_hand":true,"wait":3,"command":"build","compiler":"1.2.3","flags":["quiet"]}"#;
    kept.write_one(event(&wider_run(), 1, 1, wide));
    assert_eq!(kept.write_one(event(&run(), 2, 1, FAST)), Fate::Stored);
    assert_eq!(kept.write_one(event(&wider_run(), 3, 1, wide)), Fate::Stored);
    assert_eq!(kept.all::<String>("SELECT _version FROM run ORDER BY _version"), ["0.1.0", "0.2.0", "0.2.0"]);
    assert_eq!(kept.one::<u32>("SELECT count(compiler) FROM run"), 2);
}

#[test]
fn schemas_with_other_tables_of_words_share_a_column() {
    let kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    kept.write_one(event(&wider_run(), 2, 1, r#"{"by_hand":true,"wait":1,"command":"test","flags":[]}"#));
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run WHERE command = 'test'"), 2);
    assert_eq!(kept.one::<u32>("SELECT count(DISTINCT command) FROM _rows_run"), 1);
}

/// As many as a long life of an application brings.
#[test]
fn an_event_has_as_many_schemas_as_there_were() {
    const VERSIONS: i64 = 120;
    let kept = Kept::new();
    let json = Released::of(&Run::SCHEMA).to_json();
    for version in 0..VERSIONS {
        let json = json.replace("1000000", &(1_000_000 + version).to_string());
        let released = Released::from_json(&json).unwrap();
        let schema = Arc::new(KnownSchema::new("run", &format!("0.{version}.0"), "2026-01-01", released));
        let payload = FAST.replace(":2,", &format!(":{},", 1_000_000 + version));
        assert_eq!(kept.write_one(event(&schema, version as u64, 1, &payload)), Fate::Stored, "{version}");
    }
    assert_eq!(kept.all::<i64>("SELECT count(DISTINCT _version) FROM run"), [VERSIONS]);
    assert_eq!(kept.one::<i64>("SELECT sum(wait - 1000000) FROM run"), VERSIONS * (VERSIONS - 1) / 2);
}

#[test]
fn a_path_of_another_kind_gets_a_column_of_its_own() {
    let kept = Kept::new();
    let broken = Arc::new(KnownSchema::new("run", "1.0.0", "2026-03-01", Released::of(&BrokenRun::SCHEMA)));
    kept.write_one(event(&run(), 1, 1, FAST));
    assert_eq!(kept.write_one(event(&broken, 2, 1, r#"{"wait":"long"}"#)), Fate::Stored);
    assert_eq!(kept.one::<i64>("SELECT wait FROM run WHERE _version = '0.1.0'"), 2);
    assert_eq!(kept.one::<String>("SELECT \"wait:word\" FROM run WHERE _version = '1.0.0'"), "long");
    assert_eq!(kept.one::<u32>("SELECT count(wait) FROM run"), 1);
}

#[test]
fn a_schema_is_kept_with_its_version_hash_and_json() {
    let kept = Kept::new();
    kept.write_one(event(&run(), 1, 1, FAST));
    assert_eq!(kept.one::<Vec<u8>>("SELECT hash FROM _schema WHERE version = '0.1.0'"), run().hash().0);
    let json: String = kept.one("SELECT json FROM _schema");
    assert_eq!(Released::from_json(&json).unwrap(), Released::of(&Run::SCHEMA));
}

#[test]
fn an_event_that_is_too_wide_for_a_table_hinders_no_other() {
    use crate::check::known::Wide;
    let kept = Kept::new();
    let wide = Arc::new(KnownSchema::new("wide", "0.1.0", "2026-01-01", Released::of(&Wide::SCHEMA)));
    let snapshot = telemetry::testing::snapshot(&Wide::default());
    let fates =
        kept.write(vec![event(&run(), 1, 1, FAST), event(&wide, 2, 1, snapshot.as_json()), event(&run(), 3, 1, FAST)]);
    assert_eq!(fates, [Fate::Stored, Fate::Refused, Fate::Stored]);
}
