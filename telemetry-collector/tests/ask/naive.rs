//! A count as one would do it by hand.
