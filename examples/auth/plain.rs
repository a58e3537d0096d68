//! Reduces the encoding to plain JSON.

use serde_json::{Map, Value};

/// Replaces functions that return a provider by the provider.
pub(super) fn resolve_providers(tree: &mut Value) {
    let providers = tree.get_mut("socialProviders").and_then(Value::as_object_mut);
    for provider in providers.into_iter().flat_map(Map::values_mut) {
        for key in ["$asyncProvider", "$syncProvider"] {
            if let Some(given) = provider.get_mut(key) {
                *provider = given.take();
            }
        }
    }
}

/// Makes the tree plain JSON, without members that are `null`.
pub(super) fn make(tree: &mut Value) {
    match tree {
        Value::Object(members) => {
            members.values_mut().for_each(make);
            members.retain(|_, value| !value.is_null());
            if let Some(value) = stands_for(members) {
                *tree = value;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make),
        Value::Number(number) => {
            // `1e3` and `42.0` are integers in JavaScript.
            if let Some(whole) = number.as_f64().filter(|float| number.is_f64() && *float == float.trunc()) {
                *tree = (whole as i64).into();
            }
        }
        _ => {}
    }
}

/// The value that an object stands for, if it is part of the encoding.
fn stands_for(members: &mut Map<String, Value>) -> Option<Value> {
    let [key] = members.keys().filter(|key| *key != "arity").collect::<Vec<_>>()[..] else { return None };
    match key.clone().as_str() {
        "$date" => members.values_mut().next().map(Value::take),
        // `JSON.stringify` writes negative zero as `0`, and the others as `null`.
        "$num" if members["$num"] == "-0" => Some(0.into()),
        "$fn" | "$rejectProvider" | "$hangProvider" | "$num" | "$bigint" | "$circular" => Some(Value::Null),
        _ => None,
    }
}
