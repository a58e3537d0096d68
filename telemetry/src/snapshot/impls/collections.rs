//! Collections send their length.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use telemetry_spec::limit;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

macro_rules! counted {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(
            /// The number of items; more than 1000 are sent as 1000.
            impl<$($generics)*> TelemetrySnapshot for $ty {
                const SCHEMA: Schema = Schema::of(Kind::count(limit::COUNT_MAX).always());
                const KIND: Natural<Self> = Natural::EAGER;

                fn weight<D: Depth>() -> impl Weighed {
                    Nothing
                }

                #[inline]
                fn record(&self, recorder: &mut Recorder<'_>) {
                    recorder.count(self.len());
                }

                #[inline]
                fn record_nested(&self, recorder: &mut Recorder<'_>) {
                    recorder.count(self.len());
                }
            }
        )+
    };
}

counted! {
    (T) [T],
    (T, const N: usize) [T; N],
    (T) Vec<T>,
    (T) VecDeque<T>,
    (T) LinkedList<T>,
    (T) BinaryHeap<T>,
    (T) BTreeSet<T>,
    (T, S) HashSet<T, S>,
    (K, V) BTreeMap<K, V>,
    (K, V, S) HashMap<K, V, S>,
}

#[cfg(feature = "indexmap")]
counted! {
    (T, S) indexmap::IndexSet<T, S>,
    (K, V, S) indexmap::IndexMap<K, V, S>,
}
