//! Types with a policy of their own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

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
    field!([u8; 4] { [0; 4] => "4" });
    field!(&'static [u8] { &[1, 2] => "2" });
    field!(Box<[u8]> { Box::new([1]) => "1" });
    field!(VecDeque<u8> { VecDeque::from([1]) => "1" });
    field!(LinkedList<u8> { LinkedList::from([1]) => "1" });
    field!(BinaryHeap<u8> { BinaryHeap::from([1]) => "1" });
    field!(BTreeSet<u8> { BTreeSet::from([1]) => "1" });
    field!(HashSet<u8> { HashSet::from([1]) => "1" });
    field!(BTreeMap<u8, String> { BTreeMap::from([(1, String::new())]) => "1" });
    field!(HashMap<u8, String> { HashMap::from([(1, String::new())]) => "1" });
    field!(indexmap::IndexMap<u8, String> { indexmap::IndexMap::from([(1, String::new())]) => "1" });
    field!(indexmap::IndexSet<u8> { indexmap::IndexSet::from([1]) => "1" });
    field!(Option<Vec<u8>> { Some(vec![]) => "0", None => None });
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
    assert_eq!(json(&vec![1, 2, 3]), "3");
    assert_eq!(json(&None::<bool>), "null");
    assert_eq!(json(&Some(COOKIE)), r#"{"secure":true}"#);
}
