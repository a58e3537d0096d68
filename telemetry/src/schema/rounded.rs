//! Numbers of which only the leading digits are sent: all others become zero.

/// `number` with all but its leading `digits` digits set to zero. With zero `digits` it stays as it is.
pub(crate) const fn rounded(number: i64, digits: u8) -> i64 {
    let step = step(number.unsigned_abs(), digits) as i64;
    number / step * step
}

/// The difference between a number as large as `magnitude` and the next one that is sent.
const fn step(magnitude: u64, digits: u8) -> u64 {
    if digits == 0 {
        return 1;
    }
    let (mut step, mut rest) = (1, magnitude);
    let most = 10_u64.pow(digits as u32);
    while rest >= most {
        rest /= 10;
        step *= 10;
    }
    step
}

/// How many numbers from `min` to `max` differ in what is sent.
pub(crate) const fn states(min: i64, max: i64, digits: u8) -> u64 {
    if min > 0 {
        return up_to(max.unsigned_abs(), digits) - up_to(min.unsigned_abs(), digits) + 1;
    }
    if max < 0 {
        return up_to(min.unsigned_abs(), digits) - up_to(max.unsigned_abs(), digits) + 1;
    }
    up_to(max.unsigned_abs(), digits) + up_to(min.unsigned_abs(), digits) - 1
}

/// How many numbers from 0 to `magnitude` differ in what is sent.
const fn up_to(magnitude: u64, digits: u8) -> u64 {
    let step = step(magnitude, digits);
    if step == 1 {
        return magnitude + 1;
    }
    // Each decade before this one has nine tenths of the first `10^digits`.
    let first = 10_u64.pow(digits as u32);
    let decades = step.ilog10() as u64 - 1;
    first + decades * (first - first / 10) + (magnitude / step - first / 10) + 1
}

/// The numbers that are sent, as progressions: from, to, and the step between them.
pub(crate) fn progressions(min: i64, max: i64, digits: u8) -> Vec<(i64, i64, u64)> {
    let mut all = Vec::new();
    if min < 0 {
        for (from, to, step) in within(if max < 0 { max.unsigned_abs() } else { 1 }, min.unsigned_abs(), digits) {
            all.insert(0, (-to, -from, step));
        }
    }
    if max >= 0 {
        all.extend(within(u64::try_from(min).unwrap_or_default(), max.unsigned_abs(), digits));
    }
    // Steps of one around zero are one progression.
    if let Some(at) = all.windows(2).position(|two| matches!(two, [(_, -1, 1), (0, _, 1)])) {
        let (_, to, _) = all.remove(at + 1);
        if let Some(first) = all.get_mut(at) {
            first.1 = to;
        }
    }
    all
}

/// The same for magnitudes.
fn within(least: u64, most: u64, digits: u8) -> Vec<(i64, i64, u64)> {
    let (mut all, mut from) = (Vec::new(), least);
    while from <= most {
        let step = step(from, digits);
        // The end of the decade, which has numbers with this step.
        let end = if digits == 0 { most } else { (10_u64.pow(digits.into()) * step - 1).min(most) };
        let sent = |magnitude: u64| i64::try_from(magnitude / step * step).unwrap_or(i64::MAX);
        all.push((sent(from), sent(end), step));
        from = end + 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn sent(min: i64, max: i64, digits: u8) -> BTreeSet<i64> {
        (min..=max).map(|number| rounded(number, digits)).collect()
    }

    #[test]
    fn other_digits_become_zero() {
        assert_eq!(rounded(86_412, 2), 86_000);
        assert_eq!(rounded(-86_412, 1), -80_000);
        assert_eq!([rounded(99, 2), rounded(100, 2), rounded(105, 2), rounded(7, 2)], [99, 100, 100, 7]);
        assert_eq!(rounded(i64::MIN, 0), i64::MIN);
    }

    #[test]
    fn states_and_progressions_are_those_of_all_numbers() {
        let bounds = [
            (0, 1),
            (0, 9),
            (0, 10),
            (0, 99),
            (0, 100),
            (0, 1_234),
            (15, 1_050),
            (-250, 1_001),
            (-1_020, -13),
            (-3, 0),
        ];
        for (min, max) in bounds {
            for digits in 0..4 {
                let all = sent(min, max, digits);
                assert_eq!(states(min, max, digits), all.len() as u64, "{min} to {max} in {digits} digits");
                let told: Vec<i64> = progressions(min, max, digits)
                    .into_iter()
                    .flat_map(|(from, to, step)| (from..=to).step_by(step as usize))
                    .collect();
                assert_eq!(told, all.into_iter().collect::<Vec<_>>(), "{min} to {max} in {digits} digits");
            }
        }
    }

    #[test]
    fn the_largest_bounds_are_counted() {
        let most = telemetry_spec::limit::NUMBER;
        assert_eq!(states(-most, most, 0), 2 * most as u64 + 1);
        assert_eq!(states(0, most, 1), 10 + 14 * 9 + 9);
    }
}
