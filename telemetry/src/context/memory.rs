//! How much memory the machine has.

use super::Context;
use super::machine::Machine;
use super::sysctl;

const GIB: u64 = 1 << 30;

pub(super) fn detect(machine: &dyn Machine, context: &mut Context) {
    let bytes = match machine.system() {
        "linux" | "android" => machine.text("/proc/meminfo", 4 * 1024).as_deref().and_then(total),
        "macos" => sysctl::ask(machine, &["hw.memsize"]).get("hw.memsize").and_then(|size| size.parse().ok()),
        _ => None,
    };
    context.system_info.memory = bytes.map(whole_gib);
}

/// `MemTotal:       16303052 kB`
fn total(meminfo: &str) -> Option<u64> {
    let value = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = value.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kib.checked_mul(1_024).filter(|bytes| *bytes > 0)
}

/// The system reserves some memory, so a machine with 16 GiB reports less. Less than 1 GiB counts as 1 GiB.
const fn whole_gib(bytes: u64) -> u64 {
    let gib = bytes.saturating_add(GIB / 2) / GIB;
    if gib == 0 { GIB } else { gib * GIB }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::fake_machine::FakeMachine;

    fn gib(machine: &FakeMachine) -> Option<f64> {
        let context: Context = machine.run(detect);
        context.system_info.memory.map(|bytes| bytes as f64 / 1_073_741_824.0)
    }

    #[test]
    fn linux_has_a_file_with_it() {
        for (line, expected) in [
            ("MemTotal:       16303052 kB", Some(16.0)),
            ("MemTotal:        3884500 kB", Some(4.0)),
            ("MemTotal:         483312 kB", Some(1.0)),
            ("MemTotal:              0 kB", None),
            ("MemTotal:     2113560720 kB", Some(2_016.0)),
            ("MemTotal: 18446744073709551615 kB", None),
            ("MemTotal: jane kB", None),
            ("MemTotal: 16303052", None),
            ("MemFree: 16303052 kB", None),
            ("", None),
        ] {
            let meminfo = format!("{line}\nMemAvailable:    9999999 kB\n");
            let machine = FakeMachine { system: "linux", ..FakeMachine::default() };
            assert_eq!(gib(&machine.with_file("/proc/meminfo", meminfo)), expected, "{line}");
        }
    }

    #[test]
    fn macos_answers_when_asked() {
        let answer =
            |sysctl: &str| FakeMachine { system: "macos", sysctl: Some(sysctl.into()), ..FakeMachine::default() };
        assert_eq!(gib(&answer("hw.memsize: 38654705664\n")), Some(36.0));
        assert_eq!(gib(&answer("hw.memsize_usable: 1\nhw.memsize: 8589934592\n")), Some(8.0));
        assert_eq!(gib(&answer("")), None);
        assert_eq!(gib(&FakeMachine { system: "macos", ..FakeMachine::default() }), None);
    }

    #[test]
    fn elsewhere_it_is_left_out() {
        let machine = FakeMachine { system: "windows", ..FakeMachine::default() };
        assert_eq!(gib(&machine.with_file("/proc/meminfo", "MemTotal: 16303052 kB\n")), None);
    }
}
