//! A schema as rows for people: a line for each value that can be sent.

use core::fmt;

use super::json_schema::ranges;
use crate::schema::bits::{MOST, head, whole};
use crate::schema::{Field, Kind, Node, Schema, Shape, Variant, Words};

/// One value that can be sent.
pub(crate) struct Row {
    /// Names joined by dots; `[]` is an item of a list, and a variant of an enum stands in angle brackets.
    pub(crate) path: String,
    /// What it is, in Markdown.
    pub(crate) what: String,
    /// Upper bound of what it can reveal, of each item where it is in a list.
    pub(crate) bits: u64,
    /// Whether there can be several of it.
    pub(crate) each: bool,
    pub(crate) purpose: &'static str,
}

/// The rows of a schema, in the order of the wire.
pub(crate) fn rows(schema: &Schema) -> Vec<Row> {
    let mut walk = Walk::default();
    match &schema.node {
        Node::Group(fields) => walk.fields(fields, ""),
        _ => walk.field(&Field::value(schema.kind()), "", ""),
    }
    walk.rows
}

#[derive(Default)]
struct Walk {
    rows: Vec<Row>,
    /// The types whose fields are being listed, and where.
    above: Vec<(*const Schema, String)>,
    lists: usize,
}

impl Walk {
    fn fields(&mut self, fields: &'static [Field], path: &str) {
        for field in fields {
            match field.kind.node {
                Node::Flatten(fields) => self.flattened(fields, field, path),
                _ => self.field(field, path, field.key.name),
            }
        }
    }

    /// Fields in the place of the one that holds them. Whether they are there is a value of its own.
    fn flattened(&mut self, fields: &'static [Field], holder: &Field, path: &str) {
        let start = self.rows.len();
        self.fields(fields, path);
        if let (false, Some(first), Some(last)) = (holder.kind.required, self.rows.get(start), self.rows.last()) {
            let path = if self.rows.len() == start + 1 {
                first.path.clone()
            } else {
                format!("{} … {}", first.path, last.path)
            };
            let what = "there, or left out together".to_owned();
            let (bits, each) = (head(&holder.kind), self.lists > 0);
            self.rows.insert(start, Row { path, what, bits, each, purpose: holder.purpose });
        }
    }

    fn field(&mut self, field: &Field, path: &str, name: &str) {
        let path = if path.is_empty() || name.is_empty() { format!("{path}{name}") } else { format!("{path}.{name}") };
        let own = head(&field.kind);
        match &field.kind.node {
            Node::Group(fields) => self.group(fields, field, own, &path),
            Node::Nested(schema) => self.nested(schema(), field, own, &path),
            Node::List { item, max } => {
                self.push(field, &path, format!("list of at most {}", grouped(*max)), whole(field, &mut Vec::new()));
                self.inside(|walk| walk.field(item(), &format!("{path}[]"), ""));
            }
            Node::Entries { key, value, max } => {
                self.push(field, &path, format!("list of at most {}", grouped(*max)), whole(field, &mut Vec::new()));
                self.inside(|walk| {
                    walk.field(key, &format!("{path}[]"), key.key.name);
                    walk.behind(value(), &format!("{path}[]"));
                });
            }
            Node::Variants { tag, variants } => {
                self.push(field, &path, alternatives(*tag, variants), whole(field, &mut Vec::new()));
                self.variants(variants, &path);
            }
            leaf => self.push(field, &path, what(leaf), whole(field, &mut Vec::new())),
        }
    }

    fn group(&mut self, fields: &'static [Field], field: &Field, own: u64, path: &str) {
        // A group that is always there reveals nothing by itself.
        if own > 0 || !field.purpose.is_empty() || fields.is_empty() {
            self.push(field, path, "group".to_owned(), own);
        }
        self.fields(fields, path);
    }

    fn nested(&mut self, schema: &'static Schema, field: &Field, own: u64, path: &str) {
        if let Some((_, same)) = self.above.iter().find(|(above, _)| std::ptr::eq(*above, schema)) {
            let what = if same.is_empty() { "as the whole".to_owned() } else { format!("as {}", code(same)) };
            return self.push(field, path, what, own);
        }
        self.above.push((schema, path.to_owned()));
        match schema.node {
            Node::Group(fields) => self.group(fields, field, own, path),
            _ => self.field(&Field { kind: schema.kind().required_if(field.kind.required), ..*field }, path, ""),
        }
        self.above.pop();
    }

    /// The fields of the values of a map.
    fn behind(&mut self, schema: &'static Schema, path: &str) {
        if let Node::Group(fields) = schema.node
            && !self.above.iter().any(|(above, _)| std::ptr::eq(*above, schema))
        {
            self.above.push((schema, path.to_owned()));
            self.fields(fields, path);
            self.above.pop();
        }
    }

    fn variants(&mut self, variants: &'static [Variant], path: &str) {
        for variant in variants {
            let path = format!("{path}<{}>", variant.word);
            self.inside(|walk| match &variant.shape {
                Shape::Unit => {}
                Shape::Value(value) => walk.field(value, &path, ""),
                Shape::Group(fields) => walk.fields(fields, &path),
            });
        }
    }

    fn inside(&mut self, walk: impl FnOnce(&mut Self)) {
        self.lists += 1;
        walk(self);
        self.lists -= 1;
    }

    fn push(&mut self, field: &Field, path: &str, what: String, bits: u64) {
        let what = if field.kind.required { what } else { format!("{what}; or left out") };
        let bits = bits.min(MOST);
        self.rows.push(Row { path: path.to_owned(), what, bits, each: self.lists > 0, purpose: field.purpose });
    }
}

/// What a value of this kind is, in Markdown.
fn what(node: &Node) -> String {
    match node {
        Node::Flag => "yes or no".to_owned(),
        Node::Presence => "whether it is set".to_owned(),
        Node::Count { max } => format!("how many, at most {}", grouped(*max)),
        Node::Number { min, max, unit } => {
            format!("number from {} to {}{}{unit}", grouped(*min), grouped(*max), space(unit))
        }
        Node::Bucket { edges, labels, unit } => {
            let ranges = ranges(edges, labels);
            format!("range: {}{}{unit}", codes(ranges.iter().map(String::as_str)), space(unit))
        }
        Node::Tag(words) => one_of(words),
        Node::Tags { words, max } => format!("list of at most {}, each {}", grouped(*max), one_of(words)),
        Node::Version => "version: one to three numbers, each at most 65,535".to_owned(),
        Node::Group(_) | Node::Flatten(_) | Node::Nested(_) => "group".to_owned(),
        Node::List { max, .. } | Node::Entries { max, .. } => format!("list of at most {}", grouped(*max)),
        Node::Variants { tag, variants } => alternatives(*tag, variants),
    }
}

fn alternatives(tag: Option<&Field>, variants: &[Variant]) -> String {
    let words = codes(variants.iter().map(|variant| variant.word));
    match tag {
        Some(tag) => format!("group whose {} is one of {words}", code(tag.key.name)),
        None => format!("one of {words}"),
    }
}

fn one_of(words: &Words) -> String {
    format!("one of {}", codes(words.iter()))
}

fn codes<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(code).collect::<Vec<_>>().join(", ")
}

/// A piece of code in a cell of a table.
pub(crate) fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

const fn space(unit: &str) -> &str {
    if unit.is_empty() { "" } else { " " }
}

/// A number with a comma before each three digits.
pub(crate) fn grouped(number: impl fmt::Display) -> String {
    let number = number.to_string();
    let (sign, digits) = number.split_at(usize::from(number.starts_with('-')));
    let mut text = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(rows(self).iter().map(|row| (&row.path, &row.what))).finish()
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&what(&self.node))
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key.name, what(&self.kind.node))
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}
