//! Programs that try to get a secret onto the wire, or to break the host.
//!
//! Each works against a [`naive`] version. This crate stops them because text comes only from an associated constant:
//! `tests/ui/attack/` holds the same programs against this crate, where they do not compile.

mod by_hand;
mod naive;
