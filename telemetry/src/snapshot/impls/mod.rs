//! Types with a default policy.

mod cells;
mod collections;
mod pointers;
#[cfg(feature = "secrecy")]
mod secrecy;
#[cfg(feature = "semver")]
mod semver;
mod version;
mod words;

use super::{Recorder, TelemetrySnapshot};
use crate::schema::weight::{Nothing, Optional};
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};

/// A flag.
impl TelemetrySnapshot for bool {
    const SCHEMA: Schema = Schema::of(Kind::flag().always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    #[inline]
    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(*self);
    }

    #[inline]
    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(*self);
    }
}

/// Sent as the inner value; `None` sends nothing.
impl<T: TelemetrySnapshot> TelemetrySnapshot for Option<T> {
    const SCHEMA: Schema = Schema::of(T::SCHEMA.kind().optional());
    const KIND: Natural<Self> = T::KIND.option();

    fn record(&self, recorder: &mut Recorder<'_>) {
        match self {
            Some(value) => value.record(recorder),
            None => T::record_absent(recorder),
        }
    }

    fn weight<D: Depth>() -> impl Weighed {
        Optional::of(T::weight::<D>)
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        match self {
            Some(value) => value.record_nested(recorder),
            None => T::record_absent(recorder),
        }
    }

    fn record_absent(recorder: &mut Recorder<'_>) {
        T::record_absent(recorder);
    }
}
