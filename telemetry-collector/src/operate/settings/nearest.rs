//! The known name that somebody probably meant.

/// ` (did you mean "listen"?)` if one of the names is similar. An underscore is as good as a hyphen, and case does not matter.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    let name = name.to_lowercase().replace('_', "-");
    let near = names
        .map(|known| (strsim::osa_distance(&name, known), known))
        .filter(|(distance, known)| *distance * 3 <= known.len().max(3))
        .min();
    near.map_or(String::new(), |(_, known)| format!(" (did you mean `{known}`?)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_similar_names_are_suggested() {
        let names = || ["listen", "database", "schemas"].into_iter();
        assert_eq!(nearest("lisen", names()), " (did you mean `listen`?)");
        assert_eq!(nearest("Schema", names()), " (did you mean `schemas`?)");
        assert_eq!(nearest("lsiten", names()), " (did you mean `listen`?)");
        assert_eq!(nearest("trusted_proxie", ["trusted-proxies"].into_iter()), " (did you mean `trusted-proxies`?)");
        assert_eq!(nearest("colour", names()), "");
    }
}
