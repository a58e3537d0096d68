use super::Place;
use crate::consent::LiveConsent;
use crate::delivery::retry::Rest;
use crate::delivery::spool::SpoolKey;
use crate::storage::paths::{PAUSE, PAUSE_END};
use crate::storage::{append, read_at_most, remove};

/// The file next to the spool that holds a pause, one for each destination.
///
/// It is not authenticated: a process that can write it can also write the spool, and the file can only delay sending by an hour.
#[derive(Default)]
pub(super) struct RestFile {
    /// Its name, once there is a salt.
    name: Option<String>,
}

/// Far more than such a file needs, in bytes.
const MAX_BYTES: u64 = 4096;

impl RestFile {
    pub(super) fn read(&mut self, place: &Place) -> Option<Rest> {
        let name = self.name(place)?;
        let bytes = read_at_most(&place.state.as_ref()?.open(&name).ok()?, MAX_BYTES).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// A failed write has no consequence for this process. A file that two processes write at the same time is not read.
    pub(super) fn write(&mut self, place: &Place, rest: &Rest, consent: &LiveConsent) {
        // If nothing has been kept yet, this creates the salt.
        let (Ok((state, key)), Ok(bytes)) = (place.key(), serde_json::to_vec(rest)) else { return };
        let name = self.name.get_or_insert_with(|| name(&key));
        if let Ok(mut file) = state.open_or_create(name) {
            let _ = file.set_len(0).and_then(|()| append(&mut file, &bytes));
        }
        consent.erase_if_withdrawn(state);
    }

    pub(super) fn delete(&mut self, place: &Place) {
        if let (Some(name), Some(state)) = (self.name(place), &place.state) {
            let _ = remove(&state.path(&name));
        }
    }

    fn name(&mut self, place: &Place) -> Option<String> {
        if self.name.is_none() {
            let (_, key) = place.known_key()?;
            self.name = Some(name(&key));
        }
        self.name.clone()
    }
}

fn name(key: &SpoolKey) -> String {
    format!("{PAUSE}{}{PAUSE_END}", key.label())
}
