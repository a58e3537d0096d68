//! One table of every file and directory that this crate can create. The code finds files by it, and the page for users and the
//! documentation list them from it.

use std::borrow::Cow;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use etcetera::app_strategy::{AppStrategy, AppStrategyArgs, choose_app_strategy};
use telemetry_spec::counted::MAX_DISTINCT;

/// The user's choice.
pub(crate) const CHOICE: &str = "telemetry-consent";

/// Prefix of the choice's name while it is being written.
pub(crate) const NEW_CHOICE: &str = "telemetry-consent.new";

/// The schemas that the user declined after a yes.
pub(crate) const DECLINED: &str = "telemetry-declined";

/// The ids under which events were sent, and what became of the requests to delete what was sent under them.
pub(crate) const DELETION: &str = "telemetry-deletion";

/// Contains one byte for each time the question was asked.
pub(crate) const UNANSWERED: &str = "telemetry-unanswered";

/// Contains a random number that changes with each no.
pub(crate) const WITHDRAWN: &str = "telemetry-withdrawn";

/// The salt of ids and keys.
pub(crate) const SALT: &str = "salt";

/// Prefix of the names of files that become the salt.
pub(crate) const NEW_SALT: &str = "salt.";

/// Prefix and suffix of the names of all spool files, for any key.
pub(crate) const SPOOL: &str = "spool-";
pub(crate) const SPOOL_END: &str = ".ndjson";

/// Prefix and suffix of the names of files with events that are counted by day.
pub(crate) const COUNTED: &str = "counted-";
pub(crate) const COUNTED_END: &str = ".ndjson";

/// Prefix and suffix of the names of files with the times of heartbeats, one for each destination.
pub(crate) const HEARTBEATS: &str = "heartbeats-";
pub(crate) const HEARTBEATS_END: &str = ".json";

/// The last events that were sent, and the preceding ones.
pub(crate) const SENT: &str = "sent.ndjson";
pub(crate) const SENT_BEFORE: &str = "sent-before.ndjson";

/// The file that one uploader holds at a time. Its modification time is the start of the last uploader.
pub(crate) const UPLOAD_LOCK: &str = "upload.lock";

/// Prefix and suffix of the names of files that hold a pause, one for each destination.
pub(crate) const PAUSE: &str = "pause-";
pub(crate) const PAUSE_END: &str = ".json";

/// Limits of the choice, with what it covers, and of what was declined.
pub(crate) const CHOICE_BYTES: usize = 1024 * 1024;
pub(crate) const DECLINED_BYTES: usize = 64 * 1024;

/// Limits of the requests for deletion: how many are kept, and the size of their file.
pub(crate) const DELETION_REQUESTS: usize = 16;
pub(crate) const DELETION_BYTES: usize = 8 * 1024;

/// How often the question is asked before silence counts as a no.
pub(crate) const MAX_QUESTIONS: u64 = 3;

/// Limits of all spool files together, and of the time that an event waits in one.
pub(crate) const SPOOL_BYTES: u64 = 1024 * 1024;
pub(crate) const SPOOL_EVENTS: usize = 500;
pub(crate) const SPOOL_DAYS: u64 = 7;

/// Limit of the files with counted events of one receiver; where files can be locked, there is one.
pub(crate) const COUNTED_FILES: usize = 32;

/// Limit of a file with counted events.
pub(crate) const COUNTED_BYTES: u64 = 256 * 1024;

/// Limit of a file with the times of heartbeats.
pub(crate) const HEARTBEATS_BYTES: u64 = 16 * 1024;

/// The number of events that [`SENT`] and [`SENT_BEFORE`] hold each.
pub(crate) const SENT_EVENTS: usize = 20;

/// A directory that contains an application's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directory {
    /// The platform's directory for configuration.
    Config,
    /// The platform's state directory, or its data directory if it has none.
    State,
}

/// A file that can be created, or several with a common name pattern.
pub(crate) struct Entry {
    pub(crate) directory: Directory,
    name: Name,
    /// The contents of the file.
    pub(crate) holds: &'static str,
    /// The maximum size of the file.
    pub(crate) bound: fn() -> String,
    /// When the file is created.
    pub(crate) made: &'static str,
    /// When the file is deleted.
    pub(crate) deleted: &'static str,
    /// Whether the file is derived from the anonymous id's salt, so that forgetting the id deletes it.
    is_under_id: bool,
}

enum Name {
    Is(&'static str),
    /// Any name with this prefix and suffix.
    Between(&'static str, &'static str),
}

const AT_A_NO: &str = "with a stored no";

/// The table.
pub(crate) const TABLE: [Entry; 15] = [
    Entry {
        directory: Directory::Config,
        name: Name::Is(CHOICE),
        holds: "the user's choice, `enabled` or `disabled`, and the events that a yes covers: their names and what they could send",
        bound: || format!("{} MiB", CHOICE_BYTES / (1024 * 1024)),
        made: "when a choice is stored",
        deleted: "never: a no is remembered",
        is_under_id: false,
    },
    Entry {
        directory: Directory::Config,
        name: Name::Between(NEW_CHOICE, ""),
        holds: "one of the other files in this table, while it is being written",
        bound: || format!("{} MiB", CHOICE_BYTES / (1024 * 1024)),
        made: "when a choice is stored",
        deleted: "at once: it becomes that file",
        is_under_id: false,
    },
    Entry {
        directory: Directory::Config,
        name: Name::Is(DECLINED),
        holds: "names and hashes of the events to which the user said no after an earlier yes, so that they are not asked about again",
        bound: || format!("{} KiB", DECLINED_BYTES / 1024),
        made: "when the user declines what is new in a later version",
        deleted: AT_A_NO,
        is_under_id: false,
    },
    Entry {
        directory: Directory::Config,
        name: Name::Is(DELETION),
        holds: "only if the application asks its receiver for deletion after a no: the anonymous ids under which events may have been sent, until the receiver has answered; then only when it did",
        bound: || format!("{DELETION_REQUESTS} ids and {} KiB", DELETION_BYTES / 1024),
        made: "with consent, before the first event is sent",
        deleted: "each id when the receiver was asked to delete what it has, or could not be asked for 7 days; also after the attempt for which it was written down, if that made no connection and no other program used the id, but only on Unix; after a no, all of them if this version no longer asks",
        is_under_id: false,
    },
    Entry {
        directory: Directory::Config,
        name: Name::Is(UNANSWERED),
        holds: "one byte for each time that the question was not answered",
        bound: || format!("{MAX_QUESTIONS} bytes"),
        made: "when the question is put",
        deleted: "when a choice is stored",
        is_under_id: false,
    },
    Entry {
        directory: Directory::Config,
        name: Name::Is(WITHDRAWN),
        holds: "a random number that changes with each no, by which a running program notices a no that a yes has followed; it never leaves the machine",
        bound: || "16 bytes".to_owned(),
        made: "when a no is stored",
        deleted: "never: each no is remembered",
        is_under_id: false,
    },
    Entry {
        directory: Directory::State,
        name: Name::Is(SALT),
        holds: "random bytes, from which keys are derived; they never leave the machine",
        bound: || "32 bytes".to_owned(),
        made: "with consent, for the first event",
        deleted: AT_A_NO,
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(NEW_SALT, ""),
        holds: "the salt while it is being written",
        bound: || "32 bytes".to_owned(),
        made: "with consent, for the first event",
        deleted: "at once: it becomes the salt",
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(SPOOL, SPOOL_END),
        holds: "events that are still to be sent, each line authenticated with a key of the salt, the application and the receiver",
        bound: || format!("{} MiB, {SPOOL_EVENTS} events and {SPOOL_DAYS} days in all", SPOOL_BYTES / (1024 * 1024)),
        made: "with consent, when an event could not be sent at once",
        deleted: "when its events are sent or too old, and with a stored no",
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(COUNTED, COUNTED_END),
        holds: "events that are counted by day: each distinct one once, with how many there were, each line authenticated like those above",
        bound: || {
            format!(
                "{} KiB for each receiver, with {MAX_DISTINCT} distinct events of a kind and day; where files cannot be locked, as much \
                 for each running program, and {COUNTED_FILES} files",
                COUNTED_BYTES / 1024
            )
        },
        made: "with consent, when an event is counted",
        deleted: AT_A_NO,
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(HEARTBEATS, HEARTBEATS_END),
        holds: "when the events that are published once in a period by all programs together were last published",
        bound: || format!("one file of at most {} KiB for each receiver", HEARTBEATS_BYTES / 1024),
        made: "with consent, when the application asked for such events",
        deleted: AT_A_NO,
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Is(SENT),
        holds: "the last events that were sent, for the user to read",
        bound: || format!("{SENT_EVENTS} events"),
        made: "with consent, when an event was sent",
        deleted: AT_A_NO,
        is_under_id: false,
    },
    Entry {
        directory: Directory::State,
        name: Name::Is(SENT_BEFORE),
        holds: "the events before those",
        bound: || format!("{SENT_EVENTS} events"),
        made: "when the other is full",
        deleted: AT_A_NO,
        is_under_id: false,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(PAUSE, PAUSE_END),
        holds: "until when nothing is sent, since the receiver could not take an event or asked for a pause, and why; until when fewer events are sent at once, since it did not take so many",
        bound: || "one file of at most 4 KiB for each receiver".to_owned(),
        made: "with consent, when an event could not be sent",
        deleted: "when events were sent as usual, and with a stored no",
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Is(UPLOAD_LOCK),
        holds: "whether a process that sends for others has been started, and has come to its end; its date tells when, and one at a time holds it",
        bound: || "2 bytes".to_owned(),
        made: "with consent and `Upload::Detached`",
        deleted: AT_A_NO,
        is_under_id: false,
    },
];

impl Entry {
    /// The name, with `*` for the variable part.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match self.name {
            Name::Is(name) => name.into(),
            Name::Between(start, end) => format!("{start}*{end}").into(),
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self.name {
            Name::Is(is) => name == is,
            Name::Between(start, end) => {
                name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
            }
        }
    }
}

/// The row of a file in the state directory, if the file is one of this crate's.
fn of_state(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.directory == Directory::State && entry.matches(name))
}

/// Whether a file in the state directory is one of this crate's.
pub(crate) fn is_state(name: &str) -> bool {
    of_state(name).is_some()
}

/// Whether a file in the state directory is deleted together with the anonymous id.
pub(crate) fn is_under_id(name: &str) -> bool {
    of_state(name).is_some_and(|entry| entry.is_under_id)
}

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

    /// Its name in prose.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Config => "configuration directory",
            Self::State => "state directory",
        }
    }

    pub(crate) fn entries(self) -> impl Iterator<Item = &'static Entry> {
        TABLE.iter().filter(move |entry| entry.directory == self)
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

/// The first state directory that systemd created for this service (systemd.exec(5), `StateDirectory=`).
fn service_directory() -> Option<PathBuf> {
    let value = env::var_os("STATE_DIRECTORY").filter(|_| cfg!(target_os = "linux"))?;
    first_absolute(&value)
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

    #[test]
    fn every_file_has_one_row() {
        for name in
            ["salt", "salt.00", "spool-0-1.ndjson", "sent.ndjson", "sent-before.ndjson", "upload.lock", "pause-0.json"]
        {
            let rows = TABLE.iter().filter(|entry| entry.directory == Directory::State && entry.matches(name));
            assert_eq!(rows.count(), 1, "{name}");
        }
        for name in ["", "salt2", "spool-", "spool-1", "sent.ndjson.bak", "telemetry-consent"] {
            assert!(!is_state(name), "{name}");
        }
        assert!(is_under_id("salt") && is_under_id("spool-1.ndjson") && !is_under_id("sent.ndjson"));
    }

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
