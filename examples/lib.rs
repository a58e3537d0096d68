//! Support code that several examples share.
