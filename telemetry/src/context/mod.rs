//! Where a program runs, and what it is built with.
//!
//! An event that declares `context` carries it. Every value is bounded like any other: a word from a table, a version, a
//! number within bounds, or a flag. A value that cannot be bounded, or cannot be found out in time, is left out.
//!
//! The context is detected once, on the thread that sends events, when the first event needs it. The rules are those of
//! Better Auth, so that both count alike. The page for users lists every word and bound.
//!
//! | member | what it is | how it is detected |
//! |---|---|---|
//! | `runtime` | `rust` and the version of the compiler; or `node`, `bun` or `deno` | the second if npm's user agent (`npm_config_user_agent`) names one |
//! | `database`, `framework` | a name and a version | [`app!`](crate::app); else package.json and node_modules in the working directory |
//! | `environment` | `production` | `NODE_ENV`, `RUST_ENV` or `APP_ENV` is `production` |
//! | | else `ci` | `CI` is not `false`, and it or a variable such as `BUILD_ID` exists |
//! | | else `test` | `NODE_ENV` or `RUST_ENV` is `test`, `TEST` is neither empty nor `false`, or `NEXTEST` exists |
//! | | else `development` | `NODE_ENV`, `RUST_ENV` or `APP_ENV` is neither missing nor empty |
//! | | else `production` or `development` | whether the application was compiled without debug assertions, as [`app!`](crate::app) knows |
//! | `systemInfo.deploymentVendor` | the platform it is deployed on | the first platform with a variable of its own, such as `VERCEL` or `FLY_REGION` |
//! | `systemInfo.systemPlatform`, `.systemArchitecture` | as Node.js names them | the target of the compilation |
//! | `systemInfo.systemRelease` | major and minor number | `uname`; not on Windows |
//! | `systemInfo.cpuCount` | logical processors | /sys/devices/system/cpu/online; elsewhere the available parallelism |
//! | `systemInfo.cpuModel`, `.cpuSpeed` | family, and speed rounded to 100 MHz | /proc/cpuinfo and cpufreq; `sysctl` on macOS; on Windows only the maker |
//! | `systemInfo.memory` | bytes, rounded to whole GiB | /proc/meminfo; `sysctl` on macOS; not on Windows |
//! | `systemInfo.isDocker`, `.isWSL`, `.isTTY` | flags | /.dockerenv, /proc/self/cgroup, /proc/version, the standard output |
//! | `packageManager` | a name and a version | npm's user agent; `cargo` when `CARGO` is set |
//! | `ephemeral` | a flag | set when the anonymous id lasts only as long as the process |
//!
//! Only the digits of a version are sent: `8.1.0` for `^8.1.0-acme`, and nothing for a range, a tag, a path or an address.

mod app;
mod container;
mod environment;
#[cfg(feature = "http")]
mod facts;
#[cfg(all(feature = "http", any(fuzzing, test)))]
mod fuzz;
mod limit;
mod machine;
mod memory;
mod npm;
mod package;
mod processor;
mod project;
mod recorded;
mod sysctl;
mod system;
mod this_machine;
mod vendor;
mod words;

#[cfg(test)]
mod fake_machine;
#[cfg(test)]
mod tests;

pub use self::app::App;
#[cfg(feature = "http")]
pub(crate) use self::facts::Facts;
#[doc(hidden)]
pub use self::package::{Database, Framework};

#[cfg(all(feature = "http", any(fuzzing, test)))]
pub(crate) use self::fuzz::project as fuzz;
pub(crate) use self::recorded::RecordedContext;

use std::sync::Arc;
#[cfg(test)]
use std::sync::mpsc::Sender;
use std::time::Duration;

use self::environment::Environment;
use self::limit::{Detector, Late};
use self::machine::Machine;
use self::npm::{PackageManager, Runtime, RuntimeName};
use self::system::SystemInfo;
use self::this_machine::ThisMachine;
use telemetry_derive::TelemetrySnapshot;

/// What is detected about where a program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub(crate) struct Context {
    /// What runs the program.
    pub(crate) runtime: Option<Runtime>,
    /// The database among the direct dependencies, or its driver or mapper.
    pub(crate) database: Option<Database>,
    /// The framework among the direct dependencies.
    pub(crate) framework: Option<Framework>,
    /// What the program is run for.
    pub(crate) environment: Option<Environment>,
    /// The machine and its system.
    pub(crate) system_info: SystemInfo,
    /// The package manager that started the program.
    pub(crate) package_manager: Option<PackageManager>,
    /// Whether the anonymous id is random for each process, because it cannot be stored.
    pub(crate) ephemeral: Option<bool>,
}

/// The time limit of one detector. Detectors take microseconds, or a few milliseconds, unless a file system hangs.
const LIMIT: Duration = Duration::from_millis(250);

const DETECTORS: &[Detector<Context>] = &[
    npm::detect_runtime,
    environment::detect,
    vendor::detect,
    system::detect_target,
    system::detect_release,
    system::detect_terminal,
    system::detect_container,
    processor::detect_count,
    processor::detect_model,
    memory::detect,
    npm::detect_package_manager,
    project::detect,
];

/// Detects where the program runs. This reads the environment and files of the system and may be slow, so the worker calls it.
pub(crate) fn detect(app: Option<&App>) -> Context {
    detect_on(app, &this_machine(), LIMIT)
}

/// The name of the JavaScript project in the working directory, which goes into the anonymous id and nowhere else.
#[derive(Default)]
pub(crate) struct ProjectName(Late<Option<String>>);

impl ProjectName {
    /// The name, if there is such a project; `None` while that could not be found out.
    pub(crate) fn get(&self) -> Option<Option<String>> {
        self.0.get(&[project::detect_name], this_machine, LIMIT)
    }

    /// A name that the test tells.
    #[cfg(test)]
    pub(crate) fn pending() -> (Sender<Option<String>>, Self) {
        let (sender, late) = Late::pending();
        (sender, Self(late))
    }
}

fn this_machine() -> Arc<dyn Machine> {
    Arc::new(ThisMachine)
}

fn detect_on(app: Option<&App>, machine: &Arc<dyn Machine>, limit: Duration) -> Context {
    let mut context = limit::run(DETECTORS, machine, limit, Context::default());
    context.runtime.get_or_insert(Runtime { name: RuntimeName::Rust, version: app.and_then(App::rustc) });
    if let Some(app) = app {
        context.add(app, machine.as_ref());
    }
    context
}

impl Context {
    /// What is so for every process of the application on this machine, in whatever directory and environment it runs.
    pub(crate) fn shared(&self, app: Option<&App>) -> Self {
        // A JavaScript runtime is that of the process that it started.
        let rust = Runtime { name: RuntimeName::Rust, version: app.and_then(App::rustc) };
        Self {
            runtime: self.runtime.filter(|runtime| *runtime == rust),
            framework: app.and_then(App::framework),
            database: app.and_then(App::database),
            system_info: SystemInfo { deployment_vendor: None, is_tty: None, ..self.system_info },
            ..Self::default()
        }
    }

    /// Facts from the compilation win over those of a JavaScript project in whose directory the application runs.
    fn add(&mut self, app: &App, machine: &dyn Machine) {
        self.framework = app.framework().or(self.framework);
        self.database = app.database().or(self.database);
        let is_unnamed = self.environment == Some(Environment::Development) && !environment::is_named(machine);
        if is_unnamed && !app.has_debug_assertions() {
            self.environment = Some(Environment::Production);
        }
    }
}
