//! Counts the values of one field.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value as Json;

use super::AskError;
use super::fields::{Field, Shape};
use super::inside::Counts;
use super::report::{Bar, Count, FieldReport, Values};
use super::source::{Source, Value};
use crate::store::version;

/// The counts of a field.
#[derive(Debug)]
pub(super) struct Tally<'f> {
    pub(super) field: &'f Field,
    /// The position of each word, by its number in the file.
    words: HashMap<i64, usize>,
    sent: u64,
    absent: u64,
    /// By position: flags, words and ranges.
    counts: Vec<u64>,
    /// By packed version.
    versions: BTreeMap<i64, u64>,
    inside: Counts,
    /// Of how many values that are not empty lists nothing inside is told.
    untold: u64,
}

impl<'f> Tally<'f> {
    pub(super) fn new(field: &'f Field, source: Source<'_>) -> Result<Self, AskError> {
        let texts = match &field.shape {
            Shape::Words { texts, .. } => texts.as_slice(),
            _ => &[],
        };
        let mut words = HashMap::new();
        for (index, text) in texts.iter().enumerate() {
            words.extend(source.word(text)?.map(|number| (number, index)));
        }
        let length = match &field.shape {
            Shape::Items { lengths, .. } => lengths.as_ref().map_or(0, super::ranges::Ranges::len),
            shape => shape.labels().map_or(0, |labels| labels.len()),
        };
        Ok(Self {
            field,
            words,
            sent: 0,
            absent: 0,
            counts: vec![0; length],
            versions: BTreeMap::new(),
            inside: Counts::default(),
            untold: 0,
        })
    }

    /// The position of a value, if each installation has at most one of them.
    pub(super) fn slot(&self, value: Value<'_>) -> Option<usize> {
        let Value::Integer(number) = value else { return None };
        match &self.field.shape {
            Shape::Flag => Some(usize::from(number == 0)),
            Shape::Words { .. } => self.words.get(&number).copied(),
            Shape::Numbers(ranges) => ranges.index(number),
            Shape::Version | Shape::Set(_) | Shape::Items { .. } => None,
        }
    }

    /// Counts the value of a row as so many. One that no known release has is not told: otherwise the bars would not make up those who sent one,
    /// and few who sent it could be found by subtraction.
    pub(super) fn add(&mut self, value: Value<'_>, times: u64) {
        let is_told = match (&self.field.shape, value) {
            (Shape::Version, Value::Integer(packed)) => {
                *self.versions.entry(packed).or_default() += times;
                true
            }
            (Shape::Set(_) | Shape::Items { .. }, Value::Bytes(json)) => self.add_json(json, times),
            _ => self.slot(value).is_some_and(|slot| self.add_to(slot, times)),
        };
        *(if is_told { &mut self.sent } else { &mut self.absent }) += times;
    }

    fn add_to(&mut self, slot: usize, times: u64) -> bool {
        self.counts.get_mut(slot).map(|count| *count += times).is_some()
    }

    /// Says whether a known release has it.
    fn add_json(&mut self, json: &[u8], times: u64) -> bool {
        let Ok(json) = serde_json::from_slice::<Json>(json) else { return false };
        let has_any = match (&self.field.shape, &json) {
            (Shape::Set(inside), Json::Array(items)) => inside.count(items, times, &mut self.inside),
            (Shape::Items { lengths: Some(lengths), inside }, Json::Array(items)) => {
                let length = i64::try_from(items.len()).ok().and_then(|length| lengths.index(length));
                if !length.is_some_and(|at| self.add_to(at, times)) {
                    return false;
                }
                inside.count(items, times, &mut self.inside) || items.is_empty()
            }
            // An older release has an enum with data in the place of a set.
            (Shape::Set(inside) | Shape::Items { lengths: None, inside }, value) => {
                inside.count([value], times, &mut self.inside)
            }
            _ => return false,
        };
        self.untold += if has_any { 0 } else { times };
        true
    }

    /// The report, without the weeks of versions. Who could not have sent the field is not parted from who did not.
    pub(super) fn report(&self) -> FieldReport {
        FieldReport {
            path: self.field.path.clone(),
            purpose: self.field.purpose.clone(),
            kind: self.field.kind.clone(),
            unit: self.field.unit.clone(),
            sent: Count::Shown(self.sent),
            absent: Count::Shown(self.absent),
            without: Count::Shown(0),
            values: self.values(),
        }
    }

    fn values(&self) -> Values {
        let count = |at: usize| Count::Shown(self.counts.get(at).copied().unwrap_or(0));
        let bars = |labels: Vec<String>| {
            let bar = |(at, label)| Bar { label, count: count(at) };
            labels.into_iter().enumerate().map(bar).collect()
        };
        match &self.field.shape {
            Shape::Flag => Values::Share { yes: count(0), no: count(1) },
            Shape::Words { texts, are_ranges: true } => Values::Ranges { bars: bars(texts.clone()) },
            Shape::Words { texts, are_ranges: false } => Values::Words { bars: bars(texts.clone()) },
            Shape::Numbers(ranges) => Values::Ranges { bars: bars(ranges.labels()) },
            Shape::Version => {
                let bar =
                    |(packed, count): (&i64, &u64)| Bar { label: version::text(*packed), count: Count::Shown(*count) };
                Values::Versions { bars: self.versions.iter().map(bar).collect(), weeks: Vec::new() }
            }
            Shape::Set(inside) => {
                let within = inside.bars(&self.inside).into_iter().find(|within| within.path.is_empty());
                Values::Sets { bars: within.map(|within| within.bars).unwrap_or_default() }
            }
            Shape::Items { lengths, inside } => Values::Items {
                lengths: bars(lengths.as_ref().map(super::ranges::Ranges::labels).unwrap_or_default()),
                within: inside.bars(&self.inside),
                untold: self.untold,
            },
        }
    }
}
