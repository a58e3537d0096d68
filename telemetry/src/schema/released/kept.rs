//! One stage of a walk, with texts of its own.

use crate::schema::walk::{Container, Form, Value, WordList};

/// One call of a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    pub(super) name: String,
    pub(super) purpose: String,
    pub(super) is_required: bool,
    pub(super) action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Value(KeptValue),
    Enter {
        container: KeptContainer,
        /// The index of the stage that leaves it.
        end: usize,
    },
    Leave {
        /// The index of the stage that enters it.
        start: usize,
    },
    Recursion {
        /// The length of the path at which the type began.
        length: usize,
        /// The index of the stage that enters the type; `None` for a type that stands for itself alone.
        to: Option<usize>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeptValue {
    Flag,
    Presence,
    Changed,
    Count { max: u32 },
    Number { min: i64, max: i64, unit: String, digits: u8 },
    Bucket { edges: Vec<i64>, unit: String },
    Tag { words: Vec<String> },
    Tags { words: Vec<String>, max: u32 },
    Set { words: Vec<String>, max: u32 },
    Version,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeptContainer {
    Group,
    Flatten,
    List {
        max: u32,
    },
    Variants {
        tag: Option<String>,
    },
    FlattenVariants {
        tag: String,
    },
    Variant {
        /// Empty if it is never sent.
        word: String,
        /// The number of variants before it.
        at: usize,
        form: Form,
    },
}

fn owned(words: WordList<'_>) -> Vec<String> {
    words.iter().map(str::to_owned).collect()
}

impl KeptValue {
    pub(super) fn of(value: Value<'_>) -> Self {
        match value {
            Value::Flag => Self::Flag,
            Value::Presence => Self::Presence,
            Value::Changed => Self::Changed,
            Value::Count { max } => Self::Count { max },
            Value::Number { min, max, unit, digits } => Self::Number { min, max, unit: unit.to_owned(), digits },
            Value::Bucket { edges, unit } => Self::Bucket { edges: edges.to_vec(), unit: unit.to_owned() },
            Value::Tag { words } => Self::Tag { words: owned(words) },
            Value::Tags { words, max } => Self::Tags { words: owned(words), max },
            Value::Set { words, max } => Self::Set { words: owned(words), max },
            Value::Version => Self::Version,
        }
    }

    pub(super) fn get(&self) -> Value<'_> {
        match self {
            Self::Flag => Value::Flag,
            Self::Presence => Value::Presence,
            Self::Changed => Value::Changed,
            Self::Count { max } => Value::Count { max: *max },
            Self::Number { min, max, unit, digits } => Value::Number { min: *min, max: *max, unit, digits: *digits },
            Self::Bucket { edges, unit } => Value::Bucket { edges, unit },
            Self::Tag { words } => Value::Tag { words: WordList::released(words) },
            Self::Tags { words, max } => Value::Tags { words: WordList::released(words), max: *max },
            Self::Set { words, max } => Value::Set { words: WordList::released(words), max: *max },
            Self::Version => Value::Version,
        }
    }

    /// The words, if it has any.
    pub(super) const fn words_mut(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Self::Tag { words } | Self::Tags { words, .. } | Self::Set { words, .. } => Some(words),
            _ => None,
        }
    }
}

impl KeptContainer {
    /// `at` is the number of variants before this one, if it is one.
    pub(super) fn of(container: Container<'_>, at: usize) -> Self {
        match container {
            Container::Group => Self::Group,
            Container::Flatten => Self::Flatten,
            Container::List { max } => Self::List { max },
            Container::Variants { tag } => Self::Variants { tag: tag.map(str::to_owned) },
            Container::FlattenVariants { tag } => Self::FlattenVariants { tag: tag.to_owned() },
            Container::Variant { word, form } => Self::Variant { word: word.to_owned(), at, form },
        }
    }

    pub(super) fn get(&self) -> Container<'_> {
        match self {
            Self::Group => Container::Group,
            Self::Flatten => Container::Flatten,
            Self::List { max } => Container::List { max: *max },
            Self::Variants { tag } => Container::Variants { tag: tag.as_deref() },
            Self::FlattenVariants { tag } => Container::FlattenVariants { tag },
            Self::Variant { word, form, .. } => Container::Variant { word, form: *form },
        }
    }
}
