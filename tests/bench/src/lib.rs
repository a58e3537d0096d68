//! What the benchmarks share: configurations, what a way to do something costs, and how costs are printed.

pub mod auth;
pub mod baselines;
pub mod bell;
pub mod budgets;
pub mod compile;
pub mod config;
pub mod cost;
pub mod counted;
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
#[cfg(target_os = "linux")]
pub mod soak;

/// The value that follows a name among the arguments of this process.
///
/// # Errors
///
/// If it cannot be read.
pub fn option<T: std::str::FromStr>(name: &str) -> Result<Option<T>, String> {
    let Some(text) = std::env::args().skip_while(|argument| argument != name).nth(1) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| format!("{name} {text} cannot be read"))
}
