use serde::Serialize;

use super::about::{About, Upload};
use super::error::ConfigError;
use crate::clock::{DAY, Stamp};
use crate::consent::{DeletionEnd, Report};
#[cfg(feature = "http")]
use crate::delivery::DeletionSurvey;
use crate::delivery::{Account, CountSurvey, Counts, Durability, HeartbeatSurvey, MAX_BYTES, MAX_EVENTS, Problem};
use crate::sink::Obstacle;
use crate::storage::SentEvent;

/// The full status of a client: whether it is on and why, where events go, and what became of them.
///
/// It can be serialized for a command such as `acme telemetry status`. It contains no payload and no id, and only the host and the port of the endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Status {
    /// The decision for this client, and the current result of each input. A client that is off stays off when the user says yes, see
    /// [`Reason::YesForLaterPrograms`](crate::consent::Reason::YesForLaterPrograms). It also lists what the yes covers, and the events that
    /// this client did not accept because they need consent. `None` for [`Telemetry::disabled`](super::Telemetry::disabled).
    pub consent: Option<Report>,
    /// Whether events are printed instead of sent.
    pub debug: bool,
    /// Why there is nowhere to send events.
    pub error: Option<ConfigError>,
    /// The host to which events are sent, with its port unless that is the default, as on the [page](crate::page::Disclosure).
    pub endpoint: Option<String>,
    /// The recipient of the events, in the application's words.
    pub receiver: Option<&'static str>,
    /// Which failures an event survives.
    pub durability: Durability,
    /// Which process sends events: [`InProcess`](Upload::InProcess) also where the other one was set, but cannot happen. For a client that is
    /// off, what was set.
    pub upload: Upload,
    /// The events that wait in memory.
    pub queue: QueueStatus,
    /// The events that wait on disk.
    pub spool: SpoolStatus,
    /// The events that are counted, and sent once the day is over.
    pub counted: CountedStatus,
    /// The events that this client publishes [by itself](super::Telemetry::every).
    pub heartbeats: Vec<HeartbeatStatus>,
    /// The outcomes of this client's events: `pending` events wait, and `dropped` events are lost, by reason.
    pub counts: Counts,
    /// Why nothing is sent now, or why the last attempt to send failed. `None` if the event was taken or refused, or there was none.
    pub obstacle: Option<Obstacle>,
    /// When an event was last sent, also if it was refused, in seconds since 1970.
    pub last_sent: Option<u64>,
    /// Why what is sent cannot be recorded for [`last_sent`](super::Telemetry::last_sent), or could not at the last attempt, which may have
    /// been long ago. `None` for a client that is off, and for a sink
    /// whose events are not kept on disk.
    pub unrecorded: Option<Problem>,
    /// Whether each start of the program has a new [anonymous id](super::AnonymousId), because none can be kept. `false` for a client that
    /// sends nothing.
    pub ephemeral_id: bool,
    /// What became of the [request for deletion](crate::consent#the-request-for-deletion) that follows a no. `None` if the application does
    /// not ask for deletion.
    pub deletion: Option<DeletionStatus>,
}

/// What became of the request for deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeletionStatus {
    /// The number of requests that are due and not sent yet: one for each anonymous id.
    pub waiting: usize,
    /// Whether these requests are held back, because something other than a stored no denies: the environment, the configuration, or a
    /// choice that cannot be read.
    pub is_held: bool,
    /// How the last request ended. `None` if there was none.
    pub end: Option<DeletionEnd>,
    /// When it ended, in seconds since 1970.
    pub ended: Option<u64>,
}

#[cfg(feature = "http")]
impl From<DeletionSurvey> for DeletionStatus {
    fn from(survey: DeletionSurvey) -> Self {
        let (end, ended) = survey.last.unzip();
        Self { waiting: survey.waiting, is_held: survey.is_held, end, ended }
    }
}

/// The events that wait in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QueueStatus {
    /// The number of this client's events. Those that are on disk as well, as after a failed attempt and under
    /// [`Durability::WriteAhead`](super::Durability), are also among those of [`SpoolStatus`], except on Windows.
    pub events: usize,
    /// The size of these events, in bytes.
    pub bytes: usize,
    /// How many of these events are in memory only.
    pub unstored: usize,
    /// The maximum number of waiting events.
    pub max_events: usize,
    /// The maximum size of waiting events, in bytes.
    pub max_bytes: usize,
    /// The number of events left on disk by earlier processes that this process is sending.
    pub recovered: usize,
    /// The remaining seconds of a pause in sending, because the receiver could not take an event from this process or another.
    pub paused_seconds: Option<u64>,
}

/// The events of all processes of the application that wait on disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SpoolStatus {
    /// The number of files.
    pub files: usize,
    /// Their size in bytes. At most 1 MiB is kept.
    pub bytes: u64,
    /// The number of events for this receiver. At most 500 are kept, for at most 7 days. Windows does not count those in files that a running
    /// process holds, since they cannot be read.
    pub events: usize,
    /// When the oldest of these events was published, in seconds since 1970.
    pub oldest: Option<u64>,
    /// Whether events have waited for a day without any being sent. If the program ends before a request completes, use `Upload::Detached`.
    pub only_grows: bool,
    /// Why events cannot be kept on disk: this client's last write failed, which may have been long ago, or the state directory or the salt in
    /// it cannot be used now. `None` for a client that is off.
    pub problem: Option<Problem>,
    /// The outcomes of the events that this client took over from earlier processes.
    pub recovered: Counts,
    /// The number of events that this client found to be too old.
    pub expired: u64,
    /// The number of lines found by this client that no program of this user wrote for this receiver. They are not sent.
    pub foreign: u64,
    /// The number of final lines, found by this client, that a crash had truncated.
    pub torn: u64,
}

/// The [counted events](crate::TelemetryEvent#counted-events) of all processes of the application that are not sent yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct CountedStatus {
    /// How many were counted today, or on the day that is counted now: by UTC, unless the clock was put back.
    pub today: u64,
    /// How many were counted on earlier days. They are sent next.
    pub earlier: u64,
    /// How many events these become: one for each distinct snapshot and day.
    pub distinct: usize,
    /// How many of today's only this client knows of: a killed process loses them. They were published in the last moments under
    /// [`Durability::Relaxed`](super::Durability), or could not be written to disk, and are then sent on their own.
    pub in_memory: u64,
    /// How many this client found to be too old, after 7 days.
    pub expired: u64,
    /// The number of lines found by this client that no program of this user wrote for this receiver. They are not sent.
    pub foreign: u64,
}

impl CountedStatus {
    const fn of(account: &Account) -> Self {
        let (CountSurvey { today, earlier, distinct, in_memory }, lost) = (account.counted, account.lost_counts);
        Self { today, earlier, distinct, in_memory, expired: lost.expired, foreign: lost.foreign }
    }
}

/// An event that a client publishes [by itself](super::Telemetry::every).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HeartbeatStatus {
    /// The event's name.
    pub event: &'static str,
    /// The seconds until it is due.
    pub due_in_seconds: u64,
    /// When it was last due, in this process or, if it is [once an installation](super::Every::once_an_install), in another one, in seconds
    /// since 1970.
    pub last: Option<u64>,
}

impl HeartbeatStatus {
    const fn of(survey: &HeartbeatSurvey) -> Self {
        Self { event: survey.event, due_in_seconds: survey.left.as_secs(), last: survey.last }
    }
}

impl Status {
    pub(super) fn of(
        about: Option<&About>,
        consent: Option<Report>,
        is_off: bool,
        error: Option<ConfigError>,
        account: &Account,
        last_sent: Option<&SentEvent>,
    ) -> Self {
        let last_sent = last_sent.map(|sent| sent.at);
        let mut spool = SpoolStatus::of(account, last_sent, Stamp::now().at);
        spool.problem = spool.problem.filter(|_| !is_off);
        Self {
            consent: consent.map(|report| if is_off { report.of_client_that_is_off() } else { report }),
            debug: about.is_some_and(|about| about.debug),
            error,
            endpoint: about.and_then(|about| about.endpoint.clone()),
            receiver: about.and_then(|about| about.receiver),
            durability: about.map(|about| about.durability).unwrap_or_default(),
            upload: about.map(|about| about.upload).unwrap_or_default(),
            queue: QueueStatus::of(account),
            spool,
            counted: CountedStatus::of(account),
            heartbeats: account.heartbeats.iter().map(HeartbeatStatus::of).collect(),
            counts: account.counts,
            obstacle: account.obstacle(),
            last_sent,
            unrecorded: account.unrecorded.filter(|_| !is_off),
            ephemeral_id: account.is_id_ephemeral && !is_off,
            #[cfg(feature = "http")]
            deletion: about.and_then(|about| Some(about.deletion.as_ref()?.survey().into())),
            #[cfg(not(feature = "http"))]
            deletion: None,
        }
    }
}

impl QueueStatus {
    fn of(account: &Account) -> Self {
        Self {
            events: account.load.events,
            unstored: account.load.unstored,
            bytes: account.load.bytes,
            max_events: MAX_EVENTS,
            max_bytes: MAX_BYTES,
            recovered: account.load.recovered,
            paused_seconds: account.paused().map(|pause| pause.as_secs()),
        }
    }
}

impl SpoolStatus {
    fn of(account: &Account, last_sent: Option<u64>, now: u64) -> Self {
        let survey = account.survey.unwrap_or_default();
        let grows = |oldest: u64| {
            let since = last_sent.map_or(oldest, |sent| sent.max(oldest));
            now.saturating_sub(since) > DAY.as_secs()
        };
        Self {
            files: survey.files,
            bytes: survey.bytes,
            events: survey.events,
            oldest: survey.oldest,
            only_grows: survey.oldest.is_some_and(grows),
            problem: account.problem,
            recovered: account.recovered,
            expired: account.tally.expired,
            foreign: account.tally.foreign,
            torn: account.tally.torn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Survey;

    #[test]
    fn what_has_waited_for_a_day_without_anything_being_sent_only_grows() {
        let grows = |oldest: Option<u64>, last_sent: Option<u64>| {
            let account = Account { survey: Some(Survey { oldest, ..Survey::default() }), ..Account::default() };
            SpoolStatus::of(&account, last_sent, 1_000_000).only_grows
        };
        assert!(grows(Some(1_000_000 - 86_401), None));
        assert!(grows(Some(1_000_000 - 86_401), Some(5)));
        assert!(!grows(Some(1_000_000 - 86_399), None));
        assert!(!grows(Some(1_000_000 - 200_000), Some(999_000)));
        assert!(!grows(None, None));
    }
}
