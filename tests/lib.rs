//! Support code that several tests share.

mod built;
pub mod sealed;
