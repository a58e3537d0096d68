//! The name of a spool file tells how much the file may hold. So the limits of all files hold without reading any of them.
//!
//! ```text
//! spool-<16 digits of the key>-<16 random digits>-<bytes>-<events>.ndjson
//! spool-<16 digits of the key>-<16 random digits>-<bytes>-<events>-held.ndjson
//! spool-<16 digits of the key>-<16 random digits>-<bytes>-<events>-left.ndjson
//! ```
//!
//! The last two are written by processes that cannot lock files. Several machines can share one home, and files can be locked on some of
//! them only.

use std::io;

use super::Extent;
use crate::storage::paths::SPOOL_END;
use crate::storage::private_file::random_name;

/// Who may take over a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Whoever can lock it. Where files cannot be locked: everyone, once nothing has been written to it for a while.
    ByLock,
    /// A process holds the file by a lease, since it cannot lock it. Others may take the file once the lease is over.
    ByLease,
    /// Everyone: such a process has given it back.
    Left,
}

impl Hold {
    const ALL: [Self; 3] = [Self::ByLease, Self::Left, Self::ByLock];

    const fn mark(self) -> &'static str {
        match self {
            Self::ByLock => "",
            Self::ByLease => "-held",
            Self::Left => "-left",
        }
    }
}

/// What the name of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Promise {
    /// The file holds no more than this.
    pub(super) room: Extent,
    pub(super) hold: Hold,
}

impl Promise {
    /// `None` if the name is none of ours.
    pub(super) fn of(name: &str) -> Option<Self> {
        let name = name.strip_suffix(SPOOL_END)?;
        let (name, hold) = Hold::ALL.into_iter().find_map(|hold| Some((name.strip_suffix(hold.mark())?, hold)))?;
        let mut parts = name.rsplit('-');
        let (events, bytes) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        // The key and the random digits come before them.
        parts.nth(2)?;
        Some(Self { room: Extent { bytes, events }, hold })
    }

    /// A new name, by which a process that has opened the file under the old one learns that it is too late.
    pub(super) fn name(self, prefix: &str) -> io::Result<String> {
        let Self { room: Extent { bytes, events }, hold } = self;
        Ok(format!("{}-{bytes}-{events}{}{SPOOL_END}", random_name(prefix)?, hold.mark()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_was_written() {
        for hold in Hold::ALL {
            let promise = Promise { room: Extent { bytes: 1_048_576, events: 500 }, hold };
            let name = promise.name("spool-0123456789abcdef-").unwrap();
            assert_eq!(Promise::of(&name), Some(promise), "{name}");
            assert_ne!(promise.name("spool-0123456789abcdef-").unwrap(), name);
        }
    }

    #[test]
    fn other_names_promise_nothing() {
        for name in ["spool-0123456789abcdef-1.ndjson", "spool-a-b-1-x.ndjson", "spool-1-1.ndjson", "salt", "-1-1-1-1"]
        {
            assert_eq!(Promise::of(name), None, "{name}");
        }
    }
}
