//! The bytes of a snapshot: JSON, written directly.

use super::MAX_BODY;
use crate::schema::Key;

/// Room that is kept ahead, so that a key and a value of fixed size are copied without further checks.
pub(crate) const ROOM: usize = 200;

/// No key is longer. A mask, so that the compiler sees that the longest value fits behind the longest key.
const KEY: usize = 127;

/// The longest value that is written in one piece: a word of 64 bytes in quotes.
const VALUE: usize = 72;

/// The longest integer: a sign and 19 digits, and room for one more in front of them.
const LONGEST: usize = 22;

/// The digits of 0 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0;
    while at < 100 {
        pairs[at] = [b'0' + at as u8 / 10, b'0' + at as u8 % 10];
        at += 1;
    }
    pairs
};

/// A growing buffer whose bytes from `len` on are scratch space.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
    start: usize,
}

impl Buffer {
    /// A buffer that goes on after `prefix` and holds `size` more bytes without growing.
    pub(super) fn after(mut prefix: Vec<u8>, size: usize) -> Self {
        let len = prefix.len();
        let capacity = len + size.min(MAX_BODY) + ROOM;
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

    pub(super) fn rewind(&mut self, len: usize) {
        self.len = len;
    }

    /// Whether the snapshot has outgrown its bound.
    pub(super) fn is_full(&self) -> bool {
        self.len - self.start > MAX_BODY
    }

    /// Makes room for one leaf. Once the bound is passed, further leaves overwrite each other.
    #[inline]
    fn room(&mut self) {
        if self.bytes.len().saturating_sub(self.len) < ROOM {
            self.grow();
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        if self.is_full() {
            self.len = self.start + MAX_BODY + 1;
        }
        let more = (self.bytes.len() * 2).min(self.start + MAX_BODY + 2 * ROOM);
        self.bytes.resize(more.max(self.len + ROOM), 0);
    }

    /// Writes a key, and gives where its value is written.
    #[inline]
    fn value_of(&mut self, key: &Key) -> Option<&mut [u8; VALUE]> {
        self.room();
        let free = self.bytes.get_mut(self.len..)?.first_chunk_mut::<ROOM>()?;
        let len = usize::from(key.len) & KEY;
        if len <= Key::SIZE {
            free[..Key::SIZE].copy_from_slice(&key.bytes);
        } else {
            spell(free, key.name);
        }
        self.len += len;
        free[len..].first_chunk_mut()
    }

    #[inline]
    pub(super) fn key(&mut self, key: &Key) {
        self.value_of(key);
    }

    /// A key and its value, which is `len` of the given bytes.
    pub(super) fn fixed(&mut self, key: &Key, value: [u8; 8], len: usize) {
        if let Some(free) = self.value_of(key) {
            free[..8].copy_from_slice(&value);
        }
        self.len += len;
    }

    /// As `fixed`, unless that takes more than two copies: nothing is written when there is no room yet or the key is long.
    #[inline]
    pub(super) fn short(&mut self, key: &Key, value: [u8; 8], len: usize) -> bool {
        let key_len = usize::from(key.len) & KEY;
        let free = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut::<ROOM>());
        let Some(free) = free.filter(|_| key_len <= Key::SIZE) else { return false };
        free[..Key::SIZE].copy_from_slice(&key.bytes);
        free[key_len..key_len + 8].copy_from_slice(&value);
        self.len += key_len + len;
        true
    }

    /// A key and a word in quotes.
    #[inline]
    pub(super) fn word(&mut self, key: &Key, word: &str) {
        if let Some(free) = self.value_of(key) {
            let end = word.len() + 1;
            free[0] = b'"';
            if let Some(text) = free.get_mut(1..end) {
                text.copy_from_slice(word.as_bytes());
            }
            if let Some(quote) = free.get_mut(end) {
                *quote = b'"';
            }
        }
        self.len += word.len() + 2;
    }

    /// A key and an integer.
    #[inline]
    pub(super) fn integer(&mut self, key: &Key, value: i64) {
        self.key(key);
        self.digits(value);
    }

    /// An integer in decimal. It is put together backwards, and copied with whatever follows, since a copy of fixed
    /// size costs less than one of the right size.
    pub(super) fn digits(&mut self, value: i64) {
        let mut text = [0; 2 * LONGEST];
        let mut at = LONGEST;
        let mut rest = value.unsigned_abs();
        while rest >= 10 {
            at -= 2;
            [text[at], text[at + 1]] = PAIRS[(rest % 100) as usize];
            rest /= 100;
        }
        if rest > 0 || at == LONGEST {
            at -= 1;
            text[at] = b'0' + rest as u8;
        }
        if value < 0 {
            at -= 1;
            text[at] = b'-';
        }
        let free = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut::<LONGEST>());
        if let (Some(free), Some(text)) = (free, text.get(at..).and_then(|text| text.first_chunk())) {
            *free = *text;
        }
        self.len += LONGEST - at;
    }

    /// One byte of punctuation.
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

    /// Closes what was opened at `at`: the comma before its first member becomes the opening bracket.
    pub(super) fn close(&mut self, at: usize, open: u8, close: u8) {
        if self.len == at {
            self.byte(open);
        } else if let Some(comma) = self.bytes.get_mut(at) {
            *comma = open;
        }
        self.byte(close);
    }
}

/// A key that is put together here, since its name is long.
#[cold]
#[inline(never)]
fn spell(free: &mut [u8; ROOM], name: &str) {
    let parts: [&[u8]; 3] = [b",\"", name.as_bytes(), b"\":"];
    for (free, byte) in free.iter_mut().zip(parts.into_iter().flatten()) {
        *free = *byte;
    }
}
