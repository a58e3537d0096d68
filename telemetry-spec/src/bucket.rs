//! The ranges of a bucket, and their labels on the wire.

/// The label of a range: `<10`, `10-99`, `5` or `100+`.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    bytes: [u8; Label::CAPACITY],
    len: usize,
}

impl Label {
    /// Two numbers of at most 17 characters, and the text between them.
    const CAPACITY: usize = 40;

    /// The label as text.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn push(mut self, byte: u8) -> Self {
        if self.len < Self::CAPACITY {
            self.bytes[self.len] = byte;
            self.len += 1;
        }
        self
    }

    const fn number(mut self, number: i64) -> Self {
        if number < 0 {
            self = self.push(b'-');
        }
        let (mut power, rest) = (1, number.unsigned_abs());
        while rest / power > 9 {
            power *= 10;
        }
        while power > 0 {
            self = self.push(b'0' + (rest / power % 10) as u8);
            power /= 10;
        }
        self
    }
}

/// The label of the range at `index`: below the first edge, from each edge up to the next, or from the last edge on.
#[must_use]
pub const fn label(edges: &[i64], index: usize) -> Label {
    let label = Label { bytes: [0; Label::CAPACITY], len: 0 };
    if edges.is_empty() {
        return label;
    }
    if index == 0 {
        return label.push(b'<').number(edges[0]);
    }
    if index >= edges.len() {
        return label.number(edges[edges.len() - 1]).push(b'+');
    }
    let (from, next) = (edges[index - 1], edges[index]);
    if next - from == 1 {
        return label.number(from);
    }
    label.number(from).push(b'-').number(next - 1)
}

/// The labels of all ranges, in ascending order.
pub fn labels(edges: &[i64]) -> impl Iterator<Item = Label> {
    (0..=edges.len()).map(|index| label(edges, index))
}

#[cfg(test)]
mod tests {
    extern crate alloc;

    use alloc::string::{String, ToString};
    use alloc::vec::Vec;
    use alloc::{format, vec};

    use super::*;
    use crate::limit;

    fn texts(edges: &[i64]) -> Vec<String> {
        labels(edges).map(|label| label.as_str().to_string()).collect()
    }

    #[test]
    fn a_label_names_the_first_and_the_last_of_its_range() {
        assert_eq!(texts(&[10, 100]), ["<10", "10-99", "100+"]);
        assert_eq!(texts(&[0, 1, 3]), ["<0", "0", "1-2", "3+"]);
        assert_eq!(texts(&[-5, -1]), ["<-5", "-5--2", "-1+"]);
        assert_eq!(texts(&[7]), ["<7", "7+"]);
        assert_eq!(texts(&[]), vec![String::new()]);
    }

    #[test]
    fn the_widest_range_has_its_whole_label() {
        let widest = limit::NUMBER;
        assert_eq!(texts(&[-widest, widest])[1], format!("-{widest}-{}", widest - 1));
    }
}
