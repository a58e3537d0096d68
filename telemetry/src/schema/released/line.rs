//! The lines of a released schema in a file: one JSON object for each step and each word.

use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor as DeVisitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};

use crate::schema::walk::{AnySchema, Container, Form, Part, Path, Place, Step, Value, Visitor};

/// One line. Exactly one of `path`, `word` and `end` is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Line {
    /// The path of a value or of a container, which begins here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is: Option<Is>,
    /// One of the words of the value before this line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) word: Option<String>,
    /// The path of a container, which ends here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<String>,
    /// Whether it can be absent.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub(crate) optional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) digits: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edges: Option<Vec<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<String>,
    /// The member that names a variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tag: Option<String>,
    /// The form of a variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<FormName>,
    /// The path at which a type began that contains itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<String>,
    /// What it can reveal by itself, in a file of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bits: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purpose: Option<String>,
    /// The version that first had this line, if it is not the oldest one, in a file of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<String>,
    /// The first version without this line, in a file of releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<String>,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Is {
    Flag,
    Presence,
    Changed,
    Count,
    Number,
    Bucket,
    Tag,
    Tags,
    Set,
    Version,
    Group,
    /// Members that are all present or all absent.
    Together,
    List,
    Variants,
    /// Like variants, with their tag and members in the object around them.
    Beside,
    Variant,
    /// The same as a value above.
    Same,
}

/// The form of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FormName {
    Word,
    Value,
    Object,
}

impl From<Form> for FormName {
    fn from(form: Form) -> Self {
        match form {
            Form::Word => Self::Word,
            Form::Value => Self::Value,
            Form::Object => Self::Object,
        }
    }
}

/// Lines, of which no more are read than a schema may have.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Lines(pub(crate) Vec<Line>);

impl Lines {
    pub(crate) const MOST: usize = 20_000;
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> DeVisitor<'de> for Reader {
            type Value = Lines;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("the lines of a schema")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Lines, A::Error> {
                let mut lines = Vec::new();
                while let Some(line) = all.next_element()? {
                    if lines.len() == Lines::MOST {
                        return Err(A::Error::custom("a schema has at most 20,000 lines"));
                    }
                    lines.push(line);
                }
                Ok(Lines(lines))
            }
        }

        deserializer.deserialize_seq(Reader)
    }
}

/// The lines of a schema.
pub(crate) fn lines<'s>(schema: impl AnySchema<'s>) -> Vec<Line> {
    let mut writer = Writer { lines: Vec::new(), has_bits: false };
    schema.report(&mut writer);
    writer.lines
}

/// The lines of a schema, with the bits that each value can reveal by itself.
pub(crate) fn lines_with_bits<'s>(schema: impl AnySchema<'s>) -> Vec<Line> {
    let mut writer = Writer { lines: Vec::new(), has_bits: true };
    schema.report(&mut writer);
    writer.lines
}

struct Writer {
    lines: Vec<Line>,
    has_bits: bool,
}

impl Writer {
    fn push(&mut self, line: Line, bits: u64) {
        self.lines.push(Line { bits: Some(bits).filter(|bits| self.has_bits && *bits > 0), ..line });
    }
}

fn stated(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn line(place: &Place<'_, '_>, is: Is) -> Line {
    Line {
        path: Some(Path::exact(place.parts()).to_string()),
        is: Some(is),
        optional: !place.is_required(),
        purpose: stated(place.purpose()),
        ..Line::default()
    }
}

impl Visitor<'_> for Writer {
    fn value(&mut self, place: &Place<'_, '_>, value: Value<'_>) {
        let plain = |is| line(place, is);
        let (line, words) = match value {
            Value::Flag => (plain(Is::Flag), None),
            Value::Presence => (plain(Is::Presence), None),
            Value::Changed => (plain(Is::Changed), None),
            Value::Version => (plain(Is::Version), None),
            Value::Count { max } => (Line { max: Some(max.into()), ..plain(Is::Count) }, None),
            Value::Number { min, max, unit, digits } => {
                let digits = (digits > 0).then_some(digits);
                (Line { min: Some(min), max: Some(max), unit: stated(unit), digits, ..plain(Is::Number) }, None)
            }
            Value::Bucket { edges, unit } => {
                (Line { edges: Some(edges.to_vec()), unit: stated(unit), ..plain(Is::Bucket) }, None)
            }
            Value::Tag { words } => (plain(Is::Tag), Some(words)),
            Value::Tags { words, max } => (Line { max: Some(max.into()), ..plain(Is::Tags) }, Some(words)),
            Value::Set { words, max } => (Line { max: Some(max.into()), ..plain(Is::Set) }, Some(words)),
        };
        self.push(line, place.bits());
        for word in words.iter().flat_map(|words| words.iter()) {
            self.lines.push(Line { word: Some(word.to_owned()), ..Line::default() });
        }
    }

    fn enter(&mut self, place: &Place<'_, '_>, container: Container<'_>) -> Step {
        let line = match container {
            Container::Group => line(place, Is::Group),
            Container::Flatten => line(place, Is::Together),
            Container::List { max } => Line { max: Some(max.into()), ..line(place, Is::List) },
            Container::Variants { tag } => Line { tag: tag.map(str::to_owned), ..line(place, Is::Variants) },
            Container::FlattenVariants { tag } => Line { tag: Some(tag.to_owned()), ..line(place, Is::Beside) },
            Container::Variant { form, .. } => Line { form: Some(form.into()), ..line(place, Is::Variant) },
        };
        self.push(line, place.own_bits());
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, '_>, container: Container<'_>) {
        // Nothing follows a variant that is a word.
        if !matches!(container, Container::Variant { form: Form::Word, .. }) {
            self.lines.push(Line { end: Some(Path::exact(place.parts()).to_string()), ..Line::default() });
        }
    }

    fn recursion(&mut self, place: &Place<'_, '_>, above: &[Part<'_>]) {
        let line = Line { of: Some(Path::exact(above).to_string()), ..line(place, Is::Same) };
        self.push(line, place.own_bits());
    }
}
