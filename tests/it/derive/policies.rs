//! Each attribute of a field, on the types that it accepts.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

use super::{field, json};

#[test]
fn flag() {
    field!(#[telemetry(flag)] bool { true => "true" });
    field!(#[telemetry(flag)] Option<bool> { Some(true) => "true", Some(false) => "false", None => "false" });
    field!(#[telemetry(flag, with = Option::is_some)] Option<std::time::SystemTime> { None => "false" });
    field!(#[telemetry(flag, with = IpAddr::is_loopback)] IpAddr { IpAddr::from([127, 0, 0, 1]) => "true" });
}

#[test]
fn presence() {
    field!(#[telemetry(presence)] String { "hunter2".into() => "true", String::new() => "false" });
    field!(#[telemetry(presence)] Option<String> { Some("x".into()) => "true", Some(String::new()) => "false", None => "false" });
    field!(#[telemetry(presence)] &'static str { "x" => "true", "" => "false" });
    field!(#[telemetry(presence)] Box<str> { "x".into() => "true", "".into() => "false" });
    field!(#[telemetry(presence)] Cow<'static, str> { "x".into() => "true", "".into() => "false" });
    field!(#[telemetry(presence)] Option<PathBuf> { Some("/etc/passwd".into()) => "true", None => "false" });
    field!(#[telemetry(presence)] Box<Path> { Path::new("/home/jane").into() => "true", Path::new("").into() => "false" });
    field!(#[telemetry(presence)] Vec<u8> { vec![1] => "true", vec![] => "false" });
    field!(#[telemetry(presence)] Option<Vec<u8>> { Some(vec![]) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<Arc<dyn Fn(&str) -> bool + Send + Sync>> {
        Some(Arc::new(|text| text.is_empty())) => "true", None => "false",
    });
    field!(#[telemetry(presence)] Option<fn(u8) -> u8> { Some(u8::swap_bytes) => "true", None => "false" });
}

/// Implements nothing, not even comparison.
struct Foreign;

#[test]
fn presence_of_an_option_of_anything() {
    type Alias = Option<u64>;
    field!(#[telemetry(presence)] Option<u8> { Some(0) => "true", None => "false" });
    field!(#[telemetry(presence)] Alias { Some(0) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<bool> { Some(false) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<Duration> { Some(Duration::ZERO) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<std::net::SocketAddr> { None => "false" });
    field!(#[telemetry(presence)] Option<std::time::SystemTime> { Some(std::time::SystemTime::UNIX_EPOCH) => "true" });
    field!(#[telemetry(presence)] Option<Foreign> { Some(Foreign) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<Option<u8>> { Some(None) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<&'static [Foreign]> { Some(&[]) => "true", None => "false" });
    field!(#[telemetry(presence)] Option<Box<str>> { Some("".into()) => "false", Some("x".into()) => "true" });
}

#[test]
fn presence_in_a_generic_type() {
    #[derive(TelemetrySnapshot)]
    struct Text<T> {
        #[telemetry(presence)]
        value: Option<T>,
    }
    #[derive(TelemetrySnapshot)]
    #[telemetry(bound = "")]
    struct Any<T> {
        #[telemetry(presence)]
        value: Option<T>,
    }
    assert_eq!(json(&Text { value: Some(String::new()) }), r#"{"value":false}"#);
    assert_eq!(json(&Any { value: Some(Foreign) }), r#"{"value":true}"#);
}

#[test]
fn count() {
    field!(#[telemetry(count)] Vec<String> { vec!["a".into(); 2] => "2" });
    field!(#[telemetry(count(max = 3))] Vec<u8> { vec![0; 2] => "2", vec![0; 3] => "3", vec![0; 4] => "3" });
    field!(#[telemetry(count)] Option<HashMap<String, String>> { Some(HashMap::new()) => "0", None => None });
    field!(#[telemetry(count, with = str::len)] &'static str { "hunter2" => "7" });
}

#[test]
fn number() {
    field!(#[telemetry(number(max = 10))] u8 { 0 => "0", 10 => "10", 11 => "10", 255 => "10" });
    field!(#[telemetry(number(min = -5, max = 5))] i64 { -5 => "-5", i64::MIN => "-5", i64::MAX => "5" });
    field!(#[telemetry(number(max = 10))] i32 { -1 => "0" });
    field!(#[telemetry(number(max = 9_007_199_254_740_991))] u128 { u128::MAX => "9007199254740991" });
    field!(#[telemetry(number(min = -9_007_199_254_740_991, max = 0))] i128 { i128::MIN => "-9007199254740991" });
    field!(#[telemetry(number(max = 65_535))] NonZeroU16 { NonZeroU16::MIN => "1" });
    field!(#[telemetry(number(max = 10))] Option<u64> { Some(u64::MAX) => "10", None => None });
    field!(#[telemetry(number(max = 10, unit = "rows"))] usize { 3 => "3" });
    field!(#[telemetry(number(max = 10), with = str::len)] &'static str { "abc" => "3" });
}

#[test]
fn durations_are_measured_in_their_unit() {
    let hour = Duration::from_millis(3_600_900);
    field!(#[telemetry(number(max = 90_000_000_000_000, unit = "ns"))] Duration { hour => "3600900000000" });
    field!(#[telemetry(number(max = 90_000_000_000, unit = "us"))] Duration { hour => "3600900000" });
    field!(#[telemetry(number(max = 90_000_000, unit = "ms"))] Duration { hour => "3600900" });
    field!(#[telemetry(number(max = 86_400, unit = "s"))] Duration { hour => "3600", Duration::MAX => "86400" });
    field!(#[telemetry(number(max = 86_400, unit = "min"))] Duration { hour => "60" });
    field!(#[telemetry(number(max = 86_400, unit = "h"))] Duration { hour => "1" });
    field!(#[telemetry(number(max = 86_400, unit = "d"))] Option<Duration> { Some(hour) => "0", None => None });
    field!(#[telemetry(number(max = 86_400, unit = "s"))] u32 { 60 => "60" });
    field!(#[telemetry(bucket(60, 3_600, unit = "s"))] Duration { hour => r#""3600+""#, Duration::ZERO => r#""<60""# });
}

#[test]
fn bucket() {
    field!(#[telemetry(bucket(10, 100))] u32 {
        0 => r#""<10""#, 9 => r#""<10""#, 10 => r#""10-99""#, 99 => r#""10-99""#, 100 => r#""100+""#, u32::MAX => r#""100+""#,
    });
    field!(#[telemetry(bucket(0, 1, 2))] i8 { -128 => r#""<0""#, 0 => r#""0""#, 1 => r#""1""#, 2 => r#""2+""# });
    field!(#[telemetry(bucket(-10, 10))] i64 { -11 => r#""<-10""#, -10 => r#""-10-9""#, i64::MAX => r#""10+""# });
    field!(#[telemetry(bucket(10, 100))] f64 {
        9.99 => r#""<10""#, 99.999 => r#""10-99""#, f64::INFINITY => r#""100+""#, f64::NEG_INFINITY => r#""<10""#, f64::NAN => None,
    });
    field!(#[telemetry(bucket(10))] Option<f32> { Some(10.0) => r#""10+""#, None => None });
}

const PROVIDERS: Words = Words::new(&["google", "github"]).other("custom");
const HEADERS: Words = Words::new(&["x-real-ip"]).ignore_case();

mod vocabulary {
    pub(super) const LEVELS: super::Words = super::Words::new(&["debug", "info"]);
}

#[test]
fn one_of_sends_the_matching_word() {
    field!(#[telemetry(one_of("strict", "lax"))] String { "lax".into() => r#""lax""#, "LAX".into() => r#""other""#, "".into() => r#""other""# });
    field!(#[telemetry(one_of("a", other = "b"))] &'static str { "a" => r#""a""#, "c" => r#""b""# });
    field!(#[telemetry(one_of("a", "b", other = "b"))] &'static str { "b" => r#""b""#, "c" => r#""b""# });
    field!(#[telemetry(one_of(PROVIDERS))] Option<String> { Some("github".into()) => r#""github""#, Some("acme-corp".into()) => r#""custom""#, None => None });
    field!(#[telemetry(one_of(PROVIDERS, other = "unknown"))] &'static str { "acme" => r#""unknown""# });
    field!(#[telemetry(one_of(vocabulary::LEVELS))] Cow<'static, str> { "info".into() => r#""info""# });
    field!(#[telemetry(one_of(HEADERS))] &'static str { "X-Real-IP" => r#""x-real-ip""# });
    field!(#[telemetry(one_of(",", ";"))] char { ';' => r#"";""#, '"' => r#""other""# });
    field!(#[telemetry(one_of("→", "größer", other = "sonst"))] &'static str { "→" => r#""→""#, "größer" => r#""größer""#, "grösser" => r#""sonst""# });
    field!(#[telemetry(one_of("→"))] char { '→' => r#""→""#, '⇒' => r#""other""# });
    field!(#[telemetry(one_of("/dev/null"))] Box<Path> { Path::new("/dev/null").into() => r#""/dev/null""#, Path::new("/home/jane").into() => r#""other""# });
    field!(#[telemetry(one_of("a"), with = first_line)] &'static str { "a\nsecret" => r#""a""# });
}

fn first_line<'a>(text: &&'a str) -> &'a str {
    text.lines().next().unwrap_or_default()
}

#[test]
fn version() {
    field!(#[telemetry(version)] &'static str {
        "1.4.2" => r#""1.4.2""#, "v1.4" => r#""1.4""#, "^2" => r#""2""#, "1.0.0-acme.7" => r#""1.0.0""#, "1.2.3+build" => r#""1.2.3""#,
        ">=1.0 <2" => None, "latest" => None, "1.2.3.4" => None, "65536.0" => None, "" => None, "1..2" => None,
        "git+https://token@example.com" => None,
    });
    field!(#[telemetry(version)] Option<String> { Some("1.2".into()) => r#""1.2""#, None => None });
}

#[derive(TelemetrySnapshot, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Provider {
    enabled: bool,
    #[telemetry(presence)]
    secret: String,
}

fn provider() -> Provider {
    Provider { enabled: true, secret: "hunter2".into() }
}

#[test]
fn each_sends_a_list() {
    let one = r#"[{"enabled":true,"secret":true}]"#;
    field!(#[telemetry(each)] Vec<Provider> { vec![provider()] => one, vec![] => "[]" });
    field!(#[telemetry(each)] [Provider; 1] { [provider()] => one });
    field!(#[telemetry(each)] Option<Vec<Provider>> { Some(vec![]) => "[]", None => None });
    field!(#[telemetry(each)] Arc<[Provider]> { Arc::new([provider()]) => one });
    field!(#[telemetry(each)] BTreeSet<Provider> { BTreeSet::from([provider()]) => one });
    field!(#[telemetry(each(max = 1))] Vec<Provider> { vec![provider(), provider()] => one });
    field!(#[telemetry(each)] Vec<bool> { vec![true, false] => "[true,false]" });
    field!(#[telemetry(each)] Vec<Option<bool>> { vec![Some(true), None] => "[true]" });
    field!(#[telemetry(each)] Vec<Vec<String>> { vec![vec![], vec![String::new()]] => "[0,1]" });
}

#[test]
fn each_one_of_sends_words() {
    field!(#[telemetry(each(one_of("a", "b")))] Vec<String> { vec!["b".into(), "acme".into(), "a".into()] => r#"["b","other","a"]"#, vec![] => "[]" });
    field!(#[telemetry(each(one_of(PROVIDERS), max = 2))] &'static [&'static str] { &["github"; 3] => r#"["github","github"]"# });
    field!(#[telemetry(each(one_of("a", "b", "c")))] HashSet<&'static str> { HashSet::from(["c", "x", "a"]) => r#"["a","c","other"]"# });
    field!(#[telemetry(each(one_of("z", "a")))] BTreeSet<&'static str> { BTreeSet::from(["a", "z"]) => r#"["z","a"]"# });
    field!(#[telemetry(each(one_of("a")))] Option<Vec<String>> { None => None });
}

#[test]
fn each_with_a_key_sends_a_list_of_entries() {
    let google = r#"{"id":"google","enabled":true,"secret":true}"#;
    let custom = r#"{"id":"custom","enabled":true,"secret":true}"#;
    let (both, google) = (format!("[{custom},{google}]"), format!("[{google}]"));
    field!(#[telemetry(each(key = "id", one_of(PROVIDERS)))] BTreeMap<String, Provider> {
        BTreeMap::from([("google".into(), provider()), ("acme".into(), provider())]) => &*both,
        BTreeMap::new() => "[]",
    });
    field!(#[telemetry(each(key = "id", one_of("google"), max = 1))] indexmap::IndexMap<&'static str, Provider> {
        indexmap::IndexMap::from([("google", provider()), ("acme", provider())]) => &*google,
    });
    field!(#[telemetry(each(key = "id", one_of(PROVIDERS)))] Option<HashMap<String, Provider>> { None => None });
}

#[derive(TelemetrySnapshot)]
struct Limits {
    #[telemetry(number(max = 100))]
    window: u32,
    strict: Option<bool>,
}

#[derive(TelemetrySnapshot)]
struct Flattened {
    before: bool,
    #[telemetry(flatten)]
    limits: Limits,
    #[telemetry(flatten)]
    more: Option<Box<More>>,
    after: bool,
}

#[derive(TelemetrySnapshot)]
struct More {
    #[telemetry(flatten)]
    deep: Deep,
}

#[derive(TelemetrySnapshot)]
struct Deep {
    deep: bool,
}

#[test]
fn flatten_puts_the_fields_into_the_parent() {
    let limits = || Limits { window: 10, strict: None };
    let with = |more| Flattened { before: true, limits: limits(), more, after: true };
    assert_eq!(json(&with(None)), r#"{"before":true,"window":10,"after":true}"#);
    let more = Some(Box::new(More { deep: Deep { deep: false } }));
    assert_eq!(json(&with(more)), r#"{"before":true,"window":10,"deep":false,"after":true}"#);
}

#[test]
fn skip_sends_nothing_and_rename_another_name() {
    field!(#[telemetry(skip)] Foreign { Foreign => None });
    field!(#[telemetry(skip = "names a person")] String { "hunter2".into() => None });
    #[derive(TelemetrySnapshot)]
    struct Renamed {
        #[telemetry(rename = "maxAge", number(max = 10))]
        max_age: u8,
        #[telemetry(presence)]
        #[telemetry(rename = "key-2.b")]
        r#type: String,
    }
    let renamed = Renamed { max_age: 3, r#type: String::new() };
    assert_eq!(json(&renamed), r#"{"maxAge":3,"key-2.b":false}"#);
}
