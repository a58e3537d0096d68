//! `app!()`: which framework and which database a package depends on directly, and in which versions.
//!
//! The data flows through the files in this order: `workspace` finds and reads the package's own manifest, that of its workspace and
//! the lock file; `manifest` tells the dependencies, `platform` for which targets; `lock` tells their versions; `telemetry_spec::packages` has the names that
//! are looked for. What is written is a name of that table, and numbers. Nothing here fails: what is not known is left out.

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

use self::lock::Lock;
use self::manifest::{Dependency, Wanted};
use self::workspace::Files;

/// The package that is compiled. What does not run rustc as cargo does may leave out any of this.
#[derive(Default)]
struct Package {
    name: String,
    version: String,
    directory: PathBuf,
}

/// One that is depended on.
struct Found {
    name: &'static str,
    version: Option<[u16; 3]>,
    /// What `cfg!` must say first; nothing when it is always there.
    condition: Option<TokenStream>,
}

/// Those up to the first that is always there.
#[derive(Default)]
struct Stack {
    frameworks: Vec<Found>,
    databases: Vec<Found>,
}

/// Writes the application's `App`; `krate` is the path of the `telemetry` crate.
pub(crate) fn expand(krate: &TokenStream) -> TokenStream {
    let package = Package::compiled();
    let text = |path: &Path| fs::read_to_string(path).ok();
    let files = Files::new(&text);
    let stack = stack(&package, &files).unwrap_or_default();
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

fn stack(package: &Package, files: &Files<'_>) -> Option<Stack> {
    let own = &package.directory;
    if !own.is_absolute() {
        // It is relative to who knows what, and the compiler would look for the files beside the source.
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
    let find = |names| find(names, &dependencies, lock.as_ref());
    Some(Stack { frameworks: find(&packages::CRATE_FRAMEWORKS), databases: find(&packages::CRATE_DATABASES) })
}

fn find(names: &[&'static str], dependencies: &[(&Dependency, &Wanted)], lock: Option<&Lock>) -> Vec<Found> {
    let mut found = Vec::new();
    for name in names {
        for (dependency, wanted) in dependencies.iter().filter(|(_, wanted)| wanted.package == *name) {
            let version = lock.and_then(|lock| numbers(lock.version(wanted)?));
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

/// What comes behind the numbers is text.
fn numbers(version: &Version) -> Option<[u16; 3]> {
    let part = |number: u64| u16::try_from(number).ok();
    Some([part(version.major)?, part(version.minor)?, part(version.patch)?])
}

fn write(krate: &TokenStream, package: &Package, stack: &Stack, files: &[PathBuf]) -> TokenStream {
    let name = &package.name;
    let version = write_version(Version::parse(&package.version).ok().as_ref().and_then(numbers));
    let framework = write_choice("Framework", &stack.frameworks);
    let database = write_choice("Database", &stack.databases);
    // The compiler looks for changes in what is included. A constant without a name leaves nothing in the program.
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
