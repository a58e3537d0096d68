//! The processors: their number, family and speed.

use super::Context;
use super::machine::Machine;
use super::sysctl;
use telemetry_derive::TelemetrySnapshot;

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

pub(super) fn detect_count(machine: &dyn Machine, context: &mut Context) {
    // A container may use fewer than exist.
    let online = machine.text("/sys/devices/system/cpu/online", 4 * 1024).as_deref().and_then(ranges);
    let count = online.or_else(|| machine.parallelism());
    context.system_info.cpu_count = count.and_then(|count| u32::try_from(count).ok());
}

/// Counts the numbers in a text such as `0-3,8,10-11`.
fn ranges(text: &str) -> Option<usize> {
    text.trim().split(',').try_fold(0_usize, |count, range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        count.checked_add(last.checked_sub(first)?.checked_add(1)?)
    })
}

pub(super) fn detect_model(machine: &dyn Machine, context: &mut Context) {
    let cpu = match machine.system() {
        "linux" | "android" => linux(machine),
        "macos" => macos(machine),
        "windows" => windows(machine),
        _ => Cpu::default(),
    };
    context.system_info.cpu_model = cpu.model;
    context.system_info.cpu_speed = cpu.mhz.map(rounded).filter(|mhz| *mhz > 0);
}

#[derive(Debug, Default, PartialEq)]
struct Cpu {
    model: Option<CpuModel>,
    mhz: Option<u32>,
}

/// The first processor stands for all. Reading the others costs an interrupt each, since the kernel asks them for their speed.
fn linux(machine: &dyn Machine) -> Cpu {
    let Some(cpuinfo) = machine.text("/proc/cpuinfo", 4 * 1024) else { return Cpu::default() };
    let value = |name: &str| {
        let values = cpuinfo.lines().filter_map(|line| line.split_once(':'));
        values.into_iter().find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim())
    };
    let name = value("model name");
    let model = match (name.map(named), value("CPU implementer"), value("CPU part")) {
        (Some(model), ..) if model != CpuModel::Other => model,
        (_, Some(implementer), part) => implemented(implementer, part.unwrap_or_default()),
        _ => CpuModel::Other,
    };
    let khz = |path: &str| machine.text(path, 64)?.trim().parse::<u32>().ok().map(|khz| khz / 1_000);
    // The nominal speed comes first: the current speed differs between two machines of the same model.
    let mhz = name
        .and_then(nominal)
        .or_else(|| khz("/sys/devices/system/cpu/cpu0/cpufreq/base_frequency"))
        .or_else(|| khz("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq"))
        .or_else(|| value("cpu MHz")?.split('.').next()?.parse().ok());
    Cpu { model: Some(model), mhz }
}

fn macos(machine: &dyn Machine) -> Cpu {
    let answers = sysctl::ask(machine, &["machdep.cpu.brand_string", "hw.cpufrequency"]);
    let name = answers.get("machdep.cpu.brand_string");
    let hz = answers.get("hw.cpufrequency").and_then(|hz| hz.parse::<u64>().ok());
    let mhz = name.and_then(nominal).or_else(|| u32::try_from(hz? / 1_000_000).ok());
    Cpu { model: name.map(named), mhz }
}

/// The variable names only the maker. Reading more needs `unsafe`.
fn windows(machine: &dyn Machine) -> Cpu {
    let identifier = machine.variable("PROCESSOR_IDENTIFIER");
    Cpu { model: identifier.map(|text| named(&text.to_string_lossy())), mhz: None }
}

/// The family of a processor: the first one whose words all occur in its name.
fn named(name: &str) -> CpuModel {
    const FAMILIES: [(CpuModel, &[&str]); 28] = [
        (CpuModel::IntelXeon, &["intel", "xeon"]),
        (CpuModel::IntelCoreUltra, &["intel", "core ultra"]),
        (CpuModel::IntelCoreI3, &["intel", "core i3"]),
        (CpuModel::IntelCoreI5, &["intel", "core i5"]),
        (CpuModel::IntelCoreI7, &["intel", "core i7"]),
        (CpuModel::IntelCoreI9, &["intel", "core i9"]),
        (CpuModel::IntelAtom, &["intel", "atom"]),
        (CpuModel::IntelCeleron, &["intel", "celeron"]),
        (CpuModel::IntelPentium, &["intel", "pentium"]),
        (CpuModel::IntelCore, &["intel", "core"]),
        (CpuModel::Intel, &["intel"]),
        (CpuModel::AmdEpyc, &["amd", "epyc"]),
        (CpuModel::AmdThreadripper, &["amd", "threadripper"]),
        (CpuModel::AmdRyzen, &["amd", "ryzen"]),
        (CpuModel::AmdAthlon, &["amd", "athlon"]),
        (CpuModel::AmdOpteron, &["amd", "opteron"]),
        (CpuModel::Amd, &["amd"]),
        (CpuModel::AppleM1, &["apple m1"]),
        (CpuModel::AppleM2, &["apple m2"]),
        (CpuModel::AppleM3, &["apple m3"]),
        (CpuModel::AppleM4, &["apple m4"]),
        (CpuModel::AppleM5, &["apple m5"]),
        (CpuModel::Apple, &["apple"]),
        (CpuModel::ArmNeoverse, &["neoverse"]),
        (CpuModel::ArmCortex, &["cortex"]),
        (CpuModel::Ampere, &["ampere"]),
        (CpuModel::Qualcomm, &["qualcomm"]),
        (CpuModel::Qualcomm, &["snapdragon"]),
    ];
    let name = name.to_ascii_lowercase().replace("(r)", "").replace("(tm)", "");
    let found = FAMILIES.iter().find(|(_, words)| words.iter().all(|word| name.contains(word)));
    found.map_or(CpuModel::Other, |(model, _)| *model)
}

/// The family of an ARM processor by its numbers, see arch/arm64/include/asm/cputype.h of Linux.
fn implemented(implementer: &str, part: &str) -> CpuModel {
    match (implementer, part) {
        ("0x41", "0xd0c" | "0xd40" | "0xd49" | "0xd4a" | "0xd4f" | "0xd83" | "0xd84" | "0xd8e") => {
            CpuModel::ArmNeoverse
        }
        ("0x41", _) => CpuModel::ArmCortex,
        ("0x51", _) => CpuModel::Qualcomm,
        ("0x61", _) => CpuModel::Apple,
        ("0xc0", _) => CpuModel::Ampere,
        _ => CpuModel::Other,
    }
}

/// The megahertz in a name such as `… @ 2.60GHz`.
fn nominal(name: &str) -> Option<u32> {
    let (ghz, _) = name.rsplit_once('@')?.1.split_once("GHz")?;
    let (whole, hundredths) = ghz.trim().split_once('.').filter(|(_, hundredths)| hundredths.len() == 2)?;
    let (whole, hundredths): (u32, u32) = (whole.parse().ok()?, hundredths.parse().ok()?);
    whole.checked_mul(1_000)?.checked_add(hundredths * 10)
}

const fn rounded(mhz: u32) -> u32 {
    mhz.saturating_add(50) / 100 * 100
}

#[cfg(test)]
mod tests;
