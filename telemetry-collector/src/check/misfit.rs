//! Says what is wrong with the members of an object.

use super::Fault;
use super::cursor::Cursor;
use super::program::{Choice, Item, NodeId};
use super::run::{Fail, Members, Of};

/// A member that is not where it should be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Misfit {
    /// It is required.
    Missing(NodeId),
    /// It is required because others are there.
    Incomplete(NodeId),
}

/// The fault of an object whose members are not those of its schema.
pub(super) fn explain(mut cursor: Cursor<'_>, members: &Members<'_>, misfit: Option<Misfit>) -> Fail {
    let here = |fault| Fail { fault, node: members.node };
    let at = cursor.at();
    cursor.go_to(members.start);
    let keys = match keys(cursor) {
        Ok(keys) => keys,
        Err(fault) => return here(fault),
    };
    let mut names = Vec::new();
    match members.of {
        Of::Object(object) => collect(&object.items, &mut names),
        Of::Tagged(choice) => collect_choice(choice, &mut names),
    }
    let node_of = |name: &[u8]| names.iter().find(|(known, _)| *known == name).map(|(_, node)| *node);
    for (index, (_, key)) in keys.iter().enumerate() {
        let Some(node) = node_of(key) else { return here(Fault::UnknownMember { bytes: key.len() }) };
        if keys.iter().take(index).any(|(_, other)| other == key) {
            return Fail { fault: Fault::Repeated, node };
        }
    }
    let next = keys.iter().find(|(begin, _)| *begin == at).map(|(_, key)| *key);
    let misplaced = |node| Fail { fault: Fault::Misplaced, node };
    let Some(Misfit::Missing(node) | Misfit::Incomplete(node)) = misfit else {
        return misplaced(next.and_then(node_of).unwrap_or(members.node));
    };
    let place_of = |name: &[u8]| names.iter().position(|(known, _)| *known == name);
    let is_elsewhere = names.iter().any(|(name, known)| *known == node && keys.iter().any(|(_, key)| key == name));
    if is_elsewhere {
        // The member that is too late, if it comes next, or else the one that was expected.
        let before = keys.iter().rev().find(|(begin, _)| *begin < at).map(|(_, key)| *key);
        let is_late = next.and_then(place_of) < before.and_then(place_of);
        return misplaced(next.filter(|_| is_late).and_then(node_of).unwrap_or(node));
    }
    let fault = if matches!(misfit, Some(Misfit::Incomplete(_))) { Fault::Incomplete } else { Fault::Missing };
    Fail { fault, node }
}

/// Where each member of an object begins, and its name as it is written.
fn keys(mut cursor: Cursor<'_>) -> Result<Vec<(usize, &[u8])>, Fault> {
    let mut keys = Vec::new();
    while cursor.peek() == Some(b'"') {
        let at = cursor.at();
        keys.push((at, cursor.text()?));
        if !cursor.take_byte(b':') {
            return Err(cursor.misplaced());
        }
        cursor.go_to(cursor.end_of_value()?);
        if !cursor.take_byte(b',') {
            break;
        }
    }
    Ok(keys)
}

fn collect<'p>(items: &'p [Item], names: &mut Vec<(&'p [u8], NodeId)>) {
    for item in items {
        match item {
            Item::Member { key, node, .. } => names.push((key.name(), *node)),
            Item::Together(items) => collect(items, names),
            Item::Choice { choice, .. } => collect_choice(choice, names),
        }
    }
}

fn collect_choice<'p>(choice: &'p Choice, names: &mut Vec<(&'p [u8], NodeId)>) {
    names.push((choice.key.name(), choice.tag));
    choice.variants.iter().for_each(|items| collect(items, names));
}
