//! The ranges of a bucket, and their labels on the wire.

use core::fmt;

/// One range between the edges of a bucket. Shown, it is its label: `<10`, `10-99`, `100+`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Everything below this edge.
    Below(i64),
    /// From the first to the last, both included.
    Within(i64, i64),
    /// This edge and everything above it.
    From(i64),
}

impl Range {
    /// The range at `index`, of which a bucket has one more than edges. The edges are ascending.
    #[must_use]
    pub const fn at(edges: &[i64], index: usize) -> Option<Self> {
        if edges.is_empty() || index > edges.len() {
            None
        } else if index == 0 {
            Some(Self::Below(edges[0]))
        } else if index == edges.len() {
            Some(Self::From(edges[index - 1]))
        } else {
            Some(Self::Within(edges[index - 1], edges[index] - 1))
        }
    }

    /// All ranges between `edges`, in order.
    pub fn all(edges: &[i64]) -> impl Iterator<Item = Self> {
        (0..=edges.len()).filter_map(|index| Self::at(edges, index))
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Below(edge) => write!(f, "<{edge}"),
            Self::Within(first, last) if first == last => write!(f, "{first}"),
            Self::Within(first, last) => write!(f, "{first}-{last}"),
            Self::From(edge) => write!(f, "{edge}+"),
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;

    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::*;

    fn labels(edges: &[i64]) -> Vec<String> {
        Range::all(edges).map(|range| range.to_string()).collect()
    }

    #[test]
    fn labels_name_the_first_and_the_last_of_a_range() {
        assert_eq!(labels(&[10, 100]), ["<10", "10-99", "100+"]);
        assert_eq!(labels(&[0, 1, 2]), ["<0", "0", "1", "2+"]);
        assert_eq!(labels(&[-5, 5]), ["<-5", "-5-4", "5+"]);
        assert_eq!(labels(&[7]), ["<7", "7+"]);
        assert!(labels(&[]).is_empty());
    }
}
