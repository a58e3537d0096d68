//! The same tests over both stores, and what only the engine can do wrong. `.ci/clickhouse` runs them.

pub(crate) mod both;
mod dialects;
#[cfg(feature = "clickhouse")]
pub(crate) mod engine;
#[cfg(feature = "clickhouse")]
mod faults;
#[cfg(feature = "clickhouse")]
mod print;
// It sends signals.
#[cfg(all(feature = "clickhouse", unix))]
mod process;
#[cfg(feature = "clickhouse")]
mod waiting;
