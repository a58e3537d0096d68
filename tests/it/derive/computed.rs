//! Values that a function computes: `with`, a path or a closure, beside each policy.

#![allow(clippy::redundant_closure, clippy::ref_option, reason = "each form of a function is written")]

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use telemetry::TelemetrySnapshot;
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::{Recorder, Version};

use super::{field, json};

/// A type of another crate.
#[derive(Clone)]
struct Foreign {
    name: String,
    size: u32,
}

impl Foreign {
    fn name(&self) -> &str {
        &self.name
    }
}

fn foreign() -> Foreign {
    Foreign { name: "b".into(), size: 70 }
}

#[derive(TelemetrySnapshot)]
struct View {
    #[telemetry(number(max = 100))]
    size: u32,
}

impl View {
    fn of(foreign: &Foreign) -> Self {
        Self { size: foreign.size }
    }
}

/// The value that a thread has put in place last.
#[test]
fn what_is_swapped_atomically_is_viewed() {
    use arc_swap::{ArcSwap, ArcSwapOption};
    field!(#[telemetry(nested, with = |it| View::of(&it.load()))] ArcSwap<Foreign> {
        ArcSwap::from_pointee(foreign()) => r#"{"size":70}"#,
    });
    field!(#[telemetry(nested, with = |it| it.load().as_deref().map(View::of))] ArcSwapOption<Foreign> {
        ArcSwapOption::from_pointee(foreign()) => r#"{"size":70}"#,
        ArcSwapOption::empty() => None,
    });
    field!(#[telemetry(number(max = 9), with = |it| **it.load())] Arc<ArcSwap<u32>> { Arc::new(ArcSwap::from_pointee(7)) => "7" });
}

#[test]
fn a_closure_beside_each_policy() {
    field!(#[telemetry(flag, with = |it| it.size > 50)] Foreign { foreign() => "true" });
    field!(#[telemetry(presence, with = |it| it.name())] Foreign { foreign() => "true" });
    field!(#[telemetry(presence, with = |it| it.size.checked_sub(71))] Foreign { foreign() => "false" });
    field!(#[telemetry(count, with = |it| it.name.len())] Foreign { foreign() => "1" });
    field!(#[telemetry(number(max = 60), with = |it| it.size)] Foreign { foreign() => "60" });
    field!(#[telemetry(number(max = 60, unit = "s"), with = |it| Duration::from_millis(it.size.into()))] Foreign { foreign() => "0" });
    field!(#[telemetry(bucket(10, 100), with = |it| it.size)] Foreign { foreign() => r#""10-99""# });
    field!(#[telemetry(one_of("a", "b"), with = |it| it.name())] Foreign { foreign() => r#""b""# });
    field!(#[telemetry(version, with = |it| format!("{}.1", it.size))] Foreign { foreign() => r#""70.1""# });
    field!(#[telemetry(nested, with = |it| View::of(it))] Foreign { foreign() => r#"{"size":70}"# });
    field!(#[telemetry(nested, with = |it| Version::new(1, it.size as u16, 0))] Foreign { foreign() => r#""1.70.0""# });
    field!(#[telemetry(each, with = |it| [View::of(it), View::of(it)])] Foreign { foreign() => r#"[{"size":70},{"size":70}]"# });
    field!(#[telemetry(each(one_of("a", "b")), with = |it| vec![it.name()])] Foreign { foreign() => r#"["b"]"# });
    field!(#[telemetry(each(key = "id", one_of("a", "b")), with = |it| BTreeMap::from([(it.name(), View::of(it))]))] Foreign {
        foreign() => r#"[{"id":"b","size":70}]"#,
    });
    field!(#[telemetry(count, with = |it| { let names: Vec<_> = it.name.split(',').collect::<Vec<_>>(); names.len() })] Foreign {
        foreign() => "1",
    });
}

#[test]
fn a_function_of_what_is_in_an_option() {
    field!(#[telemetry(nested, with = View::of)] Option<Foreign> { Some(foreign()) => r#"{"size":70}"#, None => None });
    field!(#[telemetry(one_of("a", "b"), with = Foreign::name)] Option<Foreign> { Some(foreign()) => r#""b""#, None => None });
    field!(#[telemetry(flag, with = IpAddr::is_loopback)] Option<IpAddr> { Some([127, 0, 0, 1].into()) => "true", None => "false" });
    field!(#[telemetry(count, with = str::len)] Option<String> { Some("acme".into()) => "4", None => None });
    field!(#[telemetry(each, with = views)] Option<Foreign> { Some(foreign()) => r#"[{"size":70}]"#, None => None });
    field!(#[telemetry(bucket(1024), with = |it| it.port())] Option<SocketAddr> { Some(([127, 0, 0, 1], 80).into()) => r#""<1024""#, None => None });
    field!(#[telemetry(presence, with = |it| it.name())] Option<Foreign> { Some(foreign()) => "true", None => "false" });
}

fn views(foreign: &Foreign) -> Vec<View> {
    vec![View::of(foreign)]
}

#[test]
fn a_function_of_the_option_itself() {
    field!(#[telemetry(flag, with = Option::is_none)] Option<Foreign> { Some(foreign()) => "false", None => "true" });
    field!(#[telemetry(number(max = 9), with = size)] Option<Foreign> { Some(foreign()) => "9", None => "0" });
    field!(#[telemetry(flag, with = |it: &Option<Foreign>| it.is_some())] Option<Foreign> { None => "false" });
    field!(#[telemetry(flag, with = |it: &Foreign| it.size > 1)] Option<Foreign> { Some(foreign()) => "true", None => "false" });
}

fn size(foreign: &Option<Foreign>) -> u32 {
    foreign.as_ref().map_or(0, |foreign| foreign.size)
}

#[test]
fn a_function_of_what_the_field_dereferences_to() {
    field!(#[telemetry(count, with = str::len)] String { "acme".into() => "4" });
    field!(#[telemetry(count, with = <[u8]>::len)] [u8; 4] { [0; 4] => "4" });
    field!(#[telemetry(flag, with = std::path::Path::is_absolute)] PathBuf { "/acme".into() => "true" });
    field!(#[telemetry(nested, with = View::of)] Arc<Foreign> { Arc::new(foreign()) => r#"{"size":70}"# });
}

#[test]
fn a_view_of_what_is_behind_a_lock() {
    let locked = Arc::new(Mutex::new(foreign()));
    field!(#[telemetry(nested, with = |it| it.lock().ok().map(|it| View::of(&it)))] Arc<Mutex<Foreign>> { locked => r#"{"size":70}"# });
}

#[test]
fn none_of_a_newtype_is_absent() {
    #[derive(TelemetrySnapshot)]
    struct Wrapped(#[telemetry(nested, with = View::of)] Foreign);
    #[derive(TelemetrySnapshot)]
    struct Options {
        wrapped: Option<Wrapped>,
    }
    assert_eq!(json(&Options { wrapped: None }), "{}");
    assert_eq!(json(&Options { wrapped: Some(Wrapped(foreign())) }), r#"{"wrapped":{"size":70}}"#);
}

#[test]
fn a_generic_type_with_functions() {
    #[derive(TelemetrySnapshot)]
    struct Layer<'a, T: AsRef<str>, const N: usize> {
        #[telemetry(count, with = Self::length)]
        name: T,
        #[telemetry(one_of("a", "b"), with = |name| name.as_ref())]
        other: &'a T,
        #[telemetry(each(one_of("a")), with = |all| all.iter().map(|one| one.as_ref()).collect::<Vec<&str>>())]
        all: [T; N],
    }
    impl<T: AsRef<str>, const N: usize> Layer<'_, T, N> {
        fn length(text: &T) -> usize {
            text.as_ref().len()
        }
    }
    let layer = Layer { name: "acme", other: &"b", all: ["a", "c"] };
    assert_eq!(json(&layer), r#"{"name":4,"other":"b","all":["a","other"]}"#);
}

#[test]
fn a_computed_view_counts_its_bits() {
    #[derive(TelemetrySnapshot)]
    struct Views {
        #[telemetry(nested, with = View::of)]
        one: Foreign,
        #[telemetry(each(max = 2), with = views)]
        list: Foreign,
    }
    // 101 sizes are 7 bits; a list has a length of 0 to 2.
    assert_eq!(View::SCHEMA.bits(), 7);
    assert_eq!(Views::SCHEMA.bits(), 7 + 2 + 2 * 7);
    #[derive(TelemetrySnapshot)]
    #[telemetry(event = "views", budget_bits = 23)]
    struct Event {
        #[telemetry(flatten)]
        views: Views,
    }
    let event = Event { views: Views { one: foreign(), list: foreign() } };
    assert_eq!(json(&event), r#"{"one":{"size":70},"list":[{"size":70}]}"#);
}

#[derive(TelemetrySnapshot)]
struct Both {
    #[telemetry(number(max = 100))]
    size: u32,
    named: bool,
}

impl Both {
    fn of(foreign: &Foreign) -> Self {
        Self { size: foreign.size, named: !foreign.name.is_empty() }
    }
}

#[derive(TelemetrySnapshot)]
struct Inner(#[telemetry(nested, with = Both::of)] Foreign);

#[derive(TelemetrySnapshot)]
struct Outer(Inner);

#[derive(TelemetrySnapshot)]
struct Outermost(Option<Box<Outer>>);

#[derive(TelemetrySnapshot)]
struct Switch(bool);

/// Types written by hand that stand for another one, which stands for another one in turn.
macro_rules! by_hand {
    ($($name:ident($inner:ty))+) => {
        $(struct $name($inner);

        impl TelemetrySnapshot for $name {
            const SCHEMA: Schema = Schema::of(Kind::group::<$inner>());

            fn record(&self, recorder: &mut Recorder<'_>) {
                recorder.group(&self.0);
            }
        })+
    };
}

by_hand!(ByHand(Inner) AroundByHand(ByHand) AroundGroup(Both) AroundSwitch(Switch));

/// Members written by hand.
struct Members(Inner, Outer, AroundByHand);

impl TelemetrySnapshot for Members {
    const SCHEMA: Schema = Schema::group(&[
        Field::new("inner", Kind::group::<Inner>()).required(),
        Field::new("outer", Kind::group::<Outer>()).required(),
        Field::new("around", Kind::group::<AroundByHand>()),
    ]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.group(&self.0);
        recorder.group(&self.1);
        recorder.group(&self.2);
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged)]
enum Either {
    Outer(Outer),
    ByHand(ByHand),
}

#[derive(TelemetrySnapshot)]
struct Levels {
    outer: Outer,
    outermost: Outermost,
    absent: Outermost,
    around: AroundByHand,
    group: AroundGroup,
    switch: AroundSwitch,
    either: Either,
}

#[test]
fn a_type_that_stands_for_another_one_is_followed_to_the_last() {
    let both = r#"{"size":70,"named":true}"#;
    let (inner, outer) = (|| Inner(foreign()), || Outer(Inner(foreign())));
    assert_eq!(json(&outer()), both);
    assert_eq!(json(&Outermost(Some(Box::new(outer())))), both);
    assert_eq!(json(&ByHand(inner())), both);
    assert_eq!(json(&AroundByHand(ByHand(inner()))), both);
    assert_eq!(json(&AroundGroup(Both::of(&foreign()))), both);
    assert_eq!(json(&AroundSwitch(Switch(true))), "true");
    assert_eq!(json(&Either::Outer(outer())), both);
    assert_eq!(json(&Either::ByHand(ByHand(inner()))), both);
    let members = Members(inner(), outer(), AroundByHand(ByHand(inner())));
    assert_eq!(json(&members), format!(r#"{{"inner":{both},"outer":{both},"around":{both}}}"#));
    field!(#[telemetry(each)] Vec<Outer> { vec![outer(), outer()] => r#"[{"size":70,"named":true},{"size":70,"named":true}]"# });
    field!(#[telemetry(each)] Vec<AroundByHand> { vec![AroundByHand(ByHand(inner()))] => r#"[{"size":70,"named":true}]"# });
    field!(#[telemetry(each(key = "id", one_of("a")))] BTreeMap<String, Outer> {
        BTreeMap::from([("a".into(), outer())]) => r#"[{"id":"a","value":{"size":70,"named":true}}]"#,
    });
}

#[test]
fn fields_that_stand_for_another_type_fit_the_schema() {
    let inner = || Inner(foreign());
    let levels = Levels {
        outer: Outer(inner()),
        outermost: Outermost(Some(Box::new(Outer(inner())))),
        absent: Outermost(None),
        around: AroundByHand(ByHand(inner())),
        group: AroundGroup(Both::of(&foreign())),
        switch: AroundSwitch(Switch(true)),
        either: Either::Outer(Outer(inner())),
    };
    let json = json(&levels);
    let both = r#"{"size":70,"named":true}"#;
    let expected = format!(
        r#"{{"outer":{both},"outermost":{both},"around":{both},"group":{both},"switch":true,"either":{both}}}"#
    );
    assert_eq!(json, expected);
    let validator = jsonschema::validator_for(&Levels::SCHEMA.to_json_schema()).unwrap();
    assert!(validator.is_valid(&serde_json::from_str(&json).unwrap()), "{json}");
}

/// What a macro is given for `$factor` and `$function` is one value.
macro_rules! computed {
    ($factor:expr, $function:expr) => {{
        field!(#[telemetry(number(max = 1_000), with = |it: &u32| *it * $factor)] u32 { 10 => "30" });
        field!(#[telemetry(number(max = 1_000), with = |it| { let factor = 2 * $factor; it.min(&1_000) * factor })] u32 { 10 => "60" });
        field!(#[telemetry(count, with = $function)] Vec<u16> { vec![1, 2] => "2" });
    }};
}

#[test]
fn a_function_holds_what_macro_rules_put_in_place() {
    computed!(1 + 2, |it| it.len());
    computed!(3, |it: &Vec<u16>| it.len());
    computed!(u32::from(b'\x03'), Vec::len);
    computed!(4 - 1, move |it| it.len());
}
