//! The directory of schemas, which may change while the collector runs.
//!
//! It is looked at every few seconds: some files whose names, sizes and times are compared. A watcher of the file system would see a change
//! sooner, and brings a crate for each platform.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use crate::check::{Known, KnownError, entries};
use crate::receive::{Keep, Metrics, Receiver};

/// How often the directory is looked at.
pub(super) const PERIOD: Duration = Duration::from_secs(2);

/// After so many looks, a minute, the store takes in what waits although nothing has changed here: another collector that writes to the same store
/// may have put it aside, whose directory does not have the schema.
const LOOKS: u8 = 30;

/// What tells one state of the directory from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State(Vec<File>);

type File = (PathBuf, u64, Option<SystemTime>);

impl State {
    /// Looks at the directory.
    pub(super) fn of(directory: &Path) -> io::Result<Self> {
        let mut files = files(directory)?;
        // The directories of applications.
        let inner: Vec<PathBuf> = files.iter().map(|(path, ..)| path.clone()).filter(|path| path.is_dir()).collect();
        for directory in inner {
            files.extend(self::files(&directory)?);
        }
        files.sort();
        Ok(Self(files))
    }
}

fn files(directory: &Path) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for path in entries(directory)? {
        // It follows links: deployments replace a link to the directory, or to a file.
        if let Ok(metadata) = fs::metadata(&path) {
            files.push((path, metadata.len(), metadata.modified().ok()));
        }
    }
    Ok(files)
}

/// Follows the directory.
pub(super) struct Directory {
    path: PathBuf,
    /// The state that was read last, whether or not it could be used.
    read: Option<State>,
    /// How often the store still has to take in what waits. Requests that began with the former schemas can put events aside after the first time.
    adoptions: u8,
    /// How often it was looked at since that was due.
    looks: u8,
}

impl Directory {
    /// The schemas in the directory, and the means to follow it.
    pub(super) fn open(path: &Path) -> Result<(Self, Known), KnownError> {
        // Looked at first: what changes in between is read again.
        let read = State::of(path).ok();
        let known = Known::read(path)?;
        // What was put aside before a restart may have its schema now.
        Ok((Self { path: path.to_owned(), read, adoptions: 1, looks: 0 }, known))
    }

    /// The next look takes in what waits.
    pub(super) fn adopt(&mut self) {
        self.adoptions = self.adoptions.max(1);
        self.looks = 0;
    }

    /// Looks whether the directory has changed, and passes on what is known then. Says whether that is something else.
    pub(super) async fn look(&mut self, receiver: &Receiver, metrics: &Metrics, store: &dyn Keep) -> bool {
        let changed = self.changed().await;
        let has_changed = changed.is_some();
        if let Some(known) = changed {
            let known = Arc::new(known);
            metrics.knows(&known);
            tracing::info!(events = known.events().count(), "the schemas have changed");
            receiver.know(known);
            self.adoptions = 2;
        }
        self.looks = self.looks.saturating_add(1);
        if self.looks >= LOOKS {
            self.adopt();
        }
        if self.adoptions > 0 && store.know(receiver.known()).await.is_ok() {
            self.adoptions -= 1;
        }
        has_changed
    }

    /// The new schemas, if there are any and they can be used. Otherwise, those that were known stay.
    async fn changed(&mut self) -> Option<Known> {
        let (path, read) = (self.path.clone(), self.read.clone());
        let look = move || {
            let state = State::of(&path).ok();
            let known = (state != read).then(|| Known::read(&path));
            (state, known)
        };
        let (state, known) = tokio::task::spawn_blocking(look).await.ok()?;
        self.read = state;
        match known? {
            Ok(known) => Some(known),
            Err(error) => {
                tracing::error!("the schemas have changed and cannot be used: {error}");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::arrival::{Arrival, Fate};
    use crate::receive::{Clock, Later, Limits, Proxies};

    /// How often it was told what is known.
    #[derive(Default)]
    struct Told(AtomicUsize);

    impl Keep for Told {
        fn keep(&self, _: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
            Box::pin(async { Ok(Vec::new()) })
        }

        fn know(&self, _: Arc<Known>) -> Later<'_, ()> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(()) })
        }
    }

    #[tokio::test]
    async fn what_waits_is_taken_in_at_the_start_when_asked_and_every_minute() {
        let place = tempfile::tempdir().unwrap();
        let (mut directory, known) = Directory::open(place.path()).unwrap();
        let (told, metrics) = (Arc::new(Told::default()), Arc::new(Metrics::default()));
        let (store, limits) = (Arc::<Told>::clone(&told), Limits::default());
        let receiver =
            Receiver::new(known, store, Arc::clone(&metrics), limits, Proxies::default(), Clock::system()).unwrap();
        let mut times = Vec::new();
        for look in 1..=65 {
            if look == 4 {
                directory.adopt();
            }
            directory.look(&receiver, &metrics, told.as_ref()).await;
            if told.0.swap(0, Ordering::Relaxed) > 0 {
                times.push(look);
            }
        }
        assert_eq!(times, [1, 4, 33, 63]);
    }

    #[test]
    fn a_new_file_and_a_changed_one_are_seen() {
        let directory = tempfile::tempdir().unwrap();
        let look = || State::of(directory.path()).unwrap();
        let empty = look();
        assert_eq!(look(), empty);
        fs::write(directory.path().join("init.json"), "1").unwrap();
        let one = look();
        assert_ne!(one, empty);
        fs::write(directory.path().join("init.json"), "12").unwrap();
        assert_ne!(look(), one);
        fs::remove_file(directory.path().join("init.json")).unwrap();
        assert_eq!(look(), empty);
        fs::write(directory.path().join(".#init.json"), "1").unwrap();
        assert_eq!(look(), empty, "a hidden file");
        fs::create_dir(directory.path().join("app")).unwrap();
        let with_app = look();
        fs::write(directory.path().join("app/init.json"), "1").unwrap();
        assert_ne!(look(), with_app);
        assert!(State::of(&directory.path().join("missing")).is_err());
    }
}
