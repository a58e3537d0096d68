//! What the included files name of modules that share nothing between threads.

#[path = "../../telemetry/src/clock.rs"]
mod time;

pub(crate) mod clock {
    pub(crate) use super::time::{DAY, Moment, Stamp};

    /// A clock that stands still.
    pub(crate) struct Clock(Moment);

    impl Default for Clock {
        fn default() -> Self {
            Self(super::time::Clock::default().now())
        }
    }

    impl Clock {
        pub(crate) const fn now(&self) -> Moment {
            self.0
        }

        pub(crate) const fn stamp(&self) -> Stamp {
            self.0.stamp
        }
    }
}

pub(crate) mod diagnostics {
    pub(crate) fn delivered() {}
    pub(crate) fn spooled() {}
    pub(crate) fn lost(_: &str) {}
}

pub(crate) mod event {
    pub(crate) struct Draft;

    impl Draft {
        pub(crate) const fn len(&self) -> usize {
            1
        }

        pub(crate) const fn carries_context(&self) -> bool {
            false
        }
    }

    pub(crate) fn add_count(_: &str, count: u32) -> String {
        count.to_string()
    }
}

pub(crate) mod sink {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub(crate) enum Obstacle {
        ChoiceUnreadable,
        Other,
    }

    pub(crate) use std::time::Duration;

    #[derive(Clone, Copy)]
    pub(crate) enum SendError {
        Retry,
        RetryAfter(Duration),
        NotNow,
        Refused,
        Unsendable,
    }

    pub(crate) const fn name_of(body: &str) -> &str {
        body
    }
}

pub(crate) mod storage {
    /// No model opens a directory.
    pub(crate) enum StateDirectory {}

    pub(crate) mod paths {
        pub(crate) const SPOOL_DAYS: u64 = 7;
    }
}
