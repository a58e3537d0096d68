//! What the included files name of modules that share nothing between threads.

pub(crate) mod clock {
    use std::time::{Duration, Instant};

    use serde::{Deserialize, Serialize};

    /// A clock that stands still.
    pub(crate) struct Clock(Instant);

    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Moment {
        pub(crate) instant: Instant,
        pub(crate) stamp: Stamp,
    }

    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub(crate) struct Stamp {
        pub(crate) at: u64,
    }

    impl Default for Clock {
        fn default() -> Self {
            Self(Instant::now())
        }
    }

    impl Clock {
        pub(crate) fn now(&self) -> Moment {
            Moment { instant: self.0, stamp: Stamp::default() }
        }

        pub(crate) fn stamp(&self) -> Stamp {
            Stamp::default()
        }
    }

    impl Stamp {
        pub(crate) fn until(&self, _: &Self) -> Option<Duration> {
            Some(Duration::ZERO)
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
}

pub(crate) mod sink {
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub(crate) enum Obstacle {
        Other,
    }

    pub(crate) use std::time::Duration;

    #[derive(Clone, Copy)]
    pub(crate) enum SendError {
        Retry,
        RetryAfter(Duration),
        NotNow,
        Refused,
    }
}

pub(crate) mod storage {
    pub(crate) mod paths {
        pub(crate) const SPOOL_DAYS: u64 = 7;
    }
}
