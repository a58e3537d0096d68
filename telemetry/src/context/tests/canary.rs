//! No text that a detector reads reaches the context.

use proptest::prelude::*;

use super::*;

/// Puts `canary` wherever a detector reads, and into some other places: alone, and after the text that the detector looks for.
/// Returns how many canaries were placed.
fn canaries(canary: &str) -> (FakeMachine, usize) {
    let mut placed = 0;
    let mut behind = |text: &str| {
        placed += 1;
        format!("{text}{canary}")
    };
    let machine = FakeMachine {
        system: "linux",
        architecture: "x86_64",
        release: Some(behind("6.8.0-microsoft-")),
        parallelism: Some(2),
        sysctl: Some(behind("machdep.cpu.brand_string: Apple M3 ")),
        ..FakeMachine::default()
    };
    let mut machine = machine
        .with_variable("npm_config_user_agent", &format!("npm/10.0.0-{canary} node/v20.1.0-{canary} {canary}/{canary}"))
        .with_variable("PROCESSOR_IDENTIFIER", &behind("Intel64 Family 6 "));
    for name in [
        "NODE_ENV",
        "RUST_ENV",
        "APP_ENV",
        "TEST",
        "NEXTEST",
        "CI",
        "BUILD_ID",
        "CARGO",
        "HOME",
        "USER",
        "PWD",
        "HOSTNAME",
        "VERCEL",
        "VERCEL_URL",
        "RENDER_INTERNAL_HOSTNAME",
        "GOOGLE_CLOUD_PROJECT",
        "FLY_APP_NAME",
        "HEROKU_APP_NAME",
        "CF_ACCOUNT_ID",
        "AWS_LAMBDA_FUNCTION_NAME",
        "WEBSITE_SITE_NAME",
    ] {
        machine = machine.with_variable(name, &behind(""));
    }
    for (path, text) in [
        ("/proc/cpuinfo", behind("model name\t: Intel(R) Xeon(R) ") + &behind(" @ 2.10GHz\ncpu MHz\t: 1000.")),
        ("/proc/meminfo", behind("MemTotal: 16303052 kB\n")),
        ("/proc/version", behind("Linux microsoft ")),
        ("/proc/self/cgroup", behind("0::/docker/")),
        ("/sys/devices/system/cpu/online", behind("0-3\n")),
        ("/etc/hostname", behind("")),
        ("node_modules/next/package.json", format!(r#"{{"name":"{0}","version":"15.1.0-{0}"}}"#, behind(""))),
        ("node_modules/pg/package.json", format!(r#"{{"{0}":"{0}","version":"{0}"}}"#, behind(""))),
        (
            "package.json",
            format!(
                r#"{{"name":"{0}","version":"{0}","repository":"https://{0}@git.example/{0}","{0}":"{0}",
                "scripts":{{"{0}":"{0}"}},"dependencies":{{"pg":"git+ssh://{0}/pg#8","next":"15.0.0-{0}","{0}":"{0}"}},
                "devDependencies":{{"hono":"{0}"}},"peerDependencies":{{"expo":"npm:{0}@1"}}}}"#,
                behind("")
            ),
        ),
    ] {
        machine = machine.with_file(path, text);
    }
    (machine, placed)
}

#[test]
fn no_canary_leaves() {
    let canary = "Zk3v9tQw1Xh";
    let (machine, placed) = canaries(canary);
    assert!(placed >= 34, "{placed}");
    for system in ["linux", "macos", "windows"] {
        let sent = json(&detect_within(FakeMachine { system, ..machine.clone() }, LIMIT * 40));
        assert!(!sent.contains(canary), "{sent}");
        // The detectors did find something.
        assert!(
            sent.contains(r#""database":{"name":"postgresql"},"framework":{"name":"next","version":"15.1.0"}"#),
            "{sent}"
        );
        assert!(sent.contains(r#""deploymentVendor":"cloudflare""#), "{sent}");
        assert!(sent.contains(r#""packageManager":{"name":"npm","version":"10.0.0"}"#), "{sent}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// For any text in files and variables, nothing panics, and what is sent conforms to its schema.
    #[test]
    fn any_text_gives_a_valid_snapshot(text in "\\PC{0,20}", bytes: Vec<u8>) {
        let (mut machine, _) = canaries(&text);
        for path in ["/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu/online"] {
            let mut file = machine.files.get(path).cloned().unwrap_or_default();
            let at = file.len() / 2;
            file.splice(at..at, bytes.iter().copied());
            machine = machine.with_file(path, file);
        }
        for system in ["linux", "macos", "windows"] {
            let mut context = Context::default();
            for detector in DETECTORS {
                detector(&FakeMachine { system, ..machine.clone() }, &mut context);
            }
            prop_assert!(Snapshot::of(&context).is_ok());
        }
    }
}
