//! The simulated installations: what they send is on record, and the collector's numbers are those of their own account.

mod count;
mod fixture;
mod schemas;
mod truth;
mod values;
