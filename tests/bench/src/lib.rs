//! What the benchmarks share: configurations, what a way to do something costs, and how costs are printed.

pub mod auth;
pub mod baselines;
pub mod bell;
pub mod compile;
pub mod config;
pub mod cost;
pub mod home;
pub mod llvm;
pub mod pace;
pub mod process;
pub mod processor;
pub mod programs;
#[cfg(feature = "peers")]
pub mod publishers;
pub mod report;
#[cfg(feature = "peers")]
pub mod rustauth;
pub mod server;
