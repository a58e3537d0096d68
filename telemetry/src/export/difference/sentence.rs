//! A change as a sentence.

use core::fmt;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use telemetry_spec::word::is_visible;

use super::{Change, Effect};
use crate::export::rows::{Row, Style};
use crate::schema::walk::{Form, Part};

/// What was found at a path. It has no text but that of the schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// What is sent there.
    What(String),
    /// The form of a variant whose word is never sent.
    Alternative(String),
    /// What is sent there now, and what was sent before.
    Other {
        new: String,
        old: String,
    },
    /// Words that are new, and words that are gone.
    Words {
        added: Vec<String>,
        removed: Vec<String>,
    },
    CanBeLeftOut,
    IsAlwaysSent,
    /// It can be sent without these members, which came with it.
    Apart(Vec<String>),
    /// It is only sent with these members.
    Tied(Vec<String>),
    Order,
    /// Members are flattened, or are not.
    Declared,
}

impl Detail {
    pub(super) fn words(old: &[String], new: &[String]) -> Self {
        let without = |some: &[String], other: &[String]| {
            some.iter().filter(|text| !other.contains(text)).cloned().collect::<Vec<_>>()
        };
        Self::Words { added: without(new, old), removed: without(old, new) }
    }

    pub(super) fn apart(names: &[&str]) -> Self {
        Self::Apart(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(super) fn tied(names: &[&str]) -> Self {
        Self::Tied(names.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(super) fn variant(part: Part<'_>, form: Form) -> Self {
        let form = self::form(form).to_owned();
        if matches!(part, Part::Variant(_)) { Self::What(form) } else { Self::Alternative(form) }
    }
}

pub(super) const fn form(form: Form) -> &'static str {
    match form {
        Form::Word => "a word",
        Form::Value => "a value",
        Form::Object => "an object",
    }
}

/// The sentence of a value that is new.
pub(crate) fn added(row: &Row<'_>, style: Style) -> String {
    visible(&format!("`{}` is new: {}.", row.path, row.phrase(style)))
}

/// Without what is not [visible](is_visible), which only a unit or a purpose can hold.
fn visible(text: &str) -> String {
    text.chars().filter(|character| is_visible(*character)).collect()
}

/// Texts in backticks.
fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ")
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::What(what) | Self::Alternative(what) => f.write_str(what),
            Self::Other { new, old } => write!(f, "{new}; before: {old}"),
            Self::Words { added, removed } => match (added.is_empty(), removed.is_empty()) {
                (false, true) => write!(f, "also {}", quoted(added)),
                (true, _) => write!(f, "no longer {}", quoted(removed)),
                (false, false) => write!(f, "also {}, and no longer {}", quoted(added), quoted(removed)),
            },
            Self::CanBeLeftOut => f.write_str("it can be left out"),
            Self::IsAlwaysSent => f.write_str("it is no longer left out"),
            Self::Apart(names) => write!(f, "also without {}", quoted(names)),
            Self::Tied(names) => write!(f, "no longer without {}", quoted(names)),
            Self::Order => f.write_str("the order is another one"),
            Self::Declared => f.write_str("it is declared in another way"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = if self.path.is_empty() { "the whole".to_owned() } else { format!("`{}`", self.path) };
        let details = self.details.iter().map(Detail::to_string).collect::<Vec<_>>().join("; ");
        let details = visible(&details);
        let is_alternative = matches!(self.details.as_slice(), [Detail::Alternative(_)]);
        match self.effect {
            Effect::Added if is_alternative => write!(f, "{name} can also be {details}."),
            Effect::Removed if is_alternative => write!(f, "{name} can no longer be {details}."),
            Effect::Restated => write!(f, "{name} can send the same as before: {details}."),
            Effect::Narrowed => write!(f, "{name} can send less: {details}."),
            Effect::Removed => write!(f, "{name} is no longer sent; it was: {details}."),
            Effect::Widened => write!(f, "{name} can send more: {details}."),
            Effect::Added => write!(f, "{name} is new: {details}."),
            Effect::Broken => write!(f, "{name} has another meaning and needs a new name: {details}."),
        }
    }
}

/// The public fields, and the sentence.
impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("Change", 5)?;
        change.serialize_field("path", &self.path)?;
        change.serialize_field("effect", &self.effect)?;
        change.serialize_field("bits_gained", &self.bits_gained)?;
        change.serialize_field("bits_lost", &self.bits_lost)?;
        change.serialize_field("sentence", &self.to_string())?;
        change.end()
    }
}
