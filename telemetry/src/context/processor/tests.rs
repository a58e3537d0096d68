use super::*;
use crate::context::fake_machine::FakeMachine;
use crate::snapshot::Snapshot;

fn processor(machine: &FakeMachine) -> String {
    let context: Context = machine.run(detect_model);
    Snapshot::of(&context.system_info).unwrap().as_json().to_owned()
}

#[test]
fn a_family_is_known_by_its_name() {
    for (name, expected) in [
        ("Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz", "intel-xeon"),
        ("Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", "intel-xeon"),
        ("Intel Xeon Processor (Skylake, IBRS)", "intel-xeon"),
        ("Intel(R) Core(TM) i3-10100 CPU @ 3.60GHz", "intel-core-i3"),
        ("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "intel-core-i5"),
        ("11th Gen Intel(R) Core(TM) i7-1165G7 @ 2.80GHz", "intel-core-i7"),
        ("13th Gen Intel(R) Core(TM) i9-13900K", "intel-core-i9"),
        ("Intel(R) Core(TM) Ultra 7 155H", "intel-core-ultra"),
        ("Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", "intel-core"),
        ("Intel(R) Core(TM) 5 120U", "intel-core"),
        ("Intel Core Processor (Haswell, no TSX)", "intel-core"),
        ("Intel(R) Atom(TM) CPU C2750  @ 2.40GHz", "intel-atom"),
        ("Intel(R) Celeron(R) J4125 CPU @ 2.00GHz", "intel-celeron"),
        ("Intel(R) Pentium(R) Silver N6000 @ 1.10GHz", "intel-pentium"),
        ("Intel(R) N100", "intel"),
        ("Intel64 Family 6 Model 158 Stepping 10, GenuineIntel", "intel"),
        ("AMD EPYC 7763 64-Core Processor", "amd-epyc"),
        ("AMD EPYC-Rome Processor", "amd-epyc"),
        ("AMD Ryzen Threadripper 3990X 64-Core Processor", "amd-threadripper"),
        ("AMD Ryzen 7 5800X 8-Core Processor", "amd-ryzen"),
        ("AMD Athlon(tm) II X4 640 Processor", "amd-athlon"),
        ("AMD Opteron(tm) Processor 6276", "amd-opteron"),
        ("AMD A8-7600 Radeon R7, 10 Compute Cores 4C+6G", "amd"),
        ("AMD64 Family 25 Model 80 Stepping 0, AuthenticAMD", "amd"),
        ("Apple M1", "apple-m1"),
        ("Apple M2 Pro", "apple-m2"),
        ("Apple M3 Max", "apple-m3"),
        ("Apple M4", "apple-m4"),
        ("Apple M5", "apple-m5"),
        ("VirtualApple @ 2.50GHz processor", "apple"),
        ("Neoverse-N1", "arm-neoverse"),
        ("Cortex-A72", "arm-cortex"),
        ("Ampere(R) Altra(R) Processor", "ampere"),
        ("ARMv8 (64-bit) Family 8 Model D4B Revision   0, Qualcomm Technologies Inc", "qualcomm"),
        ("Snapdragon(R) X Elite - X1E80100", "qualcomm"),
        ("QEMU Virtual CPU version 2.5+", "other"),
        ("jane-doe's own", "other"),
        ("", "other"),
    ] {
        let machine = FakeMachine { system: "macos", ..FakeMachine::default() };
        let sysctl = Some(format!("machdep.cpu.brand_string: {name}\n"));
        let sent = processor(&FakeMachine { sysctl, ..machine });
        assert!(sent.contains(&format!(r#""cpuModel":"{expected}""#)), "{name}: {sent}");
    }
}

fn linux(cpuinfo: &str) -> FakeMachine {
    FakeMachine { system: "linux", ..FakeMachine::default() }.with_file("/proc/cpuinfo", cpuinfo)
}

#[test]
fn linux_has_a_file_with_the_first_processor() {
    for (cpuinfo, expected) in [
        (
            "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz\n\
             cpu MHz\t\t: 2699.872\n\nprocessor\t: 1\nmodel name\t: AMD EPYC 7763\n",
            r#"{"cpuModel":"intel-xeon","cpuSpeed":2300}"#,
        ),
        (
            "processor\t: 0\nmodel name\t: AMD EPYC 7763 64-Core Processor\ncpu MHz\t\t: 2445.404\n",
            r#"{"cpuModel":"amd-epyc","cpuSpeed":2400}"#,
        ),
        (
            "processor\t: 0\nBogoMIPS\t: 243.75\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\n",
            r#"{"cpuModel":"arm-neoverse"}"#,
        ),
        ("CPU implementer\t: 0x41\nCPU part\t: 0xd08\n", r#"{"cpuModel":"arm-cortex"}"#),
        ("CPU implementer\t: 0x61\nCPU part\t: 0x000\n", r#"{"cpuModel":"apple"}"#),
        ("CPU implementer\t: 0xc0\nCPU part\t: 0xac3\n", r#"{"cpuModel":"ampere"}"#),
        ("CPU implementer\t: 0x51\n", r#"{"cpuModel":"qualcomm"}"#),
        (
            "model name\t: ARMv7 Processor rev 4 (v7l)\nCPU implementer\t: 0x41\nCPU part\t: 0xd03\n",
            r#"{"cpuModel":"arm-cortex"}"#,
        ),
        ("processor\t: 0\ncpu\t: POWER9, altivec supported\n", r#"{"cpuModel":"other"}"#),
        ("model name\t: Jane @ 9.99GHz @ GHz\ncpu MHz\t: fast\n", r#"{"cpuModel":"other"}"#),
        ("", r#"{"cpuModel":"other"}"#),
    ] {
        assert_eq!(processor(&linux(cpuinfo)), expected, "{cpuinfo}");
    }
    assert_eq!(processor(&FakeMachine { system: "linux", ..FakeMachine::default() }), "{}");
}

#[test]
fn the_nominal_speed_comes_before_the_current_one() {
    let moment = linux("model name\t: AMD Ryzen 7 5800X 8-Core Processor\ncpu MHz\t\t: 2223.001\n");
    assert_eq!(processor(&moment), r#"{"cpuModel":"amd-ryzen","cpuSpeed":2200}"#);
    let most = moment.with_file("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "4850194\n");
    assert_eq!(processor(&most), r#"{"cpuModel":"amd-ryzen","cpuSpeed":4900}"#);
    let base = most.with_file("/sys/devices/system/cpu/cpu0/cpufreq/base_frequency", "3800000\n");
    assert_eq!(processor(&base), r#"{"cpuModel":"amd-ryzen","cpuSpeed":3800}"#);
    let named = base.with_file("/proc/cpuinfo", "model name\t: Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz\n");
    assert_eq!(processor(&named), r#"{"cpuModel":"intel-core-i5","cpuSpeed":1600}"#);
}

#[test]
fn speeds_are_rounded_to_100_mhz() {
    for (mhz, expected) in [
        ("2449.999", r#"{"cpuModel":"other","cpuSpeed":2400}"#),
        ("2450.000", r#"{"cpuModel":"other","cpuSpeed":2500}"#),
        ("49.0", r#"{"cpuModel":"other"}"#),
        ("0", r#"{"cpuModel":"other"}"#),
        ("4294967295", r#"{"cpuModel":"other","cpuSpeed":10000}"#),
        ("99999999999", r#"{"cpuModel":"other"}"#),
    ] {
        assert_eq!(processor(&linux(&format!("cpu MHz\t: {mhz}\n"))), expected, "{mhz}");
    }
}

#[test]
fn macos_answers_when_asked() {
    let answer = |sysctl: &str| FakeMachine { system: "macos", sysctl: Some(sysctl.into()), ..FakeMachine::default() };
    for (sysctl, expected) in [
        ("machdep.cpu.brand_string: Apple M3 Pro\n", r#"{"cpuModel":"apple-m3"}"#),
        (
            "machdep.cpu.brand_string: Intel(R) Core(TM) i7-9750H CPU @ 2.60GHz\nhw.cpufrequency: 2600000000\n",
            r#"{"cpuModel":"intel-core-i7","cpuSpeed":2600}"#,
        ),
        ("hw.cpufrequency: 2400000000\n", r#"{"cpuSpeed":2400}"#),
        ("machdep.cpu.brand_string_of_jane: Apple M3\n", "{}"),
        ("", "{}"),
    ] {
        assert_eq!(processor(&answer(sysctl)), expected, "{sysctl}");
    }
    assert_eq!(processor(&FakeMachine { system: "macos", ..FakeMachine::default() }), "{}");
}

#[test]
fn windows_has_a_variable_with_the_maker() {
    let windows = FakeMachine { system: "windows", ..FakeMachine::default() };
    let intel =
        windows.clone().with_variable("PROCESSOR_IDENTIFIER", "Intel64 Family 6 Model 158 Stepping 10, GenuineIntel");
    assert_eq!(processor(&intel), r#"{"cpuModel":"intel"}"#);
    assert_eq!(processor(&windows), "{}");
    assert_eq!(processor(&FakeMachine { system: "freebsd", ..intel }), "{}");
}

#[test]
fn online_processors_are_counted() {
    let count = |machine: &FakeMachine| {
        let context: Context = machine.run(detect_count);
        context.system_info.cpu_count
    };
    for (online, expected) in
        [("0\n", Some(1)), ("0-7\n", Some(8)), ("0-3,8,10-11\n", Some(7)), ("0-1023", Some(1_024))]
    {
        let linux = FakeMachine::default().with_file("/sys/devices/system/cpu/online", online);
        assert_eq!(count(&linux), expected, "{online}");
    }
    let elsewhere = FakeMachine { parallelism: Some(12), ..FakeMachine::default() };
    for online in ["", "jane", "3-0", "0-", "0-18446744073709551615", "0-7;8"] {
        let odd = elsewhere.clone().with_file("/sys/devices/system/cpu/online", online);
        assert_eq!(count(&odd), Some(12), "{online}");
    }
    assert_eq!(count(&elsewhere), Some(12));
    assert_eq!(count(&FakeMachine::default()), None);
}
