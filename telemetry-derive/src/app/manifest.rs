//! The part of a Cargo.toml that concerns its package's dependencies and its workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use toml::de::{DeTable, DeValue};

use super::platform;

pub(crate) struct Manifest {
    /// The package's name; a workspace root need not have a package.
    pub(crate) package: Option<String>,
    pub(crate) version: Option<PackageVersion>,
    /// `package.workspace`: the directory of the workspace root, relative to this one.
    pub(crate) root: Option<PathBuf>,
    /// Only the root's manifest has one.
    pub(crate) workspace: Option<Workspace>,
    /// The package's own dependencies, required and optional, without those of its tests and of its build script.
    pub(crate) dependencies: Vec<Dependency>,
}

/// Where a manifest states the version of its package.
pub(crate) enum PackageVersion {
    Own(String),
    /// `version.workspace = true`
    OfWorkspace,
}

pub(crate) struct Workspace {
    /// The version that members can inherit.
    pub(crate) version: Option<String>,
    members: Vec<PathBuf>,
    exclude: Vec<PathBuf>,
    /// The dependencies that members can inherit, by key.
    dependencies: BTreeMap<String, Wanted>,
}

pub(crate) struct Dependency {
    /// The name that the package gives to the dependency.
    key: String,
    /// `None` if the workspace states it.
    wanted: Option<Wanted>,
    /// The condition on the platform, in the form that `cfg!` takes.
    pub(crate) platform: Option<TokenStream>,
    /// Whether the dependency is present only with the feature of its key.
    pub(crate) is_feature: bool,
}

/// A package that is a dependency.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) package: String,
    pub(crate) requirement: Option<String>,
}

impl Manifest {
    /// `None` if the text is not valid TOML; an invalid member is left out.
    pub(crate) fn parse(manifest: &str) -> Option<Self> {
        let document = DeTable::parse(manifest).ok()?.into_inner();
        let package = table(&document, "package");
        Some(Self {
            package: package.and_then(|package| text(package, "name")).map(str::to_owned),
            version: package.and_then(PackageVersion::read),
            root: package.and_then(|package| text(package, "workspace")).map(PathBuf::from),
            workspace: table(&document, "workspace").map(Workspace::read),
            dependencies: dependencies(&document),
        })
    }
}

impl PackageVersion {
    fn read(package: &DeTable<'_>) -> Option<Self> {
        match package.get("version")?.get_ref() {
            DeValue::String(version) => Some(Self::Own(version.clone().into_owned())),
            DeValue::Table(_) => Some(Self::OfWorkspace),
            _ => None,
        }
    }
}

impl Workspace {
    fn read(workspace: &DeTable<'_>) -> Self {
        let paths = |key| texts(workspace, key).map(PathBuf::from).collect();
        let dependencies = table(workspace, "dependencies").into_iter().flatten();
        let dependencies = dependencies.filter_map(|(key, value)| {
            let key: &str = key.get_ref();
            Some((key.to_owned(), Wanted::read(key, value.get_ref())?))
        });
        let version = table(workspace, "package").and_then(|package| text(package, "version")).map(str::to_owned);
        Self { version, members: paths("members"), exclude: paths("exclude"), dependencies: dependencies.collect() }
    }

    /// Whether the workspace at `root` excludes the package in `directory`.
    pub(crate) fn excludes(&self, root: &Path, directory: &Path) -> bool {
        let holds = |paths: &[PathBuf]| paths.iter().any(|path| directory.starts_with(root.join(path)));
        holds(&self.exclude) && !holds(&self.members)
    }
}

impl Dependency {
    fn read(
        key: &str,
        value: &DeValue<'_>,
        platform: Option<TokenStream>,
        features: Option<&DeTable<'_>>,
    ) -> Option<Self> {
        let table = value.as_table();
        let is = |key| table.and_then(|table| table.get(key)?.get_ref().as_bool()).unwrap_or_default();
        if is("optional") && !has_feature_of_its_own(key, features) {
            return None;
        }
        let wanted = if is("workspace") { None } else { Some(Wanted::read(key, value)?) };
        Some(Self { key: key.to_owned(), wanted, platform, is_feature: is("optional") })
    }

    /// The package that the dependency stands for.
    pub(crate) fn wanted<'a>(&'a self, workspace: Option<&'a Workspace>) -> Option<&'a Wanted> {
        let wanted = self.wanted.as_ref().or_else(|| workspace?.dependencies.get(&self.key))?;
        // The feature's name is written, and the name of the package is the only text of the manifest that may be written.
        (!self.is_feature || self.key == wanted.package).then_some(wanted)
    }
}

impl Wanted {
    fn read(key: &str, value: &DeValue<'_>) -> Option<Self> {
        match value {
            DeValue::String(requirement) => {
                Some(Self { package: key.to_owned(), requirement: Some(requirement.clone().into_owned()) })
            }
            DeValue::Table(table) => Some(Self {
                package: text(table, "package").unwrap_or(key).to_owned(),
                requirement: text(table, "version").map(str::to_owned),
            }),
            _ => None,
        }
    }
}

/// The dependencies of all platforms, and those of platforms that `cfg!` can test.
fn dependencies(document: &DeTable<'_>) -> Vec<Dependency> {
    let features = table(document, "features");
    let everywhere = table(document, "dependencies").map(|dependencies| (dependencies, None));
    let platforms = table(document, "target").into_iter().flatten().filter_map(|(key, target)| {
        let dependencies = table(target.get_ref().as_table()?, "dependencies")?;
        Some((dependencies, Some(platform::condition(key.get_ref())?)))
    });
    let all = everywhere.into_iter().chain(platforms).flat_map(|(dependencies, platform)| {
        dependencies.iter().filter_map(move |(key, value)| {
            Dependency::read(key.get_ref(), value.get_ref(), platform.clone(), features)
        })
    });
    all.collect()
}

/// Whether an optional dependency is present when the feature of the same name is on: either cargo has made the feature, since no feature
/// names the dependency as `dep:`, or a feature of that name enables it.
fn has_feature_of_its_own(key: &str, features: Option<&DeTable<'_>>) -> bool {
    let named = format!("dep:{key}");
    let Some(features) = features else { return true };
    if features.contains_key(key) {
        return texts(features, key).any(|switched| switched == named);
    }
    !features.keys().any(|feature| texts(features, feature.get_ref()).any(|switched| switched == named))
}

fn table<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    table.get(key)?.get_ref().as_table()
}

pub(super) fn text<'a>(table: &'a DeTable<'_>, key: &str) -> Option<&'a str> {
    table.get(key)?.get_ref().as_str()
}

pub(super) fn texts<'a>(table: &'a DeTable<'_>, key: &str) -> impl Iterator<Item = &'a str> {
    let list = table.get(key).and_then(|value| value.get_ref().as_array());
    list.into_iter().flat_map(|list| list.iter()).filter_map(|value| value.get_ref().as_str())
}
