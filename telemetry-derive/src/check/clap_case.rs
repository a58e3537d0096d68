//! The cases of clap. They split words differently from serde's, with the same crate as clap.

use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// A way in which clap writes names.
#[derive(Clone, Copy)]
pub(crate) enum ClapCase {
    Camel,
    Kebab,
    Lower,
    Pascal,
    ScreamingSnake,
    Snake,
    Upper,
    Verbatim,
}

impl ClapCase {
    /// The case that clap uses without `rename_all`.
    pub(crate) const DEFAULT: Self = Self::Kebab;

    /// The case of this name, which may be written in any case itself.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text.to_upper_camel_case().to_lowercase().trim_end_matches("case") {
            "camel" => Self::Camel,
            "kebab" => Self::Kebab,
            "lower" => Self::Lower,
            "pascal" => Self::Pascal,
            "screamingsnake" => Self::ScreamingSnake,
            "snake" => Self::Snake,
            "upper" => Self::Upper,
            "verbatim" => Self::Verbatim,
            _ => return None,
        })
    }

    /// Converts the name of a field or a variant.
    pub(crate) fn convert(self, name: &str) -> String {
        match self {
            Self::Camel => name.to_lower_camel_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::Lower => name.to_snake_case().replace('_', ""),
            Self::Pascal => name.to_upper_camel_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Snake => name.to_snake_case(),
            Self::Upper => name.to_shouty_snake_case().replace('_', ""),
            Self::Verbatim => name.to_owned(),
        }
    }
}
