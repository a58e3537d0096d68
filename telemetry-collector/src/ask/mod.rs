//! Answers questions about what is stored: a [`Filter`] goes in, a [`report`] comes out.
//!
//! Each installation counts once, with its latest event. Ids that live as long as one process are no installations.

pub mod filter;
pub mod report;

pub use filter::Filter;
