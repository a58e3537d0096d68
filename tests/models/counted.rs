//! Counted events: the threads that publish them, the worker that writes what is pending, and a flush or the end.

#[path = "../../telemetry/src/delivery/counted/day.rs"]
mod day;
#[path = "disk.rs"]
mod file;
#[path = "../../telemetry/src/delivery/counted/ledger.rs"]
mod ledger;
#[path = "../../telemetry/src/delivery/counted/memory.rs"]
mod memory;
#[path = "../../telemetry/src/delivery/counted/more.rs"]
mod more;
#[path = "../../telemetry/src/delivery/counted/pending.rs"]
mod pending;
#[path = "../../telemetry/src/delivery/counted/shared.rs"]
mod shared;

use std::sync::Arc;
use std::time::Duration;

use loom::thread;

use self::file::Disk;
use self::more::Kind;
use self::shared::{Counted, Kept, One, Writing};
use super::counts::Loss;
use super::queue::Queue;
use super::spool::StoredEvent;
use super::{LONG, Workers, end, work};
use crate::clock::{Clock, Moment, Stamp};

// No other process counts.

mod line {
    pub(super) struct CountKey;
}

mod owner {
    use std::io;

    use super::file::CountFile;
    use super::line::CountKey;
    use crate::clock::Stamp;
    use crate::storage::StateDirectory;

    pub(super) fn names(_: &StateDirectory, _: &CountKey) -> Vec<String> {
        Vec::new()
    }

    pub(super) fn remove_abandoned(_: &StateDirectory) {}

    pub(super) fn remove_former(_: &StateDirectory, _: &CountKey) -> u64 {
        0
    }

    pub(super) fn of_others(_: &StateDirectory, _: &CountKey, _: &str, _: &Stamp) -> io::Result<Option<CountFile>> {
        Ok(None)
    }
}

const KIND: Kind<'_> = Kind { body: "command", schema: "5c", by_operator: false };

/// What `Pipeline` is made of.
struct Client {
    queue: Queue,
    counted: Counted,
    disk: Arc<Disk>,
    workers: Workers,
    now: Moment,
}

impl Client {
    /// One whose disk has room for so many events. It has counted one event already.
    fn new(room: u64, fails: bool) -> Arc<Self> {
        // Before the queue's clock stands still, so that what is to be written then is due.
        let now = Clock::default().now();
        let client = Arc::new(Self {
            queue: Queue::default(),
            counted: Counted::default(),
            disk: Arc::new(Disk::new(room, fails)),
            workers: Workers::default(),
            now,
        });
        assert_eq!(client.count(client.now, true), Ok(Kept::OnDisk));
        client
    }

    fn writing<T>(&self, write: impl FnOnce(&Writing<'_>) -> T) -> T {
        let open = |_| self.disk.open(day::begin(&self.now.stamp, None));
        let lose = |loss, events| self.queue.uncount(loss, events);
        write(&Writing { open: Some(&open), id: &|ticket| ticket.to_string(), lose: &lose })
    }

    /// As `counting.rs` does. What is pending is to be written at once.
    fn publish(self: &Arc<Self>, now: Moment) -> Result<Kept, Loss> {
        let kept = self.count(now, true);
        if kept == Ok(Kept::Pending { is_first: true }) && self.counted.is_written_at().is_some() {
            self.queue.write_counts_at(self.now.instant, || self.start()).unwrap();
        }
        kept
    }

    /// The same where no worker writes.
    fn count(&self, now: Moment, can_wait: bool) -> Result<Kept, Loss> {
        let ticket = self.queue.admit_to_count()?;
        let event = |at: Stamp| StoredEvent {
            id: ticket.to_string(),
            at,
            schema: KIND.schema.to_owned(),
            body: KIND.body.to_owned(),
            lacks_context: false,
            by_operator: KIND.by_operator,
        };
        let one = One { kind: KIND, ticket, can_wait };
        let kept = self.writing(|writing| self.counted.add(&one, &now, writing, event));
        self.queue.counted(kept.map(|_| ()));
        kept
    }

    fn start(self: &Arc<Self>) -> Result<(), Loss> {
        let client = Arc::clone(self);
        let worker = thread::spawn(move || work(&client.queue, || client.write()));
        self.workers.lock().unwrap().push(worker);
        Ok(())
    }

    fn write(&self) {
        self.writing(|writing| self.counted.write(&self.now, writing, LONG));
    }

    fn end_counts(&self, patience: Duration) -> (Vec<StoredEvent>, u64) {
        self.writing(|writing| self.counted.end(&self.now, writing, patience))
    }

    /// As `Pipeline::close` does.
    fn close(self: &Arc<Self>) {
        let (counts, _) = self.end_counts(LONG);
        if !counts.is_empty() {
            self.queue.start(|| self.start()).unwrap();
            self.queue.take_counted(counts, false);
        }
        self.queue.close(LONG, false, |_| ());
    }

    fn beside<T: 'static>(self: &Arc<Self>, act: impl FnOnce(&Arc<Self>) -> T + 'static) -> thread::JoinHandle<T> {
        let client = Arc::clone(self);
        thread::spawn(move || act(&client))
    }

    /// What was accepted is on disk or was sent, and everything else is told to be lost.
    fn check(&self, published: u64) {
        let sent = end(&self.queue, &self.workers);
        let counts = self.queue.counts();
        assert_eq!(counts.counted(), self.disk.written() + sent, "{counts:?}");
        assert_eq!(counts.counted() + counts.dropped(), published, "{counts:?}");
    }
}

/// Two threads count equal events, and the worker writes them.
pub fn two_count() {
    let client = Client::new(9, false);
    let other = client.beside(|client| client.publish(client.now));
    assert!(client.publish(client.now).is_ok());
    assert!(other.join().unwrap().is_ok());
    client.close();
    client.check(3);
}

/// The worker writes all that is pending, also if nobody flushes.
pub fn worker_writes() {
    let client = Client::new(9, false);
    let other = client.beside(|client| client.publish(client.now));
    assert!(client.publish(client.now).is_ok());
    assert!(other.join().unwrap().is_ok());
    client.disk.wait(3);
    client.close();
    client.check(3);
}

/// What was counted before a flush is on disk after it, whoever writes it.
pub fn flush_beside_count() {
    let client = Client::new(9, false);
    assert!(client.publish(client.now).is_ok());
    let other = client.beside(|client| client.publish(client.now));
    // As `Pipeline::flush` does.
    if !client.counted.is_written() {
        client.write();
    }
    client.queue.flush(LONG);
    assert!(client.disk.written() >= 2);
    assert!(other.join().unwrap().is_ok());
    client.close();
    client.check(3);
}

/// The worker is late, so a thread that publishes writes.
pub fn overdue() {
    let client = Client::new(9, false);
    assert!(client.publish(client.now).is_ok());
    let other = client.beside(|client| {
        let late = client.now.instant + Duration::from_secs(2);
        client.publish(Moment { instant: late, ..client.now })
    });
    assert!(client.publish(client.now).is_ok());
    assert!(other.join().unwrap().is_ok());
    client.close();
    client.check(4);
}

/// An event that is counted beside the end is refused, or it is counted.
pub fn close_beside_count() {
    let client = Client::new(9, false);
    let other = client.beside(|client| client.publish(client.now));
    client.close();
    let is_accepted = other.join().unwrap().is_ok();
    client.check(2);
    assert_eq!(client.queue.counts().counted(), 1 + u64::from(is_accepted));
}

/// The disk fails, so the end sends what was counted in memory.
pub fn disk_fails() {
    let client = Client::new(1, true);
    let other = client.beside(|client| client.publish(client.now));
    assert!(client.publish(client.now).is_ok());
    assert!(other.join().unwrap().is_ok());
    client.close();
    // By another handle.
    client.close();
    client.check(3);
    let counts = client.queue.counts();
    assert_eq!(counts.dropped(), 0, "{counts:?}");
}

/// An event that must be on disk, and is counted in memory beside the end, is refused, or it is sent.
pub fn disk_fails_beside_close() {
    let client = Client::new(1, true);
    let other = client.beside(|client| client.count(client.now, false));
    client.close();
    let kept = other.join().unwrap();
    client.check(2);
    assert_eq!(client.queue.counts().counted(), 1 + u64::from(kept.is_ok()));
}

/// The count is as large as it can be.
pub fn count_is_full() {
    let client = Client::new(2, false);
    let other = client.beside(|client| client.publish(client.now));
    let _ = client.publish(client.now);
    let _ = other.join().unwrap();
    client.close();
    client.check(3);
    assert_eq!(client.queue.counts().dropped_for(Loss::CountFull), 1);
}

/// After a no, what is not on disk is lost, and is told to be.
pub fn withdraw_beside_count() {
    let client = Client::new(9, false);
    let other = client.beside(|client| client.publish(client.now));
    // As `worker.rs` does.
    client.disk.deny();
    client.queue.withdraw(true);
    client.write();
    let kept = other.join().unwrap();
    client.close();
    client.check(2);
    assert!(kept.is_ok() || client.queue.counts().dropped_for(Loss::ConsentWithdrawn) == 1);
}

/// An end that does not wait for a thread that writes tells what that one has taken, and that one tells it no more.
pub fn end_without_patience(fails: bool) {
    let client = Client::new(2, fails);
    let writes = client.beside(|client| {
        for _ in 0..2 {
            let _ = client.count(client.now, true);
        }
        client.write();
    });
    // The first lock that is taken, as in `Pipeline::close`: loom lets a thread that is about to try a lock wait while another one holds it.
    client.counted.is_written();
    let (_, in_memory) = client.end_counts(Duration::ZERO);
    client.queue.uncount(Loss::Ended, in_memory);
    writes.join().unwrap();
    let counts = client.queue.counts();
    assert_eq!(counts.counted() + counts.dropped(), 3, "{counts:?}");
    // The first one is on disk, and nobody else has told of it.
    assert!((1..=client.disk.written()).contains(&counts.counted()), "{counts:?}");
}

/// A forked child has one thread, and locks that other threads of its parent held. It waits for none of them.
pub fn forked_while_others_write() {
    for (writes, counts) in [(true, false), (false, true), (true, true), (false, false)] {
        let client = Client::new(9, false);
        assert!(client.count(client.now, true).is_ok());
        if writes {
            std::mem::forget(client.counted.lock());
        }
        if counts {
            std::mem::forget(client.counted.pending());
        }
        client.counted.abandon();
        if !writes && !counts {
            assert_eq!((client.end_counts(LONG), client.disk.written()), ((Vec::new(), 0), 1));
        }
    }
}
