//! Compile-time checks of a schema.
//!
//! The derive has checked names, words and edges with their source locations, so its constructors check nothing. Every schema in use is
//! checked again at compile time, derived or written by hand: [`checked`] is evaluated for every type that can be recorded.

use telemetry_spec::{limit, name};

use super::field::{contains, used};
use super::kind::EntryValue;
use super::message::Message;
use super::name::equal;
use super::words::{check_word_of, check_words};
use super::{Absent, Field, HasSchema, Kind, Node, Schema, Shape, Variant};

const TEXT: &str = "a list of bytes or characters is text, and its length can tell a secret: `#[telemetry(presence)]` sends whether \
     it is set; `count` sends its length; `skip` sends nothing";

const TEXT_IN_MAP: &str = "a list of bytes or characters is text, and its length can tell a secret: `value(presence)` sends whether \
     it is set, and `value(count)` its length, of each value of the map";

/// Fails the compilation when a field without an attribute is a list of bytes or characters.
#[track_caller]
pub const fn check_natural(kind: Kind) {
    assert!(!is_text(&kind), "{}", TEXT);
}

const fn is_text(kind: &Kind) -> bool {
    matches!(kind.node, Node::Count { max: limit::TEXT })
}

/// The same for a member whose type has another name.
#[track_caller]
const fn check_member_is_no_text(member: &Field) {
    if is_text(&member.kind) {
        panic!("{}", Message::of_member(member.key.name(), TEXT).as_str());
    }
}

/// The same for a value that is a member if it is not a group.
#[track_caller]
pub const fn check_beside(value: &Field) {
    check_natural(value.kind);
}

/// The schema of a type that may be an event. An ill-formed schema does not compile.
#[track_caller]
pub(crate) const fn checked<T: HasSchema + ?Sized>() -> &'static Schema {
    match &T::SCHEMA.node {
        Node::Group(members) => check_members(members, true),
        node => check_node(node),
    }
    &T::SCHEMA
}

/// The schema of a type that is a part of another one. It is refused as well if the client would have to add something to it.
#[track_caller]
pub(super) const fn checked_part<T: HasSchema + ?Sized>() -> &'static Schema {
    check_node(&T::SCHEMA.node);
    &T::SCHEMA
}

/// Checks the members of a part of an event. Members of nested types are checked where those types are used.
#[track_caller]
const fn check_node(node: &Node) {
    match node {
        Node::Group(members) => check_members(members, false),
        Node::Tag(words) => check_words(words),
        Node::Tags { words, max, .. } => {
            check_max(*max);
            check_words(words);
        }
        Node::Count { max } => assert!(*max != limit::TEXT, "{}", TEXT),
        Node::List { max, .. } => check_max(*max),
        Node::Number { min, max, digits, .. } => {
            check_number(*min, *max);
            assert!(*digits <= limit::DIGITS, "a number is limited to 1 to 15 leading digits");
        }
        Node::Bucket { edges, .. } => check_edges(edges),
        Node::Entries { key, value, max } => {
            check_max(*max);
            check_key(key);
            check_member(key);
            if let EntryValue::Kind(value) = value {
                check_member(value);
                check_entry(value, key);
            }
        }
        Node::Variants { tag, variants } => check_variants(*tag, variants),
        Node::Flatten(_) | Node::Added(_) | Node::FlattenVariants { .. } => panic!("members stand within a group"),
        Node::Flag | Node::Presence | Node::Changed | Node::Version | Node::Nested(_) => {}
    }
}

/// As [`check_names`](super::field::check_names), but it looks once at each byte of a name.
#[track_caller]
const fn check_members(members: &[Field], may_be_event: bool) {
    let (mut at, len, mut seen) = (0, members.len(), 0);
    while at < len {
        let member = &members[at];
        let bit = match (&member.kind.node, &member.key) {
            (node @ (Node::Flatten(_) | Node::Added(_) | Node::FlattenVariants { .. }), key) => {
                assert!(key.is_none(), "flattened members have no name of their own");
                // Their type may never be recorded itself.
                match node {
                    Node::Flatten(inner) => check_members(inner, false),
                    Node::FlattenVariants { tag, variants } => check_variants(Some(*tag), variants),
                    _ => assert!(may_be_event, "{}", ADDED_TO_A_PART),
                }
                u128::MAX
            }
            (node, key) => {
                check_member_is_no_text(member);
                if !matches!(node, Node::Flag | Node::Presence | Node::Changed | Node::Version | Node::Nested(_)) {
                    check_node(node);
                }
                let Some(bit) = key.bit() else { panic!("{}", name::RULE) };
                bit
            }
        };
        if seen & bit != 0
            && let Some(name) = used(members, at)
        {
            let message = if member.is_added() { Message::of_added(name) } else { Message::alike(name) };
            panic!("{}", message.as_str());
        }
        seen |= bit;
        at += 1;
    }
}

#[track_caller]
const fn check_member(member: &Field) {
    assert!(member.key.bit().is_some(), "{}", name::RULE);
    check_node(&member.kind.node);
}

#[track_caller]
const fn check_variants(tag: Option<&Field>, variants: &[Variant]) {
    assert!(!variants.is_empty() && variants.len() <= limit::WORDS, "an enum has 1 to 255 variants");
    if let Some(tag) = tag {
        check_member(tag);
        check_words_of_tag(tag, variants);
    }
    let (mut at, mut seen) = (0, 0);
    while at < variants.len() {
        let variant = &variants[at];
        seen |= check_word_of(variants, at, seen);
        match &variant.shape {
            Shape::Unit => {}
            Shape::Value(value) => {
                assert!(value.key.is_none(), "the value of a variant has no name of its own");
                check_node(&value.kind.node);
            }
            Shape::Group(members) => check_members(members, false),
        }
        if let Some(tag) = tag {
            variant.check_tag(tag);
        }
        at += 1;
    }
}

/// Fails the compilation when the words of a tag are not those of the variants.
#[track_caller]
pub(super) const fn check_words_of_tag(tag: &Field, variants: &[Variant]) {
    let Node::Tag(words) = &tag.kind.node else { panic!("the tag of an enum is a field of kind tag") };
    assert!(words.len() == variants.len(), "the tag of an enum has one word for each variant");
    let mut at = 0;
    while at < variants.len() {
        let is_same = match words.get(at) {
            Some(word) => equal(word, variants[at].word),
            None => false,
        };
        assert!(is_same, "the words of a tag are those of the variants, in their order");
        at += 1;
    }
}

#[track_caller]
pub(super) const fn check_max(max: u32) {
    assert!(max > 0, "the `max` of a count, a list or a set is at least 1");
}

/// Fails the compilation when these are not the bounds of a number.
#[track_caller]
pub const fn check_number(min: i64, max: i64) {
    assert!(min < max, "the `min` of a number is below its `max`");
    assert!(min >= -limit::NUMBER && max <= limit::NUMBER, "a number lies within -(2^53 - 1) and 2^53 - 1");
}

#[track_caller]
pub(super) const fn check_key(key: &Field) {
    assert!(matches!(key.kind.node, Node::Tag(_)), "the key of an entry is a tag");
}

/// Fails the compilation when these are not the edges of a bucket.
#[track_caller]
pub const fn check_edges(edges: &[i64]) {
    assert!(!edges.is_empty() && edges.len() <= limit::EDGES, "a bucket has 1 to 64 edges");
    let (mut at, len) = (0, edges.len());
    while at < len {
        assert!(
            edges[at] >= -limit::NUMBER && edges[at] <= limit::NUMBER,
            "an edge lies within -(2^53 - 1) and 2^53 - 1"
        );
        assert!(at == 0 || edges[at - 1] < edges[at], "the edges of a bucket are ascending");
        at += 1;
    }
}

/// Fails the compilation when a flattened type is not a group.
#[track_caller]
pub const fn check_flattened(members: &Field) {
    assert!(members.is_flattened(), "{}", not_an_object(&members.kind.node));
    let Some(members) = members.inlined() else { return };
    let mut at = 0;
    while at < members.len() {
        assert!(!members[at].is_added(), "{}", ADDED_TO_A_PART);
        at += 1;
    }
}

const fn not_an_object(node: &Node) -> &'static str {
    match node {
        Node::Count { .. } => {
            "only a type that is sent as an object can be flattened; `count` sends how many entries a map has"
        }
        Node::Variants { .. } => {
            "only a type that is sent as an object can be flattened; `#[telemetry(tag = \"type\")]` in place of `untagged` makes each variant of the enum one"
        }
        _ => {
            "only a type that is sent as an object can be flattened; without `flatten`, its value is sent under the name of the field"
        }
    }
}

/// Fails the compilation when the values of a map are texts, or the key of its entries has the name of one of their members.
#[track_caller]
pub const fn check_entry(value: &Field, key: &Field) {
    assert!(!is_text(&value.kind), "{}", TEXT_IN_MAP);
    assert!(!contains(value, key), "the key of the entries has the name of one of their members: choose another `key`");
}

const ADDED_TO_A_PART: &str = "what the client adds, a count or the context, stands in an event, not in a part of one: \
     put what both send in a struct without `counted` and `context`";

const ADDED: &str =
    "what the client adds are the last fields of an event: the count, if it is counted, then the context";

/// Fails the compilation when an event is not an object.
#[track_caller]
pub const fn check_event<T: HasSchema + ?Sized>() {
    let Node::Group(members) = T::SCHEMA.node else {
        panic!("an event is an object: derive it on a struct with named fields");
    };
    assert!(matches!(T::SCHEMA.absent, Absent::Never), "an event is an object that is never absent");
    let mut at = 0;
    while at < members.len() {
        // The derive has told those that it knows by their names.
        check_member_is_no_text(&members[at]);
        at += 1;
    }
    at = 1;
    while at < members.len() {
        let (before, this) = (&members[at - 1], &members[at]);
        let is_in_order = !before.kind.is_optional() && this.kind.is_optional();
        assert!(!before.is_added() || (this.is_added() && is_in_order), "{}", ADDED);
        at += 1;
    }
}
