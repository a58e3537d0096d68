//! `app!()`: the framework and the database that a package depends on directly, with their versions.
//!
//! The data flows through the files in this order: `workspace` finds and reads the package's own manifest, its workspace's manifest and
//! the lock file; `manifest` lists the dependencies, `platform` their targets; `lock` gives the versions, and `built` tells whether they
//! are those that were built; `telemetry_spec::packages` holds the names to search for. The output holds only names of that table and numbers. Nothing here fails: unknown facts are left out.

mod built;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzz;
mod lock;
mod manifest;
mod platform;
#[cfg(test)]
mod tests;
mod workspace;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use semver::Version;
use telemetry_spec::packages;

use self::built::Built;
use self::lock::Lock;
use self::manifest::{Dependency, Wanted};
use self::workspace::Files;

/// The package that is compiled. A build tool that runs rustc differently from cargo may omit any of this.
#[derive(Default)]
struct Package {
    name: String,
    version: String,
    directory: PathBuf,
}

/// A dependency that was found.
struct Found {
    name: &'static str,
    version: Option<[u16; 3]>,
    /// The condition for `cfg!`; `None` if the dependency is always present.
    condition: Option<TokenStream>,
}

/// The dependencies found, up to the first that is always present.
#[derive(Default)]
struct Stack {
    frameworks: Vec<Found>,
    databases: Vec<Found>,
}

/// Whether the compiler was given this version of a package.
type IsBuilt<'a> = &'a dyn Fn(&str, &Version) -> bool;

/// Writes the application's `App`; `krate` is the path of the `telemetry` crate.
pub(crate) fn expand(krate: &TokenStream) -> TokenStream {
    let package = Package::compiled();
    let text = |path: &Path| fs::read_to_string(path).ok();
    let files = Files::new(&text);
    let arguments: Vec<String> = env::args_os().filter_map(|argument| argument.into_string().ok()).collect();
    let built = Built { arguments: &arguments, text: &text };
    let stack = stack(&package, &files, &|name, version| built.is(name, version)).unwrap_or_default();
    write(krate, &package, &stack, &files.into_read())
}

impl Package {
    fn compiled() -> Self {
        let text = |key| env::var(key).unwrap_or_default();
        Self {
            name: text("CARGO_PKG_NAME"),
            version: text("CARGO_PKG_VERSION"),
            directory: env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default().into(),
        }
    }
}

fn stack(package: &Package, files: &Files<'_>, is_built: IsBuilt<'_>) -> Option<Stack> {
    let own = &package.directory;
    if !own.is_absolute() {
        // The base of a relative path is unknown, and the compiler would look for the files next to the source.
        return None;
    }
    let manifest = files.manifest(own)?;
    if manifest.package.as_ref() != Some(&package.name) {
        return None;
    }
    let root = workspace::root(files, own);
    let (root, workspace) = root.map_or((own.clone(), None), |(root, manifest)| (root, manifest.workspace));
    let lock = files.lock(&root).and_then(|lock| Lock::parse(&lock, &package.name, &package.version));
    let dependencies = manifest.dependencies.iter();
    let dependencies: Vec<_> =
        dependencies.filter_map(|dependency| Some((dependency, dependency.wanted(workspace.as_ref())?))).collect();
    let find = |names| find(names, &dependencies, lock.as_ref(), is_built);
    Some(Stack { frameworks: find(&packages::CRATE_FRAMEWORKS), databases: find(&packages::CRATE_DATABASES) })
}

fn find(
    names: &[&'static str],
    dependencies: &[(&Dependency, &Wanted)],
    lock: Option<&Lock>,
    is_built: IsBuilt<'_>,
) -> Vec<Found> {
    let mut found = Vec::new();
    for name in names {
        for (dependency, wanted) in dependencies.iter().filter(|(_, wanted)| wanted.package == *name) {
            let locked = lock.and_then(|lock| lock.version(wanted));
            let version = locked.filter(|version| is_built(name, version)).and_then(numbers);
            let condition = condition(name, dependency);
            let is_always = condition.is_none();
            found.push(Found { name, version, condition });
            if is_always {
                return found;
            }
        }
    }
    found
}

fn condition(name: &str, dependency: &Dependency) -> Option<TokenStream> {
    let feature = dependency.is_feature.then(|| quote!(feature = #name));
    match (&dependency.platform, feature) {
        (Some(platform), Some(feature)) => Some(quote!(all(#platform, #feature))),
        (platform, feature) => platform.clone().or(feature),
    }
}

/// Only the numbers: the rest of a version is text.
fn numbers(version: &Version) -> Option<[u16; 3]> {
    let part = |number: u64| u16::try_from(number).ok();
    Some([part(version.major)?, part(version.minor)?, part(version.patch)?])
}

fn write(krate: &TokenStream, package: &Package, stack: &Stack, files: &[PathBuf]) -> TokenStream {
    let name = &package.name;
    let version = write_version(Version::parse(&package.version).ok().as_ref().and_then(numbers));
    let framework = write_choice("Framework", &stack.frameworks);
    let database = write_choice("Database", &stack.databases);
    // The compiler watches included files for changes. An unnamed constant leaves nothing in the program.
    let files = files.iter().filter_map(|file| file.to_str());
    quote! {{
        use #krate::__private as __telemetry;
        #(const _: &[__telemetry::core::primitive::u8] = __telemetry::core::include_bytes!(#files);)*
        __telemetry::App::new(#name, #version, #framework, #database, __telemetry::core::cfg!(debug_assertions))
    }}
}

fn write_choice(table: &str, found: &[Found]) -> TokenStream {
    let table = Ident::new(table, Span::call_site());
    found.iter().rfold(
        quote!(__telemetry::core::option::Option::None),
        |otherwise, Found { name, version, condition }| {
            let version = write_version(*version);
            let package = quote!(__telemetry::#table::named(#name, #version));
            match condition {
                Some(condition) => quote!(if __telemetry::core::cfg!(#condition) { #package } else { #otherwise }),
                None => package,
            }
        },
    )
}

fn write_version(version: Option<[u16; 3]>) -> TokenStream {
    match version {
        Some([major, minor, patch]) => {
            quote!(__telemetry::core::option::Option::Some(__telemetry::Version::new(#major, #minor, #patch)))
        }
        None => quote!(__telemetry::core::option::Option::None),
    }
}
