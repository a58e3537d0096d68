//! Where a program runs, and what it is built with.
//!
//! An event that declares `context` carries it. Every value is bounded like any other: a word of a table, a version, a
//! number within bounds, or a flag. What cannot be bounded is left out.

#![expect(dead_code, reason = "not all of it is detected yet")]

mod app;
mod package;
mod recorded;
mod system;
mod words;

pub use self::app::App;
#[doc(hidden)]
pub use self::package::{Database, Framework};

pub(crate) use self::recorded::Recorded;
pub(crate) use self::system::SystemInfo;

use crate::TelemetrySnapshot;
use crate::snapshot::Version;

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

/// What runs the program: Rust itself, or the JavaScript runtime that has started it.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub(crate) struct Runtime {
    /// Which one it is.
    pub(crate) name: RuntimeName,
    /// Its version; for Rust, the compiler's.
    pub(crate) version: Option<Version>,
}

/// The names of runtimes.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum RuntimeName {
    Rust,
    Node,
    Bun,
    Deno,
}

/// What a program is run for.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Environment {
    Production,
    Ci,
    Test,
    Development,
}

/// The package manager that has started the program.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub(crate) struct PackageManager {
    /// Which one it is.
    pub(crate) name: PackageManagerName,
    /// Its version.
    pub(crate) version: Option<Version>,
}

/// The names of package managers.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum PackageManagerName {
    Npm,
    Pnpm,
    Yarn,
    Bun,
    Deno,
    Cnpm,
    Cargo,
    Other,
}

/// Finds out where the program runs. It reads the environment and files of the system, and may take its time, so it runs on the worker.
pub(crate) fn detect(app: Option<&App>) -> Context {
    let _ = app;
    Context::default()
}

/// The name of the JavaScript project in the working directory, which goes into the anonymous id and nowhere else.
pub(crate) fn javascript_project_name() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::system::{Architecture, CpuModel, Platform, Vendor};
    use super::*;
    use crate::Snapshot;

    #[test]
    fn the_context_reveals_at_most_400_bits() {
        let bits = Context::SCHEMA.bits();
        println!("the context can reveal {bits} bits");
        assert!(bits <= 400, "{bits} bits");
    }

    #[test]
    fn members_stand_in_the_order_of_the_original() {
        let context = Context {
            runtime: Some(Runtime { name: RuntimeName::Rust, version: Some(Version::new(1, 89, 0)) }),
            database: Database::named("sqlx", Some(Version::new(0, 8, 6))),
            framework: Framework::named("axum", None),
            environment: Some(Environment::Production),
            system_info: SystemInfo {
                deployment_vendor: Some(Vendor::FlyIo),
                system_platform: Some(Platform::Linux),
                system_release: Some(Version::new(6, 8, 0).truncated(2)),
                system_architecture: Some(Architecture::Arm64),
                cpu_count: Some(8),
                cpu_model: Some(CpuModel::ArmNeoverse),
                cpu_speed: Some(2_600),
                memory: Some(17_179_869_184),
                is_wsl: Some(false),
                is_docker: Some(true),
                is_tty: Some(false),
            },
            package_manager: Some(PackageManager { name: PackageManagerName::Cargo, version: None }),
            ephemeral: Some(true),
        };
        let expected = concat!(
            r#"{"runtime":{"name":"rust","version":"1.89.0"},"database":{"name":"sqlx","version":"0.8.6"},"#,
            r#""framework":{"name":"axum"},"environment":"production","systemInfo":{"deploymentVendor":"fly-io","#,
            r#""systemPlatform":"linux","systemRelease":"6.8","systemArchitecture":"arm64","cpuCount":8,"#,
            r#""cpuModel":"arm-neoverse","cpuSpeed":2600,"memory":17179869184,"isWSL":false,"isDocker":true,"#,
            r#""isTTY":false},"packageManager":{"name":"cargo"},"ephemeral":true}"#,
        );
        assert_eq!(Snapshot::of(&context).unwrap().as_json(), expected);
    }
}
