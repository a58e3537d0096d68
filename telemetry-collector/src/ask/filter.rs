//! Which events a report is about. A filter is the query of an address, so that a view can be linked.

use crate::arrival::Day;

/// Which events of one event's name are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this version of the schema only: `version=1.2.0`.
    pub version: Option<String>,
    /// From this day on: `from=2026-09-01`.
    pub from: Option<Day>,
    /// Up to this day, inclusive: `until=2026-11-27`.
    pub until: Option<Day>,
    /// Installations whose latest event has these values: `where=database.engine:postgres`, any number of times.
    pub conditions: Vec<Condition>,
    /// Two fields against each other: `rows=database.engine&columns=os`.
    pub cross: Option<(String, String)>,
}

/// A field has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The path of the field.
    pub path: String,
    /// A word, a label, a version, `true` or `false`, or nothing for "not sent".
    pub value: String,
}
