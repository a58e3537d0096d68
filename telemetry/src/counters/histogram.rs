use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use super::counter::Counter;
use crate::schema::derived::{All, Weight, items};
use crate::schema::{Depth, Edges, Field, Kind, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// The ranges of a [`Histogram`].
///
/// They belong to a type, since the schema of an event is a constant.
pub trait Buckets {
    /// At each edge, one range ends and the next begins.
    const EDGES: Edges;

    /// The most that is sent for one range; more is sent as this. At least 1, and at most 2^53 - 1.
    const MAX: i64 = 1_000_000;
}

/// Counts numbers by the range in which they lie, in [windows](super#windows). Clones count together.
///
/// It needs no policy, and is sent as a list: `[{"range":"10-99","count":3}]`, the lowest range first. Ranges in which nothing lies are
/// left out.
///
/// ```
/// use telemetry::counters::{Buckets, Histogram};
/// use telemetry::schema::Edges;
///
/// struct Milliseconds;
///
/// impl Buckets for Milliseconds {
///     const EDGES: Edges = Edges::new(&[10, 100, 1_000]);
/// }
///
/// static TIMES: Histogram<Milliseconds> = Histogram::new();
///
/// TIMES.observe(9);
/// TIMES.observe(10);
/// TIMES.observe(99);
/// assert_eq!(TIMES.counts(), [1, 2, 0, 0]);
/// ```
pub struct Histogram<B> {
    ranges: OnceLock<Arc<[Counter]>>,
    buckets: PhantomData<fn() -> B>,
}

impl<B: Buckets> Histogram<B> {
    /// A histogram that has counted nothing.
    #[must_use]
    pub const fn new() -> Self {
        Self { ranges: OnceLock::new(), buckets: PhantomData }
    }

    /// Counts this number in its range.
    #[inline]
    pub fn observe(&self, value: i64) {
        let at = B::EDGES.get().iter().take_while(|edge| **edge <= value).count();
        if let Some(range) = self.ranges().get(at) {
            range.add(1);
        }
    }

    /// How many numbers lay in each range, the lowest first, since the last event that was accepted with this histogram.
    ///
    /// While an event is being recorded to be published, these counts belong to the event.
    #[must_use]
    pub fn counts(&self) -> Vec<u64> {
        self.ranges().iter().map(Counter::get).collect()
    }

    /// Begins a new window. What was counted before is sent by no later event.
    pub fn reset(&self) {
        self.ranges().iter().for_each(Counter::reset);
    }

    #[inline]
    fn ranges(&self) -> &Arc<[Counter]> {
        self.ranges.get_or_init(|| (0..=B::EDGES.get().len()).map(|_| Counter::new()).collect())
    }
}

impl<B: Buckets> Default for Histogram<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Buckets> Clone for Histogram<B> {
    /// A handle to the same histogram.
    fn clone(&self) -> Self {
        Self { ranges: OnceLock::from(Arc::clone(self.ranges())), buckets: PhantomData }
    }
}

impl<B> fmt::Debug for Histogram<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ranges = self.ranges.get().map(|ranges| &ranges[..]).unwrap_or_default();
        f.debug_tuple("Histogram").field(&ranges).finish()
    }
}

/// A list of the ranges in which something lies, with their counts.
impl<B: Buckets> TelemetrySnapshot for Histogram<B> {
    const SCHEMA: Schema = Schema::of(Kind::list::<Range<B>>(ranges::<B>()).always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Ranges::<B>(PhantomData)
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        let edges = B::EDGES.get();
        let below = edges.first().map(|first| first.saturating_sub(1));
        let starts = below.into_iter().chain(edges.iter().copied());
        let ranges = self.ranges().iter().zip(starts).map(|(range, start)| (start, range.get()));
        let counted: Vec<Range<B>> = ranges.filter(|(_, count)| *count > 0).map(Range::of).collect();
        recorder.list(&counted);
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        self.record(recorder);
    }
}

/// How many ranges there are.
const fn ranges<B: Buckets>() -> u32 {
    // There are at most 64 edges.
    B::EDGES.get().len() as u32 + 1
}

/// What all ranges can reveal.
struct Ranges<B>(PhantomData<fn() -> B>);

impl<B: Buckets> Weighed for Ranges<B> {
    const WEIGHT: Weight = items::<Range<B>, _>(<Range<B> as TelemetrySnapshot>::weight::<All>, ranges::<B>(), false);
}

/// A range, by a number in it, and how many numbers lay in it.
struct Range<B> {
    start: i64,
    count: u64,
    buckets: PhantomData<fn() -> B>,
}

impl<B> Range<B> {
    const fn of((start, count): (i64, u64)) -> Self {
        Self { start, count, buckets: PhantomData }
    }
}

impl<B: Buckets> TelemetrySnapshot for Range<B> {
    const SCHEMA: Schema = Schema::group(&[
        Field::new("range", Kind::bucket(B::EDGES.get())).required(),
        Field::new("count", Kind::number(0, B::MAX)).required(),
    ]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.bucket(self.start.into());
        recorder.number(self.count.into());
    }
}
