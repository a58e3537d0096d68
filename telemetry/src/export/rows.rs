//! A schema as human-readable rows: one for each value that can be sent.

use core::fmt;

use crate::schema::walk::{AnySchema, Container, Form, Part, Path, Place, Step, Value, Visitor};
use crate::schema::{Field, Kind, Schema, Variant};

/// One value that can be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Row<'s> {
    /// Names joined by dots, one with a dot in square brackets; `[]` is a list item, and a variant of an enum is in angle brackets if its word is sent.
    pub path: String,
    /// The data that is sent.
    pub what: What<'s>,
    /// Whether it can be left out.
    pub is_optional: bool,
    /// Upper bound of the bits that it can reveal; for each item if it is in a list.
    pub bits: u64,
    /// Whether it is a list item or one of several variants, so that its bits cannot simply be added to the others.
    pub is_each: bool,
    /// The purpose of the value; empty if not stated.
    pub purpose: &'s str,
    /// The path of the value. For members that are left out together, that of their object.
    pub(super) parts: Vec<Part<'s>>,
}

/// The data that is sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum What<'s> {
    /// A value without nested values.
    Value(Value<'s>),
    /// The members from the first path to the last are all present or all absent.
    Together,
    /// An object.
    Group,
    /// A list.
    List {
        /// The maximum length of the list.
        max: u32,
    },
    /// One of several variants.
    Variants {
        /// The member that names the variant, if there is one.
        tag: Option<&'s str>,
        /// The words that are sent.
        words: Vec<&'s str>,
        /// Whether some variants are sent as something other than a word. Their rows follow.
        has_others: bool,
    },
    /// The same as the value at this path; empty for the root.
    SameAs(String),
}

/// The rows of a schema, in the order of the wire.
#[must_use]
pub fn rows<'s>(schema: impl AnySchema<'s>) -> Vec<Row<'s>> {
    let mut writer = Writer::default();
    schema.report(&mut writer);
    writer.rows
}

#[derive(Default)]
struct Writer<'s> {
    rows: Vec<Row<'s>>,
    /// The number of open lists and enums.
    several: usize,
    /// The row at which each open container begins.
    starts: Vec<usize>,
    /// Whether the next member names the variant; the row of its enum already shows it.
    is_tag_next: bool,
}

impl<'s> Writer<'s> {
    fn push(&mut self, place: &Place<'_, 's>, what: What<'s>, bits: u64) {
        let row = self.row(place, what, bits);
        self.rows.push(row);
    }

    fn row(&self, place: &Place<'_, 's>, what: What<'s>, bits: u64) -> Row<'s> {
        Row {
            path: place.path().to_string(),
            what,
            is_optional: !place.is_required(),
            bits,
            is_each: self.several > 0,
            purpose: place.purpose(),
            parts: place.parts().to_vec(),
        }
    }

    /// Adds a variant to the row of the open enum.
    fn variant(&mut self, word: &'s str, is_word_sent: bool) {
        let Some(row) = self.starts.last().and_then(|start| self.rows.get_mut(*start)) else { return };
        let What::Variants { words, has_others, .. } = &mut row.what else { return };
        if is_word_sent {
            words.push(word);
        } else {
            *has_others = true;
        }
    }
}

impl<'s> Visitor<'s> for Writer<'s> {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        if !std::mem::take(&mut self.is_tag_next) {
            self.push(place, What::Value(value), place.bits());
        }
    }

    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        let start = self.rows.len();
        match container {
            // A group that is never absent reveals nothing by itself.
            Container::Group => {
                if place.own_bits() > 0 || !place.purpose().is_empty() || place.is_empty() {
                    self.push(place, What::Group, place.own_bits());
                }
            }
            Container::List { max } => {
                self.push(place, What::List { max }, place.bits());
                self.several += 1;
            }
            Container::Variants { tag } => {
                self.push(place, What::Variants { tag, words: Vec::new(), has_others: false }, place.bits());
                self.several += 1;
            }
            Container::FlattenVariants { tag } => {
                let what = What::Variants { tag: None, words: Vec::new(), has_others: false };
                let parts: Vec<Part> = place.parts().iter().copied().chain([Part::Member(tag)]).collect();
                let row = Row { path: Path::of(&parts).to_string(), ..self.row(place, what, place.bits()) };
                self.rows.push(row);
                self.several += 1;
            }
            Container::Variant { word, form } => {
                self.variant(word, form == Form::Word || container.begins_with_tag(place))
            }
            Container::Flatten => {}
        }
        self.starts.push(start);
        self.is_tag_next = container.begins_with_tag(place);
        Step::Into
    }

    fn leave(&mut self, place: &Place<'_, 's>, container: Container<'s>) {
        let start = self.starts.pop().unwrap_or_default();
        match container {
            Container::List { .. } | Container::Variants { .. } | Container::FlattenVariants { .. } => {
                self.several -= 1
            }
            Container::Flatten => {
                let path = match (self.rows.get(start), self.rows.last()) {
                    (Some(first), Some(last)) if start + 1 < self.rows.len() => {
                        format!("{} … {}", first.path, last.path)
                    }
                    (Some(first), _) => first.path.clone(),
                    (None, _) => return,
                };
                let row = Row { path, is_optional: false, ..self.row(place, What::Together, place.own_bits()) };
                self.rows.insert(start, row);
            }
            Container::Group | Container::Variant { .. } => {}
        }
    }

    fn recursion(&mut self, place: &Place<'_, 's>, above: &[Part<'s>]) {
        self.push(place, What::SameAs(Path::of(above).to_string()), place.own_bits());
    }
}

/// The formatting of an author's texts.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    /// A name, a word or a label.
    pub(crate) code: fn(&str) -> String,
    /// Any other text.
    pub(crate) text: fn(&str) -> String,
}

pub(super) const PLAIN: Style = Style { code: str::to_owned, text: str::to_owned };

impl Row<'_> {
    /// The sent data, as a phrase.
    pub(crate) fn phrase(&self, style: Style) -> String {
        let phrase = self.what.phrase(style);
        if self.is_optional { format!("{phrase}; or left out") } else { phrase }
    }
}

impl What<'_> {
    pub(super) fn phrase(&self, style: Style) -> String {
        match self {
            Self::Value(value) => value.phrase(style),
            Self::Together => "there, or left out together".to_owned(),
            Self::Group => "group".to_owned(),
            Self::List { max } => format!("list of at most {}", grouped(*max)),
            Self::Variants { tag: Some(tag), words, .. } => {
                format!("group whose {} is one of {}", (style.code)(tag), codes(words, style))
            }
            Self::Variants { words, has_others: false, .. } => format!("one of {}", codes(words, style)),
            Self::Variants { words, .. } if words.is_empty() => "one of what follows".to_owned(),
            Self::Variants { words, .. } => format!("one of {}, or of what follows", codes(words, style)),
            Self::SameAs(path) if path.is_empty() => "the same as the whole".to_owned(),
            Self::SameAs(path) => format!("the same as {}", (style.code)(path)),
        }
    }
}

impl Value<'_> {
    fn phrase(&self, style: Style) -> String {
        let unit = |unit: &str| if unit.is_empty() { String::new() } else { format!(" {}", (style.text)(unit)) };
        match self {
            Self::Flag => "yes or no".to_owned(),
            Self::Presence => "whether it is set".to_owned(),
            Self::Changed => "whether it differs from the default".to_owned(),
            Self::Count { max } => format!("how many, at most {}", grouped(*max)),
            Self::Number { unit: name, digits, .. } => {
                let (min, max) = self.bounds().unwrap_or_default();
                let range = format!("number from {} to {}{}", grouped(min), grouped(max), unit(name));
                match digits {
                    0 => range,
                    1 => format!("{range}, only its first digit"),
                    digits => format!("{range}, only its first {digits} digits"),
                }
            }
            Self::Bucket { unit: name, .. } => format!("range: {}{}", codes(&self.texts(), style), unit(name)),
            Self::Tag { .. } => format!("one of {}", codes(&self.texts(), style)),
            Self::Tags { max, .. } => {
                format!("list of at most {}, each one of {}", grouped(*max), codes(&self.texts(), style))
            }
            Self::Set { max, .. } => format!("set of at most {} of {}", grouped(*max), codes(&self.texts(), style)),
            Self::Version => "version: one to three numbers, each at most 65,535".to_owned(),
        }
    }
}

fn codes(texts: &[impl AsRef<str>], style: Style) -> String {
    texts.iter().map(|text| (style.code)(text.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A number with commas as thousands separators.
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
        f.debug_map().entries(rows(self).iter().map(|row| (row.path.clone(), row.phrase(PLAIN)))).finish()
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&Schema::of(*self), f)
    }
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.key.name(), self.kind)
    }
}

impl fmt::Debug for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_few_digits_is_told_by_what_is_sent() {
        let told = |min, max, digits| Value::Number { min, max, unit: "", digits }.phrase(PLAIN);
        assert_eq!(told(1_500, 20_000, 1), "number from 1,000 to 20,000, only its first digit");
        assert_eq!(told(-1_999, 86_412, 2), "number from -1,900 to 86,000, only its first 2 digits");
        assert_eq!(told(1_500, 86_412, 0), "number from 1,500 to 86,412");
    }

    #[test]
    fn three_digits_stand_together() {
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(-1_234), "-1,234");
        assert_eq!(grouped(123), "123");
    }
}
