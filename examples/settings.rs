//! Reads a settings file, TOML or JSON, and reports what is wrong with it without showing its values.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// What is wrong with a settings file, and where. It holds no value of the file.
///
/// Most parsers quote the line with the mistake in their messages, and that line may be the one with the password.
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
    /// The file is not in the format that its name announces.
    #[error(
        "{place}: this is not {format}; look for a missing quote, bracket, comma or equals sign, or a key that is \
         there twice"
    )]
    Malformed {
        /// The format: `TOML` or `JSON`.
        format: &'static str,
        /// Where the parser stopped.
        place: Place,
    },
    /// A key is missing.
    #[error("{place}: `{key}` is missing here; add it")]
    Missing {
        /// The table that lacks it.
        place: Place,
        /// The path of the key, its names joined by dots.
        key: String,
    },
    /// A value has the wrong type, or is not allowed.
    #[error("{place}: the value of `{key}` is not one that it takes")]
    Unfit {
        /// Where the value is.
        place: Place,
        /// The path of the key, its names joined by dots.
        key: String,
    },
}

/// A position in a file; line and column are counted from 1.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl Place {
    fn in_toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self { path: path.into(), line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }

    fn in_json(path: &Path, error: &serde_json::Error) -> Self {
        Self { path: path.into(), line: error.line().max(1), column: error.column().max(1) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path.display(), self.line, self.column)
    }
}

/// Reads settings from a file, JSON if its name ends in `.json`, and TOML otherwise.
///
/// # Errors
///
/// If the file cannot be read, is not in that format, or does not have the shape of `T`.
pub fn read<T: DeserializeOwned>(path: &Path) -> Result<T, SettingsError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| SettingsError::Unreadable { path: path.into(), source })?;
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("json") => read_json(path, &text),
        _ => read_toml(path, &text),
    }
}

fn read_toml<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, SettingsError> {
    let place = |error: &toml::de::Error| Place::in_toml(path, text, error);
    let toml = toml::Deserializer::parse(text)
        .map_err(|error| SettingsError::Malformed { place: place(&error), format: "TOML" })?;
    serde_path_to_error::deserialize(toml)
        .map_err(|error| unfit(place(error.inner()), error.path(), error.inner().message()))
}

fn read_json<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, SettingsError> {
    let malformed =
        |error: &serde_json::Error| SettingsError::Malformed { place: Place::in_json(path, error), format: "JSON" };
    let mut json = serde_json::Deserializer::from_str(text);
    let settings = serde_path_to_error::deserialize(&mut json).map_err(|error| match error.inner() {
        inner if inner.is_data() => unfit(Place::in_json(path, inner), error.path(), &inner.to_string()),
        inner => malformed(inner),
    })?;
    json.end().map_err(|error| malformed(&error))?;
    Ok(settings)
}

fn unfit(place: Place, path: &serde_path_to_error::Path, message: &str) -> SettingsError {
    let mut key = path.to_string();
    // The only message that is parsed: the name in it belongs to a field of `T`, so it is a constant.
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let Some(missing) = missing else { return SettingsError::Unfit { place, key } };
    if key == "." {
        key.clear();
    } else {
        key.push('.');
    }
    key.push_str(missing);
    SettingsError::Missing { place, key }
}
