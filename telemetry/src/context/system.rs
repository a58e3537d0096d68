//! The machine and its operating system, as coarsely as many other machines are alike.

use super::machine::Machine;
use super::processor::CpuModel;
use super::vendor::Vendor;
use super::{Context, container};
use crate::snapshot::Version;
use telemetry_derive::TelemetrySnapshot;

/// The machine and its operating system.
#[derive(Clone, Copy, Debug, Default, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub(crate) struct SystemInfo {
    /// The platform that the program is deployed on.
    pub(crate) deployment_vendor: Option<Vendor>,
    /// The operating system.
    pub(crate) system_platform: Option<Platform>,
    /// The release of the operating system, as major and minor number.
    pub(crate) system_release: Option<Version>,
    /// The architecture of the processor.
    pub(crate) system_architecture: Option<Architecture>,
    /// How many logical processors there are.
    #[telemetry(number(max = 1_024))]
    pub(crate) cpu_count: Option<u32>,
    /// The family of the processor.
    pub(crate) cpu_model: Option<CpuModel>,
    /// The speed of the processor, rounded to 100 MHz.
    #[telemetry(number(max = 10_000, unit = "MHz"))]
    pub(crate) cpu_speed: Option<u32>,
    /// The memory of the machine, rounded to whole GiB.
    #[telemetry(number(max = 70_368_744_177_664, unit = "B"))]
    pub(crate) memory: Option<u64>,
    /// Whether the system is WSL, Linux within Windows.
    #[telemetry(rename = "isWSL")]
    pub(crate) is_wsl: Option<bool>,
    /// Whether the program runs in a container of Docker.
    pub(crate) is_docker: Option<bool>,
    /// Whether the program writes to a terminal.
    #[telemetry(rename = "isTTY")]
    pub(crate) is_tty: Option<bool>,
}

/// Operating systems, as Node.js names them.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Platform {
    Linux,
    Darwin,
    Win32,
    Android,
    #[telemetry(rename = "freebsd")]
    FreeBsd,
    #[telemetry(rename = "openbsd")]
    OpenBsd,
    #[telemetry(rename = "netbsd")]
    NetBsd,
    #[telemetry(rename = "sunos")]
    SunOs,
    Other,
}

/// Architectures, as Node.js names them.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Architecture {
    X64,
    Arm64,
    Ia32,
    Arm,
    Ppc64,
    S390x,
    #[telemetry(rename = "riscv64")]
    RiscV64,
    #[telemetry(rename = "loong64")]
    LoongArch64,
    Other,
}

/// The target that the program was compiled for.
pub(super) fn detect_target(machine: &dyn Machine, context: &mut Context) {
    context.system_info.system_platform = Some(match machine.system() {
        "linux" => Platform::Linux,
        "macos" => Platform::Darwin,
        "windows" => Platform::Win32,
        "android" => Platform::Android,
        "freebsd" => Platform::FreeBsd,
        "openbsd" => Platform::OpenBsd,
        "netbsd" => Platform::NetBsd,
        "solaris" | "illumos" => Platform::SunOs,
        _ => Platform::Other,
    });
    context.system_info.system_architecture = Some(match machine.architecture() {
        "x86_64" => Architecture::X64,
        "aarch64" => Architecture::Arm64,
        "x86" => Architecture::Ia32,
        "arm" => Architecture::Arm,
        "powerpc64" => Architecture::Ppc64,
        "s390x" => Architecture::S390x,
        "riscv64" => Architecture::RiscV64,
        "loongarch64" => Architecture::LoongArch64,
        _ => Architecture::Other,
    });
}

pub(super) fn detect_release(machine: &dyn Machine, context: &mut Context) {
    context.system_info.system_release = machine.release().as_deref().and_then(major_and_minor);
}

pub(super) fn detect_terminal(machine: &dyn Machine, context: &mut Context) {
    context.system_info.is_tty = Some(machine.is_terminal());
}

pub(super) fn detect_container(machine: &dyn Machine, context: &mut Context) {
    let is_docker = container::is_docker(machine);
    context.system_info.is_docker = Some(is_docker);
    context.system_info.is_wsl = Some(container::is_wsl(machine, is_docker));
}

/// `6.8` of `6.8.0-45-generic`. Vendors, and people who build their own kernel, can write anything into the rest.
fn major_and_minor(release: &str) -> Option<Version> {
    let digits = release.split(|letter: char| !letter.is_ascii_digit() && letter != '.').next()?;
    let mut parts = digits.split('.');
    let major = parts.next()?;
    match parts.next().filter(|minor| !minor.is_empty()) {
        Some(minor) => Version::parse(&format!("{major}.{minor}")),
        None => Version::parse(major),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_major_and_minor_number_of_a_release_are_sent() {
        for (release, expected) in [
            ("6.8.0-45-generic", Some("6.8")),
            ("5.15.167.4-microsoft-standard-WSL2", Some("5.15")),
            ("6.1.0-25-cloud-amd64", Some("6.1")),
            ("4.19.0.jane-doe", Some("4.19")),
            ("23.5.0", Some("23.5")),
            ("14.1-RELEASE-p3", Some("14.1")),
            ("7", Some("7")),
            ("7.", Some("7")),
            ("7-jane", Some("7")),
            ("99999.1", None),
            ("jane-doe-6.8", None),
            (".8", None),
            ("", None),
        ] {
            assert_eq!(major_and_minor(release), expected.and_then(Version::parse), "{release}");
        }
    }
}
