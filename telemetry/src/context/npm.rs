//! What npm's user agent names: the package manager that started the program, and the runtime that it runs on.

use super::Context;
use super::machine::Machine;
use crate::snapshot::Version;
use telemetry_derive::TelemetrySnapshot;

/// What runs the program: Rust itself, or the JavaScript runtime that started it.
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

/// The package manager that started the program.
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

/// Sets no runtime if none is named; the caller then fills in Rust.
pub(super) fn detect_runtime(machine: &dyn Machine, context: &mut Context) {
    context.runtime = user_agent(machine).as_deref().and_then(runtime);
}

pub(super) fn detect_package_manager(machine: &dyn Machine, context: &mut Context) {
    context.package_manager = user_agent(machine).as_deref().and_then(package_manager).or_else(|| {
        let cargo = PackageManager { name: PackageManagerName::Cargo, version: None };
        machine.has_variable("CARGO").then_some(cargo)
    });
}

/// As in `pnpm/9.12.3 npm/? node/v20.20.2 linux x64`.
fn user_agent(machine: &dyn Machine) -> Option<String> {
    machine.variable("npm_config_user_agent")?.into_string().ok()
}

/// Bun and Deno also name Node.js, for compatibility, so they are looked for first.
fn runtime(user_agent: &str) -> Option<Runtime> {
    [("deno", RuntimeName::Deno), ("bun", RuntimeName::Bun), ("node", RuntimeName::Node)].iter().find_map(
        |&(word, name)| {
            let mut named = user_agent.split(' ').filter_map(|token| token.rsplit_once('/'));
            let (_, version) = named.find(|(found, _)| *found == word)?;
            Some(Runtime { name, version: Version::parse(version) })
        },
    )
}

fn package_manager(user_agent: &str) -> Option<PackageManager> {
    let (name, version) = user_agent.split(' ').next()?.rsplit_once('/')?;
    let name = match name {
        "" => return None,
        "npm" => PackageManagerName::Npm,
        "pnpm" => PackageManagerName::Pnpm,
        "yarn" => PackageManagerName::Yarn,
        "bun" => PackageManagerName::Bun,
        "deno" => PackageManagerName::Deno,
        "cnpm" | "npminstall" => PackageManagerName::Cnpm,
        _ => PackageManagerName::Other,
    };
    Some(PackageManager { name, version: Version::parse(version) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::fake_machine::FakeMachine;

    fn seen(user_agent: &str) -> Context {
        let machine = FakeMachine::default().with_variable("npm_config_user_agent", user_agent);
        let mut context = machine.run(detect_runtime);
        detect_package_manager(&machine, &mut context);
        context
    }

    #[test]
    fn the_user_agent_names_the_runtime() {
        use RuntimeName::{Bun, Deno, Node};
        for (user_agent, name, version) in [
            ("npm/10.8.2 node/v20.20.2 linux x64 workspaces/false", Node, Some(Version::new(20, 20, 2))),
            ("pnpm/9.12.3 npm/? node/v22.1.0 darwin arm64", Node, Some(Version::new(22, 1, 0))),
            ("bun/1.1.34 npm/? node/v22.6.0 linux x64", Bun, Some(Version::new(1, 1, 34))),
            ("deno/2.1.4 npm/? deno/2.1.4 linux x86_64", Deno, Some(Version::new(2, 1, 4))),
            ("npm/10 node/?", Node, None),
            ("npm/10 node/v23.0.0-nightly20240601", Node, Some(Version::new(23, 0, 0))),
        ] {
            assert_eq!(seen(user_agent).runtime, Some(Runtime { name, version }), "{user_agent}");
        }
        for user_agent in ["", "npm/10.8.2", "npm/10 nodejs/20", "npm/10 @jane/node", "node v20"] {
            assert_eq!(seen(user_agent).runtime, None, "{user_agent}");
        }
    }

    #[test]
    fn the_user_agent_begins_with_the_package_manager() {
        use PackageManagerName::{Bun, Cnpm, Deno, Npm, Other, Pnpm, Yarn};
        for (user_agent, name, version) in [
            ("npm/10.8.2 node/v20.20.2 linux x64 workspaces/false", Npm, Some(Version::new(10, 8, 2))),
            ("pnpm/9.12.3 npm/? node/v20.20.2", Pnpm, Some(Version::new(9, 12, 3))),
            ("yarn/1.22.22 npm/? node/v20.20.2", Yarn, Some(Version::new(1, 22, 22))),
            ("bun/1.1.34 npm/? node/v22.6.0", Bun, Some(Version::new(1, 1, 34))),
            ("deno/2.1.4 npm/? deno/2.1.4", Deno, Some(Version::new(2, 1, 4))),
            ("npminstall/7.12.0 npm/?", Cnpm, Some(Version::new(7, 12, 0))),
            ("cnpm/9.4.0 npminstall/7.12.0", Cnpm, Some(Version::new(9, 4, 0))),
            ("@jane/pm/1.2.3 npm/10", Other, Some(Version::new(1, 2, 3))),
            ("NPM/10", Other, Some(Version::new(10, 0, 0).truncated(1))),
            ("npm/latest", Npm, None),
        ] {
            assert_eq!(seen(user_agent).package_manager, Some(PackageManager { name, version }), "{user_agent}");
        }
        for user_agent in ["", " ", "npm", "/", "/1.0", " npm/10"] {
            assert_eq!(seen(user_agent).package_manager, None, "{user_agent}");
        }
    }

    #[test]
    fn cargo_is_the_package_manager_if_it_started_the_program_and_npm_did_not() {
        let under_cargo = FakeMachine::default().with_variable("CARGO", "/home/jane/.cargo/bin/cargo");
        let name = |machine: &FakeMachine| {
            let context: Context = machine.run(detect_package_manager);
            context.package_manager.map(|manager| (manager.name, manager.version))
        };
        assert_eq!(name(&under_cargo), Some((PackageManagerName::Cargo, None)));
        assert_eq!(name(&under_cargo.clone().with_variable("npm_config_user_agent", "")), name(&under_cargo));
        let version = Some(Version::new(10, 8, 2));
        assert_eq!(
            name(&under_cargo.with_variable("npm_config_user_agent", "npm/10.8.2")),
            Some((PackageManagerName::Npm, version))
        );
        assert_eq!(name(&FakeMachine::default()), None);
        assert_eq!(
            name(&FakeMachine::default().with_variable("CARGO", "").with_variable("CARGO_HOME", "/home/jane/.cargo")),
            None
        );
    }
}
