//! With what a value can begin, so that most variants need not be tried.

use super::program::{Begins, Check, Node, NodeId};

/// Notes for each variant of the enums without a tag with what it begins.
pub(super) fn fill(nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        let begins: Vec<Begins> = match nodes.get(at).map(|node| &node.check) {
            Some(Check::Untagged(untagged)) => {
                untagged.others.iter().map(|other| of(nodes, other.node, nodes.len())).collect()
            }
            _ => continue,
        };
        if let Some(Node { check: Check::Untagged(untagged), .. }) = nodes.get_mut(at) {
            for (other, begins) in untagged.others.iter_mut().zip(begins) {
                other.begins = begins;
            }
        }
    }
}

/// With what a node begins. An enum that leads back to itself at once has been left out when the schema was compiled, so `fuel`, the
/// number of nodes, suffices.
fn of(nodes: &[Node], node: NodeId, fuel: usize) -> Begins {
    let Some((node, fuel)) = nodes.get(node).zip(fuel.checked_sub(1)) else { return Begins::NOTHING };
    match &node.check {
        Check::Flag => Begins::FLAG,
        Check::Integer(_) => Begins::NUMBER,
        Check::Word(_) | Check::Version => Begins::TEXT,
        Check::Words { .. } | Check::List { .. } => Begins::LIST,
        Check::Object(_) | Check::Tagged(_) => Begins::OBJECT,
        Check::Same(above) => of(nodes, *above, fuel),
        Check::Never => Begins::NOTHING,
        Check::Untagged(untagged) => {
            let words = if untagged.words.texts().is_empty() { Begins::NOTHING } else { Begins::TEXT };
            untagged.others.iter().map(|other| of(nodes, other.node, fuel)).fold(words, Begins::or)
        }
    }
}
