//! `plugins`.

use serde::Deserialize;

use super::callback::Record;

/// A plugin of the library.
#[derive(Clone, Default, Deserialize)]
pub struct Plugin {
    /// Which plugin, such as `two-factor`.
    pub id: String,
    /// The plugin's own options. Telemetry does not read them.
    #[serde(flatten)]
    pub options: Record,
}

impl Plugin {
    /// A plugin without options.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), options: Record::new() }
    }

    /// The ids, which telemetry compares with its table.
    pub(super) fn ids(plugins: &Option<Vec<Self>>) -> Option<Vec<&str>> {
        plugins.as_ref().map(|plugins| plugins.iter().map(|plugin| plugin.id.as_str()).collect())
    }
}
