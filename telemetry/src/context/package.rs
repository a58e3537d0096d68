//! A framework or a database: a name from a table, and a version.

use super::words::{Databases, Frameworks, Name, Table};
use crate::snapshot::Version;
use telemetry_derive::TelemetrySnapshot;

/// A package that the application is built with. It can be constructed at compile time and holds no text.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub struct Package<T: Table> {
    /// Which one it is.
    name: Name<T>,
    /// Its installed version, or else the digits of the declared one.
    version: Option<Version>,
}

/// The framework that the application is built with.
pub type Framework = Package<Frameworks>;

/// The database that the application is built with, or its driver or mapper.
pub type Database = Package<Databases>;

impl<T: Table> Package<T> {
    /// The package of this name, or `None` if it is not in the table.
    #[must_use]
    pub const fn named(name: &str, version: Option<Version>) -> Option<Self> {
        match Name::of(name) {
            Some(name) => Some(Self { name, version }),
            None => None,
        }
    }

    #[cfg(feature = "http")]
    pub(super) fn name(&self) -> &'static str {
        self.name.word()
    }

    #[cfg(feature = "http")]
    pub(super) const fn version(&self) -> Option<Version> {
        self.version
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Snapshot;

    #[test]
    fn a_package_is_constructed_at_compile_time() -> Result<(), crate::snapshot::RecordError> {
        const AXUM: Option<Framework> = Framework::named("axum", Some(Version::new(0, 8, 4)));
        const FIRST: Option<Database> = Database::named("postgresql", None);
        assert_eq!(Snapshot::of(&AXUM.unwrap())?.as_json(), r#"{"name":"axum","version":"0.8.4"}"#);
        assert_eq!(Snapshot::of(&FIRST.unwrap())?.as_json(), r#"{"name":"postgresql"}"#);
        Ok(())
    }

    #[test]
    fn a_name_outside_of_the_table_is_refused() {
        assert_eq!(Framework::named("jane-doe-framework", None), None);
        assert_eq!(Framework::named("AXUM", None), None);
    }
}
