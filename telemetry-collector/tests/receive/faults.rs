//! A disk that is slow or full, files that cannot be written, and a clock that jumps, as clients see them.

use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use rustix::process::getuid;
use telemetry_collector::arrival::Day;
use telemetry_collector::check::Known;
use telemetry_collector::operate::{Collector, Settings};
use telemetry_collector::receive::{Clock, Stop, Stopper};
use telemetry_collector::store::{Limits, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::events::{started, write_schemas};
use super::http::{Reply, ask, single};
use super::program::{PROGRAM, Place, SERVE, wait_until};

/// A collector in this process, over a database.
struct Whole {
    address: SocketAddr,
    store: Store,
    /// Dropping it stops the collector.
    _stopper: Stopper,
    _runtime: Runtime,
    _directory: TempDir,
}

impl Whole {
    fn new(open: impl FnOnce(&Path) -> Store, clock: Clock) -> Self {
        let directory = tempfile::tempdir().unwrap();
        write_schemas(&directory.path().join("schemas"), false);
        let store = open(&directory.path().join("events.db"));
        let settings = Settings { listen: "127.0.0.1:0".parse().unwrap(), ..Settings::default() };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let known = Known::read(&directory.path().join("schemas")).unwrap();
        let bound = Collector::bind(settings, known, Arc::new(store.writer()), clock);
        let collector = runtime.block_on(bound).unwrap();
        let (stopper, stop) = Stop::new();
        let address = collector.address();
        runtime.spawn(collector.serve(axum::Router::new(), stop));
        Self { address, store, _stopper: stopper, _runtime: runtime, _directory: directory }
    }

    fn days(&self) -> Vec<i32> {
        let reader = self.store.reader().unwrap();
        let mut statement = reader.prepare("SELECT _day FROM _rows_started ORDER BY _number").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}

/// What commits have to pass.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn pass(&self) {
        let (is_closed, changed) = &*self.0;
        drop(changed.wait_while(is_closed.lock().unwrap(), |is_closed| *is_closed).unwrap());
    }

    fn close(&self, is_closed: bool) {
        *self.0.0.lock().unwrap() = is_closed;
        self.0.1.notify_all();
    }
}

/// Opens the gate also when the test fails, or the senders would wait for ever.
struct Closed<'g>(&'g Gate);

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.close(false);
    }
}

fn is_held_back(reply: &Reply) -> bool {
    reply.status == 503 && reply.header("retry-after") == Some("10")
}

#[test]
fn a_slow_disk_holds_senders_back_and_loses_nothing() {
    const EVENTS: u64 = 60;
    let gate = Gate::default();
    let pass = gate.clone();
    // What waits is bounded, to a few events here.
    let limits = Limits { waiting_bytes: 4_000, ..Limits::default() };
    let open = |path: &Path| Store::open_slow(path, limits, move || pass.pass()).unwrap();
    let whole = Whole::new(open, Clock::system());
    gate.close(true);
    let refused = AtomicU64::new(0);
    let address = whole.address;
    let replies: Vec<(u64, Reply)> = thread::scope(|scope| {
        let closed = Closed(&gate);
        let asking = (0..EVENTS).map(|number| {
            let refused = &refused;
            scope.spawn(move || {
                let reply = ask(address, &single(&started(number)));
                refused.fetch_add(u64::from(reply.status == 503), Ordering::SeqCst);
                (number, reply)
            })
        });
        let asking: Vec<_> = asking.collect();
        // They are told at once, while the disk is busy with the others.
        wait_until(|| refused.load(Ordering::SeqCst) >= EVENTS / 2);
        drop(closed);
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let stored = replies.iter().filter(|(_, reply)| reply.status == 200).count();
    assert!(stored > 0 && replies.iter().all(|(_, reply)| reply.status == 200 || is_held_back(reply)), "{replies:?}");
    assert_eq!(whole.days().len(), stored);
    for (number, _) in replies.iter().filter(|(_, reply)| reply.status == 503) {
        assert_eq!(ask(address, &single(&started(*number))).body, r#"{"fates":["stored"]}"#);
    }
    assert_eq!(whole.days().len() as u64, EVENTS);
}

#[test]
fn a_clock_that_jumps_moves_days_and_neither_repeats_events_nor_deletes_more_than_a_week() {
    const TODAY: i32 = 20_000;
    const AHEAD: i32 = 29_000;
    let day = Arc::new(AtomicU64::new(0));
    let now = Arc::clone(&day);
    let clock = Clock::new(move || SystemTime::UNIX_EPOCH + Duration::from_secs(now.load(Ordering::SeqCst) * 86_400));
    let whole = Whole::new(|path| Store::open(path).unwrap(), clock.clone());
    let writer = whole.store.writer();
    let at = |today: i32| {
        day.store(today.try_into().unwrap(), Ordering::SeqCst);
        // As the program does every few hours.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert_eq!(clock.today(), Day(today));
        runtime.block_on(writer.retain(clock.today(), 30)).unwrap()
    };
    let send = |number| ask(whole.address, &single(&started(number))).body;
    let (stored, duplicate) = (r#"{"fates":["stored"]}"#, r#"{"fates":["duplicate"]}"#);
    for earlier in 1..=7 {
        at(TODAY - earlier);
        assert_eq!(send(100 + u64::try_from(earlier).unwrap()), stored);
    }
    at(TODAY);
    assert_eq!(send(1), stored);
    // What came on a day that is long ago by the right clock is deleted by it.
    for (today, number, deleted) in [(AHEAD, 2, 7), (TODAY - 9_000, 3, 0), (TODAY, 4, 1), (0, 5, 0), (TODAY + 1, 6, 1)]
    {
        assert_eq!(at(today).events, deleted, "{today}");
        assert_eq!(send(number), stored, "{today}");
        assert_eq!(send(number), duplicate);
        assert_eq!(send(1), duplicate, "on day {today}");
    }
    let days = whole.days();
    assert!(days.contains(&TODAY) && days.contains(&AHEAD) && days.contains(&(TODAY + 1)), "{days:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_for_a_while_is_told_to_senders_and_loses_nothing() {
    use rustix::process::{Resource, Rlimit, prlimit};

    use super::http::{Client, get};

    let place = Place::new();
    // A program that ignores the signal gets an error in its place.
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]).args(SERVE);
    let command = place.command(&[]);
    shell.current_dir(place.root()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let served = place.start(&mut shell);
    let limit = |current| {
        prlimit(Some(served.pid()), Resource::Fsize, Rlimit { current, maximum: None }).unwrap();
    };
    let mut client = Client::new(served.address);
    let mut number = 0;
    let mut stored = Vec::new();
    let mut send_until = |status: u16| loop {
        number += 1;
        assert!(number < 10_000, "{status} did not come");
        let reply = client.ask(&single(&started(number))).unwrap_or_else(|_| {
            // A refusal ends the connection.
            client = Client::new(served.address);
            client.ask(&single(&started(number))).unwrap()
        });
        if reply.status == 200 {
            stored.push(number);
        } else {
            assert!(is_held_back(&reply), "{reply:?}");
        }
        if reply.status == status {
            return;
        }
    };
    let health = || ask(served.address, &get("/healthz", &[])).status;
    send_until(200);
    assert_eq!(health(), 200);
    limit(Some(60_000));
    send_until(503);
    assert_eq!(health(), 503, "nothing can be stored, be it an event or not");
    send_until(503);
    limit(None);
    assert_eq!(health(), 200, "also before an event came");
    send_until(200);
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(log.matches("events cannot be stored: ").count(), 1, "{log}");
    assert_eq!(log.matches("events are stored again").count(), 1, "{log}");
    assert_eq!(place.rows(), i64::try_from(stored.len()).unwrap());
}

/// Root may write everything, so the program runs as another user.
#[test]
fn files_that_cannot_be_written_are_told_at_the_start_and_do_no_harm_while_it_runs() {
    const NOBODY: u32 = 65_534;
    let place = Place::new();
    let program = place.path("program");
    // By another process: while this one has a file open for writing, its other tests hand the descriptor on to their children, and a program that
    // is open for writing cannot be run.
    assert!(Command::new("cp").arg(PROGRAM).arg(&program).status().unwrap().success());
    let data = place.path("data");
    fs::create_dir(&data).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(place.root(), 0o755);
    let is_root = getuid().is_root();
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(place.root()).env_clear().env("TELEMETRY_COLLECTOR_SCHEMAS", "schemas");
        command.env("TELEMETRY_COLLECTOR_DATABASE", "data/telemetry.sqlite");
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    };
    let is_refused = || {
        let output = command(&SERVE).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(
            error.contains("data/telemetry.sqlite cannot be written: make it and its directory writable"),
            "{error}"
        );
    };
    if is_root {
        chown(&data, Some(NOBODY), Some(NOBODY)).unwrap();
    }
    mode(&data, 0o555);
    is_refused();
    mode(&data, 0o755);
    let served = place.start(&mut command(&SERVE));
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    let file = data.join("telemetry.sqlite");
    mode(&data, 0o555);
    mode(&file, 0o444);
    assert_eq!(ask(served.address, &single(&started(2))).status, 200, "its files are open");
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
    is_refused();
    mode(&file, 0o644);
    mode(&data, 0o755);
    let served = place.start(&mut command(&SERVE));
    for number in [1, 2] {
        assert_eq!(ask(served.address, &single(&started(number))).body, r#"{"fates":["duplicate"]}"#);
    }
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
}
