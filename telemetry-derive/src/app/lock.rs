//! The part of a Cargo.lock that concerns one package: the versions of its own dependencies, among all those of the workspace.

use semver::{Version, VersionReq};
use toml::de::DeTable;

use super::manifest::{Wanted, text, texts};

/// The versions that one package depends on, by name. They include dependencies of its tests and of its build script.
pub(crate) struct Lock {
    versions: Vec<(String, Version)>,
}

impl Lock {
    /// `None` if the lock file has no package of this name and version: it then belongs to another workspace.
    pub(crate) fn parse(lock: &str, name: &str, version: &str) -> Option<Self> {
        let document = DeTable::parse(lock).ok()?.into_inner();
        let packages = document.get("package")?.get_ref().as_array()?;
        let packages: Vec<_> = packages.iter().filter_map(|package| package.get_ref().as_table()).collect();
        let is = |package: &DeTable<'_>, key, value| text(package, key) == Some(value);
        let own = packages.iter().find(|package| {
            // A package from outside the workspace has a source.
            is(package, "name", name) && is(package, "version", version) && !package.contains_key("source")
        })?;
        let versions = texts(own, "dependencies").filter_map(|dependency| {
            // "name", "name version" or "name version (source)": only as much as is needed to make it unique.
            let mut parts = dependency.split(' ');
            let name = parts.next()?;
            let version = match parts.next() {
                Some(version) => version,
                None => text(packages.iter().find(|package| is(package, "name", name))?, "version")?,
            };
            Some((name.to_owned(), Version::parse(version).ok()?))
        });
        Some(Self { versions: versions.collect() })
    }

    /// The version that the package is linked with; `None` if several versions are possible.
    pub(crate) fn version(&self, wanted: &Wanted) -> Option<&Version> {
        let all = || self.versions.iter().filter(|(name, _)| *name == wanted.package).map(|(_, version)| version);
        only(all()).or_else(|| {
            let requirement = VersionReq::parse(wanted.requirement.as_deref()?).ok()?;
            only(all().filter(|version| requirement.matches(version)))
        })
    }
}

fn only<T>(mut values: impl Iterator<Item = T>) -> Option<T> {
    values.next().filter(|_| values.next().is_none())
}
