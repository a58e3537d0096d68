//! The simulated installations: what they send is on record, and the collector's numbers are those of their own account.

mod child;
mod count;
mod counted;
mod fixture;
// It sends signals.
#[cfg(unix)]
mod program;
mod requests;
mod schemas;
mod truth;
mod values;
