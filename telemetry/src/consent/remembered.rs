//! A schema as a yes remembers it, so that a later one can be compared with it.

use serde::{Deserialize, Serialize};

use crate::export::{Change, Style, added, difference, rows};
use crate::schema::{Released, Schema};

/// A schema that was agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Remembered(Released);

impl Remembered {
    pub(super) fn of(schema: &Schema) -> Self {
        Self(Released::of(schema))
    }

    pub(super) fn hash(&self) -> String {
        self.0.hash()
    }

    /// Whether everything that this schema can send was agreed to.
    pub(super) fn covers(&self, now: &Schema) -> bool {
        !difference(&self.0, now).widens()
    }

    /// Whether everything that the other one can send, this one can send.
    pub(super) fn contains(&self, other: &Self) -> bool {
        !difference(&self.0, &other.0).widens()
    }

    /// What this schema can send beyond what was agreed to, each value as a sentence.
    pub(super) fn new_in(&self, now: &Schema) -> Vec<String> {
        let difference = difference(&self.0, now);
        difference.changes().iter().filter(|change| change.effect.widens()).flat_map(Change::values).collect()
    }
}

/// Everything that a schema can send, each value as a sentence.
pub(super) fn all_in(schema: &Schema) -> Vec<String> {
    const STYLE: Style = Style { code: |code| format!("`{code}`"), text: str::to_owned };
    rows(schema).iter().map(|row| added(row, STYLE)).collect()
}

#[cfg(test)]
mod tests {
    use telemetry_derive::TelemetrySnapshot;

    use super::*;
    use crate::snapshot::TelemetrySnapshot as _;

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Limits {
        on: bool,
        each: Option<bool>,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Old {
        by_hand: bool,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct New {
        by_hand: bool,
        limits: Limits,
    }

    #[test]
    fn what_a_new_group_can_send_is_told() {
        assert_eq!(
            Remembered::of(&Old::SCHEMA).new_in(&New::SCHEMA),
            ["`limits.on` is new: yes or no.", "`limits.each` is new: yes or no; or left out."]
        );
    }
}
