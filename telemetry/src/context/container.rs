//! Docker, and Linux within Windows: the signs that Better Auth looks for.

use super::surroundings::Surroundings;

/// More than any of these files has.
const MOST: u64 = 64 * 1024;

pub(super) fn is_docker(surroundings: &dyn Surroundings) -> bool {
    surroundings.exists("/.dockerenv")
        || surroundings.text("/proc/self/cgroup", MOST).is_some_and(|text| text.contains("docker"))
}

/// A container says of itself what its host is, so there it is no sign.
pub(super) fn is_wsl(surroundings: &dyn Surroundings, is_docker: bool) -> bool {
    let is_microsoft = |text: String| text.to_ascii_lowercase().contains("microsoft");
    surroundings.system() == "linux"
        && (surroundings.release().is_some_and(is_microsoft)
            || surroundings.text("/proc/version", MOST).is_some_and(is_microsoft))
        && !is_docker
        && !surroundings.exists("/run/.containerenv")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::scripted::Scripted;

    fn linux(release: &str) -> Scripted {
        Scripted { system: "linux", release: Some(release.into()), ..Scripted::default() }
    }

    fn is_wsl(surroundings: &Scripted) -> bool {
        super::is_wsl(surroundings, is_docker(surroundings))
    }

    #[test]
    fn docker_leaves_a_file_or_its_name_in_the_control_group() {
        let plain = linux("6.8.0-45-generic");
        assert!(!is_docker(&plain));
        assert!(is_docker(&plain.clone().holding("/.dockerenv", "")));
        for (cgroup, expected) in [
            ("12:cpu:/docker/0123456789abcdef\n0::/\n", true),
            ("0::/system.slice/docker-0123.scope\n", true),
            ("0::/\n", false),
            ("0::/user.slice/user-1000.slice\n", false),
            ("0::/machine.slice/libpod-0123.scope\n", false),
            ("", false),
        ] {
            assert_eq!(is_docker(&plain.clone().holding("/proc/self/cgroup", cgroup)), expected, "{cgroup}");
        }
    }

    #[test]
    fn linux_within_windows_names_microsoft_outside_of_containers() {
        let first = linux("4.4.0-19041-Microsoft");
        let second = linux("5.15.167.4-microsoft-standard-WSL2");
        let own_kernel = linux("6.1.0-own")
            .holding("/proc/version", "Linux version 6.1.0-own (oe-user@oe-host) (Microsoft@Microsoft.com)");
        for surroundings in [first, second, own_kernel] {
            assert!(is_wsl(&surroundings));
            assert!(!is_wsl(&surroundings.clone().holding("/.dockerenv", "")));
            assert!(!is_wsl(&surroundings.clone().holding("/run/.containerenv", "")));
            assert!(!is_wsl(&Scripted { system: "macos", ..surroundings }));
        }
        assert!(!is_wsl(&linux("6.8.0-45-generic").holding("/proc/version", "Linux version 6.8.0-45-generic")));
    }
}
