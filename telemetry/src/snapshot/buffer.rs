//! The bytes of a snapshot: JSON, written directly.

use crate::schema::Key;
use telemetry_spec::limit::BODY_BYTES;

/// Space reserved ahead, so that a key and a value of fixed size are copied without further checks.
pub(crate) const ROOM: usize = 200;

/// Maximum key length. Used as a mask, so that the compiler sees that the longest value fits behind the longest key.
const KEY: usize = 127;

/// The longest value written in one piece: a word of 64 bytes in quotes.
const VALUE: usize = 72;

/// The decimal digits of 0 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0;
    while at < 100 {
        pairs[at] = [b'0' + at as u8 / 10, b'0' + at as u8 % 10];
        at += 1;
    }
    pairs
};

/// The smallest number of each length, and 0 for the shortest.
const SMALLEST: [u64; 20] = {
    let mut smallest = [0; 20];
    let (mut at, mut power) = (1, 1);
    while at < 20 {
        power *= 10;
        smallest[at] = power;
        at += 1;
    }
    smallest
};

/// The number of decimal digits, without a division or a branch.
#[inline]
fn digits_of(number: u64) -> usize {
    // 1233 / 4096 is the logarithm of 2 to base 10, so this is the length or one less.
    let guess = (u64::BITS - (number | 1).leading_zeros()) as usize * 1233 / 4096;
    guess + usize::from(SMALLEST.get(guess).is_some_and(|smallest| number >= *smallest))
}

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

    pub(super) fn rewind(&mut self, len: usize) {
        self.len = len;
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
    #[inline]
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

    /// Like `fixed`, but only if two copies suffice: writes nothing when room is missing or the key is long.
    #[inline]
    pub(super) fn short(&mut self, key: &Key, value: [u8; 8], len: usize) -> bool {
        let Key::Short { bytes, len: key_len } = key else { return false };
        let free = self.bytes.get_mut(self.len..).and_then(|free| free.first_chunk_mut::<ROOM>());
        let Some(free) = free else { return false };
        let key_len = usize::from(*key_len) & KEY;
        free[..Key::SIZE].copy_from_slice(bytes);
        free[key_len..key_len + 8].copy_from_slice(&value);
        self.len += key_len + len;
        true
    }

    /// Writes a key and a word in quotes.
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

    /// Writes a key and the label of a range, as [`label`](telemetry_spec::bucket::label) gives it.
    pub(super) fn range(&mut self, key: &Key, edges: &[i64], at: usize) {
        let Some(free) = self.value_of(key) else { return };
        free[0] = b'"';
        let end = match (at.checked_sub(1).and_then(|before| edges.get(before)), edges.get(at)) {
            (Some(from), Some(next)) => {
                let (end, last) = (edge(free, 1, *from), next.wrapping_sub(1));
                if last == *from {
                    end
                } else {
                    let after = put(free, end, b'-');
                    edge(free, after, last)
                }
            }
            (None, Some(first)) => {
                let after = put(free, 1, b'<');
                edge(free, after, *first)
            }
            (Some(last), None) => {
                let end = edge(free, 1, *last);
                put(free, end, b'+')
            }
            (None, None) => 1,
        };
        self.len += put(free, end, b'"');
    }

    /// Writes a key and an integer.
    #[inline]
    pub(super) fn integer(&mut self, key: &Key, value: i64) {
        self.key(key);
        self.digits(value);
    }

    /// Writes an integer in decimal, in place: a copy from elsewhere would have to wait for the digits to be stored there first.
    pub(super) fn digits(&mut self, value: i64) {
        if value < 0 {
            self.byte_within_room(b'-');
        }
        let number = value.unsigned_abs();
        let len = digits_of(number);
        if let Some(free) = self.bytes.get_mut(self.len..self.len + len) {
            decimal(free, number);
        }
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

/// Writes a byte, and returns where the next one stands.
#[inline]
fn put(free: &mut [u8; VALUE], at: usize, byte: u8) -> usize {
    if let Some(free) = free.get_mut(at) {
        *free = byte;
    }
    at + 1
}

/// Writes an edge, and returns where the next byte stands. Most edges have up to three digits.
#[inline]
fn edge(free: &mut [u8; VALUE], mut at: usize, value: i64) -> usize {
    if value < 0 {
        at = put(free, at, b'-');
    }
    let number = value.unsigned_abs();
    if number < 10 {
        return put(free, at, b'0' + number as u8);
    }
    if number < 1_000 {
        if number >= 100 {
            at = put(free, at, b'0' + (number / 100) as u8);
        }
        let [ten, one] = PAIRS[(number % 100) as usize];
        at = put(free, at, ten);
        return put(free, at, one);
    }
    let end = at + digits_of(number);
    if let Some(free) = free.get_mut(at..end) {
        decimal(free, number);
    }
    end
}

/// Writes the digits of a number, which fill the space.
#[inline]
fn decimal(free: &mut [u8], mut rest: u64) {
    let (first, pairs) = free.as_rchunks_mut();
    for pair in pairs.iter_mut().rev() {
        *pair = PAIRS[(rest % 100) as usize];
        rest /= 100;
    }
    if let [first] = first {
        *first = b'0' + rest as u8;
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
    fn integers_have_the_digits_of_std() {
        let mut numbers = vec![0, 1, i64::MAX];
        for power in (0..19).map(|power| 10_i64.pow(power)) {
            numbers.extend([power - 1, power, power + 1, power / 2, power.saturating_mul(3)]);
        }
        for number in numbers.into_iter().flat_map(|number| [number, -number]).chain([i64::MIN]) {
            let mut buffer = Buffer::after(Vec::new(), 0);
            buffer.digits(number);
            assert_eq!(String::from_utf8(buffer.finish()).unwrap(), number.to_string());
        }
    }

    #[test]
    fn ranges_have_the_labels_of_the_schema() {
        let mut edges = vec![0, 1, telemetry_spec::limit::NUMBER];
        for power in (0..15).map(|power| 10_i64.pow(power)) {
            edges.extend([power - 1, power, power + 1, power * 2 + 7, power * 9]);
        }
        edges.extend(edges.clone().into_iter().map(|edge| -edge));
        edges.sort_unstable();
        edges.dedup();
        let key = Key::member("a").unwrap();
        for at in 0..=edges.len() {
            let mut buffer = Buffer::after(Vec::new(), 0);
            buffer.range(&key, &edges, at);
            let expected = format!(",\"a\":\"{}\"", telemetry_spec::bucket::label(&edges, at).as_str());
            assert_eq!(String::from_utf8(buffer.finish()).unwrap(), expected);
        }
    }
}
