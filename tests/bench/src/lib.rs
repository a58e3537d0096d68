//! What the benchmarks share: configurations, what a way to do something costs, and how costs are printed.

pub mod auth;
pub mod baselines;
pub mod compile;
pub mod config;
pub mod cost;
pub mod llvm;
pub mod report;
#[cfg(feature = "peers")]
pub mod rustauth;
