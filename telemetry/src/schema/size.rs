//! Maximum length of the values of a schema, in bytes.

use super::{Field, Node, Shape, Words};

/// The estimated size of a list.
const GUESS: usize = 256;

/// The estimated size of a group behind a pointer.
pub(crate) const GUESS_OF_GROUP: usize = 128;

/// Upper bound of the bytes of a field's value, without the types nested in it; an estimate for lists.
pub(crate) const fn value_size(node: &Node) -> usize {
    match node {
        Node::Nested(_) => 0,
        _ => node_size(node, 2),
    }
}

/// The same, with this many bytes for each nested group.
pub(crate) const fn node_size(node: &Node, nested: usize) -> usize {
    match node {
        Node::Flag | Node::Presence | Node::Changed => 5,
        Node::Count { max } => digits(*max as i64),
        Node::Number { min, max, .. } => longer(digits(*min), digits(*max)),
        // Two edges, a dash and quotes, or one edge and a sign.
        Node::Bucket { edges, .. } => 2 * longer(digits(edges[0]), digits(edges[edges.len() - 1])) + 4,
        Node::Tag(words) => word_size(words),
        Node::Tags { words, max, .. } => {
            let all = (*max as usize).saturating_mul(word_size(words) + 1);
            2 + if all < GUESS { all } else { GUESS }
        }
        Node::Version => 19,
        Node::Group(members) => fields_size(members, nested) + 2,
        Node::Nested(_) | Node::Flatten(_) | Node::Added(_) | Node::FlattenVariants { .. } => nested,
        Node::List { .. } | Node::Entries { .. } => GUESS,
        Node::Variants { tag, variants } => {
            let mut most = 0;
            let mut at = 0;
            while at < variants.len() {
                let size = match &variants[at].shape {
                    Shape::Unit => variants[at].word.len(),
                    Shape::Value(value) => node_size(&value.kind.node, nested),
                    Shape::Group(members) => fields_size(members, nested),
                };
                most = longer(most, size);
                at += 1;
            }
            most + 2
                + match tag {
                    Some(tag) => tag.key.len() + node_size(&tag.kind.node, nested),
                    None => 0,
                }
        }
    }
}

const fn fields_size(members: &[Field], nested: usize) -> usize {
    let (mut at, mut sum) = (0, 0);
    while at < members.len() {
        sum += members[at].key.len() + node_size(&members[at].kind.node, nested);
        at += 1;
    }
    sum
}

const fn word_size(words: &Words) -> usize {
    let (list, mut at, mut most) = (words.list, 0, words.other.len());
    let len = list.len();
    while at < len {
        if list[at].len() > most {
            most = list[at].len();
        }
        at += 1;
    }
    most + 2
}

const fn digits(number: i64) -> usize {
    let mut rest = number.unsigned_abs();
    let mut digits = 1 + (number < 0) as usize;
    while rest > 9 {
        rest /= 10;
        digits += 1;
    }
    digits
}

const fn longer(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}
