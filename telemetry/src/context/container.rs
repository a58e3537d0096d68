//! Docker and WSL, by the signs that Better Auth looks for.

use super::machine::Machine;

/// More bytes than any of these files has.
const MOST: u64 = 64 * 1024;

pub(super) fn is_docker(machine: &dyn Machine) -> bool {
    machine.exists("/.dockerenv") || machine.text("/proc/self/cgroup", MOST).is_some_and(|text| text.contains("docker"))
}

/// Within a container these files describe its host, so they prove nothing.
pub(super) fn is_wsl(machine: &dyn Machine, is_docker: bool) -> bool {
    let is_microsoft = |text: String| text.to_ascii_lowercase().contains("microsoft");
    machine.system() == "linux"
        && (machine.release().is_some_and(is_microsoft)
            || machine.text("/proc/version", MOST).is_some_and(is_microsoft))
        && !is_docker
        && !machine.exists("/run/.containerenv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::fake_machine::FakeMachine;

    fn linux(release: &str) -> FakeMachine {
        FakeMachine { system: "linux", release: Some(release.into()), ..FakeMachine::default() }
    }

    fn is_wsl(machine: &FakeMachine) -> bool {
        super::is_wsl(machine, is_docker(machine))
    }

    #[test]
    fn docker_is_known_by_a_file_or_its_name_in_the_control_group() {
        let plain = linux("6.8.0-45-generic");
        assert!(!is_docker(&plain));
        assert!(is_docker(&plain.clone().with_file("/.dockerenv", "")));
        for (cgroup, expected) in [
            ("12:cpu:/docker/0123456789abcdef\n0::/\n", true),
            ("0::/system.slice/docker-0123.scope\n", true),
            ("0::/\n", false),
            ("0::/user.slice/user-1000.slice\n", false),
            ("0::/machine.slice/libpod-0123.scope\n", false),
            ("", false),
        ] {
            assert_eq!(is_docker(&plain.clone().with_file("/proc/self/cgroup", cgroup)), expected, "{cgroup}");
        }
    }

    #[test]
    fn wsl_is_known_by_the_name_microsoft_outside_of_containers() {
        let first = linux("4.4.0-19041-Microsoft");
        let second = linux("5.15.167.4-microsoft-standard-WSL2");
        let own_kernel = linux("6.1.0-own")
            .with_file("/proc/version", "Linux version 6.1.0-own (oe-user@oe-host) (Microsoft@Microsoft.com)");
        for machine in [first, second, own_kernel] {
            assert!(is_wsl(&machine));
            assert!(!is_wsl(&machine.clone().with_file("/.dockerenv", "")));
            assert!(!is_wsl(&machine.clone().with_file("/run/.containerenv", "")));
            assert!(!is_wsl(&FakeMachine { system: "macos", ..machine }));
        }
        assert!(!is_wsl(&linux("6.8.0-45-generic").with_file("/proc/version", "Linux version 6.8.0-45-generic")));
    }
}
