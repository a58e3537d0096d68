//! Answers questions about what is stored: a [`Filter`] goes in, a [`report`] comes out.
//!
//! Each installation counts once, with its latest event. Ids that last only as long as one process are not counted as installations.
//! Counted events are summed up: all of them, each as often as it happened.
//!
//! [`overview`] tells of all events, [`event`] of one. A report is made within one transaction, so that all of its numbers are of one state of the
//! file. Its texts come from the released schemas. It is made in two passes: one over an index of days, which finds the activity and the
//! latest row of each installation, and one over these rows, or over all that are summed up. A filter of values needs one over all rows before.

mod active;
mod activity;
mod catalogue;
mod cells;
mod condition;
mod counted;
mod describe;
mod edition;
mod event;
mod fields;
pub mod filter;
mod inside;
mod lacking;
mod latest;
pub mod lines;
mod matching;
mod naming;
mod overview;
mod period;
mod ranges;
mod reader;
mod releases;
pub mod report;
mod rows;
mod source;
pub mod sql;
mod sums;
mod tally;
mod weeks;

pub use edition::{Published, published};
pub use event::event;
pub use filter::{Filter, FilterError};
pub(crate) use lacking::{Lacking, lacking};
pub use overview::overview;
pub use reader::{Reader, Readers};
pub use source::Source;

use thiserror::Error;

/// Why a question was not answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AskError {
    /// The filter does not fit the event.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The file cannot be read.
    #[error("the database cannot be read: {0}")]
    Read(#[from] rusqlite::Error),
    /// The engine does not answer.
    #[cfg(feature = "clickhouse")]
    #[error("the database cannot be read: {0}")]
    Engine(#[from] crate::clickhouse::EngineError),
    /// Rows were deleted while it was answered, again and again.
    #[cfg(feature = "clickhouse")]
    #[error("events are being deleted; try again in a few seconds")]
    Changing,
    /// A value has another type than it must have.
    #[error("the database does not have the layout that this collector writes")]
    Layout,
}
