//! A second statement of what a schema allows, as a grammar of the bytes: members in their order, without whitespace.

use crate::schema::{Field, Kind, Node, Shape, Variant};

/// Whether this text is a valid encoding of the single value of `root`.
pub(super) fn allows(root: &'static [Field; 1], json: &str) -> bool {
    let kind = &root[0].kind;
    (json.is_empty() && !kind.is_required()) || rests(&kind.node, json).contains(&"")
}

/// The rest of `text` after a value, for each way in which a value can be parsed.
fn rests<'t>(node: &Node, text: &'t str) -> Vec<&'t str> {
    match node {
        Node::Flag | Node::Presence | Node::Changed => {
            ["true", "false"].iter().filter_map(|word| text.strip_prefix(word)).collect()
        }
        Node::Count { max } => integer(text, 0, (*max).into()),
        Node::Number { min, max, .. } => integer(text, *min, *max),
        Node::Bucket { edges, .. } => {
            let quoted = |label: String| text.strip_prefix(&format!("\"{label}\""));
            (0..=edges.len()).filter_map(|at| quoted(range(edges, at))).collect()
        }
        Node::Tag(words) => words.iter().filter_map(|word| word_of(word, text)).collect(),
        Node::Tags { words, max, is_set } => {
            let words: Vec<&str> = words.iter().collect();
            list(text, *max, |text, before| {
                let least = before.filter(|_| *is_set).map_or(0, |before| before + 1);
                let found = (least..words.len()).filter_map(|at| Some((word_of(words[at], text)?, at)));
                found.collect()
            })
        }
        Node::Version => version(text).into_iter().collect(),
        Node::Group(fields) => object(text, |text| members(fields, text, true)),
        Node::Flatten(_) | Node::FlattenVariants { .. } | Node::Added(_) => Vec::new(),
        Node::Nested(schema) => rests(&schema().node, text),
        Node::List { item, max } => list(text, *max, |text, _| {
            let rests = rests(&item().kind.node, text);
            rests.into_iter().map(|rest| (rest, 0)).collect()
        }),
        Node::Entries { key, value, max } => list(text, *max, |text, _| {
            let value = std::slice::from_ref(value.field());
            let entry = object(text, |text| {
                let keyed = member(key, text, true);
                keyed.into_iter().flat_map(|(rest, first)| members(value, rest, first)).collect()
            });
            entry.into_iter().map(|rest| (rest, 0)).collect()
        }),
        Node::Variants { tag, variants } => variants.iter().flat_map(|one| variant(*tag, one, text)).collect(),
    }
}

fn variant<'t>(tag: Option<&'static Field>, variant: &'static Variant, text: &'t str) -> Vec<&'t str> {
    match (tag, &variant.shape) {
        (None, Shape::Unit) => word_of(variant.word, text).into_iter().collect(),
        (None, Shape::Value(value)) => rests(&value.kind.node, text),
        (None, Shape::Group(fields)) => object(text, |text| members(fields, text, true)),
        (Some(tag), _) => object(text, |text| tagged(tag, variant, text, true)),
    }
}

/// The tag and the members of a variant.
fn tagged<'t>(tag: &'static Field, variant: &'static Variant, text: &'t str, first: bool) -> Vec<(&'t str, bool)> {
    let comma = if first { "" } else { "," };
    let tagged = format!("{comma}\"{}\":\"{}\"", tag.key.name(), variant.word);
    text.strip_prefix(&tagged).map_or_else(Vec::new, |rest| members(variant.members(), rest, false))
}

fn word_of<'t>(word: &str, text: &'t str) -> Option<&'t str> {
    text.strip_prefix('"')?.strip_prefix(word)?.strip_prefix('"')
}

fn integer(text: &str, min: i64, max: i64) -> Vec<&str> {
    let end = text.find(|letter: char| letter != '-' && !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let value = digits.parse::<i64>().ok().filter(|value| value.to_string() == digits);
    value.filter(|value| (min..=max).contains(value)).map(|_| rest).into_iter().collect()
}

fn range(edges: &[i64], at: usize) -> String {
    match (at.checked_sub(1).map(|below| edges[below]), edges.get(at)) {
        (None, next) => format!("<{}", next.unwrap()),
        (Some(from), None) => format!("{from}+"),
        (Some(from), Some(next)) if next - from == 1 => from.to_string(),
        (Some(from), Some(next)) => format!("{from}-{}", next - 1),
    }
}

fn version(text: &str) -> Option<&str> {
    let (version, rest) = text.strip_prefix('"')?.split_once('"')?;
    let parts: Vec<&str> = version.split('.').collect();
    let is_sound = |part: &&str| part.parse::<u16>().is_ok_and(|number| number.to_string() == **part);
    (parts.len() <= 3 && parts.iter().all(is_sound)).then_some(rest)
}

/// A list; each item's parser is given the previous item.
fn list<'t>(text: &'t str, max: u32, item: impl Fn(&'t str, Option<usize>) -> Vec<(&'t str, usize)>) -> Vec<&'t str> {
    let Some(text) = text.strip_prefix('[') else { return Vec::new() };
    let (mut open, mut closed) = (vec![(text, None)], Vec::new());
    for turn in 0..=max {
        closed.extend(open.iter().filter_map(|(rest, _)| rest.strip_prefix(']')));
        if turn == max {
            break;
        }
        let before_item = |rest: &'t str| if turn == 0 { Some(rest) } else { rest.strip_prefix(',') };
        open = open
            .iter()
            .filter_map(|(rest, before)| Some((before_item(rest)?, *before)))
            .flat_map(|(rest, before)| item(rest, before))
            .map(|(rest, item)| (rest, Some(item)))
            .collect();
        open.dedup();
    }
    closed
}

/// The rest after an object; `members` gives the rest after the last member, and whether there were no members.
fn object<'t>(text: &'t str, members: impl Fn(&'t str) -> Vec<(&'t str, bool)>) -> Vec<&'t str> {
    let Some(text) = text.strip_prefix('{') else { return Vec::new() };
    members(text).into_iter().filter_map(|(rest, _)| rest.strip_prefix('}')).collect()
}

fn members<'t>(fields: &'static [Field], text: &'t str, first: bool) -> Vec<(&'t str, bool)> {
    let mut open = vec![(text, first)];
    for field in fields {
        let mut after: Vec<(&str, bool)> = if may_be_absent(&field.kind) { open.clone() } else { Vec::new() };
        for (rest, first) in open {
            match &field.kind.node {
                Node::Flatten(inner) => after.extend(members(inner, rest, first)),
                Node::FlattenVariants { tag, variants } => {
                    after.extend(variants.iter().flat_map(|variant| tagged(tag, variant, rest, first)));
                }
                _ => after.extend(member(field, rest, first)),
            }
        }
        after.sort_unstable();
        after.dedup();
        open = after;
    }
    open
}

fn may_be_absent(kind: &Kind) -> bool {
    !kind.is_required()
}

fn member<'t>(field: &'static Field, text: &'t str, first: bool) -> Vec<(&'t str, bool)> {
    let comma = if first { "" } else { "," };
    let key = format!("{comma}\"{}\":", field.key.name());
    let Some(text) = text.strip_prefix(&key) else { return Vec::new() };
    rests(&field.kind.node, text).into_iter().map(|rest| (rest, false)).collect()
}
