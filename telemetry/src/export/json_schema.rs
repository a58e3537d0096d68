//! A schema as JSON Schema, for any validator.
//!
//! Source: JSON Schema draft 2020-12, <https://json-schema.org/draft/2020-12>.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::hex;
use crate::schema::{Field, Node, Schema, Shape, Variant, Words};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// One to three parts, each from 0 to 65535 and without leading zeros.
const VERSION: &str = concat!(
    "^(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])",
    r"(\.(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])){0,2}$"
);

impl Schema {
    /// The schema as JSON Schema (draft 2020-12): what validates against it is all that can be sent.
    ///
    /// Objects list the members that are never absent as `required` and allow no others. A type that contains itself
    /// is a definition of its own under `$defs`.
    ///
    /// ```
    /// use telemetry::TelemetrySnapshot;
    ///
    /// #[derive(TelemetrySnapshot)]
    /// struct Pool {
    ///     /// How many connections there may be.
    ///     #[telemetry(number(max = 1_000))]
    ///     size: u32,
    /// }
    ///
    /// let schema = Pool::SCHEMA.to_json_schema();
    /// assert_eq!(schema["properties"]["size"]["maximum"], 1_000);
    /// assert_eq!(schema["additionalProperties"], false);
    /// ```
    #[must_use]
    pub fn to_json_schema(&self) -> Value {
        Writer { describes: true, ..Writer::default() }.whole(self)
    }

    /// The SHA-256 of what can be sent, in hexadecimal: two schemas of the same hash send the same. What a field is
    /// for is not part of it.
    #[must_use]
    pub fn hash(&self) -> String {
        let schema = Writer::default().whole(self);
        hex::encode(&Sha256::digest(schema.to_string()))
    }
}

/// A type, and the member that comes first where it is an entry of a map.
type Identity = (*const Schema, *const Field);

#[derive(Default)]
struct Writer {
    /// Whether it tells what fields are for.
    describes: bool,
    /// The types that are being written, outermost first, and where they are.
    above: Vec<(Identity, String)>,
    /// Which of them were referred to.
    recursive: Vec<String>,
    /// What has a definition.
    defined: Vec<(Identity, String)>,
    definitions: Map<String, Value>,
}

impl Writer {
    fn whole(mut self, schema: &Schema) -> Value {
        let mut value = self.node(&schema.node, "");
        if !(schema.required || matches!(schema.node, Node::Group(_))) {
            value = json!({ "anyOf": [value, { "type": "null" }] });
        }
        if let Value::Object(members) = &mut value {
            members.insert("$schema".to_owned(), DIALECT.into());
            if !self.definitions.is_empty() {
                members.insert("$defs".to_owned(), self.definitions.into());
            }
        }
        value
    }

    fn field(&mut self, field: &Field, path: &str) -> Value {
        let mut value = self.node(&field.kind.node, path);
        if self.describes
            && !field.purpose.is_empty()
            && let Value::Object(members) = &mut value
        {
            members.insert("description".to_owned(), field.purpose.into());
        }
        value
    }

    fn node(&mut self, node: &Node, path: &str) -> Value {
        match node {
            Node::Flag | Node::Presence => json!({ "type": "boolean" }),
            Node::Count { max } => json!({ "type": "integer", "minimum": 0, "maximum": max }),
            Node::Number { min, max, .. } => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Node::Bucket { edges, labels, .. } => json!({ "enum": ranges(edges, labels) }),
            Node::Tag(words) => one_of(words),
            Node::Tags { words, max } => json!({ "type": "array", "items": one_of(words), "maxItems": max }),
            Node::Version => json!({ "type": "string", "pattern": VERSION }),
            Node::Group(fields) | Node::Flatten(fields) => self.object(None, fields, path),
            Node::Nested(schema) => self.nested(schema(), path),
            Node::List { item, max } => {
                let items = self.field(item(), &below(path, "*"));
                json!({ "type": "array", "items": items, "maxItems": max })
            }
            Node::Entries { key, value, max } => {
                let items = self.entry(key, value(), &below(path, "*"));
                json!({ "type": "array", "items": items, "maxItems": max })
            }
            Node::Variants { tag, variants } => self.variants(*tag, variants, path),
        }
    }

    fn nested(&mut self, schema: &'static Schema, path: &str) -> Value {
        self.scope((schema, std::ptr::null()), path, |writer| writer.node(&schema.node, path))
    }

    fn entry(&mut self, key: &'static Field, value: &'static Schema, path: &str) -> Value {
        let Node::Group(fields) = value.node else { return self.object(Some(key), &[], path) };
        self.scope((value, key), path, |writer| writer.object(Some(key), fields, path))
    }

    /// What is written in place, or a reference to it when it contains itself.
    fn scope(&mut self, identity: Identity, path: &str, write: impl FnOnce(&mut Self) -> Value) -> Value {
        let known = |(known, _): &&(Identity, String)| *known == identity;
        if let Some((_, name)) = self.defined.iter().find(known) {
            return reference(name);
        }
        if let Some((_, name)) = self.above.iter().find(known) {
            self.recursive.push(name.clone());
            return reference(name);
        }
        self.above.push((identity, path.to_owned()));
        let value = write(self);
        self.above.pop();
        if !self.recursive.iter().any(|name| name == path) {
            return value;
        }
        self.definitions.insert(path.to_owned(), value);
        self.defined.push((identity, path.to_owned()));
        reference(path)
    }

    fn object(&mut self, first: Option<&Field>, fields: &[Field], path: &str) -> Value {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        if let Some(field) = first {
            let value = self.field(field, path);
            properties.insert(field.key.name.to_owned(), value);
            required.push(field.key.name);
        }
        self.members(fields, path, true, &mut properties, &mut required);
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    }

    fn members(
        &mut self,
        fields: &[Field],
        path: &str,
        present: bool,
        properties: &mut Map<String, Value>,
        required: &mut Vec<&'static str>,
    ) {
        for field in fields {
            let present = present && field.kind.required;
            if let Node::Flatten(fields) = field.kind.node {
                self.members(fields, path, present, properties, required);
                continue;
            }
            let value = self.field(field, &below(path, field.key.name));
            properties.insert(field.key.name.to_owned(), value);
            if present {
                required.push(field.key.name);
            }
        }
    }

    fn variants(&mut self, tag: Option<&'static Field>, variants: &[Variant], path: &str) -> Value {
        let words: Vec<&str> = variants
            .iter()
            .filter(|variant| tag.is_none() && matches!(variant.shape, Shape::Unit))
            .map(|variant| variant.word)
            .collect();
        let mut all = Vec::new();
        if !words.is_empty() {
            all.push(json!({ "enum": words }));
        }
        for variant in variants {
            let path = below(path, variant.word);
            let fields = match (&variant.shape, tag) {
                (Shape::Unit, None) => continue,
                (Shape::Value(value), None) => {
                    all.push(self.field(value, &path));
                    continue;
                }
                (Shape::Unit | Shape::Value(_), Some(_)) => &[],
                (Shape::Group(fields), _) => *fields,
            };
            let mut object = self.object(tag, fields, &path);
            if let Some(tag) = tag {
                object["properties"][tag.key.name] = json!({ "const": variant.word });
            }
            all.push(object);
        }
        match <[Value; 1]>::try_from(all) {
            Ok([only]) => only,
            Err(all) => json!({ "anyOf": all }),
        }
    }
}

fn one_of(words: &Words) -> Value {
    json!({ "enum": words.iter().collect::<Vec<_>>() })
}

/// A reference to a definition. Its name is a JSON pointer (RFC 6901), and that a fragment (RFC 3986).
fn reference(name: &str) -> Value {
    let mut fragment = String::new();
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*' => fragment.push(byte.into()),
            other => fragment.push_str(&format!("%{other:02X}")),
        }
    }
    json!({ "$ref": format!("#/$defs/{fragment}") })
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The text of the ranges between `edges`, in ascending order.
pub(super) fn ranges(edges: &[i64], labels: &[&str]) -> Vec<String> {
    if !labels.is_empty() {
        return labels.iter().map(|label| (*label).to_owned()).collect();
    }
    let first = edges.first().map(|first| format!("<{first}"));
    let between = edges.windows(2).filter_map(|pair| {
        let &[from, next] = pair else { return None };
        Some(if next - from > 1 { format!("{from}-{}", next - 1) } else { from.to_string() })
    });
    let last = edges.last().map(|last| format!("{last}+"));
    first.into_iter().chain(between).chain(last).collect()
}
