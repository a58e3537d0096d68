//! Programs that try to get a secret onto the wire, or to break the host.
//!
//! Each was written against a [`naive`] version first, where it works. What closes it is that text comes out of an
//! associated constant only: `tests/ui/attack/` holds the same programs against this crate, where they do not compile.

mod by_hand;
mod naive;
