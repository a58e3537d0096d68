//! Where a program runs, and what it is built with.
//!
//! An event that declares `context` carries it. Every value is bounded like any other: a word of a table, a version, a
//! number within bounds, or a flag. What cannot be bounded is left out, and so is what cannot be found out in time.
//!
//! It is found out once, on the thread that sends events, when the first event needs it. The rules are those of Better Auth, so that
//! both count alike; the pages of an application list every word and bound.
//!
//! | member | what it is | what it is found by |
//! |---|---|---|
//! | `runtime` | `rust`, and the version of the compiler; or `node`, `bun` or `deno` | npm's user agent (`npm_config_user_agent`) when it names one |
//! | `database`, `framework` | a name and a version | [`app!`](crate::app); else package.json and node_modules in the working directory |
//! | `environment` | `production` | `NODE_ENV`, `RUST_ENV` or `APP_ENV` is `production` |
//! | | else `ci` | `CI` is not `false`, and it or a variable like `BUILD_ID` is there |
//! | | else `test` | `NODE_ENV` or `RUST_ENV` is `test`, `TEST` is set, or `NEXTEST` is there |
//! | | else `production` or `development` | whether the application was compiled without debug assertions, as [`app!`](crate::app) knows |
//! | `systemInfo.deploymentVendor` | where it is deployed | the first with a variable of its own, as `VERCEL` or `FLY_REGION` |
//! | `systemInfo.systemPlatform`, `.systemArchitecture` | as Node.js names them | what it was compiled for |
//! | `systemInfo.systemRelease` | major and minor number | `uname`; not on Windows |
//! | `systemInfo.cpuCount` | logical processors | /sys/devices/system/cpu/online; elsewhere as many as can run at once |
//! | `systemInfo.cpuModel`, `.cpuSpeed` | family, and speed rounded to 100 MHz | /proc/cpuinfo and cpufreq; `sysctl` on macOS; on Windows the maker alone |
//! | `systemInfo.memory` | bytes, rounded to whole GiB | /proc/meminfo; `sysctl` on macOS; not on Windows |
//! | `systemInfo.isDocker`, `.isWSL`, `.isTTY` | flags | /.dockerenv, /proc/self/cgroup, /proc/version, the standard output |
//! | `packageManager` | a name and a version | npm's user agent; `cargo` when `CARGO` is set |
//! | `ephemeral` | a flag | whether the anonymous id lasts no longer than the process |
//!
//! Of a version go the digits alone: of `^8.1.0-acme` it is `8.1.0`, and of a range, a tag, a path or an address nothing.

mod app;
mod container;
mod environment;
mod here;
mod limit;
mod memory;
mod npm;
mod package;
mod processor;
mod project;
mod recorded;
mod surroundings;
mod sysctl;
mod system;
mod vendor;
mod words;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;

pub use self::app::App;
#[doc(hidden)]
pub use self::package::{Database, Framework};

pub(crate) use self::environment::is_ci;
pub(crate) use self::recorded::Recorded;

use std::sync::Arc;
use std::time::Duration;

use self::environment::Environment;
use self::here::Here;
use self::limit::Detector;
use self::npm::{PackageManager, Runtime, RuntimeName};
use self::surroundings::Surroundings;
use self::system::SystemInfo;
use telemetry_derive::TelemetrySnapshot;

/// All that is found out about where a program runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub(crate) struct Context {
    /// What runs the program.
    pub(crate) runtime: Option<Runtime>,
    /// The database, or what talks to it, among the direct dependencies.
    pub(crate) database: Option<Database>,
    /// The framework among the direct dependencies.
    pub(crate) framework: Option<Framework>,
    /// What the program is run for.
    pub(crate) environment: Option<Environment>,
    /// The machine and its system.
    pub(crate) system_info: SystemInfo,
    /// What has started the program, if it was a package manager.
    pub(crate) package_manager: Option<PackageManager>,
    /// Whether the anonymous id is drawn anew for each process, since there is nowhere to keep it.
    pub(crate) ephemeral: Option<bool>,
}

/// How long a detector may take. It takes microseconds, or a few milliseconds, unless a file does not answer.
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

/// Finds out where the program runs. It reads the environment and files of the system, and may take its time, so it runs on the worker.
pub(crate) fn detect(app: Option<&App>) -> Context {
    look_around(app, &here(), LIMIT)
}

/// The name of the JavaScript project in the working directory, which goes into the anonymous id and nowhere else.
pub(crate) fn javascript_project_name() -> Option<String> {
    limit::run(&[project::detect_name], &here(), LIMIT, None)
}

fn here() -> Arc<dyn Surroundings> {
    Arc::new(Here)
}

fn look_around(app: Option<&App>, surroundings: &Arc<dyn Surroundings>, limit: Duration) -> Context {
    let mut context = limit::run(DETECTORS, surroundings, limit, Context::default());
    context.runtime.get_or_insert(Runtime { name: RuntimeName::Rust, version: app.and_then(App::rustc) });
    if let Some(app) = app {
        context.add(app);
    }
    context
}

impl Context {
    /// What was known when the application was compiled is so wherever it runs, also in the directory of a JavaScript project.
    fn add(&mut self, app: &App) {
        self.framework = app.framework().or(self.framework);
        self.database = app.database().or(self.database);
        if self.environment == Some(Environment::Development) && !app.has_debug_assertions() {
            self.environment = Some(Environment::Production);
        }
    }
}
