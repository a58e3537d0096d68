//! Types with a policy of their own.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::num::{Saturating, Wrapping};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU16};
use std::sync::{Arc, OnceLock};

use telemetry::TelemetrySnapshot;
use telemetry::snapshot::Version;

use super::{field, json};

#[derive(TelemetrySnapshot, Clone)]
struct Cookie {
    secure: bool,
    lax: Option<bool>,
}

const COOKIE: Cookie = Cookie { secure: true, lax: None };

#[test]
fn flags_and_pointers_to_them_are_sent() {
    field!(bool { true => "true", false => "false" });
    field!(Option<bool> { Some(true) => "true", Some(false) => "false", None => None });
    field!(Box<bool> { Box::new(true) => "true" });
    field!(Rc<bool> { Rc::new(true) => "true" });
    field!(Arc<Option<bool>> { Arc::new(None) => None, Arc::new(Some(false)) => "false" });
    field!(&'static bool { &true => "true" });
    field!(Option<Option<bool>> { Some(None) => None, Some(Some(true)) => "true" });
    field!(Cow<'static, bool> { Cow::Borrowed(&true) => "true" });
}

#[test]
fn nested_snapshots_are_objects() {
    let sent = r#"{"secure":true}"#;
    field!(Cookie { COOKIE => sent });
    field!(Option<Cookie> { Some(COOKIE) => sent, None => None });
    field!(Option<Box<Cookie>> { Some(Box::new(COOKIE)) => sent, None => None });
    field!(Cow<'static, Cookie> { Cow::Owned(COOKIE) => sent });
}

#[test]
fn a_version_is_sent_as_its_digits() {
    field!(Version { Version::new(1, 4, 2) => r#""1.4.2""#, Version::new(1, 4, 2).truncated(1) => r#""1""# });
    field!(Option<Version> { Version::parse("^18.2-beta") => r#""18.2""#, Version::parse("latest") => None });
}

#[test]
fn collections_are_counted() {
    field!(Vec<String> { vec!["secret".into(); 3] => "3", Vec::new() => "0", vec![String::new(); 5_000] => "1000" });
    field!(&'static [u16] { &[1, 2] => "2" });
    field!(Box<[u16]> { Box::new([1]) => "1" });
    field!(VecDeque<u16> { VecDeque::from([1]) => "1" });
    field!(LinkedList<u16> { LinkedList::from([1]) => "1" });
    field!(BinaryHeap<u16> { BinaryHeap::from([1]) => "1" });
    field!(BTreeSet<u16> { BTreeSet::from([1]) => "1" });
    field!(HashSet<u16> { HashSet::from([1]) => "1" });
    field!(BTreeMap<u8, String> { BTreeMap::from([(1, String::new())]) => "1" });
    field!(HashMap<u8, String> { HashMap::from([(1, String::new())]) => "1" });
    field!(indexmap::IndexMap<u8, String> { indexmap::IndexMap::from([(1, String::new())]) => "1" });
    field!(indexmap::IndexSet<u16> { indexmap::IndexSet::from([1]) => "1" });
    field!(Option<Vec<u16>> { Some(vec![]) => "0", None => None });
}

#[test]
fn bytes_and_characters_are_counted_where_the_author_says_so() {
    field!(#[telemetry(count)] Vec<u8> { vec![1, 2] => "2" });
    field!(#[telemetry(presence)] Vec<char> { vec!['a'] => "true", vec![] => "false" });
    field!(BTreeMap<u8, char> { BTreeMap::from([(1, 'a')]) => "1" });
}

#[test]
fn cells_are_sent_as_what_they_hold() {
    field!(AtomicBool { AtomicBool::new(true) => "true" });
    field!(Arc<AtomicBool> { Arc::default() => "false" });
    field!(Cell<bool> { Cell::new(true) => "true" });
    field!(Cell<Option<bool>> { Cell::new(None) => None });
    field!(OnceCell<bool> { OnceCell::new() => None, OnceCell::from(false) => "false" });
    field!(OnceLock<Cookie> { OnceLock::new() => None, OnceLock::from(COOKIE) => r#"{"secure":true}"# });
    field!(Pin<Box<bool>> { Box::pin(true) => "true" });
    field!(#[telemetry(flag)] AtomicBool { AtomicBool::new(true) => "true" });
    field!(#[telemetry(flag)] OnceLock<bool> { OnceLock::new() => "false" });
    field!(#[telemetry(presence)] OnceLock<String> { OnceLock::new() => "false", OnceLock::from(String::new()) => "true" });
    field!(#[telemetry(presence)] Option<Pin<Box<dyn Fn()>>> { None => "false", Some(Box::pin(|| {})) => "true" });
    field!(#[telemetry(number(max = 9))] AtomicU16 { AtomicU16::new(70) => "9" });
    field!(#[telemetry(number(max = 9))] Cell<u8> { Cell::new(3) => "3" });
    field!(#[telemetry(number(max = 9))] OnceCell<u8> { OnceCell::new() => None, OnceCell::from(3) => "3" });
    field!(#[telemetry(number(max = 9))] Wrapping<u64> { Wrapping(3) => "3" });
    field!(#[telemetry(bucket(10))] Saturating<i8> { Saturating(-3) => r#""<10""# });
    field!(#[telemetry(bucket(10))] Wrapping<f32> { Wrapping(f32::NAN) => None });
    field!(#[telemetry(one_of("a"))] OnceLock<String> { OnceLock::from("a".to_owned()) => r#""a""# });
}

#[test]
fn policies_apply_through_cells() {
    field!(#[telemetry(count)] OnceLock<Vec<u8>> { OnceLock::new() => None, OnceLock::from(vec![1]) => "1" });
    field!(#[telemetry(count)] Cell<[u8; 2]> { Cell::new([1, 2]) => "2" });
    field!(#[telemetry(presence)] Cell<&'static str> { Cell::new("") => "false", Cell::new("hunter2") => "true" });
    field!(#[telemetry(one_of("a"))] Cell<&'static str> { Cell::new("a") => r#""a""#, Cell::new("hunter2") => r#""other""# });
    field!(#[telemetry(each)] OnceLock<Vec<Cookie>> {
        OnceLock::new() => None,
        OnceLock::from(vec![COOKIE]) => r#"[{"secure":true}]"#,
    });
    field!(#[telemetry(each)] Option<OnceCell<[bool; 2]>> { None => None, Some(OnceCell::from([true, false])) => "[true,false]" });
    field!(#[telemetry(each)] Cell<[bool; 2]> { Cell::new([true, false]) => "[true,false]" });
    field!(#[telemetry(each(one_of("a", "b")))] OnceCell<Vec<String>> {
        OnceCell::new() => None,
        OnceCell::from(vec!["b".to_owned(), "hunter2".to_owned()]) => r#"["b","other"]"#,
    });
    // The order of a set is not sent.
    field!(#[telemetry(each(one_of("a", "b")))] OnceLock<HashSet<&'static str>> {
        OnceLock::from(HashSet::from(["b", "a"])) => r#"["a","b"]"#,
    });
    field!(#[telemetry(each(one_of("a", "b")))] Cell<[&'static str; 2]> { Cell::new(["b", "a"]) => r#"["b","a"]"# });
    field!(#[telemetry(each(key = "id", one_of("a")))] OnceLock<BTreeMap<String, Cookie>> {
        OnceLock::new() => None,
        OnceLock::from(BTreeMap::from([("a".to_owned(), COOKIE)])) => r#"[{"id":"a","secure":true}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("a"), value(number(max = 9))))] OnceCell<BTreeMap<String, u64>> {
        OnceCell::from(BTreeMap::from([("hunter2".to_owned(), 70)])) => r#"[{"id":"other","value":9}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("a")))] Cell<Option<&'static BTreeMap<&'static str, bool>>> { Cell::new(None) => None });
}

#[test]
fn levels_and_orderings_are_sent_as_their_names() {
    field!(std::cmp::Ordering { 1.cmp(&2) => r#""less""#, 1.cmp(&1) => r#""equal""#, 2.cmp(&1) => r#""greater""# });
    field!(log::Level { log::Level::Error => r#""error""#, log::Level::Trace => r#""trace""# });
    field!(log::LevelFilter { log::LevelFilter::Off => r#""off""#, log::LevelFilter::Warn => r#""warn""# });
    field!(tracing::Level { tracing::Level::INFO => r#""info""#, tracing::Level::TRACE => r#""trace""# });
    field!(Option<tracing::level_filters::LevelFilter> { Some(tracing::level_filters::LevelFilter::OFF) => r#""off""#, None => None });
}

#[test]
fn a_semantic_version_is_sent_as_its_numbers() {
    field!(semver::Version {
        semver::Version::new(1, 4, 2) => r#""1.4.2""#,
        semver::Version::parse("2.0.0-acme.7+jane").unwrap() => r#""2.0.0""#,
        semver::Version::new(65_536, 0, 0) => None,
    });
    field!(#[telemetry(version)] Option<Arc<semver::Version>> {
        Some(semver::Version::parse("2.0.0-acme.7+jane").unwrap().into()) => r#""2.0.0""#,
        Some(semver::Version::new(1, 65_536, 0).into()) => None,
        None => None,
    });
    field!(#[telemetry(version)] Version { Version::new(1, 4, 2).truncated(2) => r#""1.4""# });
}

#[test]
fn secrets_are_sent_as_present_or_absent() {
    use secrecy::SecretString;
    field!(SecretString { SecretString::from("hunter2") => "true" });
    field!(Option<SecretString> { Some(SecretString::from("hunter2")) => "true", None => "false" });
}

#[test]
fn a_single_value_is_a_snapshot() {
    assert_eq!(json(&true), "true");
    assert_eq!(json(&vec![1_u16, 2, 3]), "3");
    assert_eq!(json(&None::<bool>), "null");
    assert_eq!(json(&Some(COOKIE)), r#"{"secure":true}"#);
}
