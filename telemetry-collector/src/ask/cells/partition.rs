//! Parts of a sum that is known.

/// Whether a count is of too few installations.
pub(super) const fn is_small(count: u64, least: u64) -> bool {
    0 < count && count < least
}

/// Which parts are hidden if their sum is known. Those of `forced` are hidden in any case.
///
/// If some are, then at least two are, and their sum is at least `least`: the smallest further ones are hidden until it is so, zeros last.
/// If all together are fewer, all are hidden.
pub(super) fn hidden(parts: &[u64], forced: &[bool], least: u64) -> Vec<bool> {
    let is_forced = |index: usize| forced.get(index).copied().unwrap_or(false);
    let mut hidden: Vec<bool> =
        parts.iter().enumerate().map(|(index, part)| is_forced(index) || is_small(*part, least)).collect();
    if !hidden.contains(&true) {
        return hidden;
    }
    while !is_enough(parts, &hidden, least) {
        let shown = parts.iter().zip(&hidden).enumerate().filter(|(_, (_, is_hidden))| !**is_hidden);
        let next = shown.min_by_key(|(_, (part, _))| (**part == 0, **part)).map(|(index, _)| index);
        match next.and_then(|next| hidden.get_mut(next)) {
            Some(next) => *next = true,
            None => break,
        }
    }
    hidden
}

/// Whether the hidden parts are at least two and make at least `least`.
pub(super) fn is_enough(parts: &[u64], hidden: &[bool], least: u64) -> bool {
    let hidden = || parts.iter().zip(hidden).filter(|(_, is_hidden)| **is_hidden).map(|(part, _)| *part);
    hidden().count() >= 2 && hidden().sum::<u64>() >= least
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_smallest_neighbours_are_hidden_until_the_sum_tells_nothing() {
        let hidden = |parts: &[u64]| hidden(parts, &[], 5);
        assert_eq!(hidden(&[0, 5, 9]), [false; 3]);
        assert_eq!(hidden(&[3, 30, 9, 0]), [true, false, true, false]);
        assert_eq!(hidden(&[1, 1, 9, 0]), [true, true, true, false]);
        assert_eq!(hidden(&[4, 4, 9, 0]), [true, true, false, false]);
        assert_eq!(hidden(&[3, 0, 0]), [true; 3]);
    }

    proptest! {
        #[test]
        fn a_hidden_part_can_be_anything_up_to_the_sum_of_the_hidden(
            parts in proptest::collection::vec(0_u64..12, 1..6),
            least in 2_u64..7,
        ) {
            let total: u64 = parts.iter().sum();
            prop_assume!(total >= least);
            let hidden = hidden(&parts, &[], least);
            let shown: u64 = parts.iter().zip(&hidden).filter(|(_, hidden)| !**hidden).map(|(part, _)| *part).sum();
            if hidden.contains(&true) {
                prop_assert!(hidden.iter().filter(|hidden| **hidden).count() >= 2);
                prop_assert!(total - shown >= least);
            }
            for (part, hidden) in parts.iter().zip(&hidden) {
                prop_assert!(*hidden || !is_small(*part, least));
            }
        }
    }
}
