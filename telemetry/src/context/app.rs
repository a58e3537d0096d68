#[cfg(test)]
mod tests;

use super::{Database, Framework};
use crate::snapshot::Version;

/// What was known of the application when it was compiled.
///
/// The application makes it with [`telemetry::app!()`](crate::app). A library or a framework that sends telemetry cannot, since the
/// macro would tell of the library: it takes an `App` from its caller, and says so in its documentation.
///
/// ```
/// use telemetry::context::App;
///
/// /// What the framework is told when it is started.
/// pub struct Options {
///     /// Write `telemetry::app!()` here.
///     pub app: Option<App>,
/// }
/// ```
///
/// Of all texts it holds one, the name of the package, which goes into the anonymous id and nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct App {
    /// Empty when it is not known.
    name: &'static str,
    version: Option<Version>,
    framework: Option<Framework>,
    database: Option<Database>,
    has_debug_assertions: bool,
}

impl App {
    /// For [`app!`](crate::app) alone; it changes without notice.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        version: Option<Version>,
        framework: Option<Framework>,
        database: Option<Database>,
        has_debug_assertions: bool,
    ) -> Self {
        Self { name, version, framework, database, has_debug_assertions }
    }

    pub(crate) const fn name(&self) -> Option<&'static str> {
        if self.name.is_empty() { None } else { Some(self.name) }
    }

    /// Its version, of which only the numbers are known: an event of the application's own can tell it.
    #[must_use]
    pub const fn version(&self) -> Option<Version> {
        self.version
    }

    pub(crate) const fn framework(&self) -> Option<Framework> {
        self.framework
    }

    pub(crate) const fn database(&self) -> Option<Database> {
        self.database
    }

    /// Whether the application itself was compiled with them, as it is for development.
    pub(crate) const fn has_debug_assertions(&self) -> bool {
        self.has_debug_assertions
    }

    /// The version of the compiler, which is the one that has compiled this library. See `build.rs`.
    pub(crate) fn rustc(&self) -> Option<Version> {
        Version::parse(option_env!("TELEMETRY_RUSTC")?)
    }
}

/// What is known of the application when it is compiled: its name and version, its framework, its database, and whether it is
/// compiled for development. It is an expression of the type [`App`], and can stand in a constant.
///
/// ```
/// use telemetry::context::App;
/// use telemetry::{Consent, Telemetry};
///
/// const APP: App = telemetry::app!();
///
/// let telemetry = Telemetry::builder(Consent::new("ACME", "acme-cli")).app(APP).build();
/// ```
///
/// The program knows it wherever it is copied to: nothing is read when it runs. Names are words of a table, versions are
/// numbers, and of the texts in Cargo.toml and Cargo.lock none but the name of the package gets into the program. That name goes
/// into the [anonymous id](crate::client::AnonymousId) and nowhere else.
///
/// It stands in the application, since it tells of the package that it stands in. A library takes an [`App`] from its caller.
///
/// # What is found
///
/// The framework is the first of a table of frameworks, from `loco-rs` to `hyper`, that the package depends on, and the
/// database the first of a table of mappers, drivers and stores, from `sea-orm` to `native_db`. What is built upon another one comes
/// before it.
///
/// | in Cargo.toml | what becomes of it |
/// |---|---|
/// | `axum = "0.8"`, `axum.version = "0.8"`, `axum = { … }`, `[dependencies.axum]` | is found |
/// | `web = { package = "axum", … }` | is `axum`; and `axum = { package = "…" }` is not |
/// | `axum.workspace = true` | is what `[workspace.dependencies]` says, which may rename it |
/// | `[target.'cfg(…)'.dependencies]` | is found when the program is compiled for such a target, if `cfg` asks for nothing but `unix`, `windows`, and well-known values of `target_os`, `target_arch`, `target_env`, `target_family`, `target_endian` and `target_pointer_width` |
/// | `[target.x86_64-unknown-linux-gnu.dependencies]`, and any other `cfg` | is not found, since it cannot be decided |
/// | `axum = { optional = true, … }` | is found while the feature `axum` is on, be it the one that cargo makes or one that lists `dep:axum`; not when a feature of another name switches it on |
/// | `[dev-dependencies]`, `[build-dependencies]` | are not looked at |
/// | what dependencies depend on | is not looked at |
///
/// The version is the one that Cargo.lock has for this very package, whatever others in the workspace use, without what follows the
/// numbers (`1.0.0-rc.1` is `1.0.0`). The manifest of the workspace and its lock file are found as cargo finds them. The version is
/// left out unless the sources of the compiled dependency show the same one: `cargo install` without `--locked` builds newer versions than
/// the lock file has.
///
/// Whatever is missing or cannot be understood, be it the manifest, the lock file, or that something other than cargo runs the
/// compiler, is left out. It is never an error.
///
/// When one of the files changes, the package is compiled again.
#[cfg(feature = "app")]
#[macro_export]
macro_rules! app {
    () => {
        $crate::__private::app!($crate)
    };
    ($($arguments:tt)+) => {
        $crate::__private::core::compile_error!(
            "`app!()` takes no arguments: it reads the Cargo.toml and Cargo.lock of the package that it stands in"
        )
    };
}
