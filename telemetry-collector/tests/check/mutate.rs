//! Everything that can be wrong with a payload, at each of its places.

use super::json::Json;

/// A change of a payload, by what the JSON Schema can see of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// The values differ, so that the JSON Schema judges it.
    Value,
    // The values are the same, spelled in a way in which no client spells them.
    /// Members in another order.
    Order,
    /// White space between two values.
    WhiteSpace,
    /// An escape in a text or a name.
    Escape,
    /// `1.0`, `1e0` or `-0`.
    NumberForm,
    /// A member twice.
    Repetition,
}

/// What stands in place of any value.
const VALUES: [&str; 21] = [
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "1000001",
    "9007199254740992",
    "-9007199254740992",
    "\"\"",
    "\"true\"",
    "\"1\"",
    "\"1.2.3.4\"",
    "\"no such word\"",
    "[]",
    "[0]",
    "[null]",
    "[\"no such word\"]",
    "{}",
    "{\"a\":true}",
    "[[[[{}]]]]",
];

/// What is not JSON, or no JSON that is read.
fn broken() -> Vec<Vec<u8>> {
    let deep = [b"[".repeat(200), b"]".repeat(200)].concat();
    let huge = b"9".repeat(400);
    let texts: [&[u8]; 9] =
        [b"\"a\0\"", b"\"\\u0000\"", b"\"\xff\"", b"\"\xed\xa0\x80\"", b"tru", b"01", b"+1", b"\"", b"1e999"];
    texts.iter().map(|text| text.to_vec()).chain([deep, huge]).collect()
}

/// The words and bounds of a schema, for values that are nearly right.
pub(super) struct Pool {
    pub(super) values: Vec<String>,
    pub(super) names: Vec<String>,
    /// The longest list that the schema allows.
    pub(super) longest: usize,
}

impl Pool {
    /// From a JSON Schema.
    pub(super) fn of(schema: &serde_json::Value) -> Self {
        let mut pool = Self { values: Vec::new(), names: Vec::new(), longest: 0 };
        pool.collect(schema);
        pool.values.sort();
        pool.values.dedup();
        pool.names.sort();
        pool.names.dedup();
        // Of a large schema, some.
        let step = pool.values.len().div_ceil(12).max(1);
        pool.values = pool.values.into_iter().step_by(step).collect();
        pool
    }

    fn collect(&mut self, schema: &serde_json::Value) {
        match schema {
            serde_json::Value::Array(all) => all.iter().for_each(|part| self.collect(part)),
            serde_json::Value::Object(members) => {
                for (name, part) in members {
                    match name.as_str() {
                        "maximum" => self.values.push((part.as_i64().unwrap() + 1).to_string()),
                        "minimum" => self.values.push((part.as_i64().unwrap() - 1).to_string()),
                        "enum" => self.values.extend(part.as_array().unwrap().iter().map(ToString::to_string)),
                        "const" => self.values.push(part.to_string()),
                        "maxItems" => self.longest = self.longest.max(part.as_u64().unwrap() as usize),
                        "properties" => {
                            self.names.extend(part.as_object().unwrap().keys().cloned());
                            part.as_object().unwrap().values().for_each(|part| self.collect(part));
                        }
                        _ => self.collect(part),
                    }
                }
            }
            _ => {}
        }
    }
}

/// Reports each change at each place of a payload.
pub(super) fn mutations(payload: &Json, pool: &Pool, report: &mut dyn FnMut(Change, &[u8])) {
    let whole = payload.to_string();
    report(Change::WhiteSpace, format!(" {whole}").as_bytes());
    report(Change::WhiteSpace, format!("{whole}\n").as_bytes());
    for more in ["x", ",", "{}", "\0", "}"] {
        report(Change::Value, [&whole, more].concat().as_bytes());
    }
    for end in (0..whole.len()).step_by(whole.len().div_ceil(60).max(1)) {
        report(Change::Value, &whole.as_bytes()[..end]);
    }
    place(payload, pool, &mut |change, bytes| report(change, bytes));
}

/// The changes of one value and of what it holds. `report` puts a changed value in its place.
fn place(value: &Json, pool: &Pool, report: &mut dyn FnMut(Change, &[u8])) {
    for other in VALUES.iter().copied().chain(pool.values.iter().map(String::as_str)) {
        report(Change::Value, other.as_bytes());
    }
    broken().iter().for_each(|bytes| report(Change::Value, bytes));
    match value {
        Json::Scalar(text) => scalar(text, report),
        Json::List(items) => list(items, pool, report),
        Json::Object(members) => object(members, pool, report),
    }
}

fn scalar(text: &str, report: &mut dyn FnMut(Change, &[u8])) {
    if let Ok(number) = text.parse::<i64>() {
        for near in [number - 1, number + 1, number * 10, -number] {
            report(Change::Value, near.to_string().as_bytes());
        }
        for same in [format!("{number}.0"), format!("{number}e0"), format!("{number}.00E+0")] {
            report(Change::NumberForm, same.as_bytes());
        }
        if number == 0 {
            report(Change::NumberForm, b"-0");
        }
    } else if let Some(word) = text.strip_prefix('"') {
        report(Change::Value, text.to_uppercase().as_bytes());
        report(Change::Value, format!("\" {word}").as_bytes());
        report(Change::Value, text.trim_matches('"').as_bytes());
        report(Change::Escape, escaped(text).as_bytes());
    } else {
        report(Change::Value, format!("\"{text}\"").as_bytes());
        report(Change::Value, text.to_uppercase().as_bytes());
    }
    report(Change::WhiteSpace, format!("{text} ").as_bytes());
}

/// The first character of a text as an escape.
fn escaped(text: &str) -> String {
    let first = text[1..].chars().next().unwrap();
    let rest = &text[1 + first.len_utf8()..];
    let mut units = [0; 2];
    let escapes = first.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
    format!("\"{}{rest}", escapes.collect::<String>())
}

fn list(items: &[Json], pool: &Pool, report: &mut dyn FnMut(Change, &[u8])) {
    let mut tell = |items: Vec<Json>| report(Change::Value, Json::List(items).to_string().as_bytes());
    for at in 0..items.len() {
        let mut less = items.to_vec();
        less.remove(at);
        tell(less);
        let mut again = items.to_vec();
        again.insert(at, items[at].clone());
        tell(again);
        for other in at + 1..items.len() {
            let mut swapped = items.to_vec();
            swapped.swap(at, other);
            tell(swapped);
        }
    }
    if let Some(first) = items.first().filter(|_| pool.longest < 200) {
        for length in [pool.longest, pool.longest + 1] {
            tell(vec![first.clone(); length]);
        }
    }
    for more in &pool.values {
        let more = Json::Scalar(more.clone());
        tell([items, std::slice::from_ref(&more)].concat());
    }
    let whole = Json::List(items.to_vec()).to_string();
    report(Change::Value, whole.replacen(']', ",]", 1).as_bytes());
    report(Change::WhiteSpace, whole.replacen('[', "[\t", 1).as_bytes());
    for at in 0..items.len() {
        place(&items[at], pool, &mut |change, item| {
            let text = |items: &[Json]| items.iter().map(Json::to_string).collect::<Vec<_>>();
            let (before, after) = (text(&items[..at]), text(&items[at + 1..]));
            report(change, &joined(b"[", &before, item, &after, b"]"));
        });
    }
}

fn object(members: &[(String, Json)], pool: &Pool, report: &mut dyn FnMut(Change, &[u8])) {
    let print = |members: Vec<(String, Json)>| Json::Object(members).to_string().into_bytes();
    for at in 0..members.len() {
        let mut less = members.to_vec();
        let (name, value) = less.remove(at);
        report(Change::Value, &print(less.clone()));
        // Of many positions, those beside it and at both ends.
        let is_tried =
            |other: &usize| members.len() < 6 || other.abs_diff(at) == 1 || *other == 0 || *other + 1 == members.len();
        for other in (0..members.len()).filter(is_tried) {
            if other != at {
                let mut moved = less.clone();
                moved.insert(other, (name.clone(), value.clone()));
                report(Change::Order, &print(moved));
            }
            let mut twice = members.to_vec();
            twice.insert(other, members[at].clone());
            report(Change::Repetition, &print(twice));
        }
        let mut renamed = members.to_vec();
        renamed[at].0 = "noSuchName".to_owned();
        report(Change::Value, &print(renamed.clone()));
        renamed[at].0 = format!("\\u{:04x}{}", u32::from(name.as_bytes()[0]), &name[1..]);
        report(Change::Escape, &print(renamed));
        let whole = print(members.to_vec());
        let spaced = String::from_utf8(whole).unwrap().replacen(&format!("\"{name}\":"), &format!("\"{name}\" :"), 1);
        report(Change::WhiteSpace, spaced.as_bytes());
    }
    for name in ["noSuchName", "", "\u{e9}"] {
        let mut more = members.to_vec();
        more.push((name.to_owned(), Json::Scalar("true".to_owned())));
        report(Change::Value, &print(more.clone()));
        more.rotate_right(1);
        report(Change::Value, &print(more));
    }
    let whole = String::from_utf8(print(members.to_vec())).unwrap();
    report(Change::WhiteSpace, whole.replacen('{', "{\r\n", 1).as_bytes());
    report(Change::Value, whole.replacen('{', "{,", 1).as_bytes());
    report(Change::Value, format!("{},}}", &whole[..whole.len() - 1]).as_bytes());
    for (at, (name, member)) in members.iter().enumerate() {
        place(member, pool, &mut |change, member| {
            let text = |members: &[(String, Json)]| {
                members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect::<Vec<_>>()
            };
            let (before, after) = (text(&members[..at]), text(&members[at + 1..]));
            let member = [format!("\"{name}\":").as_bytes(), member].concat();
            report(change, &joined(b"{", &before, &member, &after, b"}"));
        });
    }
}

fn joined(open: &[u8], before: &[String], this: &[u8], after: &[String], close: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> =
        before.iter().map(String::as_bytes).chain([this]).chain(after.iter().map(String::as_bytes)).collect();
    [open, &parts.join(&b','), close].concat()
}

/// Each payload with one more member of the schema, at every position of every object: one list for each member.
pub(super) fn with_more(payload: &Json, pool: &Pool) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    more(payload, pool, &mut |positions| all.push(positions.iter().map(Json::to_string).collect()));
    all
}

fn more(value: &Json, pool: &Pool, report: &mut dyn FnMut(Vec<Json>)) {
    match value {
        Json::Scalar(_) => {}
        Json::List(items) => {
            for at in 0..items.len() {
                more(&items[at], pool, &mut |positions| {
                    let put = |item| {
                        let mut items = items.clone();
                        items[at] = item;
                        Json::List(items)
                    };
                    report(positions.into_iter().map(put).collect());
                });
            }
        }
        Json::Object(members) => {
            for name in pool.names.iter().filter(|name| members.iter().all(|(known, _)| known != *name)) {
                for value in ["true", "1", "[]", "{}"].into_iter().chain(pool.values.iter().map(String::as_str)) {
                    let with = |at| {
                        let mut members = members.clone();
                        members.insert(at, (name.clone(), Json::read(value)));
                        Json::Object(members)
                    };
                    report((0..=members.len()).map(with).collect());
                }
            }
            for at in 0..members.len() {
                more(&members[at].1, pool, &mut |positions| {
                    let put = |member| {
                        let mut members = members.clone();
                        members[at].1 = member;
                        Json::Object(members)
                    };
                    report(positions.into_iter().map(put).collect());
                });
            }
        }
    }
}
