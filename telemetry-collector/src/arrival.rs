//! Messages between the receiver and the store.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Span;
use jiff::civil::{Date, date};
use serde::{Serialize, Serializer};
use telemetry_spec::batch;

use crate::check::{Cell, KnownSchema, Reason};

/// A day, counted from 1970-01-01 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// The day as a date; the first or last one that there is if it lies beyond.
impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(formatter)
    }
}

/// Reads a date such as `2026-11-27`.
impl FromStr for Day {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date: Date = text.parse()?;
        Ok(Self(date.since(EPOCH)?.get_days()))
    }
}

const EPOCH: Date = date(1970, 1, 1);

impl Day {
    /// The date in UTC.
    #[must_use]
    pub fn date(self) -> Date {
        let beyond = if self.0 < 0 { Date::MIN } else { Date::MAX };
        Span::new().try_days(self.0).and_then(|span| EPOCH.checked_add(span)).unwrap_or(beyond)
    }
}

impl serde::Serialize for Day {
    /// As `2026-11-27`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The anonymous id of an installation: 32 bytes, sent as padded base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AnonymousId(pub [u8; 32]);

/// The id of an event. It makes a repeated event recognizable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EventId(pub [u8; 16], pub u64);

/// The hash of a schema: SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SchemaHash(pub [u8; 32]);

/// The parts of an event that its schema does not describe.
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    /// The id of the event.
    pub id: EventId,
    /// The installation.
    pub anonymous_id: AnonymousId,
    /// Whether the anonymous id lives only as long as one process, so that it is not an installation.
    pub is_ephemeral: bool,
    /// The day on which the event was published: the day of receipt minus the age.
    pub day: Day,
}

/// What was received and is to be kept.
#[derive(Debug)]
pub enum Arrival {
    /// An event that fits its schema.
    Event {
        /// The parts that the schema does not describe.
        envelope: Envelope,
        /// The schema.
        schema: Arc<KnownSchema>,
        /// The values, one for each column of the schema.
        cells: Vec<Cell>,
    },
    /// An event of a schema that is not known (yet).
    Unknown {
        /// The parts that the schema does not describe.
        envelope: Envelope,
        /// The hash that the event carries.
        schema: SchemaHash,
        /// The name of the event as it was sent: at most 64 bytes that fit the rules of names.
        event: String,
        /// The payload as it was sent.
        payload: Vec<u8>,
    },
    /// An event that does not fit its schema, or is malformed. Nothing of its values is kept.
    Reject {
        /// The day of receipt.
        day: Day,
        /// The schema, if it is known.
        schema: Option<Arc<KnownSchema>>,
        /// What is wrong.
        reason: Reason,
    },
    /// A user asks that everything be deleted that carries this id.
    Deletion {
        /// The id of the request.
        id: EventId,
        /// The installation.
        anonymous_id: AnonymousId,
    },
}

/// What became of an arrival, once it is on disk.
///
/// It serializes as its word in an answer, such as `"stored"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is stored.
    Stored,
    /// It was stored before.
    Duplicate,
    /// It waits for its schema.
    Quarantined,
    /// It was counted as rejected.
    Rejected,
    /// Everything with its id was deleted.
    Deleted,
    /// It was not kept: too much waits for its schema, or it does not fit the columns. Its sender should try again later.
    Refused,
}

impl Fate {
    /// The word in an answer and in the metrics.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Stored => batch::STORED,
            Self::Duplicate => batch::DUPLICATE,
            Self::Quarantined => batch::QUARANTINED,
            Self::Rejected => batch::REJECTED,
            Self::Deleted => "deleted",
            Self::Refused => batch::RETRY,
        }
    }
}

impl Serialize for Fate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn days_are_read_as_they_are_written() {
        for (day, text) in [(0, "1970-01-01"), (-1, "1969-12-31"), (20_784, "2026-11-27"), (19_782, "2024-02-29")] {
            assert_eq!(Day(day).to_string(), text);
            assert_eq!(text.parse::<Day>().unwrap(), Day(day));
        }
        assert_eq!(Day(i32::MAX).to_string(), "9999-12-31");
        assert!(Day(i32::MIN).to_string() < Day(0).to_string());
        assert!("2026-02-30".parse::<Day>().is_err());
    }
}
