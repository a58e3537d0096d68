//! The JavaScript project in the working directory: its package.json, and what is installed beside it.

use serde_json::Value;

use super::Context;
use super::package::Package;
use super::surroundings::Surroundings;
use super::words::Table;
use crate::snapshot::Version;

/// Longest package.json that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Packages and the names of their databases, in the order of Better Auth, whose own come first: what it finds, is found.
const DATABASES: [(&str, &str); 12] = [
    ("pg", "postgresql"),
    ("mysql", "mysql"),
    ("mariadb", "mariadb"),
    ("sqlite3", "sqlite"),
    ("better-sqlite3", "sqlite"),
    ("@prisma/client", "prisma"),
    ("mongoose", "mongodb"),
    ("mongodb", "mongodb"),
    ("drizzle-orm", "drizzle"),
    ("mysql2", "mysql"),
    ("postgres", "postgresql"),
    ("@libsql/client", "libsql"),
];

/// Packages and the names of their frameworks, in the order of Better Auth. Its documentation names Remix too, which is
/// built upon others of these.
const FRAMEWORKS: [(&str, &str); 15] = [
    ("next", "next"),
    ("nuxt", "nuxt"),
    ("@remix-run/react", "remix"),
    ("@remix-run/node", "remix"),
    ("@remix-run/server-runtime", "remix"),
    ("remix", "remix"),
    ("react-router", "react-router"),
    ("astro", "astro"),
    ("@sveltejs/kit", "sveltekit"),
    ("solid-start", "solid-start"),
    ("tanstack-start", "tanstack-start"),
    ("hono", "hono"),
    ("express", "express"),
    ("elysia", "elysia"),
    ("expo", "expo"),
];

pub(super) fn detect(surroundings: &dyn Surroundings, context: &mut Context) {
    let project = Project::open(surroundings);
    context.database = project.first(&DATABASES);
    context.framework = project.first(&FRAMEWORKS);
}

/// The project's name, which goes into the anonymous id and nowhere else.
pub(super) fn detect_name(surroundings: &dyn Surroundings, name: &mut Option<String>) {
    let manifest = manifest(surroundings, "package.json");
    let found = manifest.as_ref().and_then(|manifest| manifest.get("name")?.as_str());
    *name = found.filter(|name| !name.is_empty()).map(str::to_owned);
}

struct Project<'a> {
    surroundings: &'a dyn Surroundings,
    /// Without one, what is installed counts.
    manifest: Option<Value>,
    has_modules: bool,
}

impl<'a> Project<'a> {
    fn open(surroundings: &'a dyn Surroundings) -> Self {
        let manifest = manifest(surroundings, "package.json");
        Self { surroundings, manifest, has_modules: surroundings.exists("node_modules") }
    }

    fn first<T: Table>(&self, packages: &[(&str, &str)]) -> Option<Package<T>> {
        packages.iter().find_map(|(package, name)| Package::named(name, self.find(package)?))
    }

    /// Whether the package is there, and its version, if that is one.
    fn find(&self, package: &str) -> Option<Option<Version>> {
        let Some(manifest) = &self.manifest else {
            return self.installed(package).map(|version| digits(&version));
        };
        let sections = ["dependencies", "devDependencies", "peerDependencies"];
        let declared =
            sections.iter().find_map(|section| manifest.get(section)?.get(package).filter(|it| is_some(it)))?;
        let installed = self.installed(package).and_then(|version| digits(&version));
        Some(installed.or_else(|| digits(declared)))
    }

    fn installed(&self, package: &str) -> Option<Value> {
        if !self.has_modules {
            return None;
        }
        let mut manifest = manifest(self.surroundings, &format!("node_modules/{package}/package.json"))?;
        Some(manifest.get_mut("version")?.take()).filter(is_some)
    }
}

/// A package.json; nothing when it is too long, is no JSON, or says nothing.
fn manifest(surroundings: &dyn Surroundings, path: &str) -> Option<Value> {
    let bytes = surroundings.file(path, LONGEST + 1).filter(|bytes| bytes.len() as u64 <= LONGEST)?;
    serde_json::from_slice(&bytes).ok().filter(is_some)
}

/// Whether JavaScript takes a value for something.
fn is_some(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        _ => true,
    }
}

fn digits(version: &Value) -> Option<Version> {
    version.as_str().and_then(Version::parse)
}

#[cfg(test)]
mod tests;
