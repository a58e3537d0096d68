//! The machine and its system, as far as thousands of others are alike.

use crate::TelemetrySnapshot;
use crate::snapshot::Version;

/// The machine and its system.
#[derive(Clone, Copy, Debug, Default, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub(crate) struct SystemInfo {
    /// Whose platform the program is deployed on.
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
    /// Whether it is Linux within Windows.
    #[telemetry(rename = "isWSL")]
    pub(crate) is_wsl: Option<bool>,
    /// Whether the program runs in a container.
    pub(crate) is_docker: Option<bool>,
    /// Whether the program writes to a terminal.
    #[telemetry(rename = "isTTY")]
    pub(crate) is_tty: Option<bool>,
}

/// The platforms that programs are deployed on.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Vendor {
    Cloudflare,
    Vercel,
    Netlify,
    Render,
    Aws,
    Gcp,
    Azure,
    DenoDeploy,
    FlyIo,
    Railway,
    Heroku,
    #[telemetry(rename = "digitalocean")]
    DigitalOcean,
    Koyeb,
}

/// Operating systems, under the names that Node.js gives them.
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

/// Architectures, under the names that Node.js gives them.
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

/// Families of processors.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate)]
pub(crate) enum CpuModel {
    #[telemetry(rename = "intel-xeon")]
    IntelXeon,
    #[telemetry(rename = "intel-core-i3")]
    IntelCoreI3,
    #[telemetry(rename = "intel-core-i5")]
    IntelCoreI5,
    #[telemetry(rename = "intel-core-i7")]
    IntelCoreI7,
    #[telemetry(rename = "intel-core-i9")]
    IntelCoreI9,
    #[telemetry(rename = "intel-core-ultra")]
    IntelCoreUltra,
    #[telemetry(rename = "intel-core")]
    IntelCore,
    #[telemetry(rename = "intel-atom")]
    IntelAtom,
    #[telemetry(rename = "intel-celeron")]
    IntelCeleron,
    #[telemetry(rename = "intel-pentium")]
    IntelPentium,
    #[telemetry(rename = "intel")]
    Intel,
    #[telemetry(rename = "amd-epyc")]
    AmdEpyc,
    #[telemetry(rename = "amd-threadripper")]
    AmdThreadripper,
    #[telemetry(rename = "amd-ryzen")]
    AmdRyzen,
    #[telemetry(rename = "amd-athlon")]
    AmdAthlon,
    #[telemetry(rename = "amd-opteron")]
    AmdOpteron,
    #[telemetry(rename = "amd")]
    Amd,
    #[telemetry(rename = "apple-m1")]
    AppleM1,
    #[telemetry(rename = "apple-m2")]
    AppleM2,
    #[telemetry(rename = "apple-m3")]
    AppleM3,
    #[telemetry(rename = "apple-m4")]
    AppleM4,
    #[telemetry(rename = "apple-m5")]
    AppleM5,
    #[telemetry(rename = "apple")]
    Apple,
    #[telemetry(rename = "arm-neoverse")]
    ArmNeoverse,
    #[telemetry(rename = "arm-cortex")]
    ArmCortex,
    #[telemetry(rename = "ampere")]
    Ampere,
    #[telemetry(rename = "qualcomm")]
    Qualcomm,
    #[telemetry(rename = "other")]
    Other,
}
