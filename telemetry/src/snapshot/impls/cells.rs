//! Cells send the value that they hold.

use std::cell::{Cell, OnceCell};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::schema::weight::{Nothing, Optional};
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// A flag, loaded with relaxed ordering.
impl TelemetrySnapshot for AtomicBool {
    const SCHEMA: Schema = Schema::of(Kind::flag().always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    #[inline]
    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(self.load(Ordering::Relaxed));
    }

    #[inline]
    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.flag(self.load(Ordering::Relaxed));
    }
}

/// Sent as the value in it.
impl<T: TelemetrySnapshot + Copy> TelemetrySnapshot for Cell<T> {
    const SCHEMA: Schema = T::SCHEMA;
    const KIND: Natural<Self> = T::KIND.pointer();

    fn record(&self, recorder: &mut Recorder<'_>) {
        self.get().record(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        T::weight::<D>()
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        self.get().record_nested(recorder);
    }

    fn record_absent(recorder: &mut Recorder<'_>) {
        T::record_absent(recorder);
    }
}

macro_rules! once {
    ($($cell:ident),+) => {
        $(
            /// Sent as the value in it, like an `Option`.
            impl<T: TelemetrySnapshot> TelemetrySnapshot for $cell<T> {
                const SCHEMA: Schema = Schema::of(T::SCHEMA.kind().optional());
                const KIND: Natural<Self> = T::KIND.option().pointer();

                fn record(&self, recorder: &mut Recorder<'_>) {
                    match self.get() {
                        Some(value) => value.record(recorder),
                        None => T::record_absent(recorder),
                    }
                }

                fn weight<D: Depth>() -> impl Weighed {
                    Optional::of(T::weight::<D>)
                }

                fn record_nested(&self, recorder: &mut Recorder<'_>) {
                    match self.get() {
                        Some(value) => value.record_nested(recorder),
                        None => T::record_absent(recorder),
                    }
                }

                fn record_absent(recorder: &mut Recorder<'_>) {
                    T::record_absent(recorder);
                }
            }
        )+
    };
}

once!(OnceCell, OnceLock);
