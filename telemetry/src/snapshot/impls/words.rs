//! Enums of other crates that send the name of their variant.

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed, Words};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// The values of a type in the order of its words.
macro_rules! words {
    ($ty:ty { $($value:expr => $word:literal),+ $(,)? }) => {
        /// The name of the value.
        impl TelemetrySnapshot for $ty {
            const SCHEMA: Schema = Schema::of(Kind::tag(Words::exact(&[$($word),+])).always());
            const KIND: Natural<Self> = Natural::EAGER;

            fn weight<D: Depth>() -> impl Weighed {
                Nothing
            }

            fn record(&self, recorder: &mut Recorder<'_>) {
                let values = [$($value),+];
                // An index outside of the words makes the snapshot invalid.
                recorder.tag(values.iter().position(|value| value == self).unwrap_or(values.len()));
            }

            fn record_nested(&self, recorder: &mut Recorder<'_>) {
                self.record(recorder);
            }
        }
    };
}

words!(core::cmp::Ordering { Self::Less => "less", Self::Equal => "equal", Self::Greater => "greater" });

#[cfg(feature = "log")]
words!(log::Level {
    Self::Error => "error", Self::Warn => "warn", Self::Info => "info", Self::Debug => "debug", Self::Trace => "trace",
});
#[cfg(feature = "log")]
words!(log::LevelFilter {
    Self::Off => "off", Self::Error => "error", Self::Warn => "warn", Self::Info => "info", Self::Debug => "debug",
    Self::Trace => "trace",
});

#[cfg(feature = "tracing")]
words!(tracing::Level {
    Self::ERROR => "error", Self::WARN => "warn", Self::INFO => "info", Self::DEBUG => "debug", Self::TRACE => "trace",
});
#[cfg(feature = "tracing")]
words!(tracing::level_filters::LevelFilter {
    Self::OFF => "off", Self::ERROR => "error", Self::WARN => "warn", Self::INFO => "info", Self::DEBUG => "debug",
    Self::TRACE => "trace",
});
