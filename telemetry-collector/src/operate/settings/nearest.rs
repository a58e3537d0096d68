//! The known name that somebody probably meant.

/// ` (did you mean "listen"?)` if one of the names is similar.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let near = names
        .map(|known| (distance(name, known), known))
        .filter(|(distance, known)| *distance * 3 <= known.len().max(3))
        .min();
    near.map_or(String::new(), |(_, known)| format!(" (did you mean `{known}`?)"))
}

/// The number of letters to add, leave out or replace. An underscore is as good as a hyphen, and case does not matter.
fn distance(one: &str, other: &str) -> usize {
    let letters = |text: &str| text.to_lowercase().replace('_', "-").into_bytes();
    let (one, other) = (letters(one), letters(other));
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut before = at;
        let mut next = vec![at + 1];
        for (known, (above, left)) in other.iter().zip(row.iter().skip(1).zip(0..)) {
            let replaced = before + usize::from(letter != known);
            let omitted = next.get(left).copied().unwrap_or(usize::MAX - 1) + 1;
            next.push(replaced.min(above + 1).min(omitted));
            before = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_is_the_number_of_edits() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("listen", "listen", 0),
            ("trusted_proxies", "trusted-proxies", 0),
            ("lsten", "listen", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
            assert_eq!(distance(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn only_similar_names_are_suggested() {
        let names = || ["listen", "database", "schemas"].into_iter();
        assert_eq!(nearest("lisen", names()), " (did you mean `listen`?)");
        assert_eq!(nearest("Schema", names()), " (did you mean `schemas`?)");
        assert_eq!(nearest("colour", names()), "");
    }
}
