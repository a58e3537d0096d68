//! The edges of a bucket, as a constant that several fields share.

use super::check::check_edges;

/// The edges of a bucket: at each, one range ends and the next begins.
///
/// ```
/// use telemetry::{Snapshot, TelemetrySnapshot};
/// use telemetry::schema::Edges;
///
/// const SIZES: Edges = Edges::new(&[1 << 10, 1 << 20, 1 << 30]);
///
/// #[derive(TelemetrySnapshot)]
/// struct Limits {
///     #[telemetry(bucket(SIZES))]
///     body: u64,
///     #[telemetry(bucket(SIZES, unit = "bytes"))]
///     upload: Option<usize>,
/// }
///
/// let limits = Limits { body: 4_096, upload: None };
/// assert_eq!(Snapshot::of(&limits)?.as_json(), r#"{"body":"1024-1048575"}"#);
/// # Ok::<(), telemetry::snapshot::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Edges(pub(super) &'static [i64]);

impl Edges {
    /// 1 to 64 edges, in ascending order and within ±(2^53 - 1).
    ///
    /// # Compile errors
    ///
    /// In a constant, other edges do not compile.
    #[must_use]
    #[track_caller]
    pub const fn new(edges: &'static [i64]) -> Self {
        check_edges(edges);
        Self(edges)
    }

    /// The edges.
    #[must_use]
    pub const fn get(&self) -> &'static [i64] {
        self.0
    }
}
