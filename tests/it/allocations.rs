//! How many allocations a snapshot and an event cost.

use std::hint::black_box;

use telemetry::{Consent, Snapshot, Telemetry, TelemetrySnapshot};

#[derive(TelemetrySnapshot)]
struct Options {
    enabled: bool,
    #[telemetry(presence)]
    secret: String,
    origins: Vec<String>,
    #[telemetry(number(min = -9_007_199_254_740_991, max = 9_007_199_254_740_991))]
    number: i64,
    #[telemetry(bucket(-1_000_000, 0, 1_000_000))]
    range: i64,
    #[telemetry(one_of("a", "a-word-that-is-as-long-as-a-word-may-be-a-word-that-is-as-long-a"))]
    word: String,
    #[telemetry(version)]
    version: Option<String>,
    inner: Inner,
    #[telemetry(flatten)]
    flat: Flat,
}

#[derive(TelemetrySnapshot)]
struct Inner {
    deeper: Option<Deeper>,
    store: Store,
}

#[derive(TelemetrySnapshot)]
struct Deeper {
    #[telemetry(one_of("strict", "lax"))]
    same_site: Option<String>,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type")]
enum Store {
    Redis {
        #[telemetry(presence)]
        url: String,
    },
}

#[derive(TelemetrySnapshot)]
struct Flat {
    level: Level,
}

#[derive(TelemetrySnapshot)]
enum Level {
    Debug,
}

fn largest() -> Options {
    Options {
        enabled: false,
        secret: "hunter2".into(),
        origins: vec![String::new(); 5_000],
        number: i64::MIN,
        range: -5,
        word: "a-word-that-is-as-long-as-a-word-may-be-a-word-that-is-as-long-a".into(),
        version: Some("v65535.65535.65535".into()),
        inner: Inner {
            deeper: Some(Deeper { same_site: Some("strict".into()) }),
            store: Store::Redis { url: "redis://localhost".into() },
        },
        flat: Flat { level: Level::Debug },
    }
}

#[test]
fn a_snapshot_without_lists_makes_one_allocation() {
    let options = largest();
    let mut snapshot = None;
    let counted = allocation_counter::measure(|| snapshot = Snapshot::of(black_box(&options)).ok());
    assert_eq!(counted.count_total, 1);
    assert!(snapshot.unwrap().as_json().len() > 200);
}

#[test]
fn the_schema_makes_no_allocation() {
    let counted = allocation_counter::measure(|| {
        black_box(Options::SCHEMA);
        black_box(<Inner as TelemetrySnapshot>::SCHEMA);
    });
    assert_eq!(counted.count_total, 0);
}

#[derive(TelemetrySnapshot)]
#[telemetry(event = "started")]
struct Started {
    origins: Vec<String>,
}

#[test]
fn publishing_while_telemetry_is_off_makes_no_allocation() {
    let event = Started { origins: vec!["https://acme.dev".into()] };
    let by_its_user = Telemetry::builder(Consent::new("ACME", "acme").configured(Some(false))).build();
    for telemetry in [Telemetry::disabled(), by_its_user] {
        let counted = allocation_counter::measure(|| {
            black_box(telemetry.publish(black_box(&event)));
        });
        assert_eq!((telemetry.is_enabled(), counted.count_total), (false, 0));
    }
}
