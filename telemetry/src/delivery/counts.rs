use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::diagnostics;

/// Why an event was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Loss {
    /// A subscriber of `tracing` published the event while this crate told it something: it would be told of this event in turn, and so on
    /// without end.
    #[error("the event was published by a subscriber that was being told of telemetry")]
    FromSubscriber,
    /// The user's stored yes does not cover the event, see [`Outcome::NeedsConsent`](crate::client::Outcome::NeedsConsent).
    #[error("the user has not agreed to what is new in the event")]
    NeedsConsent,
    /// The snapshot did not fit its schema, or was larger than 64 KiB.
    #[error("the event's snapshot does not fit its schema, or is larger than 64 KiB")]
    SnapshotInvalid,
    /// The snapshot panicked.
    #[error("the event's snapshot panicked")]
    SnapshotPanicked,
    /// The event can reveal more bits than [`BUDGET_BITS`](crate::TelemetryEvent::BUDGET_BITS). The compiler refuses such an event,
    /// unless a hand-written implementation has hidden it.
    #[error("the event can reveal more bits than its budget allows")]
    OverBudget,
    /// There is no usable destination for events; see [`ConfigError`](crate::client::ConfigError).
    #[error("there is no usable destination for events")]
    NotConfigured,
    /// 500 events or 1 MiB were already waiting.
    #[error("500 events or 1 MiB were already waiting")]
    QueueFull,
    /// A [counted event](crate::TelemetryEvent#counted-events): 64 other distinct ones of this kind are counted today already, or 1,000,000
    /// equal ones.
    #[error("too many of these events were counted today")]
    CountFull,
    /// The event was published after the client had been shut down.
    #[error("the client had been shut down")]
    ShutDown,
    /// The worker thread could not be started.
    #[error("the worker thread could not be started")]
    NoWorker,
    /// The receiver or the sink refused the event.
    #[error("the receiver refused the event")]
    Refused,
    /// The receiver could not be reached, or failed, until the client ended, and the event could not be kept on disk.
    #[error("the receiver took no event until the client ended, and the event could not be kept on disk")]
    Undelivered,
    /// The sink panicked.
    #[error("the sink panicked")]
    SinkPanicked,
    /// The event was still waiting when the client ended, and could not be kept on disk.
    #[error("the event was still waiting when the client ended, and could not be kept on disk")]
    Ended,
    /// The user's choice, or whether a no preceded it, could not be read until the client ended: so the event was neither sent nor written to
    /// disk. That is no answer, and nothing is deleted. A [counted event](crate::TelemetryEvent#counted-events) is lost at once if that cannot be
    /// read before the first one has an anonymous id, without which none is counted.
    #[error("the user's choice could not be read")]
    ChoiceUnreadable,
    /// The user said no before the event was sent.
    #[error("the user said no before the event was sent")]
    ConsentWithdrawn,
}

impl Loss {
    /// Every reason, in the order in which an event can meet them.
    pub const ALL: &'static [Self] = &[
        Self::FromSubscriber,
        Self::NeedsConsent,
        Self::SnapshotInvalid,
        Self::SnapshotPanicked,
        Self::OverBudget,
        Self::NotConfigured,
        Self::QueueFull,
        Self::CountFull,
        Self::ShutDown,
        Self::NoWorker,
        Self::Refused,
        Self::Undelivered,
        Self::SinkPanicked,
        Self::Ended,
        Self::ChoiceUnreadable,
        Self::ConsentWithdrawn,
    ];

    /// The reason's fixed name, in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FromSubscriber => "from_subscriber",
            Self::NeedsConsent => "needs_consent",
            Self::SnapshotInvalid => "snapshot_invalid",
            Self::SnapshotPanicked => "snapshot_panicked",
            Self::OverBudget => "over_budget",
            Self::NotConfigured => "not_configured",
            Self::QueueFull => "queue_full",
            Self::CountFull => "count_full",
            Self::ShutDown => "shut_down",
            Self::NoWorker => "no_worker",
            Self::Refused => "refused",
            Self::Undelivered => "undelivered",
            Self::SinkPanicked => "sink_panicked",
            Self::Ended => "ended",
            Self::ChoiceUnreadable => "choice_unreadable",
            Self::ConsentWithdrawn => "consent_withdrawn",
        }
    }
}

/// The final outcome of an event, as far as a client knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Delivered,
    /// It is on disk, for a later process.
    Spooled,
    Lost(Loss),
}

impl Fate {
    /// Reports it to the log.
    pub(super) fn tell(self) {
        match self {
            Self::Delivered => diagnostics::delivered(),
            Self::Spooled => diagnostics::spooled(),
            Self::Lost(loss) => diagnostics::lost(loss.name()),
        }
    }
}

/// The outcomes of the events that a client was given. Every lost event is counted here.
///
/// [`published`](Self::published) is the sum of all other counts.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub(crate) published: u64,
    pub(crate) delivered: u64,
    pub(crate) spooled: u64,
    pub(crate) counted: u64,
    dropped: [u64; Loss::ALL.len()],
}

impl Counts {
    /// Events that were given to `publish`.
    #[must_use]
    pub const fn published(&self) -> u64 {
        self.published
    }

    /// Events that the receiver or the sink accepted.
    #[must_use]
    pub const fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Events that were left on disk for a later process.
    #[must_use]
    pub const fn spooled(&self) -> u64 {
        self.spooled
    }

    /// [Counted events](crate::TelemetryEvent#counted-events) that were added to a count. The event that sends this count is published, and
    /// counted here, on its own.
    #[must_use]
    pub const fn counted(&self) -> u64 {
        self.counted
    }

    /// Events that are waiting or being sent.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.published - self.delivered - self.spooled - self.counted - self.dropped()
    }

    /// Events that were lost for any reason.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }

    /// Events that were lost for the given reason.
    #[must_use]
    pub const fn dropped_for(&self, loss: Loss) -> u64 {
        self.dropped[loss as usize]
    }

    /// Each reason for which events were lost, with its count.
    pub fn losses(&self) -> impl Iterator<Item = (Loss, u64)> {
        Loss::ALL.iter().copied().zip(self.dropped).filter(|(_, count)| *count > 0)
    }

    pub(super) const fn settle(&mut self, fate: Fate) {
        match fate {
            Fate::Delivered => self.delivered += 1,
            Fate::Spooled => self.spooled += 1,
            Fate::Lost(loss) => self.drop_for(loss, 1),
        }
    }

    pub(crate) const fn drop_for(&mut self, loss: Loss, events: u64) {
        self.dropped[loss as usize] += events;
    }

    /// Events that were counted are lost after all.
    pub(crate) const fn uncount(&mut self, loss: Loss, events: u64) {
        self.counted = self.counted.saturating_sub(events);
        self.drop_for(loss, events);
    }
}

/// Serializes the six counts; `dropped` is an object with a number for each reason.
impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let dropped: BTreeMap<&str, u64> = self.losses().map(|(loss, events)| (loss.name(), events)).collect();
        let mut counts = serializer.serialize_struct("Counts", 6)?;
        counts.serialize_field("published", &self.published)?;
        counts.serialize_field("delivered", &self.delivered)?;
        counts.serialize_field("spooled", &self.spooled)?;
        counts.serialize_field("counted", &self.counted)?;
        counts.serialize_field("pending", &self.pending())?;
        counts.serialize_field("dropped", &dropped)?;
        counts.end()
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counts")
            .field("published", &self.published)
            .field("delivered", &self.delivered)
            .field("spooled", &self.spooled)
            .field("counted", &self.counted)
            .field("pending", &self.pending())
            .field("dropped", &self.losses().collect::<Vec<_>>())
            .finish()
    }
}

/// The outcomes of the events that were waiting when a flush began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Flushed {
    /// The receiver or the sink accepted them.
    pub delivered: u64,
    /// They were left on disk for a later run.
    pub spooled: u64,
    /// They were lost.
    pub dropped: u64,
    /// They were still waiting when the time was up. After a shutdown there are none.
    pub pending: u64,
}

impl Flushed {
    /// Counts one more event by its outcome.
    pub(super) const fn settle(&mut self, fate: Fate) {
        if self.pending > 0 {
            self.pending -= 1;
            match fate {
                Fate::Delivered => self.delivered += 1,
                Fate::Spooled => self.spooled += 1,
                Fate::Lost(_) => self.dropped += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_place_and_a_name_of_its_own() {
        for (at, loss) in Loss::ALL.iter().copied().enumerate() {
            assert_eq!(loss as usize, at);
            let others = Loss::ALL.iter().filter(|other| other.name() == loss.name());
            assert_eq!(others.count(), 1, "{loss}");
        }
    }

    #[test]
    fn what_is_neither_delivered_nor_lost_is_pending() {
        let mut counts = Counts { published: 10, delivered: 2, spooled: 1, ..Counts::default() };
        counts.drop_for(Loss::QueueFull, 3);
        counts.drop_for(Loss::Ended, 1);
        assert_eq!((counts.pending(), counts.dropped()), (3, 4));
        assert_eq!(counts.losses().collect::<Vec<_>>(), [(Loss::QueueFull, 3), (Loss::Ended, 1)]);
    }
}
