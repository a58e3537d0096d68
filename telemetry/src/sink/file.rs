use std::path::PathBuf;

use super::{Outgoing, SendError, Sink};
use crate::storage::private_file;

/// Appends each event to a file, one per line (NDJSON), with one write.
///
/// The file and its directories are created when the first event arrives. On Unix the file has the mode 0600, and each created directory
/// has 0700. The file is opened for each event, so it may be moved away in between. If it is not writable, the event is retried later.
///
/// ```no_run
/// use telemetry::{Consent, Telemetry, sink};
///
/// let telemetry =
///     Telemetry::builder(Consent::new("ACME", "acme")).sink(sink::File::new("/var/log/acme/telemetry.ndjson")).build();
/// ```
#[derive(Clone, Debug)]
pub struct File {
    path: PathBuf,
}

impl File {
    /// A sink that appends to the file at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }
}

impl Sink for File {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        let line = format!("{}\n", event.body());
        private_file::append(&self.path, line.as_bytes()).map_err(|_| SendError::Retry)
    }

    /// A relative path depends on the working directory, so it is made absolute. On Windows, paths that differ in case are one.
    fn destination(&self) -> Option<String> {
        let path = std::path::absolute(&self.path).ok()?;
        let path = if cfg!(windows) { path.to_string_lossy().to_lowercase().into() } else { path };
        Some(format!("file {}", base16ct::lower::encode_string(path.as_os_str().as_encoded_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::outgoing::tests::outgoing;

    #[test]
    fn each_path_is_a_destination_of_its_own() {
        let destination = |path: &str| File::new(path).destination().unwrap();
        assert_ne!(destination("/var/log/a"), destination("/var/log/b"));
        assert_eq!(destination("a"), destination(std::env::current_dir().unwrap().join("a").to_str().unwrap()));
    }

    #[test]
    fn each_event_is_a_line_and_a_file_that_cannot_be_written_is_tried_again() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("logs/telemetry.ndjson");
        let mut sink = File::new(&path);
        for body in ["{}", r#"{"type":"a"}"#] {
            sink.send(&outgoing(body)).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{}\n{\"type\":\"a\"}\n");
        let nowhere = File::new(path.join("below-a-file")).send(&outgoing("{}"));
        assert_eq!(nowhere, Err(SendError::Retry));
    }
}
