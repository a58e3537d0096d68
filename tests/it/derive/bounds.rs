//! Bounds, edges and leading digits of numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use telemetry::schema::Edges;

use self::limits::double;
use super::field;

const LIMIT: u32 = 500;
const KIB: usize = 1 << 10;
const SIZES: Edges = Edges::new(&[1 << 10, 1 << 20]);

/// A literal that is too large for the type of literals on their own.
macro_rules! most {
    () => {
        10_000_000_000
    };
}

mod limits {
    pub(super) const LEAST: i8 = -3;
    pub(super) const MOST: u64 = 2;
    pub(super) const SECONDS: super::Edges = super::Edges::new(&[1, 60]);

    pub(super) const fn double(of: u64) -> u64 {
        of * 2
    }
}

#[test]
fn bounds_of_numbers_are_constants() {
    field!(#[telemetry(number(max = LIMIT))] u64 { 501 => "500", 3 => "3" });
    field!(#[telemetry(number(min = limits::LEAST, max = 10 * LIMIT))] i32 { -99 => "-3", 9_999 => "5000" });
    field!(#[telemetry(number(min = -(LIMIT as i64), max = u16::MAX))] i32 { -501 => "-500", 70_000 => "65535" });
    field!(#[telemetry(number(min = -(1 << 40), max = (1 << 40) - 1))] i64 { i64::MIN => "-1099511627776", i64::MAX => "1099511627775" });
    field!(#[telemetry(number(max = limits::double(8)))] u8 { 17 => "16" });
    field!(#[telemetry(number(max = { let most = 4; most * 2 }))] u8 { 17 => "8" });
    field!(#[telemetry(number(max = LIMIT, unit = "s"))] Option<Duration> { Some(Duration::MAX) => "500", None => None });
    field!(#[telemetry(number(max = most!()))] u64 { u64::MAX => "10000000000" });
    field!(#[telemetry(number(max = { 10_000_000_000 }))] u64 { u64::MAX => "10000000000" });
}

/// What a macro is given for `$bound` is one value, whatever stands beside it.
macro_rules! bounded {
    ($bound:expr, $once:literal, $twice:literal) => {{
        field!(#[telemetry(number(max = $bound))] u32 { u32::MAX => $once });
        field!(#[telemetry(number(max = 2 * $bound))] u32 { u32::MAX => $twice });
        field!(#[telemetry(number(max = { let twice = 2 * $bound; twice }))] u32 { u32::MAX => $twice });
        field!(#[telemetry(count(max = $bound))] Vec<()> { vec![(); 2_000] => $once });
        field!(#[telemetry(bucket($bound))] u32 { u32::MAX => concat!("\"", $once, "+\"") });
        field!(#[telemetry(bucket(1, 2 * $bound))] u32 { u32::MAX => concat!("\"", $twice, "+\"") });
    }};
}

#[test]
fn a_bound_holds_what_macro_rules_put_in_place() {
    bounded!(LIMIT + 1, "501", "1002");
    bounded!(LIMIT, "500", "1000");
    bounded!(2 + 3, "5", "10");
    bounded!(7, "7", "14");
    bounded!(limits::MOST, "2", "4");
    bounded!(double(8), "16", "32");
}

#[test]
fn only_leading_digits_are_sent() {
    field!(#[telemetry(number(max = 1_000_000, digits = 2))] u32 {
        0 => "0", 99 => "99", 101 => "100", 86_412 => "86000", u32::MAX => "1000000",
    });
    field!(#[telemetry(number(min = -1_234, max = 1_234, digits = 1))] i32 {
        -9_999 => "-1000", -56 => "-50", -5 => "-5", 7 => "7", 1_999 => "1000",
    });
    field!(#[telemetry(number(max = LIMIT, unit = "ms", digits = 1))] Duration { Duration::from_millis(432) => "400" });
}

#[test]
fn edges_are_constants() {
    field!(#[telemetry(bucket(SIZES))] u64 { 0 => r#""<1024""#, 1_024 => r#""1024-1048575""#, u64::MAX => r#""1048576+""# });
    field!(#[telemetry(bucket(limits::SECONDS, unit = "s"))] Option<Duration> { Some(Duration::from_secs(60)) => r#""60+""# });
    field!(#[telemetry(bucket(1, 10 * KIB, 1 << 20))] u64 { 10_239 => r#""1-10239""#, 10_240 => r#""10240-1048575""# });
    field!(#[telemetry(bucket(limits::double(8), 1 + limits::double(20)))] u64 { 15 => r#""<16""#, 16 => r#""16-40""# });
    field!(#[telemetry(bucket(double(8)))] u64 { 15 => r#""<16""# });
    field!(#[telemetry(bucket(1, double(LIMIT as u64 + 1), unit = "s"))] Duration { Duration::from_secs(9) => r#""1-1001""# });
    field!(#[telemetry(bucket(1 << 32, 1 << 40))] u64 { 1 << 33 => r#""4294967296-1099511627775""# });
    field!(#[telemetry(bucket(const { 2 + 3 }, 9))] u64 { 4 => r#""<5""#, 5 => r#""5-8""# });
    field!(#[telemetry(bucket(LIMIT))] u64 { 499 => r#""<500""#, 500 => r#""500+""# });
    field!(#[telemetry(bucket(i8::MIN, unit = "min"))] i64 { -129 => r#""<-128""#, 0 => r#""-128+""# });
    field!(#[telemetry(bucket(limits::LEAST, LIMIT))] f64 { -3.1 => r#""<-3""#, 499.9 => r#""-3-499""#, f64::NAN => None });
}

#[test]
fn maxima_are_constants() {
    field!(#[telemetry(count(max = KIB / 512))] Vec<u16> { vec![0] => "1", vec![0; 3] => "2" });
    field!(#[telemetry(each(max = limits::MOST))] Vec<bool> { vec![true; 3] => "[true,true]" });
    field!(#[telemetry(each(one_of("a"), max = limits::MOST))] Vec<String> { vec!["a".into(); 3] => r#"["a","a"]"# });
    field!(#[telemetry(each(key = "id", one_of("a"), max = limits::MOST, value(count(max = limits::MOST))))] BTreeMap<String, Vec<u16>> {
        ["x", "y", "z"].map(|key| (key.to_owned(), vec![0; 9])).into()
            => r#"[{"id":"other","value":2},{"id":"other","value":2}]"#,
    });
}

#[test]
fn shared_edges_are_the_same_as_written_ones() {
    use telemetry::TelemetrySnapshot;
    #[derive(TelemetrySnapshot)]
    struct Shared {
        #[telemetry(bucket(SIZES))]
        size: u64,
    }
    #[derive(TelemetrySnapshot)]
    struct Written {
        #[telemetry(bucket(1_024, 1_048_576))]
        size: u64,
    }
    assert_eq!(Shared::SCHEMA.hash(), Written::SCHEMA.hash());
    assert_eq!(SIZES.get(), [1_024, 1_048_576]);
}
