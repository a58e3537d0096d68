//! The bytes of a snapshot: JSON, written directly.

use crate::schema::Key;
use telemetry_spec::limit::BODY_BYTES;

/// Room that is kept ahead, so that a key and a value of fixed size are copied without further checks.
pub(crate) const ROOM: usize = 200;

/// No key is longer. A mask, so that the compiler sees that the longest value fits behind the longest key.
const KEY: usize = 127;

/// The longest value that is written in one piece: a word of 64 bytes in quotes.
const VALUE: usize = 72;

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

    pub(super) fn rewind(&mut self, len: usize) {
        self.len = len;
    }

    /// Whether the snapshot has outgrown its bound.
    pub(super) fn is_full(&self) -> bool {
        self.len - self.start > BODY_BYTES
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
            self.len = self.start + BODY_BYTES + 1;
        }
        let more = (self.bytes.len() * 2).min(self.start + BODY_BYTES + 2 * ROOM);
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

    /// An integer in decimal, written where it stands: copying it from elsewhere would wait until it is written there.
    pub(super) fn digits(&mut self, value: i64) {
        if value < 0 {
            self.byte_within_room(b'-');
        }
        let mut rest = value.unsigned_abs();
        let len = match rest {
            0..10 => 1,
            10..100 => 2,
            100..1_000 => 3,
            1_000..10_000 => 4,
            _ => rest.ilog10() as usize + 1,
        };
        if let Some(free) = self.bytes.get_mut(self.len..self.len + len) {
            let (first, pairs) = free.as_rchunks_mut();
            for pair in pairs.iter_mut().rev() {
                *pair = PAIRS[(rest % 100) as usize];
                rest /= 100;
            }
            if let [first] = first {
                *first = b'0' + rest as u8;
            }
        }
        self.len += len;
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

    /// As `close`, of an object, unless there is no room.
    #[inline]
    pub(super) fn close_object(&mut self, at: usize) -> bool {
        // Without members, the first two bytes are both to be written; with members, the first is there already.
        let empty = usize::from(self.len == at);
        let end = self.len + empty;
        let Some(free) = self.bytes.get_mut(end) else { return false };
        *free = b'}';
        let Some(comma) = self.bytes.get_mut(at) else { return false };
        *comma = b'{';
        self.len = end + 1;
        true
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
    let end = name.len() + 2;
    free[..2].copy_from_slice(b",\"");
    if let Some(free) = free.get_mut(2..end) {
        free.copy_from_slice(name.as_bytes());
    }
    if let Some(free) = free.get_mut(end..end + 2) {
        free.copy_from_slice(b"\":");
    }
}
