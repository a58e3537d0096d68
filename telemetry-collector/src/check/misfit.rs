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
    if let Some(Misfit::Missing(node) | Misfit::Incomplete(node)) = misfit {
        let name = names.iter().find(|(_, known)| *known == node).map(|(name, _)| *name);
        let is_elsewhere = keys.iter().any(|(_, key)| Some(*key) == name);
        let fault = match misfit {
            _ if is_elsewhere => Fault::Misplaced,
            Some(Misfit::Incomplete(_)) => Fault::Incomplete,
            _ => Fault::Missing,
        };
        return Fail { fault, node };
    }
    let next = keys.iter().find(|(begin, _)| *begin == at).and_then(|(_, key)| node_of(key));
    Fail { fault: Fault::Misplaced, node: next.unwrap_or(members.node) }
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
