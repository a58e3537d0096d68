//! The telemetry of [Better Auth](https://www.better-auth.com), for a library that has its options.
//!
//! [`AuthOptions`] has all options of the original, and the derive says of each what may leave: about a hundred are told as
//! yes or no, as a number, or as a word of [`vocabulary`], and the others are not looked at. Names and order on
//! the wire are the original's.

mod config;
mod options;
pub mod vocabulary;

pub use config::Config;
pub use indexmap::IndexMap;
pub use options::*;
