//! `changed`: whether a value differs from the default.

use std::sync::atomic::{AtomicU32, Ordering};

use telemetry::{Snapshot, TelemetrySnapshot};

use super::{field, json};

#[derive(TelemetrySnapshot)]
struct Server {
    #[telemetry(changed)]
    port: u16,
    #[telemetry(changed)]
    host: String,
    #[telemetry(changed, with = |rate| (rate * 10.0) as u8)]
    rate: f64,
    #[telemetry(changed, with = Self::first)]
    words: Vec<String>,
    #[telemetry(changed(from = Some(1)))]
    workers: Option<u8>,
}

impl Server {
    fn first(words: &[String]) -> &str {
        words.first().map_or("", |word| word)
    }
}

impl Default for Server {
    fn default() -> Self {
        Self { port: 8080, host: "localhost".into(), rate: 0.55, words: vec!["a".into()], workers: None }
    }
}

#[test]
fn a_field_is_compared_with_that_of_the_default() {
    let same = r#"{"port":false,"host":false,"rate":false,"words":false,"workers":true}"#;
    assert_eq!(json(&Server::default()), same);
    let server = Server {
        port: 8081,
        host: "db.acme.example".into(),
        rate: 0.99,
        words: vec!["a".into(), "b".into()],
        workers: Some(1),
    };
    assert_eq!(json(&server), r#"{"port":true,"host":true,"rate":true,"words":false,"workers":false}"#);
    assert_eq!(Server::SCHEMA.bits(), 5);
}

const NAME: &str = "acme";
const fn port() -> u16 {
    8080
}

#[test]
fn a_value_is_compared_with_a_stated_one() {
    field!(#[telemetry(changed(from = 8080))] u16 { 8080 => "false", 1 => "true" });
    field!(#[telemetry(changed(from = -1))] i8 { -1 => "false", 1 => "true" });
    field!(#[telemetry(changed(from = port()))] u16 { 8080 => "false", 1 => "true" });
    field!(#[telemetry(changed(from = NAME))] String { "acme".into() => "false", "jane".into() => "true" });
    field!(#[telemetry(changed(from = "acme"))] String { "acme".into() => "false" });
    field!(#[telemetry(changed(from = 0.5))] f64 { 0.5 => "false", f64::NAN => "true" });
    field!(#[telemetry(changed(from = 0..5))] std::ops::Range<u8> { 0..5 => "false", 0..4 => "true" });
    field!(#[telemetry(changed(from = 0..=5))] std::ops::RangeInclusive<u8> { 0..=5 => "false", 1..=5 => "true" });
    field!(#[telemetry(changed(from = ..5))] std::ops::RangeTo<u8> { ..5 => "false", ..4 => "true" });
    field!(#[telemetry(changed(from = 8080), with = |port| **port)] Box<u16> { Box::new(8080) => "false", Box::new(1) => "true" });
    field!(#[telemetry(changed(from = std::time::Duration::ZERO))] std::time::Duration { std::time::Duration::MAX => "true" });
    field!(#[telemetry(changed(from = 4), with = String::len)] String { "acme".into() => "false", "a".into() => "true" });
    field!(#[telemetry(changed(from = [0; 4]))] [u8; 4] { [0; 4] => "false", [1; 4] => "true" });
    field!(#[telemetry(changed(from = [1, 2].to_vec()))] Vec<u8> { vec![1, 2] => "false", vec![] => "true" });
    field!(#[telemetry(changed(from = vec![1, 2]))] Vec<u8> { vec![1, 2] => "false" });
    field!(#[telemetry(changed(from = { let port = port(); port + 1 }))] u16 { 8081 => "false" });
    field!(#[telemetry(changed(from = &[1, 2]))] &'static [u8] { &[1, 2] => "false", &[1] => "true" });
}

#[test]
fn the_stated_value_is_a_call_that_takes_any_expression() {
    use std::net::{IpAddr, Ipv4Addr, SocketAddr};
    field!(#[telemetry(changed(from = SocketAddr::from(([127, 0, 0, 1], 8080))))] SocketAddr {
        ([127, 0, 0, 1], 8080).into() => "false", ([127, 0, 0, 1], 1).into() => "true",
    });
    field!(#[telemetry(changed(from = IpAddr::from([0, 0, 0, 0])))] IpAddr { Ipv4Addr::UNSPECIFIED.into() => "false", Ipv4Addr::LOCALHOST.into() => "true" });
    field!(#[telemetry(changed(from = Some([1, 2])))] Option<[u8; 2]> { Some([1, 2]) => "false", None => "true" });
    field!(#[telemetry(changed(from = Some(7).map(|it| it + 1)))] Option<u8> { Some(8) => "false", Some(7) => "true" });
    field!(#[telemetry(changed(from = u16::from(if NAME.is_empty() { 1_u8 } else { 2 })))] u16 { 2 => "false", 1 => "true" });
    field!(#[telemetry(changed(from = u16::max(match NAME { "acme" => 3, _ => 1 }, [2][0])), rename = "x")] u16 { 3 => "false", 2 => "true" });
}

#[test]
fn a_variant_and_a_newtype_state_the_value() {
    #[derive(TelemetrySnapshot)]
    struct Port(#[telemetry(changed(from = port()))] u16);
    #[derive(TelemetrySnapshot)]
    #[telemetry(tag = "type")]
    enum Store {
        Disk {
            #[telemetry(changed(from = 3))]
            level: u8,
        },
    }
    assert_eq!(json(&Port(1)), "true");
    assert_eq!(json(&Store::Disk { level: 3 }), r#"{"type":"Disk","level":false}"#);
}

static MADE: AtomicU32 = AtomicU32::new(0);

#[test]
fn the_default_is_made_once_a_recording() {
    #[derive(TelemetrySnapshot)]
    struct Counted {
        #[telemetry(changed)]
        a: u8,
        #[telemetry(changed)]
        b: u8,
    }
    impl Default for Counted {
        fn default() -> Self {
            MADE.fetch_add(1, Ordering::Relaxed);
            Self { a: 0, b: 1 }
        }
    }
    assert_eq!(json(&Counted { a: 0, b: 0 }), r#"{"a":false,"b":true}"#);
    assert_eq!(MADE.load(Ordering::Relaxed), 1);
}

#[test]
fn a_generic_type_needs_a_default_only_where_it_is_recorded() {
    #[derive(TelemetrySnapshot, Default)]
    struct Layer<T> {
        #[telemetry(changed)]
        inner: T,
        #[telemetry(changed)]
        retries: u8,
    }
    assert_eq!(json(&Layer { inner: String::new(), retries: 1 }), r#"{"inner":false,"retries":true}"#);
}

#[test]
fn it_is_told_as_what_it_is() {
    let schema = Server::SCHEMA;
    assert!(format!("{schema:?}").contains("whether it differs from the default"), "{schema:?}");
    assert!(Snapshot::of(&Server::default()).is_ok());
}
