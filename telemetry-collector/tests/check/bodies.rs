//! Small types of which all values are known: the checker accepts their bodies and nothing else.

#[path = "../../../tests/it/seal/exact/all.rs"]
mod all;
#[macro_use]
#[path = "../../../tests/it/seal/exact/each_type.rs"]
mod each_type;
#[allow(unused_imports, reason = "the macro of the module beside it needs them in the other package, too")]
#[path = "../../../tests/it/seal/exact/types.rs"]
mod types;

use std::collections::BTreeSet;

use telemetry::{Snapshot, TelemetrySnapshot};

use self::all::All;
use super::json::Json;
use super::mutate::Change;
use super::oracle::Both;

/// Bodies in which everything is changed; of more, some.
const CHANGED: usize = 12;

fn exactly<T: TelemetrySnapshot + All>() {
    let bodies: BTreeSet<String> =
        T::all().iter().map(|value| Snapshot::of(value).unwrap().as_json().to_owned()).collect();
    let mut both = Both::of::<T>();
    for body in &bodies {
        both.accepts(body);
    }
    for body in bodies.iter().step_by(bodies.len().div_ceil(CHANGED)) {
        both.for_changes(body, &mut |change, bytes, is_accepted| {
            let text = String::from_utf8_lossy(bytes);
            let is_body = bodies.contains(&*text);
            assert!(is_body || change == Change::Value || !is_accepted, "{text}");
            // Deeper values of a type that contains itself are not among these bodies, nor are values that a function of the type never gives.
            let is_known = !std::any::type_name::<T>().ends_with("::ComputedList");
            if is_accepted != is_body && is_known && (is_body || depth(&Json::read(&text)) <= T::DEPTH) {
                panic!("accepted: {is_accepted}, can be sent: {is_body}: {text}\nfrom {body}");
            }
        });
        both.agrees_around(body);
        both.agrees_about_more(body);
    }
}

fn depth(json: &Json) -> usize {
    match json {
        Json::Scalar(_) => 0,
        Json::List(items) => items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.iter().map(|(_, member)| depth(member)).max().unwrap_or(0),
    }
}

macro_rules! exact {
    ($($name:ident: $ty:ty,)+) => {
        $(#[test]
        fn $name() {
            #[allow(unused_imports, reason = "a type of the standard library needs none")]
            use self::types::*;
            exactly::<$ty>();
        })+
    };
}

for_each_type!(exact);
