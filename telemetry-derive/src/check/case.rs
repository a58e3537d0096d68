//! `rename_all`: the spellings of names, with the rules of serde.

/// A spelling of names.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

pub(crate) const CASES: [&str; 8] = [
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
];

impl Case {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// The name of a field, which is written in snake case.
    pub(crate) fn field(self, name: &str) -> String {
        self.join(name, name.split('_').map(str::to_owned).collect())
    }

    /// The name of a variant, which is written in Pascal case.
    pub(crate) fn variant(self, name: &str) -> String {
        let mut parts: Vec<String> = Vec::new();
        for letter in name.chars() {
            match parts.last_mut() {
                Some(part) if !letter.is_uppercase() => part.push(letter),
                _ => parts.push(letter.to_lowercase().collect()),
            }
        }
        self.join(name, parts)
    }

    fn join(self, name: &str, mut parts: Vec<String>) -> String {
        parts.retain(|part| !part.is_empty());
        match self {
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Pascal => parts.iter().map(|part| capital(part)).collect(),
            Self::Camel => {
                let (first, rest) = parts.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
                rest.iter().fold(first.to_owned(), |name, part| name + &capital(part))
            }
            Self::Snake => parts.join("_"),
            Self::ScreamingSnake => parts.join("_").to_uppercase(),
            Self::Kebab => parts.join("-"),
            Self::ScreamingKebab => parts.join("-").to_uppercase(),
        }
    }
}

fn capital(part: &str) -> String {
    let mut letters = part.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let all = |spell: &dyn Fn(Case) -> String| -> Vec<String> {
            CASES.iter().filter_map(|case| Case::parse(case)).map(spell).collect()
        };
        assert_eq!(
            all(&|case| case.field("max_age_s")),
            ["max_age_s", "MAX_AGE_S", "MaxAgeS", "maxAgeS", "max_age_s", "MAX_AGE_S", "max-age-s", "MAX-AGE-S"]
        );
        assert_eq!(
            all(&|case| case.variant("MaxAgeS")),
            ["maxages", "MAXAGES", "MaxAgeS", "maxAgeS", "max_age_s", "MAX_AGE_S", "max-age-s", "MAX-AGE-S"]
        );
        assert_eq!(Case::Camel.field("_hidden"), "hidden");
    }
}
