//! What comes with a dependency on this project.

use std::fmt;

use super::{Package, project, telemetry};

/// A dependency, alone in a package that is empty but for it.
#[derive(Clone, Copy, PartialEq)]
pub enum Graph {
    /// The derive.
    Derive,
    /// telemetry without `http`.
    Core,
    /// telemetry as it is by default.
    Http,
}

impl Graph {
    pub const ALL: [Self; 3] = [Self::Derive, Self::Core, Self::Http];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Derive => "with-derive",
            Self::Core => "with-core",
            Self::Http => "with-http",
        }
    }

    pub(super) fn package(self) -> Package {
        let dependencies = match self {
            Self::Derive => format!("telemetry-derive.path = '{}'\n", project("telemetry-derive").display()),
            Self::Core => telemetry("default-features = false"),
            Self::Http => telemetry("default-features = true"),
        };
        Package { name: self.name().into(), dependencies, files: vec![("lib.rs".into(), String::new())] }
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Derive => "telemetry-derive",
            Self::Core => "telemetry without http",
            Self::Http => "telemetry with http",
        })
    }
}
