//! The hash of a schema: two schemas with the same hash send the same data with the same meaning.

use sha2::{Digest, Sha256};

use crate::schema::walk::{AnySchema, Container, Form, Part, Place, Step, Value, Visitor};
use crate::schema::{Released, Schema};

impl Schema {
    /// The SHA-256 of everything that can be sent, in hexadecimal.
    ///
    /// It covers names, kinds, bounds, words, units, which values can be absent, and the order of all these. It does not cover purposes.
    #[must_use]
    pub fn hash(&self) -> String {
        hash(self)
    }
}

impl Released {
    /// The SHA-256 of everything that can be sent, in hexadecimal; the same as that of the [schema](Schema::hash).
    #[must_use]
    pub fn hash(&self) -> String {
        hash(self)
    }
}

pub(super) fn hash<'s>(schema: impl AnySchema<'s>) -> String {
    let mut hasher = Hasher(Sha256::new());
    hasher.tag(1, "telemetry schema");
    schema.report(&mut hasher);
    base16ct::lower::encode_string(&hasher.0.finalize())
}

struct Hasher(Sha256);

impl Hasher {
    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    /// Preceded by its length, so that no text can be mistaken for the end of another.
    fn text(&mut self, text: &str) {
        self.number(text.len().cast_signed() as i64);
        self.0.update(text);
    }

    fn tag(&mut self, tag: u8, text: &str) {
        self.0.update([tag]);
        self.text(text);
    }

    fn place(&mut self, tag: u8, place: &Place<'_, '_>) {
        self.tag(tag, place.name());
        self.0.update([u8::from(place.is_required())]);
    }

    fn parts(&mut self, parts: &[Part<'_>]) {
        self.number(parts.len().cast_signed() as i64);
        for part in parts {
            match part {
                Part::Member(name) => self.tag(1, name),
                Part::Item => self.tag(2, ""),
                Part::Variant(word) => self.tag(3, word),
                Part::Alternative(at) => {
                    self.tag(4, "");
                    self.number(at.cast_signed() as i64);
                }
            }
        }
    }

    fn texts(&mut self, value: &Value<'_>) {
        let texts = value.texts();
        self.number(texts.len().cast_signed() as i64);
        texts.iter().for_each(|text| self.text(text));
    }

    fn container(&mut self, container: Container<'_>) {
        match container {
            Container::Group => self.tag(1, "group"),
            Container::Flatten => self.tag(1, "flatten"),
            Container::List { max } => {
                self.tag(1, "list");
                self.number(max.into());
            }
            Container::Variants { tag } => {
                self.tag(1, "variants");
                self.tag(u8::from(tag.is_some()), tag.unwrap_or_default());
            }
            Container::FlattenVariants { tag } => {
                self.tag(1, "flatten variants");
                self.tag(1, tag);
            }
            Container::Variant { word, form } => {
                self.tag(1, "variant");
                let form = match form {
                    Form::Word => 1,
                    Form::Value => 2,
                    Form::Object => 3,
                };
                self.tag(form, word);
            }
        }
    }
}

impl Visitor<'_> for Hasher {
    fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
        self.place(2, place);
        self.text(value.kind());
        match value {
            Value::Count { max } => self.number(max.into()),
            Value::Number { min, max, unit, digits } => {
                self.number(min);
                self.number(max);
                self.text(unit);
                if digits > 0 {
                    self.number(digits.into());
                }
            }
            Value::Bucket { unit, .. } => {
                self.texts(&value);
                self.text(unit);
            }
            Value::Tag { .. } => self.texts(&value),
            Value::Tags { max, .. } | Value::Set { max, .. } => {
                self.texts(&value);
                self.number(max.into());
            }
            Value::Flag | Value::Presence | Value::Changed | Value::Version => {}
        }
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        self.place(3, place);
        self.container(container);
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, '_>, _: Container<'_>) {
        self.0.update([4]);
    }

    fn recursion(&mut self, place: &Place<'_, '_>, above: &[Part<'_>]) {
        self.place(5, place);
        self.parts(above);
    }
}
