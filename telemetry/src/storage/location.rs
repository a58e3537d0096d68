//! Where the directories of an application are.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};

use super::owner::may_be_used;
use super::paths::Directory;

/// The location of a directory, which need not exist.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) path: PathBuf,
    /// An ancestor directory that this crate must not create: the user's home, or the directory of the service.
    pub(crate) base: Option<PathBuf>,
}

impl Directory {
    /// The location for an application. `None` if the user has no home, or the name is not valid for a directory.
    ///
    /// Without the variable `HOME`, a Unix system looks up the user's home in a database of its own, which costs many system calls.
    pub(crate) fn locate(self, application: &str) -> Option<Location> {
        if !is_application(application) {
            return None;
        }
        if self == Self::State
            && let Some(service) = service_directory()
        {
            return Some(Location {
                path: service.join(unix_name(application)).join("telemetry"),
                base: Some(service),
            });
        }
        let strategy = choose_app_strategy(arguments(application)).ok()?;
        let path = match self {
            Self::Config => strategy.config_dir(),
            Self::State => strategy.state_dir().unwrap_or_else(|| strategy.data_dir()).join("telemetry"),
        };
        let home = strategy.home_dir();
        let base = path.starts_with(home).then(|| home.to_owned());
        path.is_absolute().then_some(Location { path, base })
    }

    /// The possible locations in a form for users: the condition, and the directory.
    pub(crate) fn forms(self, application: &str) -> Vec<(&'static str, String)> {
        let unix = unix_name(application);
        match self {
            Self::Config => vec![
                ("with the variable `XDG_CONFIG_HOME`", format!("$XDG_CONFIG_HOME/{unix}")),
                ("by default", format!("~/.config/{unix}")),
                ("on Windows", format!("%APPDATA%\\{application}\\config")),
            ],
            Self::State => vec![
                ("in a service of systemd with `StateDirectory=`", format!("$STATE_DIRECTORY/{unix}/telemetry")),
                ("with the variable `XDG_STATE_HOME`", format!("$XDG_STATE_HOME/{unix}/telemetry")),
                ("by default", format!("~/.local/state/{unix}/telemetry")),
                ("on Windows", format!("%APPDATA%\\{application}\\data\\telemetry")),
            ],
        }
    }
}

/// Whether the environment names the location of the configuration directory, so that the system need not be asked.
pub(crate) fn is_config_named() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_absolute = |name| env::var_os(name).is_some_and(|value| Path::new(&value).is_absolute());
    !cfg!(unix) || is_set("HOME") || is_absolute("XDG_CONFIG_HOME")
}

fn arguments(application: &str) -> AppStrategyArgs {
    AppStrategyArgs { app_name: application.to_owned(), ..AppStrategyArgs::default() }
}

/// The name of an application's directory on all platforms except Windows.
fn unix_name(application: &str) -> String {
    arguments(application).unixy_name()
}

/// The first state directory that systemd created for this service (systemd.exec(5), `StateDirectory=`). A program that another user's service
/// has started may have inherited the variable.
fn service_directory() -> Option<PathBuf> {
    let value = env::var_os("STATE_DIRECTORY").filter(|_| cfg!(target_os = "linux"))?;
    first_absolute(&value).filter(|directory| may_be_used(directory))
}

fn first_absolute(paths: &OsStr) -> Option<PathBuf> {
    env::split_paths(paths).find(|path| path.is_absolute() && *path != Path::new("/"))
}

/// Longest name of an application, in bytes.
pub(crate) const LONGEST_APPLICATION: usize = 64;

/// Whether an application's name is a directory name that is safe on every platform.
pub(crate) fn is_application(name: &str) -> bool {
    name.len() <= LONGEST_APPLICATION
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && !name.ends_with('.')
        && !is_device(name)
}

/// Windows reserves these names in any letter case and with any extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let is = |device: &str| stem.eq_ignore_ascii_case(device);
    let numbered = |device: &str| {
        stem.len() == 4
            && stem.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(device))
            && stem.ends_with(|last: char| last.is_ascii_digit())
    };
    ["con", "prn", "aux", "nul"].into_iter().any(is) || ["com", "lpt"].into_iter().any(numbered)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page names the directory in use, even if it differs from the application's name.
    #[cfg(unix)]
    #[test]
    fn the_directory_that_is_told_is_the_one_that_is_used() {
        for application in ["acme", "AcmeCli", "Acme.Cli_2"] {
            for directory in [Directory::Config, Directory::State] {
                let used = directory.locate(application).unwrap().path;
                let told = directory.forms(application).swap_remove(directory.forms(application).len() - 2).1;
                let end = told.strip_prefix("~/").unwrap();
                let end = end.split_once('/').unwrap().1.trim_start_matches("state/");
                assert!(used.ends_with(end), "{used:?} {told}");
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn of_several_directories_of_a_service_the_first_is_taken() {
        let first = |text: &str| first_absolute(OsStr::new(text));
        assert_eq!(first("/var/lib/acme:/var/lib/other"), Some("/var/lib/acme".into()));
        for none in ["", "/", "acme", "acme:"] {
            assert_eq!(first(none), None, "{none}");
        }
    }

    #[test]
    fn a_name_that_is_not_fit_for_a_directory_has_no_location() {
        for name in ["", "..", "../acme", "a/b", "con"] {
            for directory in [Directory::Config, Directory::State] {
                assert!(directory.locate(name).is_none(), "{name}");
            }
        }
    }
}
