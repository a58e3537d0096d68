//! The difference of any two of the types says that something new can be sent exactly if a body is new.

use std::collections::BTreeSet;

use serde_json::Value;
use telemetry::export::{Effect, difference, rows};

/// The members of the outermost objects.
fn names(bodies: &BTreeSet<String>) -> BTreeSet<String> {
    let names = |body: &String| match serde_json::from_str(body).unwrap() {
        Value::Object(members) => members.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    };
    bodies.iter().flat_map(names).collect()
}

/// The bodies without members that the other version does not have.
fn within(bodies: &BTreeSet<String>, kept: &BTreeSet<String>) -> BTreeSet<String> {
    let strip = |body: &String| {
        let mut value: Value = serde_json::from_str(body).unwrap();
        if let Value::Object(members) = &mut value {
            members.retain(|name, _| kept.contains(name));
        }
        value.to_string()
    };
    bodies.iter().map(strip).collect()
}

#[test]
fn a_body_is_new_exactly_if_the_difference_says_so() {
    let mut all = super::everything();
    // Its function does not make all lists that its schema allows.
    all.retain(|(name, ..)| *name != "computed_list");
    let (mut compared, mut exact) = (0, 0);
    for (name, old, before) in &all {
        // The rows of variants that are not tagged: a value of one can be a value of another.
        let is_ambiguous = rows(old).iter().any(|row| row.path.contains('<'));
        for (other, new, after) in &all {
            let difference = difference(old, new);
            let removed = || difference.changes().iter().filter(|change| change.effect == Effect::Removed);
            // Members of the outermost object, which are told apart from those inside by their paths.
            if removed().any(|change| change.path != "dotted.name" && change.path.contains(['.', '[', '<'])) {
                continue;
            }
            let known = if removed().count() == 0 { before.clone() } else { within(before, &names(after)) };
            let added = after.difference(&known).next();
            compared += 1;
            assert!(added.is_none() || difference.widens(), "{added:?} from {name} to {other}: {difference}");
            // What breaks can look the same.
            if !difference.breaks() && !is_ambiguous {
                exact += 1;
                assert_eq!(difference.widens(), added.is_some(), "{added:?} from {name} to {other}: {difference}");
            }
        }
    }
    assert!(compared > 5_000 && exact > 1_000, "{compared} and {exact}");
}
