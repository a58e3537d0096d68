//! Types that have a policy of their own.

mod collections;
mod pointers;
#[cfg(feature = "secrecy")]
mod secrecy;
mod version;

use super::{Recorder, TelemetrySnapshot};
use crate::schema::{Bits, Kind, Schema};

/// A flag.
impl TelemetrySnapshot for bool {
    const SCHEMA: Schema = Schema::of(Self::KIND);
    const KIND: Kind = Kind::flag().always();

    #[inline]
    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(*self);
    }

    #[inline]
    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(*self);
    }
}

/// As the value; nothing when there is none.
impl<T: TelemetrySnapshot> TelemetrySnapshot for Option<T> {
    const SCHEMA: Schema = Schema::of(T::SCHEMA.kind().optional());
    const KIND: Kind = T::KIND.optional();

    fn record(&self, recorder: &mut Recorder<'_>) {
        match self {
            Some(value) => value.record(recorder),
            None => T::record_absent(recorder),
        }
    }

    fn weight() -> impl Bits {
        T::weight()
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
