//! Values just out of the bounds of a JSON Schema: for each leaf of a valid value, an invalid one.

use serde_json::{Value, json};

/// Each variation of `value` at one place, with the path of that place.
pub(crate) fn variations(schema: &Value, value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    walk(schema, schema, value, "", &mut |path, outside| {
        let mut whole = value.clone();
        *whole.pointer_mut(path).unwrap() = outside;
        found.push((path.to_owned(), whole));
    });
    found
}

fn walk(root: &Value, schema: &Value, value: &Value, path: &str, report: &mut impl FnMut(&str, Value)) {
    if let Some(reference) = schema["$ref"].as_str() {
        return walk(root, root.pointer(&pointer(reference)).unwrap(), value, path, report);
    }
    if let (Some(alternatives), None) = (schema["anyOf"].as_array(), schema.get("type")) {
        return walk(root, fitting(root, alternatives, value), value, path, report);
    }
    if schema.get("enum").is_some() || schema.get("const").is_some() {
        report(path, json!("no such word"));
        return report(path, json!(17.5));
    }
    match schema["type"].as_str().unwrap_or_default() {
        "boolean" => report(path, json!("true")),
        "null" => {}
        "integer" => {
            report(path, json!(schema["maximum"].as_i64().unwrap() + 1));
            report(path, json!(schema["minimum"].as_i64().unwrap() - 1));
            report(path, json!(schema["minimum"].as_f64().unwrap() + 0.5));
            report(path, json!("1"));
        }
        "string" => {
            for bad in ["", "1.2.3.4", "65536", "1.2-beta", "01", "1."] {
                report(path, json!(bad));
            }
        }
        "array" => {
            for (at, item) in value.as_array().unwrap().iter().enumerate() {
                walk(root, &schema["items"], item, &format!("{path}/{at}"), report);
            }
            if let Some(first) = value.get(0) {
                let most = usize::try_from(schema["maxItems"].as_u64().unwrap()).unwrap();
                report(path, vec![first.clone(); most + 1].into());
            }
        }
        "object" => {
            let parts = parts(root, schema, value);
            for (name, member) in value.as_object().unwrap() {
                let schema = parts.iter().find_map(|part| part["properties"].get(name)).unwrap();
                walk(root, schema, member, &format!("{path}/{name}"), report);
            }
            let mut more = value.clone();
            more["noSuchKey"] = true.into();
            report(path, more);
            for name in parts.iter().filter_map(|part| part["required"].as_array()).flatten() {
                let mut less = value.clone();
                less.as_object_mut().unwrap().remove(name.as_str().unwrap());
                report(path, less);
            }
        }
        other => panic!("a type that cannot occur in a snapshot: {other:?} in {schema}"),
    }
}

/// The alternative that accepts the value.
fn fitting<'s>(root: &Value, alternatives: &'s [Value], value: &Value) -> &'s Value {
    let fits = |alternative: &&Value| {
        let mut schema = (*alternative).clone();
        if let Some(definitions) = root.get("$defs") {
            schema["$defs"] = definitions.clone();
        }
        jsonschema::validator_for(&schema).unwrap().is_valid(value)
    };
    alternatives.iter().find(fits).unwrap()
}

/// The schema of an object, and those of the variants whose members are among its members.
fn parts<'s>(root: &Value, schema: &'s Value, value: &Value) -> Vec<&'s Value> {
    let choices = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
    let variants = choices.filter_map(|choice| choice["anyOf"].as_array());
    let inner = variants.flat_map(|variants| parts(root, fitting(root, variants, value), value));
    [schema].into_iter().chain(inner).collect()
}

/// The JSON pointer of a reference within the document.
fn pointer(reference: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = reference.strip_prefix('#').unwrap().bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let code: Vec<u8> = rest.by_ref().take(2).collect();
            bytes.push(u8::from_str_radix(str::from_utf8(&code).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
