//! A set of the words of a table.

/// The indices of words. A table has at most 256, including the word for any other text.
#[derive(Default)]
pub(super) struct WordSet {
    bits: [u128; 2],
}

impl WordSet {
    /// Adds the index of a word; larger ones are ignored.
    pub(super) fn insert(&mut self, index: usize) {
        if let Some(bits) = self.bits.get_mut(index / 128) {
            *bits |= 1 << (index % 128);
        }
    }

    /// The indices, in ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        (0..256).filter(|index| self.bits[index / 128] & (1 << (index % 128)) != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_index_is_there_once_and_in_order() {
        let mut set = WordSet::default();
        for index in [255, 3, 128, 3, 0, 127, 256] {
            set.insert(index);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 127, 128, 255]);
    }
}
