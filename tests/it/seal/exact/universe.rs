//! Values similar to those that can be sent.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// How many values are changed, and how many replace a part of them. If there are more, they are sampled evenly.
const CHANGED: usize = 80;
const POOL: usize = 80;

/// The values, and variants of each with one place changed. Values that nest deeper than `depth` are left out.
pub(super) fn around(values: &[Value], depth: usize) -> BTreeSet<String> {
    let pool = pool(values);
    let names: BTreeSet<&String> = values.iter().flat_map(names).collect();
    let mut found: BTreeSet<String> = values.iter().map(Value::to_string).collect();
    for value in values.iter().step_by(values.len().div_ceil(CHANGED).max(1)) {
        changed(value, &pool, &names, &mut |other| {
            if depth_of(&other) <= depth {
                found.insert(other.to_string());
            }
        });
    }
    found
}

/// All parts of the values, and some values of each kind that do not occur in them.
fn pool(values: &[Value]) -> Vec<Value> {
    fn parts(value: &Value, found: &mut BTreeSet<String>) {
        found.insert(value.to_string());
        match value {
            Value::Array(items) => items.iter().for_each(|item| parts(item, found)),
            Value::Object(members) => members.values().for_each(|member| parts(member, found)),
            _ => {}
        }
    }
    let mut all = BTreeSet::new();
    values.iter().for_each(|value| parts(value, &mut all));
    let foreign = [
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(0),
        json!(1.5),
        json!(1_000_000),
        json!(""),
        json!("a"),
        json!("no such word"),
        json!("1.2.3.4"),
        json!([]),
        json!([0]),
        json!({}),
        json!({ "a": true }),
    ];
    let step = all.len().div_ceil(POOL).max(1);
    let known = all.iter().step_by(step).map(|text| serde_json::from_str(text).unwrap());
    known.chain(foreign).collect()
}

fn names(value: &Value) -> Vec<&String> {
    match value {
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(members) => {
            members.iter().flat_map(|(name, member)| std::iter::once(name).chain(names(member))).collect()
        }
        _ => Vec::new(),
    }
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(depth_of).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth_of).max().unwrap_or(0),
        _ => 0,
    }
}

/// Reports each variant of `value` with one change, at the top or inside.
fn changed(value: &Value, pool: &[Value], names: &BTreeSet<&String>, report: &mut dyn FnMut(Value)) {
    pool.iter().cloned().for_each(&mut *report);
    match value {
        Value::Number(number) => {
            if let Some(number) = number.as_i64() {
                [number - 1, number + 1].into_iter().for_each(|near| report(near.into()));
            }
        }
        Value::String(text) => {
            report(json!(text.to_uppercase()));
            report(json!(format!("{text} ")));
        }
        Value::Array(items) => changed_list(items, pool, names, report),
        Value::Object(members) => changed_object(members, pool, names, report),
        Value::Null | Value::Bool(_) => {}
    }
}

fn changed_list(items: &[Value], pool: &[Value], names: &BTreeSet<&String>, report: &mut dyn FnMut(Value)) {
    for at in 0..items.len() {
        let mut less = items.to_vec();
        less.remove(at);
        report(less.into());
        let mut again = items.to_vec();
        again.insert(at, items[at].clone());
        report(again.into());
        for other in at + 1..items.len() {
            let mut swapped = items.to_vec();
            swapped.swap(at, other);
            report(swapped.into());
        }
        changed(&items[at], pool, names, &mut |item| {
            let mut list = items.to_vec();
            list[at] = item;
            report(list.into());
        });
    }
    for more in pool {
        report([items, std::slice::from_ref(more)].concat().into());
        report([std::slice::from_ref(more), items].concat().into());
    }
}

fn changed_object(
    members: &Map<String, Value>,
    pool: &[Value],
    names: &BTreeSet<&String>,
    report: &mut dyn FnMut(Value),
) {
    for (name, member) in members {
        let mut less = members.clone();
        less.remove(name);
        report(less.into());
        changed(member, pool, names, &mut |member| {
            let mut object = members.clone();
            object.insert(name.clone(), member);
            report(object.into());
        });
    }
    let foreign = "foreign".to_owned();
    for name in names.iter().copied().chain([&foreign]).filter(|name| !members.contains_key(*name)) {
        for member in pool {
            let mut more = members.clone();
            more.insert(name.clone(), member.clone());
            report(more.into());
        }
    }
}

#[test]
fn each_place_is_changed_in_each_way() {
    let found = around(&[json!({ "a": [1, 2], "b": { "c": "x" } })], 2);
    for expected in [
        json!({ "a": [2, 1], "b": { "c": "x" } }),
        json!({ "a": [1], "b": { "c": "x" } }),
        json!({ "a": [1, 1, 2], "b": { "c": "x" } }),
        json!({ "a": [1, 3], "b": { "c": "x" } }),
        json!({ "b": { "c": "x" } }),
        json!({ "a": [1, 2], "b": {} }),
        json!({ "a": [1, 2], "b": { "c": "no such word" } }),
        json!({ "a": [1, 2], "b": { "c": "x" }, "foreign": true }),
        json!({ "a": [1, 2], "b": { "c": "x" }, "c": "x" }),
        json!([]),
    ] {
        assert!(found.contains(&expected.to_string()), "{expected}");
    }
    assert!(!found.iter().any(|text| depth_of(&serde_json::from_str(text).unwrap()) > 2));
}
