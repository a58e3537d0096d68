//! The ranges of a bucket, and their texts.

/// The text of a range: `<10`, `10-99`, `5` or `100+`.
pub(crate) struct Label {
    bytes: [u8; Label::CAPACITY],
    len: usize,
}

impl Label {
    /// Two numbers of 17 characters, and a sign between them.
    const CAPACITY: usize = 40;

    pub(crate) const fn as_str(&self) -> &str {
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

/// The text of the range at `index`: below the first edge, from each edge to before the next, and from the last edge on.
pub(crate) const fn label(edges: &[i64], index: usize) -> Label {
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

/// The texts of all ranges, in ascending order.
pub(crate) fn labels(edges: &[i64]) -> Vec<String> {
    (0..=edges.len()).map(|index| label(edges, index).as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_told_by_its_bounds() {
        let all = |edges: &[i64]| labels(edges);
        assert_eq!(all(&[10, 100]), ["<10", "10-99", "100+"]);
        assert_eq!(all(&[0, 1, 3]), ["<0", "0", "1-2", "3+"]);
        assert_eq!(all(&[-5, -1]), ["<-5", "-5--2", "-1+"]);
        let widest = crate::schema::MAX_NUMBER;
        assert_eq!(all(&[-widest, widest])[1], format!("-{widest}-{}", widest - 1));
    }
}
