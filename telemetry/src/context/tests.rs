//! The whole context, from a machine that the tests make up.

mod app;
mod canary;
mod original;

use super::fake_machine::FakeMachine;
use super::npm::PackageManagerName;
use super::processor::CpuModel;
use super::system::{Architecture, Platform};
use super::vendor::Vendor;
use super::*;
use crate::schema::HasSchema;
use crate::snapshot::{Snapshot, Version};

/// Everything that the detectors of a server read.
fn server() -> FakeMachine {
    let machine = FakeMachine {
        system: "linux",
        architecture: "x86_64",
        release: Some("6.8.0-45-generic".into()),
        parallelism: Some(2),
        ..FakeMachine::default()
    };
    machine
        .with_variable("NODE_ENV", "production")
        .with_variable("FLY_REGION", "ams")
        .with_variable("npm_config_user_agent", "pnpm/9.12.3 npm/? node/v20.20.2 linux x64")
        .with_file(
            "/proc/cpuinfo",
            "processor\t: 0\nmodel name\t: AMD EPYC 7763 64-Core Processor\ncpu MHz\t\t: 2445.404\n",
        )
        .with_file("/proc/meminfo", "MemTotal:       16303052 kB\nMemFree:  1024 kB\n")
        .with_file("/proc/version", "Linux version 6.8.0-45-generic (buildd@lcy02) (gcc 13.2.0)")
        .with_file("/proc/self/cgroup", "0::/system.slice/docker-0123.scope\n")
        .with_file("/sys/devices/system/cpu/online", "0-7\n")
        .with_file("package.json", r#"{"name":"shop","dependencies":{"pg":"^8.1","hono":"~4.5.6"}}"#)
        .with_file("node_modules/pg/package.json", r#"{"name":"pg","version":"8.11.3"}"#)
}

/// What is sent of `server`.
const SERVER: &str = concat!(
    r#"{"runtime":{"name":"node","version":"20.20.2"},"database":{"name":"postgresql","version":"8.11.3"},"#,
    r#""framework":{"name":"hono","version":"4.5.6"},"environment":"production","systemInfo":{"#,
    r#""deploymentVendor":"fly-io","systemPlatform":"linux","systemRelease":"6.8","systemArchitecture":"x64","#,
    r#""cpuCount":8,"cpuModel":"amd-epyc","cpuSpeed":2400,"memory":17179869184,"isWSL":false,"isDocker":true,"#,
    r#""isTTY":false},"packageManager":{"name":"pnpm","version":"9.12.3"}}"#,
);

fn detect_within(machine: FakeMachine, limit: Duration) -> Context {
    let machine: Arc<dyn Machine> = Arc::new(machine);
    detect_on(None, &machine, limit)
}

fn json(context: &Context) -> String {
    Snapshot::of(context).unwrap().as_json().to_owned()
}

#[test]
fn every_member_is_detected() {
    assert_eq!(json(&detect_within(server(), LIMIT * 40)), SERVER);
}

#[test]
fn unreadable_facts_are_left_out() {
    let context =
        detect_within(FakeMachine { system: "hurd", architecture: "pdp11", ..FakeMachine::default() }, LIMIT * 40);
    assert_eq!(
        json(&context),
        concat!(
            r#"{"runtime":{"name":"rust"},"environment":"development","systemInfo":{"systemPlatform":"other","#,
            r#""systemArchitecture":"other","isWSL":false,"isDocker":false,"isTTY":false}}"#,
        )
    );
}

/// Owners, names and paths make no difference, and neither does what differs between two machines of the same model.
#[test]
fn two_machines_of_the_same_model_give_the_same_context() {
    let context_of = |owner: &str, patch: &str, mhz: &str, memory: &str| {
        let home = format!("/home/{owner}");
        let machine = FakeMachine { release: Some(format!("6.8.0-{patch}-{owner}")), ..server() };
        let machine = machine
            .with_variable("HOSTNAME", &format!("{owner}-laptop"))
            .with_variable("USER", owner)
            .with_variable("HOME", &home)
            .with_variable("PWD", &format!("{home}/work"))
            .with_variable("FLY_REGION", owner)
            .with_file("/proc/version", format!("Linux version 6.8.0-{patch} ({owner}@{owner}-laptop)"))
            .with_file("/proc/self/cgroup", format!("0::/docker/{owner}\n"))
            .with_file("/proc/meminfo", format!("MemTotal:       {memory} kB\n"))
            .with_file("/etc/hostname", format!("{owner}-laptop\n"))
            .with_file(
                "/proc/cpuinfo",
                format!("model name\t: Intel(R) Xeon(R) E-{patch} CPU @ 3.40GHz\ncpu MHz\t: {mhz}\n"),
            )
            .with_file(
                "package.json",
                format!(r#"{{"name":"{owner}","repository":"{home}","dependencies":{{"pg":"^8.1","{owner}":"1"}}}}"#),
            );
        json(&detect_within(machine, LIMIT * 40))
    };
    let (jane, wiktor) =
        (context_of("jane", "45", "800.020", "16303052"), context_of("wiktor", "31", "4700.112", "16280004"));
    assert_eq!(jane, wiktor);
    assert!(jane.contains(r#""cpuModel":"intel-xeon","cpuSpeed":3400,"memory":17179869184"#), "{jane}");
}

/// Runs every detector on the machine that runs this test.
#[test]
fn the_real_machine_is_read() {
    let context = json(&detect(None));
    println!("{context}");
    assert!(context.contains(r#""systemPlatform":"#), "{context}");
    if cfg!(target_os = "linux") {
        for member in ["systemRelease", "cpuCount", "cpuModel", "memory"] {
            assert!(context.contains(&format!("\"{member}\":")), "{member} in {context}");
        }
    }
}

#[test]
fn the_context_reveals_at_most_400_bits() {
    let bits = Context::SCHEMA.bits();
    println!("the context can reveal {bits} bits");
    assert!(bits <= 400, "{bits} bits");
}

#[test]
fn members_are_in_the_order_of_the_original() {
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
