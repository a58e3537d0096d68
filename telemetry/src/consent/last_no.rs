//! Whether a no has been stored since a client was built. A yes may have followed it.

use std::sync::OnceLock;

use super::inputs::{ChoiceStore, Withdrawal};
use crate::storage::Version;

/// What a later no is recognized by.
#[derive(Clone)]
pub(super) struct LastNo {
    /// The marker of the latest no when the client was built. Not set as long as it could not be read.
    marker: OnceLock<Option<Withdrawal>>,
    /// The stored choice when the client was built. A no replaces it, whether or not its marker can be read.
    choice: Option<Version>,
}

impl LastNo {
    pub(super) fn at_start(store: &ChoiceStore) -> Self {
        let choice = store.version();
        Self { marker: store.withdrawal().map_or_else(|_| OnceLock::new(), OnceLock::from), choice }
    }

    /// Whether there has been a later no; `None` if that cannot be read. If the marker could not be read at the start, another choice counts as
    /// a no, because one may have come between.
    pub(super) fn has_changed(&self, store: &ChoiceStore) -> Option<bool> {
        let marker = store.withdrawal().ok()?;
        if self.marker.get().is_none() && store.version() != self.choice {
            return Some(true);
        }
        Some(*self.marker.get_or_init(|| marker.clone()) != marker)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::storage::paths::WITHDRAWN;

    /// What is seen of these choices, if the marker can be read again after them.
    fn seen_after(choices: &[bool]) -> Option<bool> {
        let home = tempfile::tempdir().unwrap();
        let store = ChoiceStore::at(home.path());
        store.write(false).unwrap();
        store.write(true).unwrap();
        let (marker, aside) = (home.path().join("acme").join(WITHDRAWN), home.path().join("aside"));
        fs::rename(&marker, &aside).unwrap();
        fs::create_dir(&marker).unwrap();
        let last_no = LastNo::at_start(&store);
        assert_eq!(last_no.has_changed(&store), None);
        fs::remove_dir(&marker).unwrap();
        fs::rename(&aside, &marker).unwrap();
        for choice in choices {
            store.write(*choice).unwrap();
        }
        let seen = last_no.has_changed(&store);
        assert_eq!(last_no.has_changed(&store), seen, "it stays so");
        seen
    }

    #[test]
    fn a_no_is_seen_that_came_while_the_marker_could_not_be_read() {
        assert_eq!(seen_after(&[]), Some(false));
        assert_eq!(seen_after(&[false]), Some(true));
        assert_eq!(seen_after(&[false, true]), Some(true));
    }
}
