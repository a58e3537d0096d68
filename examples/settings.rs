//! Reads a TOML file, and speaks of what is wrong with it without showing what it holds.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// What is wrong with a file of settings: where, and what to do. It holds no value of the file.
///
/// The messages of most parsers quote the line that they stumbled over, and that line may be the one with the password.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error(
        "{place}: this is not TOML; look for a missing quote, bracket or equals sign, or a key that is there twice"
    )]
    Malformed {
        /// Where the parser stopped.
        place: Place,
    },
    /// A key is missing.
    #[error("{place}: `{key}` is missing here; add it")]
    Missing {
        /// The table in which it is missing.
        place: Place,
        /// The path of the key, names joined by dots.
        key: String,
    },
    /// A value is not what the settings take there.
    #[error("{place}: the value of `{key}` is not one that it takes; compare with examples/config/acme.toml")]
    Unfit {
        /// Where the value is.
        place: Place,
        /// The path of the key, names joined by dots.
        key: String,
    },
}

/// A place in a file, line and column counted from 1.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl Place {
    fn new(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { path: path.into(), line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

/// Reads settings from a TOML file.
///
/// # Errors
///
/// When the file cannot be read, is not TOML, or does not have the shape of `T`.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| SettingsError::Unreadable { path: path.into(), source })?;
    let toml = toml::Deserializer::parse(&text)
        .map_err(|error| SettingsError::Malformed { place: Place::new(path, &text, &error) })?;
    serde_path_to_error::deserialize(toml).map_err(|error| unfit(path, &text, &error))
}

fn unfit(path: &Path, text: &str, error: &serde_path_to_error::Error<toml::de::Error>) -> SettingsError {
    let place = Place::new(path, text, error.inner());
    let mut key = error.path().to_string();
    // The one message that is looked at: the name in it is that of a field of `T`, a constant.
    let missing = error.inner().message().strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`'));
    let Some(missing) = missing else { return SettingsError::Unfit { place, key } };
    if key == "." {
        key.clear();
    } else {
        key.push('.');
    }
    key.push_str(missing);
    SettingsError::Missing { place, key }
}
