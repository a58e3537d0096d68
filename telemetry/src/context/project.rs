//! The JavaScript project in the working directory: its package.json and its node_modules.

use serde_json::Value;

use super::Context;
use super::machine::Machine;
use super::package::Package;
use super::words::Table;
use crate::snapshot::Version;

/// The longest package.json that is read, in bytes.
const LONGEST: u64 = 1024 * 1024;

/// Packages and the names of their databases. Those that Better Auth knows come first, in its order, so that the result is the
/// same wherever it finds one.
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

/// Packages and the names of their frameworks, in the order of Better Auth. Remix, which only its documentation names, is
/// built on others in this table and therefore comes before them.
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

pub(super) fn detect(machine: &dyn Machine, context: &mut Context) {
    let project = Project::open(machine);
    context.database = project.first(&DATABASES);
    context.framework = project.first(&FRAMEWORKS);
}

/// The project's name, which goes into the anonymous id and nowhere else.
pub(super) fn detect_name(machine: &dyn Machine, name: &mut Option<String>) {
    let manifest = manifest(machine, "package.json");
    let found = manifest.as_ref().and_then(|manifest| manifest.get("name")?.as_str());
    *name = found.filter(|name| !name.is_empty()).map(str::to_owned);
}

struct Project<'a> {
    machine: &'a dyn Machine,
    /// Without one, the installed packages count.
    manifest: Option<Value>,
    has_modules: bool,
}

impl<'a> Project<'a> {
    fn open(machine: &'a dyn Machine) -> Self {
        let manifest = manifest(machine, "package.json");
        Self { machine, manifest, has_modules: machine.exists("node_modules") }
    }

    fn first<T: Table>(&self, packages: &[(&str, &str)]) -> Option<Package<T>> {
        packages.iter().find_map(|(package, name)| Package::named(name, self.find(package)?))
    }

    /// `Some` if the project has the package; within it the version, if it has digits.
    fn find(&self, package: &str) -> Option<Option<Version>> {
        let Some(manifest) = &self.manifest else {
            return self.installed(package).map(|version| digits(&version));
        };
        let sections = ["dependencies", "devDependencies", "peerDependencies"];
        let declared =
            sections.iter().find_map(|section| manifest.get(section)?.get(package).filter(|it| is_truthy(it)))?;
        let installed = self.installed(package).and_then(|version| digits(&version));
        Some(installed.or_else(|| digits(declared)))
    }

    fn installed(&self, package: &str) -> Option<Value> {
        if !self.has_modules {
            return None;
        }
        let mut manifest = manifest(self.machine, &format!("node_modules/{package}/package.json"))?;
        Some(manifest.get_mut("version")?.take()).filter(is_truthy)
    }
}

/// A package.json, or `None` if it is too long, not JSON, or falsy in JavaScript.
fn manifest(machine: &dyn Machine, path: &str) -> Option<Value> {
    let bytes = machine.file(path, LONGEST + 1).filter(|bytes| bytes.len() as u64 <= LONGEST)?;
    serde_json::from_slice(&bytes).ok().filter(is_truthy)
}

/// Whether a value is truthy in JavaScript.
fn is_truthy(value: &Value) -> bool {
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
