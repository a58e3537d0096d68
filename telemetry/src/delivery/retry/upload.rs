//! When an uploader process is started, and how long it lives.

use std::time::Duration;

use super::{DAY, HOUR, SECOND};

/// When an uploader stops sending, and when it ends in any case.
pub(in crate::delivery) const TIME_TO_SEND: Duration = Duration::from_secs(25);
pub(in crate::delivery) const LIFETIME: Duration = Duration::from_secs(29);

/// How long an uploader waits for its starter to release the lock, and for programs that are about to end.
pub(in crate::delivery) const PATIENCE: Duration = Duration::from_secs(2);

/// Which process sends the events on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::delivery) enum Upload {
    /// An uploader that was started earlier, or the next one.
    Leave,
    /// An uploader that should be started now.
    Start,
    /// This process: the last uploader did not live long enough to do it.
    Alone,
}

/// Decides from the time since the last uploader was started, if known, and whether that one ran to its end.
pub(in crate::delivery) fn decide(since_start: Option<Duration>, finished: bool) -> Upload {
    let Some(since_start) = since_start else { return Upload::Start };
    // Where uploaders do not survive, another attempt is made once a day.
    let every = if finished { HOUR } else { DAY };
    match since_start {
        _ if since_start >= every => Upload::Start,
        _ if finished || since_start <= LIFETIME + SECOND => Upload::Leave,
        _ => Upload::Alone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_uploader_is_started_once_an_hour_and_once_a_day_where_none_survives() {
        for (since_start, finished, expected) in [
            (None, false, Upload::Start),
            (None, true, Upload::Start),
            (Some(Duration::ZERO), false, Upload::Leave),
            (Some(seconds(30)), false, Upload::Leave),
            (Some(seconds(31)), false, Upload::Alone),
            (Some(HOUR), false, Upload::Alone),
            (Some(DAY), false, Upload::Start),
            (Some(seconds(31)), true, Upload::Leave),
            (Some(HOUR - SECOND), true, Upload::Leave),
            (Some(HOUR), true, Upload::Start),
        ] {
            assert_eq!(decide(since_start, finished), expected, "{since_start:?} {finished}");
        }
    }
}
