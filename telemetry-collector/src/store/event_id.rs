//! The id of an event as a blob: the 16 bytes, then the counter without its leading zeros.

use crate::arrival::EventId;

/// An id as it is stored. Two ids have the same bytes only if they are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    bytes: [u8; 24],
    length: usize,
}

impl Stored {
    pub(crate) fn new(EventId(process, counter): EventId) -> Self {
        let counter = counter.to_be_bytes();
        let zeros = counter.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = [0; 24];
        let from = process.iter().chain(counter.iter().skip(zeros));
        for (to, byte) in bytes.iter_mut().zip(from) {
            *to = *byte;
        }
        Self { bytes, length: 24 - zeros }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&self.bytes)
    }
}

impl AsRef<[u8]> for Stored {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_takes_no_more_bytes_than_it_needs() {
        let stored = |counter| Stored::new(EventId([7; 16], counter));
        assert_eq!(stored(0).as_bytes(), [7; 16]);
        assert_eq!(stored(258).as_bytes()[16..], [1, 2]);
        assert_eq!(stored(u64::MAX).as_bytes(), [[7; 16].as_slice(), &[255; 8]].concat());
    }
}
