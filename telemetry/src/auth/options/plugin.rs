//! `plugins`.

use serde::Deserialize;

use super::callback::Record;

/// A plugin of the library.
#[derive(Clone, Default, Deserialize)]
pub struct Plugin {
    /// Which plugin, as in `two-factor`.
    pub id: String,
    /// All that the plugin itself takes. Telemetry does not look at it.
    #[serde(flatten)]
    pub options: Record,
}

impl Plugin {
    /// A plugin with nothing but its id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), options: Record::new() }
    }

    /// The ids, which telemetry compares with those that it knows.
    pub(super) fn ids(plugins: &Option<Vec<Self>>) -> Option<Vec<&str>> {
        plugins.as_ref().map(|plugins| plugins.iter().map(|plugin| plugin.id.as_str()).collect())
    }
}
