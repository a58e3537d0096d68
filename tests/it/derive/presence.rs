//! `presence` behind pointers: whether what they point to is set.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use telemetry::TelemetrySnapshot;

use super::{field, json};

/// Implements nothing, not even comparison.
struct Foreign;

#[test]
fn of_a_pointer_is_that_of_what_it_points_to() {
    type Alias = Option<u8>;
    field!(#[telemetry(presence)] Arc<String> { Arc::new(String::new()) => "false", Arc::new("x".into()) => "true" });
    field!(#[telemetry(presence)] Arc<PathBuf> { Arc::default() => "false", Arc::new("/x".into()) => "true" });
    field!(#[telemetry(presence)] Rc<Vec<u8>> { Rc::default() => "false", Rc::new(vec![0]) => "true" });
    field!(#[telemetry(presence)] Pin<Box<str>> { Pin::new("".into()) => "false", Pin::new("x".into()) => "true" });
    field!(#[telemetry(presence)] Option<Arc<String>> { Some(Arc::default()) => "false", Some(Arc::new("x".into())) => "true", None => "false" });
    field!(#[telemetry(presence)] Box<Option<String>> { Box::new(None) => "false", Box::new(Some("x".into())) => "true" });
    field!(#[telemetry(presence)] Box<Option<u8>> { Box::new(None) => "false", Box::new(Some(0)) => "true" });
    field!(#[telemetry(presence)] Arc<Box<Alias>> { Arc::new(Box::new(None)) => "false", Arc::new(Box::new(Some(0))) => "true" });
    field!(#[telemetry(presence)] Arc<Option<Foreign>> { Arc::new(None) => "false", Arc::new(Some(Foreign)) => "true" });
    field!(#[telemetry(presence)] &'static Option<Foreign> { &None => "false", &Some(Foreign) => "true" });
    field!(#[telemetry(presence)] Cow<'static, Option<u8>> { Cow::Owned(None) => "false", Cow::Owned(Some(0)) => "true" });
    field!(#[telemetry(presence)] Cell<Option<u8>> { Cell::new(None) => "false", Cell::new(Some(0)) => "true" });
    field!(#[telemetry(presence)] Cell<&'static str> { Cell::new("") => "false", Cell::new("x") => "true" });
    field!(#[telemetry(presence)] Option<Box<Option<u8>>> { Some(Box::new(None)) => "true", None => "false" });
}

#[test]
fn of_a_pointer_to_anything_else_is_true() {
    field!(#[telemetry(presence)] Arc<dyn Fn() + Send + Sync> { Arc::new(|| {}) => "true" });
    field!(#[telemetry(presence)] Box<Rc<dyn Fn()>> { Box::new(Rc::new(|| {})) => "true" });
    field!(#[telemetry(presence)] Option<Rc<dyn Fn()>> { Some(Rc::new(|| {})) => "true", None => "false" });
    field!(#[telemetry(presence)] Box<Foreign> { Box::new(Foreign) => "true" });
    field!(#[telemetry(presence)] Pin<Box<Foreign>> { Box::pin(Foreign) => "true" });
}

#[test]
fn of_a_computed_value_and_of_the_values_of_a_map_is_the_same() {
    field!(#[telemetry(presence, with = |text: &String| Arc::new(text.clone()))] String { String::new() => "false", "x".into() => "true" });
    field!(#[telemetry(presence, with = |number: &u8| Box::new(number.checked_sub(1)))] u8 { 0 => "false", 1 => "true" });
    field!(#[telemetry(presence, with = |_: &u8| Box::new(Foreign))] u8 { 0 => "true" });
    field!(#[telemetry(each(key = "key", one_of("a"), value(presence)))] BTreeMap<String, Box<Option<u8>>> {
        BTreeMap::from([("a".into(), Box::new(None))]) => r#"[{"key":"a","value":false}]"#,
        BTreeMap::from([("a".into(), Box::new(Some(0)))]) => r#"[{"key":"a","value":true}]"#,
    });
}

#[test]
fn in_a_generic_type() {
    #[derive(TelemetrySnapshot)]
    struct Text<T> {
        #[telemetry(presence)]
        value: Arc<T>,
    }
    #[derive(TelemetrySnapshot)]
    #[telemetry(bound = "")]
    struct Any<T> {
        #[telemetry(presence)]
        value: Arc<T>,
        #[telemetry(presence)]
        option: Box<Option<T>>,
    }
    assert_eq!(json(&Text { value: Arc::new(String::new()) }), r#"{"value":false}"#);
    let any = Any { value: Arc::new(Foreign), option: Box::new(None) };
    assert_eq!(json(&any), r#"{"value":true,"option":false}"#);
}
