//! Any lines under the right key, and any counts.

use super::line::{COUNT_LENGTH, Contents, CountKey, Entry};
use crate::delivery::spool::{Line, SpoolKey, StoredEvent};

/// The first byte says where the file is cut in two. A line of digits is the count of the event before it; a line that begins with `?` is as
/// it stands; any other is written under the key.
///
/// A count is read where it stands, a file that was cut is read on without loss, and what is written anew is read again.
pub(crate) fn counted(bytes: &[u8]) {
    let Some((cut, text)) = bytes.split_first() else { return };
    let key = CountKey::over(SpoolKey::for_fuzzing());
    let file = written(&key, text);
    let whole = key.read(&file, 0);
    let in_file = |at: u64| file.get(usize::try_from(at).ok()?..);
    for Entry { event, count, at } in &whole.entries {
        let line = in_file(*at).and_then(|rest| rest.get(..COUNT_LENGTH));
        assert_eq!(line, Some(&key.count(&event.id, *count)[..]));
        assert!(*count > 0 && at + COUNT_LENGTH as u64 <= whole.length);
    }
    assert!(whole.length == 0 || file.get(..whole.length as usize).is_some_and(|read| read.ends_with(b"\n")));

    let cut = file.len() * usize::from(*cut) / usize::from(u8::MAX);
    let before = key.read(file.get(..cut).unwrap_or_default(), 0);
    let after = key.read(in_file(before.length).unwrap_or_default(), before.length);
    assert_eq!([entries(&before), entries(&after)].concat(), entries(&whole));
    assert_eq!((before.foreign + after.foreign, after.length), (whole.foreign, whole.length));
    assert_eq!(before.taken.into_iter().chain(after.taken).map(|day| day.at).max(), whole.taken.map(|day| day.at));

    let mut again = whole.taken.and_then(|day| key.taken(&day).ok()).unwrap_or_default();
    for Entry { event, count, .. } in &whole.entries {
        let lines = key.entry(event, *count, again.len() as u64);
        again.extend(lines.unwrap_or_default());
    }
    let again = key.read(&again, 0);
    let counts =
        |contents: &Contents| entries(contents).into_iter().map(|(event, count, _)| (event, count)).collect::<Vec<_>>();
    assert_eq!((counts(&again), again.taken, again.foreign), (counts(&whole), whole.taken, 0));
}

fn written(key: &CountKey, text: &[u8]) -> Vec<u8> {
    let (mut file, mut id) = (Vec::new(), String::new());
    for line in text.split(|byte| *byte == b'\n') {
        let count = str::from_utf8(line).ok().and_then(|digits| digits.parse().ok());
        match (count, line) {
            (Some(count), _) => file.extend(key.count(&id, count)),
            (None, [b'?', line @ ..]) => file.extend([line, b"\n"].concat()),
            (None, _) => {
                let signed = key.events.sign(line);
                if let Some(Line::Event(event)) = key.events.read(&signed) {
                    id = event.id;
                }
                file.extend([&*signed, b"\n"].concat());
            }
        }
    }
    file
}

fn entries(contents: &Contents) -> Vec<(StoredEvent, u32, u64)> {
    contents.entries.iter().map(|entry| (entry.event.clone(), entry.count, entry.at)).collect()
}
