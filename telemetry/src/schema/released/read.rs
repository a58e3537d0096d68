//! Reads the lines of a released schema. Whatever the text is, the result is a schema that can be walked, or an error.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use telemetry_spec::{limit, name, word};

use super::build::{Builder, Label};
use super::kept::KeptValue;
use super::line::FormName;
use super::{Is, Line, Lines, Released};
use crate::schema::walk::{Container, Form};

/// The longest text that is read, in bytes.
const LONGEST: usize = 4 << 20;

/// The most containers that are open at once.
const DEEPEST: usize = 128;

/// Why a text is not a released schema. It holds nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is too long.
    #[error(
        "the text is longer than 4 MiB: it is not a file of released schemas; restore the file from version control"
    )]
    TooLong,
    /// The text is not JSON of the format.
    #[error(
        "line {line}, column {column}: this is not JSON of a released schema; restore the file from version control, or \
         update `telemetry` if a newer version wrote the file"
    )]
    Malformed {
        /// The line of the text, counted from 1.
        line: usize,
        /// The column, counted from 1.
        column: usize,
    },
    /// The lines do not describe a schema.
    #[error("line {line} of the schema: {reason}; restore the file from version control")]
    Invalid {
        /// The line within the list of lines, counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// Parses JSON. An error of `serde_json` can quote the text, so only its position is kept.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ReadError> {
    if text.len() > LONGEST {
        return Err(ReadError::TooLong);
    }
    serde_json::from_str(text)
        .map_err(|error| ReadError::Malformed { line: error.line().max(1), column: error.column().max(1) })
}

/// The schema that these lines describe.
pub(crate) fn released<'l>(lines: impl IntoIterator<Item = &'l Line>) -> Result<Released, ReadError> {
    let mut reader = Reader::default();
    let mut number = 0;
    for line in lines {
        number += 1;
        let read = if number > Lines::MOST { Err("a schema has at most 20,000 lines") } else { reader.line(line) };
        read.map_err(|reason| ReadError::Invalid { line: number, reason })?;
    }
    reader.finish().map_err(|reason| ReadError::Invalid { line: number.max(1), reason })
}

/// What was read, or what is wrong with the line.
type Checked<T> = Result<T, &'static str>;

#[derive(Default)]
struct Reader {
    builder: Builder,
    open: Vec<Open>,
    has_root: bool,
    /// The value before this line takes words, and has this many.
    words: Option<usize>,
}

/// A container that is being read.
struct Open {
    path: String,
    length: usize,
    kind: Kind,
    /// How many values it holds.
    count: usize,
    /// The names of the members of an object.
    names: BTreeSet<String>,
}

enum Kind {
    Object {
        /// The member that comes first, if it is a tagged variant.
        tag: Option<String>,
    },
    /// Members of the object around it.
    Together,
    /// A list, or a variant with a value.
    One {
        suffix: &'static str,
    },
    Variants {
        tag: Option<String>,
    },
}

impl Reader {
    fn finish(mut self) -> Checked<Released> {
        self.end_words()?;
        if !self.has_root || !self.open.is_empty() {
            return Err("the end is missing");
        }
        Ok(self.builder.finish())
    }

    fn line(&mut self, line: &Line) -> Checked<()> {
        match (&line.path, &line.word, &line.end) {
            (None, Some(word), None) if is_bare(line) => self.word(word),
            (None, None, Some(path)) if is_bare(line) => {
                self.end_words()?;
                self.end(path)
            }
            (Some(path), None, None) => {
                self.end_words()?;
                self.begin(path, line)
            }
            _ => Err("a line has a `path`, a `word` or an `end`"),
        }
    }

    fn word(&mut self, text: &str) -> Checked<()> {
        let words = self.builder.last_value().and_then(KeptValue::words_mut);
        let (Some(count), Some(words)) = (&mut self.words, words) else {
            return Err("no value with words stands before it");
        };
        // A table, and the word for any other text.
        if *count > limit::WORDS || !word::is_word(text) || words.iter().any(|known| known == text) {
            return Err("this is not a word, or it is there twice, or there are too many");
        }
        *count += 1;
        words.push(text.to_owned());
        Ok(())
    }

    fn end_words(&mut self) -> Checked<()> {
        match self.words.take() {
            Some(0) => Err("the value before it has no words"),
            _ => Ok(()),
        }
    }

    fn end(&mut self, path: &str) -> Checked<()> {
        let Some(open) = self.open.pop() else { return Err("nothing ends here") };
        if open.path != path {
            return Err("another value ends here");
        }
        let is_whole = match &open.kind {
            Kind::Object { tag: None } | Kind::Together => true,
            Kind::Object { tag: Some(_) } => open.count > 0,
            Kind::One { .. } => open.count == 1,
            Kind::Variants { .. } => open.count > 0 && open.count <= limit::WORDS,
        };
        if !is_whole {
            return Err("what it holds is missing, or is too much");
        }
        self.builder.end_container();
        Ok(())
    }

    fn begin(&mut self, path: &str, line: &Line) -> Checked<()> {
        let is = line.is.ok_or("`is` is missing")?;
        let (added, name) = self.enter(path, is)?;
        let length = self.open.last().map_or(0, |open| open.length) + added;
        let label =
            Label { name: &name, purpose: line.purpose.as_deref().unwrap_or_default(), is_required: !line.optional };
        if is == Is::Same {
            let above = line.of.as_deref().ok_or("`of` is missing")?;
            let begins = self.open.iter().find(|open| open.path == above).map(|open| open.length);
            let begins = begins.or_else(|| (above == path).then_some(length));
            self.builder.add_recursion(label, begins.ok_or("`of` is not a path above it")?);
            return Ok(());
        }
        if let Some(value) = value(is, line)? {
            self.words = matches!(is, Is::Tag | Is::Tags | Is::Set).then_some(0);
            self.builder.add_value(label, value);
            return Ok(());
        }
        let (kind, container) = self.container(is, path, line)?;
        let is_word = matches!(container, Container::Variant { form: Form::Word, .. });
        self.builder.add_container(label, length, container);
        if is_word {
            self.builder.end_container();
            return Ok(());
        }
        if self.open.len() == DEEPEST {
            return Err("a schema has at most 128 levels");
        }
        self.open.push(Open { path: path.to_owned(), length, kind, count: 0, names: BTreeSet::new() });
        Ok(())
    }

    /// How many parts a value adds to the path of its container, and its name.
    fn enter(&mut self, path: &str, is: Is) -> Checked<(usize, String)> {
        let Some(around) = self.open.last_mut() else {
            let is_root = !std::mem::replace(&mut self.has_root, true) && path.is_empty();
            let is_whole = is_root && !matches!(is, Is::Variant | Is::Together | Is::Beside);
            return if is_whole { Ok((0, String::new())) } else { Err(MISPLACED) };
        };
        around.count += 1;
        let rest = path.strip_prefix(around.path.as_str()).ok_or(MISPLACED)?;
        match &around.kind {
            Kind::Variants { .. } if is == Is::Variant => {
                let is_known = word_of(rest).is_some() || rest == format!("({})", around.count);
                if is_known { Ok((1, String::new())) } else { Err(MISPLACED) }
            }
            Kind::One { suffix } if rest == *suffix && !matches!(is, Is::Variant | Is::Together | Is::Beside) => {
                Ok((usize::from(!suffix.is_empty()), String::new()))
            }
            Kind::Object { .. } | Kind::Together if matches!(is, Is::Together | Is::Beside) && rest.is_empty() => {
                Ok((0, String::new()))
            }
            Kind::Object { .. } | Kind::Together if !matches!(is, Is::Variant | Is::Together | Is::Beside) => {
                let name = if around.path.is_empty() { Some(rest) } else { rest.strip_prefix('.') };
                let name = name.map(|name| in_brackets(name).filter(|name| name.contains('.')).unwrap_or(name));
                let name = name.filter(|name| name::is_name(name)).ok_or(MISPLACED)?.to_owned();
                self.claim(&name, is)?;
                Ok((1, name))
            }
            _ => Err(MISPLACED),
        }
    }

    /// Notes the name of a member of the innermost object.
    fn claim(&mut self, name: &str, is: Is) -> Checked<()> {
        let object = self.open.iter_mut().rev().find(|open| !matches!(open.kind, Kind::Together));
        let Some(object) = object else { return Err("a member stands outside of an object") };
        if let Kind::Object { tag: Some(tag) } = &object.kind
            && object.names.is_empty()
            && (tag != name || is != Is::Tag)
        {
            return Err("the first member of a tagged variant is its tag");
        }
        if object.names.insert(name.to_owned()) { Ok(()) } else { Err("an object has this member twice") }
    }

    fn container<'l>(&mut self, is: Is, path: &'l str, line: &'l Line) -> Checked<(Kind, Container<'l>)> {
        Ok(match is {
            Is::Together => (Kind::Together, Container::Flatten),
            Is::List => (Kind::One { suffix: "[]" }, Container::List { max: length(line)? }),
            Is::Variants => {
                let tag = line.tag.as_deref();
                if tag.is_some_and(|tag| !name::is_name(tag)) {
                    return Err(name::RULE);
                }
                (Kind::Variants { tag: line.tag.clone() }, Container::Variants { tag })
            }
            Is::Beside => {
                let tag = line.tag.as_deref().filter(|tag| name::is_name(tag)).ok_or(name::RULE)?;
                self.claim(tag, is)?;
                (Kind::Variants { tag: line.tag.clone() }, Container::FlattenVariants { tag })
            }
            Is::Variant => self.variant(path, line)?,
            _ => (Kind::Object { tag: None }, Container::Group),
        })
    }

    fn variant<'l>(&self, path: &'l str, line: &Line) -> Checked<(Kind, Container<'l>)> {
        let Some(Open { path: around, kind: Kind::Variants { tag }, .. }) = self.open.last() else {
            return Err("a variant stands outside of an enum");
        };
        let rest = path.strip_prefix(around.as_str()).unwrap_or_default();
        let word = word_of(rest);
        let (kind, form) = match (line.form, tag, word) {
            (Some(FormName::Object), Some(_), Some(_)) | (Some(FormName::Object), None, None) => {
                (Kind::Object { tag: tag.clone() }, Form::Object)
            }
            (Some(FormName::Word), None, Some(_)) => (Kind::One { suffix: "" }, Form::Word),
            (Some(FormName::Value), None, None) => (Kind::One { suffix: "" }, Form::Value),
            _ => return Err("`form` is missing, or is not one of a variant like this"),
        };
        Ok((kind, Container::Variant { word: word.unwrap_or_default(), form }))
    }
}

const MISPLACED: &str = "a value with this path does not belong here";

/// A name in square brackets, as one with a dot stands in a path.
fn in_brackets(part: &str) -> Option<&str> {
    part.strip_prefix('[')?.strip_suffix(']')
}

/// The word of a variant, from the last part of its path.
fn word_of(part: &str) -> Option<&str> {
    part.strip_prefix('<')?.strip_suffix('>').filter(|word| word::is_word(word))
}

/// Whether a line says nothing beside its word or its end.
fn is_bare(line: &Line) -> bool {
    let Line { word, end, bits, since, until, .. } = line.clone();
    *line == Line { word, end, bits, since, until, ..Line::default() }
}

fn length(line: &Line) -> Checked<u32> {
    let max = line.max.and_then(|max| u32::try_from(max).ok());
    max.filter(|max| *max > 0).ok_or("`max` is missing, or out of bounds")
}

/// The value that a line describes; `None` if it is a container.
fn value(is: Is, line: &Line) -> Checked<Option<KeptValue>> {
    let unit = || line.unit.clone().unwrap_or_default();
    Ok(Some(match is {
        Is::Flag => KeptValue::Flag,
        Is::Presence => KeptValue::Presence,
        Is::Changed => KeptValue::Changed,
        Is::Version => KeptValue::Version,
        Is::Count => KeptValue::Count { max: length(line)? },
        Is::Number => {
            let (min, max) = line.min.zip(line.max).ok_or("`min` or `max` is missing")?;
            let digits = line.digits.unwrap_or_default();
            if min >= max || min < -limit::NUMBER || max > limit::NUMBER || digits > limit::DIGITS {
                return Err("the bounds of the number are not those of a number");
            }
            KeptValue::Number { min, max, unit: unit(), digits }
        }
        Is::Bucket => {
            let edges = line.edges.clone().unwrap_or_default();
            let is_ascending = edges.windows(2).all(|two| matches!(two, [one, next] if one < next));
            let is_within = edges.iter().all(|edge| edge.unsigned_abs() <= limit::NUMBER.unsigned_abs());
            if edges.is_empty() || edges.len() > limit::EDGES || !is_ascending || !is_within {
                return Err("the edges of the bucket are missing, or are not ascending, or are too many");
            }
            KeptValue::Bucket { edges, unit: unit() }
        }
        Is::Tag => KeptValue::Tag { words: Vec::new() },
        Is::Tags => KeptValue::Tags { words: Vec::new(), max: length(line)? },
        Is::Set => KeptValue::Set { words: Vec::new(), max: length(line)? },
        Is::Group | Is::Together | Is::List | Is::Variants | Is::Beside | Is::Variant | Is::Same => return Ok(None),
    }))
}
