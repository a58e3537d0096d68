//! A schema as JSON Schema, for any validator.
//!
//! Source: JSON Schema draft 2020-12, <https://json-schema.org/draft/2020-12>.

use serde_json::{Map, Value as Json, json};

use crate::schema::rounded::progressions;
use crate::schema::walk::{AnySchema, Container, Form, Part, Place, Step, Value, Visitor, WordList};
use crate::schema::{Released, Schema};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// One to three parts, each from 0 to 65535 and without leading zeros.
const VERSION: &str = concat!(
    "^(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])",
    r"(\.(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])){0,2}$"
);

impl Schema {
    /// The schema as JSON Schema (draft 2020-12). It accepts exactly the values that can be sent.
    ///
    /// Objects list the members that are never absent as `required` and allow no others. Members that are only present together depend on
    /// each other. An enum whose members stand beside other members becomes an `anyOf` in their object. A type that contains itself becomes a definition under `$defs`, named after the path at which it first
    /// occurs. The order of an object's members and the limits of a whole body (64 KiB, 16 levels) are not expressed, since JSON
    /// Schema cannot express them.
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
    pub fn to_json_schema(&self) -> Json {
        json_schema(self)
    }
}

impl Released {
    /// The schema as JSON Schema (draft 2020-12); the same as that of the [schema](Schema::to_json_schema).
    #[must_use]
    pub fn to_json_schema(&self) -> Json {
        json_schema(self)
    }
}

fn json_schema<'s>(schema: impl AnySchema<'s>) -> Json {
    let mut writer = Writer {
        open: vec![Open::Root { value: Json::Null, is_required: true }],
        recursive: Vec::new(),
        definitions: Map::new(),
    };
    schema.report(&mut writer);
    writer.finish()
}

struct Writer<'s> {
    /// The containers being written, innermost last.
    open: Vec<Open<'s>>,
    /// The definitions that contain references to themselves.
    recursive: Vec<String>,
    definitions: Map<String, Json>,
}

/// A container being written.
enum Open<'s> {
    /// The root value.
    Root { value: Json, is_required: bool },
    /// An object, and its flattened members, added one by one.
    Object(Object<'s>),
    /// The item of a list.
    Item(Json),
    /// The value of a variant.
    Alternative(Json),
    /// The variants of an enum whose members are flattened.
    Choice(Vec<Json>),
    /// The words of an enum's unit variants, and the schemas of its other variants.
    Variants { is_tagged: bool, words: Vec<&'s str>, others: Vec<Json> },
}

#[derive(Default)]
struct Object<'s> {
    properties: Map<String, Json>,
    required: Vec<&'s str>,
    /// Groups of members that are only present together.
    together: Vec<Together<'s>>,
    /// The variants of each flattened enum.
    choices: Vec<Json>,
}

#[derive(Default)]
struct Together<'s> {
    all: Vec<&'s str>,
    required: Vec<&'s str>,
    is_closed: bool,
}

impl<'s> Writer<'s> {
    fn finish(mut self) -> Json {
        let (mut whole, is_required) = match self.open.pop() {
            Some(Open::Root { value, is_required }) => (value, is_required),
            _ => (Json::Null, true),
        };
        if !is_required {
            whole = json!({ "anyOf": [whole, { "type": "null" }] });
        }
        if let Json::Object(members) = &mut whole {
            members.insert("$schema".to_owned(), DIALECT.into());
            if !self.definitions.is_empty() {
                members.insert("$defs".to_owned(), self.definitions.into());
            }
        }
        whole
    }

    /// Adds the finished schema to its container.
    fn put(&mut self, place: &Place<'_, 's>, mut value: Json) {
        if !place.purpose().is_empty()
            && let Json::Object(members) = &mut value
        {
            members.insert("description".to_owned(), place.purpose().into());
        }
        match self.open.last_mut() {
            Some(Open::Object(object)) => object.add(place.name(), place.is_required(), value),
            Some(Open::Root { value: slot, is_required }) => {
                *slot = value;
                *is_required = place.is_required();
            }
            Some(Open::Item(slot) | Open::Alternative(slot)) => *slot = value,
            Some(Open::Variants { others, .. } | Open::Choice(others)) => others.push(value),
            None => {}
        }
    }

    /// A type that contains itself becomes a definition and a reference to it.
    fn put_whole(&mut self, place: &Place<'_, 's>, value: Json) {
        let name = definition(place.parts());
        if self.recursive.contains(&name) {
            let refers = reference(&name);
            self.definitions.insert(name, value);
            self.put(place, refers);
        } else {
            self.put(place, value);
        }
    }
}

impl<'s> Visitor<'s> for Writer<'s> {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        // The member that names a variant has a single value there.
        let tag = match self.open.as_slice() {
            [.., Open::Variants { is_tagged: true, .. } | Open::Choice(_), Open::Object(object)]
                if object.properties.is_empty() =>
            {
                variant_of(place)
            }
            _ => None,
        };
        let schema = match tag {
            Some(word) => json!({ "const": word }),
            None => value_schema(&value),
        };
        self.put(place, schema);
    }

    fn enter(&mut self, _: &Place<'_, 's>, container: Container<'s>) -> Step {
        let open = match container {
            Container::Flatten => {
                if let Some(Open::Object(object)) = self.open.last_mut() {
                    object.begin_together();
                }
                return Step::Into;
            }
            Container::Variant { form: Form::Word, .. } | Container::Variant { form: Form::Value, .. } => {
                Open::Alternative(Json::Null)
            }
            Container::Group | Container::Variant { form: Form::Object, .. } => Open::Object(Object::default()),
            Container::List { .. } => Open::Item(Json::Null),
            Container::FlattenVariants { .. } => Open::Choice(Vec::new()),
            Container::Variants { tag } => {
                Open::Variants { is_tagged: tag.is_some(), words: Vec::new(), others: Vec::new() }
            }
        };
        self.open.push(open);
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, 's>, container: Container<'s>) {
        if container == Container::Flatten {
            if let Some(Open::Object(object)) = self.open.last_mut() {
                object.end_together();
            }
            return;
        }
        match (self.open.pop(), container) {
            (Some(Open::Object(object)), Container::Variant { .. }) => {
                let is_part = matches!(self.open.last(), Some(Open::Choice(_)));
                let schema = if is_part { object.part() } else { object.finish() };
                self.put(place, schema);
            }
            (Some(Open::Choice(variants)), Container::FlattenVariants { tag }) => {
                if let Some(Open::Object(object)) = self.open.last_mut() {
                    object.choose(tag, place.is_required(), variants);
                }
            }
            (Some(Open::Object(object)), _) => {
                let schema = object.finish();
                self.put_whole(place, schema);
            }
            (Some(Open::Item(item)), Container::List { max }) => {
                self.put_whole(place, json!({ "type": "array", "items": item, "maxItems": max }));
            }
            (Some(Open::Alternative(_)), Container::Variant { word, form: Form::Word }) => {
                if let Some(Open::Variants { words, .. }) = self.open.last_mut() {
                    words.push(word);
                }
            }
            (Some(Open::Alternative(Json::Null)), _) => {}
            (Some(Open::Alternative(value)), _) => self.put(place, value),
            (Some(Open::Variants { words, mut others, .. }), _) => {
                if !words.is_empty() {
                    others.insert(0, json!({ "enum": words }));
                }
                let schema = match <[Json; 1]>::try_from(others) {
                    Ok([only]) => only,
                    Err(all) => json!({ "anyOf": all }),
                };
                self.put_whole(place, schema);
            }
            _ => {}
        }
    }

    fn recursion(&mut self, place: &Place<'_, 's>, above: &[Part<'s>]) {
        // A variant whose value is the enum itself adds no values to the enum, and would refer to itself endlessly.
        let since = place.parts().get(above.len()..).unwrap_or_default();
        if since.iter().all(|part| matches!(part, Part::Variant(_) | Part::Alternative(_))) {
            return;
        }
        let name = definition(above);
        let refers = reference(&name);
        self.recursive.push(name);
        self.put(place, refers);
    }
}

/// The word of the variant, if this member names it.
fn variant_of<'s>(place: &Place<'_, 's>) -> Option<&'s str> {
    match place.parts() {
        [.., Part::Variant(word), Part::Member(_)] => Some(word),
        _ => None,
    }
}

impl<'s> Object<'s> {
    fn add(&mut self, name: &'s str, is_required: bool, schema: Json) {
        self.properties.insert(name.to_owned(), schema);
        self.depend(name, is_required);
    }

    /// Adds an enum whose members are members of this object. Its tag tells which of them are there.
    fn choose(&mut self, tag: &'s str, is_required: bool, mut variants: Vec<Json>) {
        let is_in_together = self.together.iter().any(|together| !together.is_closed);
        if !is_required || is_in_together {
            variants.push(json!({ "properties": { (tag): false } }));
        }
        self.choices.push(json!({ "anyOf": variants }));
        if is_in_together {
            self.depend(tag, is_required);
        }
    }

    /// States when a member is present.
    fn depend(&mut self, name: &'s str, is_required: bool) {
        // It is present when all optional members around it are present.
        let innermost = self.together.iter_mut().rev().find(|together| !together.is_closed);
        match innermost {
            Some(together) if is_required => together.required.push(name),
            None if is_required => self.required.push(name),
            _ => {}
        }
        for together in self.together.iter_mut().filter(|together| !together.is_closed) {
            together.all.push(name);
        }
    }

    fn begin_together(&mut self) {
        self.together.push(Together::default());
    }

    fn end_together(&mut self) {
        if let Some(innermost) = self.together.iter_mut().rev().find(|together| !together.is_closed) {
            innermost.is_closed = true;
        }
    }

    fn finish(self) -> Json {
        // Members that an `anyOf` allows are unknown to `additionalProperties`.
        let closed = if self.choices.is_empty() { "additionalProperties" } else { "unevaluatedProperties" };
        let mut object = self.part();
        object[closed] = false.into();
        object
    }

    /// The object, without its being closed: part of another one.
    fn part(self) -> Json {
        let mut dependent: Map<String, Json> = Map::new();
        for Together { all, required, .. } in &self.together {
            for name in all {
                let others = required.iter().filter(|required| *required != name);
                if let Json::Array(known) = dependent.entry(*name).or_insert_with(|| Json::Array(Vec::new())) {
                    known.extend(others.map(|other| Json::from(*other)));
                }
            }
        }
        dependent.retain(|_, others| others.as_array().is_some_and(|others| !others.is_empty()));
        let mut object = json!({
            "type": "object",
            "properties": self.properties,
            "required": self.required,
        });
        match <[Json; 1]>::try_from(self.choices) {
            Ok([only]) => object["anyOf"] = only["anyOf"].clone(),
            Err(choices) if !choices.is_empty() => object["allOf"] = choices.into(),
            Err(_) => {}
        }
        if !dependent.is_empty() {
            object["dependentRequired"] = dependent.into();
        }
        object
    }
}

fn value_schema(value: &Value<'_>) -> Json {
    match value {
        Value::Flag | Value::Presence | Value::Changed => json!({ "type": "boolean" }),
        Value::Count { max } => json!({ "type": "integer", "minimum": 0, "maximum": max }),
        Value::Number { min, max, digits: digits @ 1.., .. } => leading(*min, *max, *digits),
        Value::Number { min, max, .. } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Value::Bucket { .. } | Value::Tag { .. } => json!({ "enum": value.texts() }),
        Value::Tags { words, max } => json!({ "type": "array", "items": one_of(words), "maxItems": max }),
        Value::Set { words, max } => set(words, *max),
        Value::Version => json!({ "type": "string", "pattern": VERSION }),
    }
}

/// Numbers of which only the leading digits are sent.
fn leading(min: i64, max: i64, digits: u8) -> Json {
    let progression = |(from, to, step): (i64, i64, u64)| match step {
        1 => json!({ "minimum": from, "maximum": to }),
        _ => json!({ "minimum": from, "maximum": to, "multipleOf": step }),
    };
    let all: Vec<Json> = progressions(min, max, digits).into_iter().map(progression).collect();
    json!({ "type": "integer", "anyOf": all })
}

fn one_of(words: &WordList<'_>) -> Json {
    json!({ "enum": words.iter().collect::<Vec<_>>() })
}

/// Words in table order. JSON Schema cannot compare items, so the words allowed after each word are listed for each position.
fn set(words: &WordList<'_>, max: u32) -> Json {
    let all: Vec<&str> = words.iter().collect();
    let longest = all.len().min(usize::try_from(max).unwrap_or(usize::MAX));
    let mut order = Vec::new();
    for at in 0..longest.saturating_sub(1) {
        for (index, word) in all.iter().enumerate().skip(at) {
            let mut before: Vec<Json> = vec![true.into(); at];
            let mut after = before.clone();
            before.push(json!({ "const": word }));
            after.extend([true.into(), json!({ "enum": all.get(index + 1..).unwrap_or_default() })]);
            order
                .push(json!({ "if": { "minItems": at + 1, "prefixItems": before }, "then": { "prefixItems": after } }));
        }
    }
    let mut set = json!({ "type": "array", "items": { "enum": all }, "maxItems": longest, "uniqueItems": true });
    if !order.is_empty() {
        set["allOf"] = order.into();
    }
    set
}

/// The name of the definition of the value at this path: a JSON pointer (RFC 6901), so that different paths have different names.
fn definition(parts: &[Part<'_>]) -> String {
    let escaped = |text: &str| text.replace('~', "~0").replace('/', "~1");
    let name = |part: &Part<'_>| match part {
        Part::Member(name) => format!("/{}", escaped(name)),
        Part::Item => "/*".to_owned(),
        Part::Variant(word) => format!("/<{}>", escaped(word)),
        Part::Alternative(at) => format!("/<{at}>"),
    };
    parts.iter().map(name).collect()
}

/// A reference to a definition: a JSON pointer in a URI fragment (RFC 3986).
fn reference(name: &str) -> Json {
    let mut fragment = String::new();
    for byte in name.replace('~', "~0").replace('/', "~1").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'*' => fragment.push(byte.into()),
            other => fragment.push_str(&format!("%{other:02X}")),
        }
    }
    json!({ "$ref": format!("#/$defs/{fragment}") })
}
