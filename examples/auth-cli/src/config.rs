//! The configuration file.

use std::path::Path;

use serde::Deserialize;
use telemetry::auth::{AuthOptions, Config};
use telemetry_examples::{SettingsError, read};

/// The content of the file.
#[derive(Default)]
pub(crate) struct Configuration {
    pub(crate) options: AuthOptions,
    adapter: Option<String>,
}

/// The only key that is not an option: in the options, an adapter is an object.
#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Besides {
    database: Database,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Database {
    adapter: Option<String>,
}

impl Configuration {
    pub(crate) fn read(path: &Path) -> Result<Self, SettingsError> {
        let besides: Besides = read(path)?;
        Ok(Self { options: read(path)?, adapter: besides.database.adapter })
    }

    /// The adapter that connects to the database. Without one, the library connects itself.
    pub(crate) fn adapter(&self) -> &str {
        self.adapter.as_deref().unwrap_or("kysely")
    }

    /// The configuration as events carry it.
    pub(crate) fn told(&self) -> Config<'_> {
        Config { database: None, adapter: None, options: &self.options }
    }

    /// The same, with the adapter.
    pub(crate) fn told_with_adapter(&self) -> Config<'_> {
        let database = if self.adapter.is_some() { "adapter" } else { "kysely" };
        Config { database: Some(database), adapter: Some(self.adapter()), ..self.told() }
    }
}
