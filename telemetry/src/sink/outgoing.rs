use std::time::Duration;

use crate::clock::DAY;
use crate::storage::paths;

/// An event on its way to a [`Sink`](super::Sink): the exact body, and the metadata that a receiver needs.
///
/// To test a sink, [`testing::outgoing`](crate::testing::outgoing) creates one from an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub(crate) id: String,
    pub(crate) schema: String,
    age_days: u8,
    is_ephemeral: bool,
    pub(crate) body: String,
}

impl Outgoing {
    /// The maximum age of an event, in days. Older events are not sent.
    pub const MAX_AGE_DAYS: u8 = paths::SPOOL_DAYS as u8;

    /// `age` is the time since the event was published.
    pub(crate) fn new(id: String, schema: String, age: Duration, body: String) -> Self {
        let days = age.as_secs() / DAY.as_secs();
        let age_days = u8::try_from(days).unwrap_or(u8::MAX).min(Self::MAX_AGE_DAYS);
        Self { id, schema, age_days, is_ephemeral: false, body }
    }

    /// The event's [name](crate::TelemetryEvent::NAME), which is `type` in the body.
    #[must_use]
    pub fn name(&self) -> &str {
        name_of(&self.body)
    }

    /// The event's id: 32 hexadecimal digits, a hyphen and a number. An event that is sent twice keeps its id, so that a receiver can count
    /// it once.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The [hash](crate::schema::Schema::hash) of the schema of the event's payload: 64 hexadecimal digits.
    #[must_use]
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The number of whole days since the event was published, from 0 to [`MAX_AGE_DAYS`](Self::MAX_AGE_DAYS).
    #[must_use]
    pub const fn age_days(&self) -> u8 {
        self.age_days
    }

    /// Whether the anonymous id in the body was drawn for one process, because no salt could be kept. A receiver must not count such an id
    /// as an installation: the next process has another one.
    #[must_use]
    pub const fn is_ephemeral(&self) -> bool {
        self.is_ephemeral
    }

    /// The event: one JSON object, `{"type":…,"payload":…,"anonymousId":…}`, without a line break. The payload is at most 64 KiB.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The same event, published this many whole days ago, capped at [`MAX_AGE_DAYS`](Self::MAX_AGE_DAYS). This is for tests of a sink.
    #[must_use]
    pub fn with_age_days(mut self, days: u8) -> Self {
        self.age_days = days.min(Self::MAX_AGE_DAYS);
        self
    }

    /// The same event, with an anonymous id that is [ephemeral](Self::is_ephemeral) or not. This is for tests of a sink.
    #[must_use]
    pub const fn with_ephemeral_id(mut self, is_ephemeral: bool) -> Self {
        self.is_ephemeral = is_ephemeral;
        self
    }

    /// The same event under another id, which ends in this number. This is for tests of a sink that distinguishes events.
    #[must_use]
    pub fn with_number(mut self, number: u64) -> Self {
        let series = self.id.split('-').next().unwrap_or_default();
        self.id = format!("{series}-{number}");
        self
    }
}

/// An event that no client has published. A function of the module: the compiler suggests constructors to authors, also private ones.
pub(crate) fn example(schema: String, body: String) -> Outgoing {
    Outgoing::new(format!("{}-1", "0".repeat(32)), schema, Duration::ZERO, body)
}

/// The name of the event in a body.
pub(crate) fn name_of(body: &str) -> &str {
    // Every body begins with this prefix, and a name contains neither quotes nor escapes.
    let name = body.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split_once('"'));
    name.map_or("", |(name, _)| name)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Creates an event with this body.
    pub(crate) fn outgoing(body: &str) -> Outgoing {
        example("5c".repeat(32), body.to_owned())
    }

    #[test]
    fn the_name_is_the_type_in_the_body() {
        assert_eq!(outgoing(r#"{"type":"cli.run-2","payload":{"type":"x"},"anonymousId":"="}"#).name(), "cli.run-2");
    }

    #[test]
    fn the_age_is_in_whole_days_and_bounded() {
        let days = |age| Outgoing::new(String::new(), String::new(), age, String::new()).age_days();
        let second = Duration::from_secs(1);
        let ages = [Duration::ZERO, DAY - second, DAY, 7 * DAY - second, 7 * DAY, 300 * DAY, Duration::MAX];
        assert_eq!(ages.map(days), [0, 0, 1, 6, 7, 7, 7]);
        assert_eq!([3, 9].map(|days| outgoing("{}").with_age_days(days).age_days()), [3, 7]);
    }

    #[test]
    fn a_number_changes_the_end_of_the_id_alone() {
        let event = outgoing("{}");
        assert_eq!(event.clone().with_number(12).id(), format!("{}-12", "0".repeat(32)));
        assert_eq!(event.clone().with_number(1), event);
    }
}
