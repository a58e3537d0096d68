//! The bytes of a snapshot: JSON, written directly.

pub(super) mod value;

use telemetry_spec::limit::BODY_BYTES;

use self::value::{VALUE, integer, label};
use crate::schema::Key;

/// Space reserved ahead, so that a key and a value of fixed size are copied without further checks.
pub(crate) const ROOM: usize = 200;

/// Maximum key length. Used as a mask, so that the compiler sees that the longest value fits behind the longest key.
const KEY: usize = 127;

/// A growing buffer whose bytes from `len` on are scratch space.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
    start: usize,
}

impl Buffer {
    /// A buffer that continues after `prefix` and holds `size` more bytes without growing.
    pub(super) fn after(mut prefix: Vec<u8>, size: usize) -> Self {
        let len = prefix.len();
        let capacity = len + size.min(BODY_BYTES) + ROOM;
        if prefix.is_empty() && prefix.capacity() < capacity {
            prefix = vec![0; capacity];
        } else {
            prefix.resize(capacity, 0);
        }
        Self { bytes: prefix, len, start: len }
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.truncate(self.len);
        self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Takes back what was written from `len` on. A buffer that is full stays so: what does not fit has been written over other values.
    pub(super) fn rewind(&mut self, len: usize) {
        if !self.is_full() {
            self.len = len;
        }
    }

    /// What was written from `start` on.
    pub(super) fn from(&self, start: usize) -> &[u8] {
        self.bytes.get(start..self.len).unwrap_or_default()
    }

    /// Appends what was written before.
    pub(super) fn append(&mut self, written: &[u8]) {
        for part in written.chunks(ROOM) {
            self.room();
            if let Some(free) = self.bytes.get_mut(self.len..self.len + part.len()) {
                free.copy_from_slice(part);
            }
            self.len += part.len();
        }
    }

    /// Whether the snapshot exceeds its maximum size.
    pub(super) fn is_full(&self) -> bool {
        self.len - self.start > BODY_BYTES
    }

    /// Makes room for one leaf. Once the maximum size is exceeded, further leaves overwrite each other.
    #[inline]
    fn room(&mut self) {
        if self.len + ROOM > self.bytes.len() {
            self.grow();
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        if self.is_full() {
            self.len = self.start + BODY_BYTES + 1;
        }
        let more = (self.bytes.len() * 2).min(self.start + BODY_BYTES + 2 * ROOM);
        self.bytes.resize(more.max(self.len + ROOM), 0);
    }

    /// Writes a key and returns the space for its value.
    #[inline(never)]
    fn value_of(&mut self, key: &Key) -> Option<&mut [u8; VALUE]> {
        self.room();
        let free = self.bytes.get_mut(self.len..)?.first_chunk_mut::<ROOM>()?;
        let len = match key {
            Key::Short { bytes, len } => {
                free[..Key::SIZE].copy_from_slice(bytes);
                usize::from(*len) & KEY
            }
            Key::Long(name) => spell(free, name),
        };
        self.len += len;
        free[len..].first_chunk_mut()
    }

    #[inline]
    pub(super) fn key(&mut self, key: &Key) {
        self.value_of(key);
    }

    /// Writes a key and its value, the first `len` of the given bytes.
    pub(super) fn fixed(&mut self, key: &Key, value: [u8; 8], len: usize) {
        if let Some(free) = self.value_of(key) {
            free[..8].copy_from_slice(&value);
        }
        self.len += len;
    }

    /// Writes a key, and the value that `write` puts into the space after it and whose length it returns. Adds nothing where room is
    /// missing, the key is long, or there is no length.
    #[inline]
    pub(super) fn leaf(&mut self, key: &Key, write: impl FnOnce(&mut [u8; VALUE]) -> Option<usize>) -> bool {
        let Key::Short { bytes, len } = key else { return false };
        let free = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut::<ROOM>());
        let Some(free) = free else { return false };
        let len = usize::from(*len) & KEY;
        free[..Key::SIZE].copy_from_slice(bytes);
        let Some(value) = free[len..].first_chunk_mut().and_then(write) else { return false };
        self.len += len + value;
        true
    }

    /// Writes a key and a word in quotes.
    pub(super) fn word(&mut self, key: &Key, word: &str) {
        let len = self.value_of(key).map_or(0, |free| value::word(free, word));
        self.len += len;
    }

    /// Writes a key and the label of a range.
    pub(super) fn range(&mut self, key: &Key, edges: &[i64], at: usize) {
        let len = self.value_of(key).map_or(0, |free| label(free, edges, at));
        self.len += len;
    }

    /// Writes a key and an integer.
    pub(super) fn integer(&mut self, key: &Key, value: i64) {
        self.key(key);
        self.digits(value);
    }

    /// Writes an integer where room was made for a key.
    pub(super) fn digits(&mut self, value: i64) {
        let free = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut());
        let len = free.map_or(0, |free| integer(free, value));
        self.len += len;
    }

    /// Writes one byte of punctuation.
    #[inline]
    pub(super) fn byte(&mut self, byte: u8) {
        self.room();
        self.byte_within_room(byte);
    }

    #[inline]
    pub(super) fn byte_within_room(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(self.len) {
            *free = byte;
        }
        self.len += 1;
    }

    /// Like `close`, for an object, unless there is no room.
    #[inline]
    pub(super) fn close_object(&mut self, at: usize) -> bool {
        // Without members, both of the first two bytes must be written; with members, the first is already written.
        let empty = usize::from(self.len == at);
        let end = self.len + empty;
        let Some(free) = self.bytes.get_mut(end) else { return false };
        *free = b'}';
        let Some(comma) = self.bytes.get_mut(at) else { return false };
        *comma = b'{';
        self.len = end + 1;
        true
    }

    /// Closes the container opened at `at`: the comma before its first member becomes the opening bracket.
    pub(super) fn close(&mut self, at: usize, open: u8, close: u8) {
        if self.len == at {
            self.byte(open);
        } else if let Some(comma) = self.bytes.get_mut(at) {
            *comma = open;
        }
        self.byte(close);
    }
}

/// Writes a key that is built here, because its name is long, and returns its length.
#[cold]
#[inline(never)]
fn spell(free: &mut [u8; ROOM], name: &str) -> usize {
    let end = name.len() + 2;
    free[..2].copy_from_slice(b",\"");
    if let Some(free) = free.get_mut(2..end) {
        free.copy_from_slice(name.as_bytes());
    }
    if let Some(free) = free.get_mut(end..end + 2) {
        free.copy_from_slice(b"\":");
    }
    (end + 2) & KEY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_buffer_stays_full() {
        let mut buffer = Buffer::after(Vec::new(), 0);
        buffer.byte(b'{');
        buffer.rewind(0);
        assert_eq!(buffer.len(), 0);
        while !buffer.is_full() {
            buffer.byte(b' ');
        }
        buffer.rewind(0);
        assert!(buffer.is_full());
    }
}
