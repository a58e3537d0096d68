//! The settings of the program: a file, then the environment, then flags; each overrides what came before.

mod keys;
mod kubernetes;
mod nearest;
mod password;
mod token;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use tracing::level_filters::LevelFilter;

pub(crate) use self::keys::{KEYS, Key};
use self::nearest::nearest;
pub use self::password::Password;
pub use self::token::Token;
use crate::receive::{Limits, Proxies};

/// What all variables of the environment begin with.
pub const PREFIX: &str = "TELEMETRY_COLLECTOR_";

/// The name of the variable, after the prefix, and of the flag that name the file.
const CONFIG: &str = "config";

/// The two settings of the token, which exclude each other.
pub(crate) const TOKEN: &str = "token";
pub(crate) const TOKEN_FILE: &str = "token-file";

/// The variable of the environment that has a setting.
pub(crate) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase().replace('-', "_"))
}

/// The setting that a variable of the environment has, if it is one of ours.
fn setting(variable: &str) -> Option<String> {
    Some(variable.strip_prefix(PREFIX)?.to_lowercase().replace('_', "-"))
}

/// The variables that are text. One of ours must be, and others are passed over.
pub(super) fn texts(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Vec<(String, String)>, SettingsError> {
    let mut texts = Vec::new();
    for (name, value) in environment {
        let is_ours = setting(&name.to_string_lossy());
        match (name.into_string(), value.into_string(), is_ours) {
            (Ok(name), Ok(value), _) => texts.push((name, value)),
            (_, _, None) => {}
            (_, _, Some(name)) => {
                return Err(SettingsError::Invalid { from: Source::Environment, name, expected: "Unicode text" });
            }
        }
    }
    Ok(texts)
}

/// All settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where events are kept.
    pub store: StoreKind,
    /// The database, or what waits beside an engine.
    pub database: PathBuf,
    /// The address of the engine: `http://HOST:PORT/?database=NAME`.
    pub url: String,
    /// The user of the engine.
    pub store_user: String,
    /// The password of the engine.
    pub store_password: Option<Password>,
    /// The directory of released schemas.
    pub schemas: PathBuf,
    /// How many days events are kept.
    pub retention_days: u16,
    /// Counts of fewer installations are hidden on the page and in the API. 0 and 1 hide nothing.
    pub least_installs: u64,
    /// What opens the metrics, the page and the API.
    pub token: Option<Token>,
    /// The file that the token is from, if it is from one.
    pub token_file: Option<PathBuf>,
    /// The proxies whose header is believed.
    pub proxies: Proxies,
    /// The limits of clients.
    pub limits: Limits,
    /// The form of the log.
    pub log: LogFormat,
    /// What is logged.
    pub log_level: LevelFilter,
}

/// Where events are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreKind {
    /// In a file of SQLite.
    Sqlite,
    /// In ClickHouse, with the feature `clickhouse`.
    ClickHouse,
}

/// The form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogFormat {
    /// One line for a person.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8787)),
            store: StoreKind::Sqlite,
            database: "telemetry.sqlite".into(),
            url: "http://127.0.0.1:8123/?database=telemetry".to_owned(),
            store_user: String::new(),
            store_password: None,
            schemas: "telemetry/schemas".into(),
            retention_days: 365,
            least_installs: 1,
            token: None,
            token_file: None,
            proxies: Proxies::default(),
            limits: Limits::default(),
            log: LogFormat::Text,
            log_level: LevelFilter::INFO,
        }
    }
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The file.
    File(PathBuf),
    /// A variable of the environment.
    Environment,
    /// A flag.
    Flag,
}

/// Why the settings cannot be used. It never holds a value, which may be a secret at the wrong place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the settings in {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{}, line {line}: not TOML: {reason}", path.display())]
    NotToml {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser says, which repeats nothing of the file.
        reason: String,
    },
    /// The file of the token cannot be read.
    #[error("{from}: the file{} that `{TOKEN_FILE}` names cannot be read: {error}", named(path.as_deref()))]
    NoTokenFile {
        /// Where it is named.
        from: Source,
        /// The file, if a flag names it, which all users of the machine can see. Elsewhere it may be the token, at the wrong place.
        path: Option<PathBuf>,
        /// Why.
        error: std::io::Error,
    },
    /// No setting has this name.
    #[error("{from}: there is no setting `{name}`{nearest}")]
    Unknown {
        /// Where it stands.
        from: Source,
        /// Its name.
        name: String,
        /// A similar one, as a part of the sentence.
        nearest: String,
    },
    /// The value is not one.
    #[error("{from}: `{name}` must be {expected}")]
    Invalid {
        /// Where it stands.
        from: Source,
        /// The setting.
        name: String,
        /// What would be right.
        expected: &'static str,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// The settings, and where those come from that are not the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Where each comes from, by its name.
    pub sources: BTreeMap<&'static str, Source>,
}

impl Loaded {
    /// Reads the settings. `flags` are names with values; `environment` is all of it.
    ///
    /// # Errors
    ///
    /// If a setting is unknown or is not what it must be, or the file cannot be read.
    pub fn read(
        flags: &[(String, String)],
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SettingsError> {
        let own = environment.into_iter().filter_map(|(name, value)| Some((setting(&name)?, value)));
        let mut environment: BTreeMap<String, String> = own.collect();
        kubernetes::pass_over(&mut environment);
        // An empty variable is how a unit or a container file takes one back.
        let file = environment.remove(CONFIG).filter(|path| !path.is_empty());
        let flag = flags.iter().find(|(name, _)| name == CONFIG).map(|(_, value)| value.clone());
        let mut loaded = Self::default();
        if let Some(path) = flag.or(file) {
            loaded.read_file(Path::new(&path))?;
        }
        for (name, value) in &environment {
            loaded.set(Source::Environment, name, value)?;
        }
        for (name, value) in flags.iter().filter(|(name, _)| name != CONFIG) {
            loaded.set(Source::Flag, name, value)?;
        }
        Ok(loaded)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), SettingsError> {
        let unreadable = |error| SettingsError::Unreadable { path: path.to_owned(), error };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let (line, reason) = (before.matches('\n').count() + 1, error.message().replace('\n', ", "));
            SettingsError::NotToml { path: path.to_owned(), line, reason }
        })?;
        for (name, value) in table {
            let from = Source::File(path.to_owned());
            // The name is judged before the value: an unknown section is told as unknown.
            key(&from, &name)?;
            match plain(&value) {
                Ok(value) => self.set(from, &name, &value)?,
                Err(expected) => return Err(SettingsError::Invalid { from, name, expected }),
            }
        }
        Ok(())
    }

    fn set(&mut self, from: Source, name: &str, value: &str) -> Result<(), SettingsError> {
        let key = key(&from, name)?;
        let invalid = |from, expected| Err(SettingsError::Invalid { from, name: name.to_owned(), expected });
        if key.is_secret && from != Source::Environment {
            return invalid(from, "in the environment, or, if it is the token, in a file that `token-file` names");
        }
        // Of two ways to give the token, the later one counts. Which of them that is has to be clear.
        let other = match key.name {
            TOKEN => Some(TOKEN_FILE),
            TOKEN_FILE => Some(TOKEN),
            _ => None,
        };
        if other.is_some_and(|other| self.sources.get(other) == Some(&from)) {
            return invalid(from, "the only one of `token` and `token-file`");
        }
        if let Err(expected) = (key.set)(&mut self.settings, value) {
            // It is read again for the reason alone.
            if key.name == TOKEN_FILE
                && let Err(error) = fs::read_to_string(value)
            {
                let path = (from == Source::Flag).then(|| value.into());
                return Err(SettingsError::NoTokenFile { from, path, error });
            }
            return invalid(from, expected);
        }
        other.map(|other| self.sources.remove(other));
        self.sources.insert(key.name, from);
        Ok(())
    }
}

fn key(from: &Source, name: &str) -> Result<&'static Key, SettingsError> {
    KEYS.iter().find(|key| key.name == name).ok_or_else(|| SettingsError::Unknown {
        from: from.clone(),
        name: name.to_owned(),
        nearest: nearest(name, KEYS.iter().map(|key| key.name)),
    })
}

/// The settings as a file that says the same, with the source of each. A secret cannot be in the file, so its line is a comment.
impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for key in KEYS {
            let source = self.sources.get(key.name).map_or_else(|| "default".to_owned(), ToString::to_string);
            let shown = (key.show)(&self.settings);
            if key.is_secret {
                writeln!(f, "# {} is {shown}  # {source}", key.name)?;
            } else if key.name == TOKEN_FILE && self.settings.token_file.is_none() {
                // A file without a name could not be read.
                writeln!(f, "# {} is not set  # {source}", key.name)?;
            } else {
                writeln!(f, "{} = {shown:?}  # {source}", key.name)?;
            }
        }
        Ok(())
    }
}

/// A value as a flag would have it. The error says what is expected.
fn plain(value: &toml::Value) -> Result<String, &'static str> {
    const EXPECTED: &str = "a text, a whole number, or a list of texts";
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(_) => Err("a whole number, or a text"),
        toml::Value::Array(items) => {
            let items = items.iter().map(toml::Value::as_str).collect::<Option<Vec<_>>>().ok_or(EXPECTED)?;
            Ok(items.join(","))
        }
        _ => Err(EXPECTED),
    }
}

fn named(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| format!(" {}", path.display()))
}

#[cfg(test)]
mod tests;
