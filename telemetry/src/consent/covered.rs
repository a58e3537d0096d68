//! What a stored yes covers, as it is written behind it: one line of JSON for each schema of an event.

use serde::{Deserialize, Serialize};
use telemetry_spec::name;

use super::remembered::{self, Remembered};
use super::scope::{Scope, ScopedEvent};
use crate::storage::paths::CHOICE_BYTES;

/// How many schemas of one event a yes keeps. The oldest is dropped first.
const SCHEMAS_OF_AN_EVENT: usize = 16;

/// The schemas that a yes covers, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Covered {
    lines: Vec<Line>,
}

/// One schema of one event. The schema stays the text that was read, which a later version of this crate may have written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    head: Head,
    text: String,
}

/// The beginning of a line: it alone decides whether an event is covered unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Head {
    event: String,
    hash: String,
}

/// A whole line. Without a schema, it covers exactly the schema with this hash.
#[derive(Serialize)]
struct Whole<'a> {
    event: &'a str,
    hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a Remembered>,
}

/// The part of a line that is read only if the hash does not decide.
#[derive(Deserialize)]
struct Rest {
    schema: Remembered,
}

impl Covered {
    /// Reads all lines. If one of them cannot be read, none counts: what this crate did not write is not what the user agreed to.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        Self::read(bytes).unwrap_or_default()
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let text = str::from_utf8(bytes).ok()?.strip_suffix('\n')?;
        let lines: Option<Vec<Line>> = text.split('\n').map(Line::parse).collect();
        Some(Self { lines: lines? })
    }

    /// The text of all lines, each with its line break.
    pub(crate) fn text(&self) -> String {
        self.lines.iter().flat_map(|line| [&*line.text, "\n"]).collect()
    }

    /// The name and the hash of each schema.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines.iter().map(|line| (&*line.head.event, &*line.head.hash))
    }

    fn of<'a>(&'a self, event: &'a str) -> impl DoubleEndedIterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.head.event == event)
    }

    /// Whether everything that the event can send now could be sent under one of the schemas of its name.
    pub(crate) fn covers(&self, event: &ScopedEvent) -> bool {
        let (schema, hash) = (event.schema(), event.schema().hash());
        self.of(event.name).any(|line| line.head.hash == hash)
            || self.of(event.name).any(|line| line.remembered().is_some_and(|before| before.covers(schema)))
    }

    /// The values that the event can send beyond the nearest schema of its name, each as a sentence. All of them for a new event.
    pub(crate) fn new_in(&self, event: &ScopedEvent) -> Vec<String> {
        let changes = |line: &Line| line.remembered().map(|before| before.new_in(event.schema()));
        let nearest = self.of(event.name).rev().filter_map(changes).min_by_key(Vec::len);
        nearest.unwrap_or_else(|| remembered::all_in(event.schema()))
    }

    /// Whether a schema of this name is covered, which another one may exceed.
    pub(crate) fn knows(&self, event: &ScopedEvent) -> bool {
        self.of(event.name).next().is_some()
    }

    /// Adds the events of a scope. What a newer schema of the same name contains is dropped.
    pub(crate) fn add(&mut self, scope: &Scope) {
        for event in scope.events() {
            if self.covers(event) {
                continue;
            }
            let line = Line::of(event);
            let added = Remembered::of(event.schema());
            let is_superseded =
                |old: &Line| old.head.event == event.name && old.remembered().is_some_and(|old| added.contains(&old));
            self.lines.retain(|old| !is_superseded(old));
            self.lines.push(line);
            self.drop_oldest_of(event.name);
        }
        self.shrink(scope);
    }

    fn drop_oldest_of(&mut self, event: &str) {
        let mut too_many = self.of(event).count().saturating_sub(SCHEMAS_OF_AN_EVENT);
        self.lines.retain(|line| {
            let is_dropped = too_many > 0 && line.head.event == event;
            too_many -= usize::from(is_dropped);
            !is_dropped
        });
    }

    /// Keeps to the limit of the file: events of other versions go first, then the schemas behind the hashes.
    fn shrink(&mut self, scope: &Scope) {
        let is_asked_for = |line: &Line| scope.events().iter().any(|event| line.is_exactly(event));
        while self.length() > CHOICE_BYTES {
            let Some(oldest) = self.lines.iter().position(|line| !is_asked_for(line)) else { break };
            self.lines.remove(oldest);
        }
        if self.length() > CHOICE_BYTES {
            self.lines.iter_mut().for_each(Line::forget_schema);
        }
    }

    fn length(&self) -> usize {
        super::choice::ENABLED.len() + self.lines.iter().map(|line| line.text.len() + 1).sum::<usize>()
    }
}

impl Line {
    fn parse(text: &str) -> Option<Self> {
        let head: Head = serde_json::from_str(text).ok()?;
        (name::is_name(&head.event) && is_hash(&head.hash)).then(|| Self { head, text: text.to_owned() })
    }

    fn of(event: &ScopedEvent) -> Self {
        let head = Head { event: event.name.to_owned(), hash: event.schema().hash() };
        let schema = Remembered::of(event.schema());
        Self { text: head.text(Some(&schema)), head }
    }

    /// The schema, unless it is unreadable, or not the one that the hash is of.
    fn remembered(&self) -> Option<Remembered> {
        let rest: Rest = serde_json::from_str(&self.text).ok()?;
        (rest.schema.hash() == self.head.hash).then_some(rest.schema)
    }

    fn is_exactly(&self, event: &ScopedEvent) -> bool {
        self.head.event == event.name && self.head.hash == event.schema().hash()
    }

    fn forget_schema(&mut self) {
        self.text = self.head.text(None);
    }
}

impl Head {
    fn text(&self, schema: Option<&Remembered>) -> String {
        // Texts and numbers only, which JSON can always express.
        serde_json::to_string(&Whole { event: &self.event, hash: &self.hash, schema }).unwrap_or_default()
    }
}

/// Whether this has the form of the hash of a schema.
pub(super) fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
