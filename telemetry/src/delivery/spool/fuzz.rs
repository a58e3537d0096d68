//! Any lines under the right key.

use super::contents::{Contents, Tally};
use super::line::{Line, SpoolKey};
use crate::clock::Stamp;

const NOW: Stamp = Stamp { at: 1_800_000_000, up: Some(10_000), boot: Some(7) };

/// What is read can be written and read again, a file that was rewritten stays as it is, and a line without the key's code is never read.
pub(crate) fn spool(bytes: &[u8]) {
    let key = SpoolKey::for_fuzzing();
    let mut signed = Vec::new();
    for text in bytes.split(|byte| *byte == b'\n') {
        let line = key.sign(text);
        match key.read(&line) {
            Some(Line::Event(event)) => {
                assert!(!event.body.contains('\n'));
                let written = key.event(&event).ok();
                let written = written.as_deref().and_then(|line| line.strip_suffix(b"\n"));
                assert_eq!(written.and_then(|line| key.read(line)), Some(Line::Event(event)));
            }
            Some(Line::Done(id)) => {
                let written = key.done(&id).unwrap_or_default();
                assert_eq!(written.strip_suffix(b"\n").and_then(|line| key.read(line)), Some(Line::Done(id)));
            }
            Some(Line::Taken(day)) => {
                let written = key.taken(&day).unwrap_or_default();
                assert_eq!(written.strip_suffix(b"\n").and_then(|line| key.read(line)), Some(Line::Taken(day)));
            }
            None => {}
        }
        assert_eq!(key.read(text), None, "a line of another key");
        signed.extend(line);
        signed.push(b'\n');
    }
    let contents = Contents::of(&key, &signed, Some(&NOW));
    let again = Contents::of(&key, &contents.lines, Some(&NOW));
    assert_eq!((&again.events, again.tally), (&contents.events, Tally::default()));
    assert!(!again.is_dirty());
    assert_eq!(again.lengths().count(), contents.events.len());
}
