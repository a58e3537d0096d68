//! The file that tells when each heartbeat of an installation was last published.

use std::collections::BTreeMap;
use std::{fs, io};

use crate::clock::{Moment, Stamp};
use crate::consent::LiveConsent;
use crate::delivery::journal::Place;
use crate::storage::paths::{HEARTBEATS, HEARTBEATS_BYTES, HEARTBEATS_END};
use crate::storage::private_file::random_name;
use crate::storage::{StateDirectory, append, read_at_most, remove};

/// What a process found when it was about to publish one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is this process's turn.
    Granted,
    /// Another process has published it then.
    Taken(Stamp),
    /// Another process is about to.
    Later,
}

/// The events, and when each was last published. It is not authenticated: a process that can write it can also write the spool.
type Times = BTreeMap<String, Stamp>;

/// Takes the turn for the heartbeat with this name, unless it was published by another process for which `is_recent` holds.
pub(super) fn claim(
    place: &Place,
    name: &str,
    now: &Moment,
    consent: &LiveConsent,
    is_recent: impl Fn(&Stamp) -> bool,
) -> Claim {
    // Without a file, each process has its own.
    let Ok((state, key)) = place.key() else { return Claim::Granted };
    let file = format!("{HEARTBEATS}{}{HEARTBEATS_END}", key.label());
    let Ok(turn) = state.take_turn_patiently() else { return Claim::Later };
    if turn.is_missed() {
        return Claim::Later;
    }
    let bytes = state.open(&file).and_then(|file| read_at_most(&file, HEARTBEATS_BYTES)).unwrap_or_default();
    let mut times: Times = serde_json::from_slice(&bytes).unwrap_or_default();
    if let Some(last) = times.get(name).filter(|last| is_recent(last)) {
        return Claim::Taken(*last);
    }
    times.insert(name.to_owned(), now.stamp);
    let Ok(json) = serde_json::to_vec(&times) else { return Claim::Granted };
    // On a full disk, or in a directory that may only be read, each process has its own, too.
    let _ = write(state, &file, &json);
    drop(turn);
    // That takes time, in which the user may have said no.
    if consent.erase_if_withdrawn(state) || !consent.holds() { Claim::Later } else { Claim::Granted }
}

/// Puts a new file in the place of the old one, which a killed process leaves as it was.
fn write(state: &StateDirectory, name: &str, bytes: &[u8]) -> io::Result<()> {
    let new = random_name(&format!("{HEARTBEATS}{NEW}"))? + HEARTBEATS_END;
    for abandoned in state.names(&format!("{HEARTBEATS}{NEW}")) {
        remove(&state.path(&abandoned))?;
    }
    let mut file = state.create(&new)?;
    append(&mut file, bytes)?;
    fs::rename(state.path(&new), state.path(name))
}

/// The name of a file that is being written begins with this in place of the digits of the key.
const NEW: &str = "new-";
