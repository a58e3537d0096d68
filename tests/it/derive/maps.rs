//! Maps, entry by entry.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use telemetry::TelemetrySnapshot;

use super::field;

#[derive(TelemetrySnapshot, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[telemetry(rename_all = "kebab-case")]
enum Module {
    Core,
    NetWork,
}

#[derive(TelemetrySnapshot)]
struct Limits {
    strict: bool,
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "type", rename_all = "lowercase")]
enum Store {
    Memory,
    Disk(Limits),
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
enum Size {
    Auto,
    Fixed(#[telemetry(number(max = 9))] u32),
}

/// Its words are sent in place of the objects of serde.
#[derive(serde::Serialize, TelemetrySnapshot, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(tag = "type", rename_all = "lowercase")]
#[telemetry(untagged)]
enum Speed {
    Fast,
}

#[test]
fn an_enum_whose_tag_is_not_sent_can_be_a_key() {
    assert_eq!(serde_json::to_string(&Speed::Fast).unwrap(), r#"{"type":"fast"}"#);
    field!(#[telemetry(each(key = "id"))] BTreeMap<Speed, bool> {
        BTreeMap::from([(Speed::Fast, true)]) => r#"[{"id":"fast","value":true}]"#,
    });
}

fn by_name<V>(value: V) -> BTreeMap<String, V> {
    BTreeMap::from([("acme".to_owned(), value)])
}

#[test]
fn a_group_stands_beside_its_key_and_any_other_value_under_value() {
    field!(#[telemetry(each(key = "id", one_of("a")))] BTreeMap<String, Limits> {
        by_name(Limits { strict: true }) => r#"[{"id":"other","strict":true}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] HashMap<&'static str, bool> {
        HashMap::from([("acme", true)]) => r#"[{"id":"acme","value":true}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] BTreeMap<String, Module> {
        by_name(Module::NetWork) => r#"[{"id":"acme","value":"net-work"}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] Option<BTreeMap<String, Store>> {
        Some(by_name(Store::Disk(Limits { strict: false }))) => r#"[{"id":"acme","type":"disk","strict":false}]"#,
        Some(by_name(Store::Memory)) => r#"[{"id":"acme","type":"memory"}]"#,
        None => None,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] BTreeMap<String, Size> {
        by_name(Size::Fixed(3)) => r#"[{"id":"acme","value":3}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] BTreeMap<String, Option<Box<Limits>>> {
        by_name(None) => r#"[{"id":"acme"}]"#,
        by_name(Some(Box::new(Limits { strict: true }))) => r#"[{"id":"acme","strict":true}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme")))] BTreeMap<String, Vec<String>> {
        by_name(vec!["hunter2".to_owned()]) => r#"[{"id":"acme","value":1}]"#,
    });
}

#[test]
fn an_enum_that_derives_is_a_key_without_words() {
    field!(#[telemetry(each(key = "module"))] BTreeMap<Module, Limits> {
        BTreeMap::from([(Module::NetWork, Limits { strict: true }), (Module::Core, Limits { strict: false })])
            => r#"[{"module":"core","strict":false},{"module":"net-work","strict":true}]"#,
    });
    field!(#[telemetry(each(key = "module", max = 1))] Box<BTreeMap<&'static Module, bool>> {
        Box::new(BTreeMap::from([(&Module::Core, true), (&Module::NetWork, true)])) => r#"[{"module":"core","value":true}]"#,
    });
}

#[test]
fn values_without_a_policy_of_their_own_take_one() {
    field!(#[telemetry(each(key = "id", one_of("acme"), value(number(max = 10))))] BTreeMap<String, u64> {
        by_name(99) => r#"[{"id":"acme","value":10}]"#,
    });
    field!(#[telemetry(each(key = "module", value(bucket(10, 100))))] BTreeMap<Module, f64> {
        BTreeMap::from([(Module::Core, 12.5), (Module::NetWork, f64::NAN)])
            => r#"[{"module":"core","value":"10-99"},{"module":"net-work"}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(number(max = 60, unit = "s"))))] BTreeMap<String, Duration> {
        by_name(Duration::from_millis(2_500)) => r#"[{"id":"acme","value":2}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(one_of("debug", "info"))))] BTreeMap<String, Option<String>> {
        by_name(Some("info".to_owned())) => r#"[{"id":"acme","value":"info"}]"#,
        by_name(Some("hunter2".to_owned())) => r#"[{"id":"acme","value":"other"}]"#,
        by_name(None) => r#"[{"id":"acme"}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(presence)))] BTreeMap<String, Option<String>> {
        by_name(None) => r#"[{"id":"acme","value":false}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(presence)))] BTreeMap<String, Option<u8>> {
        by_name(Some(7)) => r#"[{"id":"acme","value":true}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(each(one_of("a")))))] BTreeMap<String, Vec<String>> {
        by_name(vec!["a".to_owned(), "hunter2".to_owned()]) => r#"[{"id":"acme","value":["a","other"]}]"#,
    });
    field!(#[telemetry(each(key = "id", one_of("acme"), value(each(key = "module"))))] BTreeMap<String, BTreeMap<Module, Limits>> {
        by_name(BTreeMap::from([(Module::Core, Limits { strict: true })]))
            => r#"[{"id":"acme","value":[{"module":"core","strict":true}]}]"#,
    });
}

#[derive(TelemetrySnapshot)]
struct Generic<K, V> {
    #[telemetry(each(key = "id", one_of("a")))]
    by_name: BTreeMap<String, V>,
    #[telemetry(each(key = "id", value(number(max = 3))))]
    by_key: BTreeMap<K, u8>,
}

#[test]
fn keys_and_values_can_be_generic() {
    let generic = Generic { by_name: by_name(true), by_key: BTreeMap::from([(Module::Core, 9)]) };
    assert_eq!(
        super::json(&generic),
        r#"{"by_name":[{"id":"other","value":true}],"by_key":[{"id":"core","value":3}]}"#
    );
}

struct Foreign(BTreeMap<Module, u8>);

#[test]
fn a_function_gives_a_map_whose_keys_are_enums() {
    field!(#[telemetry(each(key = "module"), with = |foreign| {
        foreign.0.iter().map(|(module, level)| (*module, *level > 1)).collect::<BTreeMap<_, _>>()
    })] Foreign {
        Foreign(BTreeMap::from([(Module::Core, 1), (Module::NetWork, 2)]))
            => r#"[{"module":"core","value":false},{"module":"net-work","value":true}]"#,
    });
    field!(#[telemetry(each(key = "module"), with = |foreign| {
        foreign.0.iter().map(|(module, level)| (*module, Limits { strict: *level > 1 })).collect::<BTreeMap<_, _>>()
    })] Option<Foreign> {
        Some(Foreign(BTreeMap::from([(Module::NetWork, 2)]))) => r#"[{"module":"net-work","strict":true}]"#,
        None => None,
    });
}
