//! `rename_all`: how names are written on the wire. The rules are serde's, so a type has the same names in both.

/// A way to write names.
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

const ALL: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

/// The names that `rename_all` takes.
pub(crate) const NAMES: [&str; 8] = {
    let mut names = [""; 8];
    let mut at = 0;
    while at < 8 {
        names[at] = ALL[at].0;
        at += 1;
    }
    names
};

impl Case {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        ALL.iter().find(|(name, _)| *name == text).map(|(_, case)| *case)
    }

    /// Converts a field name, which is in snake case.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => pascal(name),
            Self::Camel => camel(&pascal(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// Converts a variant name, which is in Pascal case.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Pascal => name.to_owned(),
            Self::Camel => camel(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

/// Converts snake case to Pascal case.
fn pascal(name: &str) -> String {
    name.split('_').map(|part| capital(part, char::to_ascii_uppercase)).collect()
}

/// Converts Pascal case to camel case.
fn camel(name: &str) -> String {
    capital(name, char::to_ascii_lowercase)
}

/// Converts Pascal case to snake case.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The text with its first letter changed.
fn capital(text: &str, change: fn(&char) -> char) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| std::iter::once(change(&first)).chain(letters).collect())
}

#[cfg(test)]
mod tests;
