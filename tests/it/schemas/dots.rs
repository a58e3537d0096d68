//! Members whose names contain dots.

use telemetry::TelemetrySnapshot;
use telemetry::export::{difference, rows};
use telemetry::schema::walk::{Part, Path};

use super::kept::is_kept;

#[derive(TelemetrySnapshot)]
struct Tls {
    cert: bool,
    #[telemetry(rename = "key.file", presence)]
    key: String,
}

#[derive(TelemetrySnapshot)]
struct Options {
    #[telemetry(rename = "tls.cert")]
    alone: bool,
    tls: Tls,
    #[telemetry(rename = "tls.list", each)]
    list: Vec<Tls>,
}

#[derive(TelemetrySnapshot)]
struct Before {
    tls: Tls,
    #[telemetry(rename = "tls.list", each)]
    list: Vec<Tls>,
}

#[test]
fn a_name_with_a_dot_is_told_apart_from_two_names() {
    let paths: Vec<String> = rows(&Options::SCHEMA).into_iter().map(|row| row.path).collect();
    assert_eq!(
        paths,
        ["[tls.cert]", "tls.cert", "tls.[key.file]", "[tls.list]", "[tls.list][].cert", "[tls.list][].[key.file]"]
    );
    assert_eq!(Path::of(&[Part::Member("a.b"), Part::Member("c")]).to_string(), "[a.b].c");
    let difference = difference(&Before::SCHEMA, &Options::SCHEMA);
    let [added] = difference.changes() else { panic!("{difference:?}") };
    assert_eq!(added.path, "[tls.cert]");
    is_kept::<Options>();
}
