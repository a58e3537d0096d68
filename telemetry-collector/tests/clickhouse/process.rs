//! Programs that serve over one engine, with faults of both in the middle of a batch: every event counts once, and the reports are those of a file.

use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, panic, thread};

use telemetry_collector::receive::Clock;

use super::engine::{Database, Own, VARIABLE};
use crate::receive::events::{ANONYMOUS_ID, Sent, line, started};
use crate::receive::http::{Client, ask, batch, get, single};
use crate::receive::program::{Place, Served, wait_until};

/// As many send at once.
const SENDERS: u64 = 4;

/// How many events one of them sends in a round: some alone, then as many together.
const ALONE: u64 = 3;
const TOGETHER: u64 = 20;
const OF_ONE: u64 = ALONE + TOGETHER;
const OF_ROUND: u64 = SENDERS * OF_ONE;

/// A program that can be ended and started again.
struct Program<'p> {
    place: &'p Place,
    arguments: Vec<String>,
    served: Mutex<Option<Served>>,
    /// Where it is now.
    address: Mutex<SocketAddr>,
}

impl<'p> Program<'p> {
    /// Over the engine, with a file of its own beside.
    fn over(place: &'p Place, database: &Database, beside: &str) -> Self {
        let arguments = ["--store", "clickhouse", "--url", &database.url(), "--database", beside];
        Self::new(place, arguments.map(str::to_owned).to_vec())
    }

    /// Over a file.
    fn over_file(place: &'p Place) -> Self {
        Self::new(place, vec!["--database".to_owned(), "alone.sqlite".to_owned()])
    }

    fn new(place: &'p Place, arguments: Vec<String>) -> Self {
        let served = serve(place, &arguments);
        let address = Mutex::new(served.address);
        Self { place, arguments, served: Mutex::new(Some(served)), address }
    }

    fn address(&self) -> SocketAddr {
        *self.address.lock().unwrap()
    }

    /// Ends it without a warning, and starts it again.
    fn kill(&self) {
        let mut own = self.served.lock().unwrap();
        let served = own.take().unwrap();
        served.signal("KILL");
        assert!(!served.end().0.success());
        let served = serve(self.place, &self.arguments);
        *self.address.lock().unwrap() = served.address;
        *own = Some(served);
    }

    /// What it tells of all events, and of one.
    fn reports(&self) -> [String; 2] {
        ["/api/v1/overview", "/api/v1/events/started"].map(|path| {
            let reply = ask(self.address(), &get(path, &[]));
            assert_eq!(reply.status, 200, "{}", reply.body);
            reply.body
        })
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        // It may be that the test has failed while it was ended.
        if let Some(served) = self.served.get_mut().unwrap_or_else(PoisonError::into_inner).take() {
            served.signal("KILL");
            served.end();
        }
    }
}

fn serve(place: &Place, arguments: &[String]) -> Served {
    place.serve(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

/// An event of one of seven installations, of today or a day before.
fn event(number: u64) -> Sent {
    let install = u8::try_from(number % 7).unwrap();
    started(number).of(install + 1).aged(install % 3)
}

/// The requests of one sender in a round.
fn requests(round: u64, sender: u64) -> Vec<Vec<u8>> {
    let first = round * OF_ROUND + sender * OF_ONE;
    let together = (first + ALONE..first + OF_ONE).map(|number| line(&event(number)) + "\n").collect::<String>();
    (first..first + ALONE).map(|number| single(&event(number))).chain([batch(together)]).collect()
}

/// Sends the requests of a round as clients do: each again and again, until it is told that its events are there. `address` is asked each time where to send.
/// `meanwhile` runs beside, and is given how often senders were told to come later.
fn send(round: u64, address: &(impl Fn() -> SocketAddr + Sync), meanwhile: impl FnOnce(&AtomicUsize)) {
    let held_back = AtomicUsize::new(0);
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let held_back = &held_back;
            scope.spawn(move || {
                requests(round, sender).iter().for_each(|request| send_one(request, address, held_back))
            });
        }
        meanwhile(&held_back);
    });
}

fn send_one(request: &[u8], address: impl Fn() -> SocketAddr, held_back: &AtomicUsize) {
    let begin = Instant::now();
    loop {
        match Client::connect(address()).and_then(|mut client| client.ask(request)) {
            Ok(reply) if reply.status == 200 => {
                let fates = reply.body.matches("\"stored\"").count() + reply.body.matches("\"duplicate\"").count();
                assert!(fates == 1 || fates == usize::try_from(TOGETHER).unwrap(), "{}", reply.body);
                return;
            }
            Ok(reply) => {
                assert_eq!((reply.status, reply.header("retry-after")), (503, Some("10")), "{}", reply.body);
                held_back.fetch_add(1, Ordering::SeqCst);
            }
            // It was ended.
            Err(_) => {}
        }
        assert!(begin.elapsed() < Duration::from_secs(60), "it is not taken");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Sends all of these rounds once more, of which each event has this fate.
fn again(program: &Program<'_>, rounds: u64, fate: &str) {
    for round in 0..rounds {
        let lines: String =
            (round * OF_ROUND..(round + 1) * OF_ROUND).map(|number| line(&event(number)) + "\n").collect();
        let reply = ask(program.address(), &batch(lines));
        let fates: Vec<&str> = reply.body.split(['[', ']']).nth(1).unwrap().split(',').collect();
        let is_so = fates.len() == usize::try_from(OF_ROUND).unwrap() && fates.iter().all(|found| *found == fate);
        assert!(reply.status == 200 && is_so, "{}", reply.body);
    }
}

/// Whether every event of these rounds counts once, in the engine and in the reports of these programs, which are those of a file with the same events.
fn check(place: &Place, database: &Database, programs: &[&Program<'_>], rounds: u64) {
    assert_eq!(database.number("SELECT count() FROM _rows_started FINAL"), rounds * OF_ROUND);
    let file = Program::over_file(place);
    again(&file, rounds, "\"stored\"");
    for program in programs {
        again(program, rounds, "\"duplicate\"");
        assert_eq!(program.reports(), file.reports());
    }
}

/// Days are those of the clock, so that a test whose events came on two days counts only when it has begun again.
fn on_one_day(test: impl Fn()) {
    let today = || Clock::system().today();
    loop {
        let before = today();
        let done = panic::catch_unwind(AssertUnwindSafe(&test));
        if today() == before {
            return done.unwrap_or_else(|failed| panic::resume_unwind(failed));
        }
    }
}

fn server() -> String {
    env::var(VARIABLE).expect("COLLECTOR_TEST_CLICKHOUSE names no engine; .ci/clickhouse starts one")
}

/// A round in which a program is ended while the engine does this with an insert. From then on, senders go to the next one.
fn end_within(fault: &str, round: u64, database: &Database, program: &Program<'_>, next: &Program<'_>) {
    let is_ended = AtomicBool::new(false);
    let address = || if is_ended.load(Ordering::SeqCst) { next.address() } else { program.address() };
    database.fault(fault, 1);
    send(round, &address, |_| {
        wait_until(|| database.faults_left() == 0);
        is_ended.store(true, Ordering::SeqCst);
        program.kill();
        if fault != "slow" {
            database.fault("none", 0);
        }
    });
    // Of `slow`, what it had sent is carried out now, when everything is there.
    database.fault("none", 0);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_program_that_is_killed_within_a_batch_has_every_event_once() {
    on_one_day(|| {
        let (place, database) = (Place::new(), Database::new(&server()));
        let program = Program::over(&place, &database, "beside.sqlite");
        send(0, &|| program.address(), |_| {});
        for (round, fault) in (1..).zip(["late", "hang", "slow"]) {
            end_within(fault, round, &database, &program, &program);
        }
        check(&place, &database, &[&program], 4);
    });
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_program_whose_engine_fails_within_a_batch_has_every_event_once() {
    on_one_day(|| {
        let directory = tempfile::tempdir().unwrap();
        let engine = directory.path().join("engine");
        let mut own = Own::start(&engine, 0);
        let (place, database) = (Place::new(), Database::new(&own.server));
        let program = Program::over(&place, &database, "beside.sqlite");
        let is_held_back = |held_back: &AtomicUsize| held_back.load(Ordering::SeqCst) > 0;
        send(0, &|| program.address(), |_| {});
        for (round, fault) in (1..).zip(["drop", "refuse", "broken"]) {
            // More often than the program tries by itself, so that senders are told.
            database.fault(fault, 4);
            send(round, &|| program.address(), |held_back| wait_until(|| is_held_back(held_back)));
        }
        for round in 4..6 {
            database.fault("kill", 1);
            send(round, &|| program.address(), |held_back| {
                own.wait();
                // Nothing listens there now.
                wait_until(|| is_held_back(held_back));
                own = Own::start(&engine, own.port());
            });
        }
        // What was sent again was not even written again.
        assert_eq!(database.number("SELECT count() FROM _rows_started"), 6 * OF_ROUND);
        check(&place, &database, &[&program], 6);
    });
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn two_programs_over_one_engine_have_every_event_once_and_the_same_reports() {
    on_one_day(|| {
        let (place, database) = (Place::new(), Database::new(&server()));
        let [one, other] = ["one.sqlite", "other.sqlite"].map(|beside| Program::over(&place, &database, beside));
        send(0, &|| one.address(), |_| send(1, &|| other.address(), |_| {}));
        // Both are sent the same at once.
        send(2, &|| one.address(), |_| send(2, &|| other.address(), |_| {}));
        for (round, fault) in (3..).zip(["late", "hang", "slow"]) {
            end_within(fault, round, &database, &one, &other);
        }
        check(&place, &database, &[&one, &other], 6);
    });
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_deletion_says_what_it_does_not_reach() {
    let (place, database) = (Place::new(), Database::new(&server()));
    let program = Program::over(&place, &database, "beside.sqlite");
    assert_eq!(ask(program.address(), &single(&started(1))).status, 200);
    let url = database.url();
    let delete = ["delete", ANONYMOUS_ID, "--store", "clickhouse", "--url", &url, "--database", "other.sqlite"];
    let (code, said, error) = place.run(&delete);
    assert!(
        code == 0 && said.starts_with("1 event deleted. Nothing in ClickHouse or in this file beside it"),
        "{said}{error}"
    );
    assert_eq!(place.run(&delete).0, 3);
}

#[test]
#[ignore = "needs ClickHouse: .ci/clickhouse starts it"]
fn a_file_that_is_taken_over_by_programs_that_are_killed_counts_once() {
    /// More events than are taken over at a time.
    const ROUNDS: u64 = 5_000 / OF_ROUND + 2;
    on_one_day(|| {
        let (place, database) = (Place::new(), Database::new(&server()));
        let file = Program::over_file(&place);
        again(&file, ROUNDS, "\"stored\"");
        let (reports, url) = (file.reports(), database.url());
        drop(file);
        let take = ["forward", "--database", "alone.sqlite", "--url", &url];
        for fault in ["late", "hang", "slow"] {
            database.fault(fault, 1);
            let mut child = place.command(&take).spawn().unwrap();
            wait_until(|| database.faults_left() == 0);
            child.kill().unwrap();
            child.wait().unwrap();
            if fault != "slow" {
                database.fault("none", 0);
            }
        }
        // Of the first part, everything was there, although nobody was told.
        let rest = ROUNDS * OF_ROUND - 5_000;
        for new in [rest, 0] {
            let (code, said, error) = place.run(&take);
            assert!(code == 0 && said.starts_with(&format!("{new} events were taken over")), "{said}{error}");
            // What a program had sent that was ended is carried out now.
            database.fault("none", 0);
        }
        assert_eq!(Program::over(&place, &database, "beside.sqlite").reports(), reports);
    });
}
