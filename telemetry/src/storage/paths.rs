//! One table of every file and directory that this crate can create. The code finds files by it, and the page for users and the
//! documentation list them from it.

use std::borrow::Cow;

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
pub(crate) const WITHDRAWN_BYTES: usize = 16;

/// The salt of ids and keys, with the markers of the latest noes: one for each configuration directory that is used with it.
pub(crate) const SALT: &str = "salt";
pub(crate) const SALT_LENGTH: usize = 32;
pub(crate) const NOES_NOTED: usize = 4;
pub(crate) const SALT_BYTES: usize = SALT_LENGTH + NOES_NOTED * WITHDRAWN_BYTES;

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
        made: "when that file is written",
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
        holds: "only if the application asks its receiver for deletion after a no: the anonymous ids under which events may have been sent, until the receiver has answered; after that, only the time of its answer",
        bound: || format!("{DELETION_REQUESTS} ids and {} KiB", DELETION_BYTES / 1024),
        made: "with consent, before the first event is sent",
        deleted: "each id once the receiver has answered, or after 7 days in which it could not be asked; on Unix, also an id under which no connection could be made; after a no, all of them if this version no longer asks",
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
        holds: "a random number that changes with each no, by which programs tell what was kept before a no that a yes has followed; it never leaves the machine",
        bound: || format!("{WITHDRAWN_BYTES} bytes"),
        made: "when a no is stored",
        deleted: "never: each no is remembered",
        is_under_id: false,
    },
    Entry {
        directory: Directory::State,
        name: Name::Is(SALT),
        holds: "random bytes, from which keys are derived, and the random numbers of the user's latest noes; they never leave the machine",
        bound: || format!("{SALT_BYTES} bytes"),
        made: "with consent, for the first event",
        deleted: AT_A_NO,
        is_under_id: true,
    },
    Entry {
        directory: Directory::State,
        name: Name::Between(NEW_SALT, ""),
        holds: "the salt while it is being written",
        bound: || format!("{SALT_BYTES} bytes"),
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
        deleted: "with a stored no; that of a former receiver when nothing was counted in it for 8 days",
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

impl Directory {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
