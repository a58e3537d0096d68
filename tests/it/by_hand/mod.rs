//! What two public projects built by hand, rebuilt: telemetry/docs/by-hand.md has the table.

mod filter;
mod search;
