//! `rename_all`: the spellings of names, as serde has them.

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

    pub(crate) fn apply(self, name: &str) -> String {
        let parts = parts(name);
        let join = |with: &str| parts.join(with);
        let capital = |part: &String| {
            let mut letters = part.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        match self {
            Self::Lower => join(""),
            Self::Upper => join("").to_uppercase(),
            Self::Pascal => parts.iter().map(capital).collect(),
            Self::Camel => {
                let rest: String = parts.iter().skip(1).map(capital).collect();
                parts.first().map_or(rest.clone(), |first| format!("{first}{rest}"))
            }
            Self::Snake => join("_"),
            Self::ScreamingSnake => join("_").to_uppercase(),
            Self::Kebab => join("-"),
            Self::ScreamingKebab => join("-").to_uppercase(),
        }
    }
}

/// The words of a name in lower case: `max_age`, `MaxAge` and `MAX_AGE` are `max`, `age`.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let screaming = !name.chars().any(char::is_lowercase);
    for letter in name.chars() {
        if letter == '_' {
            parts.push(String::new());
            continue;
        }
        if letter.is_uppercase() && !screaming {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.extend(letter.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for name in ["max_age_s", "MaxAgeS"] {
            let all: Vec<String> =
                CASES.iter().filter_map(|case| Case::parse(case)).map(|case| case.apply(name)).collect();
            assert_eq!(
                all,
                ["maxages", "MAXAGES", "MaxAgeS", "maxAgeS", "max_age_s", "MAX_AGE_S", "max-age-s", "MAX-AGE-S"]
            );
        }
        assert_eq!(Case::Camel.apply("_hidden"), "hidden");
    }
}
