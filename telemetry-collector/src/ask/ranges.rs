//! The ranges that numbers are sorted into.

/// Up to so many different values, each is shown by itself.
const SINGLE: i64 = 12;

/// With more ranges than these, steps are by the power of ten.
const MOST: usize = 24;

/// Ranges without gaps, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ranges {
    /// The smallest value of each.
    lows: Vec<i64>,
    max: i64,
}

impl Ranges {
    /// Ranges from `min` to `max`, inclusive, that begin at 1, 2, 5, 10, 20 and so on.
    pub(super) fn new(min: i64, max: i64) -> Self {
        let max = max.max(min);
        if max.saturating_sub(min) < SINGLE {
            return Self { lows: (min..=max).collect(), max };
        }
        let fine = Self::with(min, max, &[1, 2, 5]);
        if fine.lows.len() <= MOST { fine } else { Self::with(min, max, &[1]) }
    }

    fn with(min: i64, max: i64, digits: &[i64]) -> Self {
        let steps = (0..18).flat_map(|power| digits.iter().map(move |digit| digit * 10_i64.pow(power)));
        let steps: Vec<i64> = steps.collect();
        // A range of negative numbers ends where that of positive ones begins.
        let below = steps.iter().rev().map(|step| 1 - step);
        let mut lows: Vec<i64> = below.chain(steps.iter().copied()).filter(|low| min < *low && *low <= max).collect();
        lows.insert(0, min);
        lows.dedup();
        Self { lows, max }
    }

    /// Ranges for the values of both.
    pub(super) fn with_other(&self, other: &Self) -> Self {
        let min = self.min().min(other.min());
        Self::new(min, self.max.max(other.max))
    }

    fn min(&self) -> i64 {
        self.lows.first().copied().unwrap_or(self.max)
    }

    pub(super) fn len(&self) -> usize {
        self.lows.len()
    }

    /// The index of the range of a value, if it is within the bounds.
    pub(super) fn index(&self, value: i64) -> Option<usize> {
        if value > self.max {
            return None;
        }
        self.lows.partition_point(|low| *low <= value).checked_sub(1)
    }

    /// The smallest and the largest value of all.
    pub(super) fn all(&self) -> (i64, i64) {
        (self.min(), self.max)
    }

    /// The smallest and the largest value of a range.
    pub(super) fn bounds(&self, index: usize) -> Option<(i64, i64)> {
        let low = *self.lows.get(index)?;
        Some((low, self.lows.get(index + 1).map_or(self.max, |next| next - 1)))
    }

    /// The labels, such as `5-9`, or `3` for one value.
    pub(super) fn labels(&self) -> Vec<String> {
        let bounds = (0..self.len()).filter_map(|index| self.bounds(index));
        bounds.map(|(low, high)| if low == high { low.to_string() } else { format!("{low}-{high}") }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_shown_by_themselves() {
        assert_eq!(Ranges::new(-1, 2).labels(), ["-1", "0", "1", "2"]);
        assert_eq!(Ranges::new(7, 7).labels(), ["7"]);
    }

    #[test]
    fn many_values_are_shown_in_round_ranges() {
        assert_eq!(Ranges::new(0, 64).labels(), ["0", "1", "2-4", "5-9", "10-19", "20-49", "50-64"]);
        assert_eq!(Ranges::new(1_024, 6_000).labels(), ["1024-1999", "2000-4999", "5000-6000"]);
        assert_eq!(
            Ranges::new(-20, 20).labels(),
            ["-20", "-19--10", "-9--5", "-4--2", "-1", "0", "1", "2-4", "5-9", "10-19", "20"]
        );
    }

    #[test]
    fn every_value_is_in_the_range_that_names_it() {
        let widest = 9_007_199_254_740_991;
        for ranges in [Ranges::new(0, 1_000_000), Ranges::new(-37, 411), Ranges::new(-widest, widest)] {
            assert!(ranges.len() <= 40, "{}", ranges.len());
            assert_eq!(ranges.labels().len(), ranges.len());
            let mut next = ranges.min();
            for index in 0..ranges.len() {
                let (low, high) = ranges.bounds(index).unwrap();
                assert_eq!(low, next);
                assert_eq!((ranges.index(low), ranges.index(high)), (Some(index), Some(index)));
                next = high + 1;
            }
            assert_eq!(next, ranges.max + 1);
            assert_eq!((ranges.index(ranges.min() - 1), ranges.index(next)), (None, None));
        }
    }
}
