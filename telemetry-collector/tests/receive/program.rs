//! The program: its start, its end, and its commands.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tempfile::TempDir;

use super::events::{ANONYMOUS_ID, started, started_later, write_schemas};
use super::http::{Client, ask, get, single, single_with};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_telemetry-collector");

/// The arguments of a program that serves.
pub(crate) const SERVE: [&str; 5] = ["serve", "--listen", "127.0.0.1:0", "--burst", "1000000"];

/// A directory with schemas and a database.
pub(crate) struct Place(TempDir);

/// The program while it serves.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    log: JoinHandle<String>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        write_schemas(&place.path("schemas"), false);
        place
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program with an environment that has nothing else.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(self.0.path()).env_clear();
        for (name, value) in [("SCHEMAS", "schemas"), ("DATABASE", "telemetry.sqlite")] {
            command.env(format!("TELEMETRY_COLLECTOR_{name}"), value);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    pub(crate) fn serve(&self, arguments: &[&str]) -> Served {
        self.start(&mut self.command(&[&SERVE, arguments].concat()))
    }

    /// Starts a command that becomes the program that serves.
    pub(crate) fn start(&self, command: &mut Command) -> Served {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("Events are taken at http://");
        let address = address.and_then(|rest| rest.strip_suffix("/v1/events"));
        let Some(address) = address else { panic!("{line}: {}", log.join().unwrap()) };
        Served { address: address.parse().unwrap(), child, log }
    }

    pub(crate) fn database(&self) -> Connection {
        Connection::open(self.path("telemetry.sqlite")).unwrap()
    }

    /// How many events there are. The view of the event is made with the first one.
    pub(crate) fn rows(&self) -> i64 {
        self.database().query_row("SELECT count(*) FROM started", [], |row| row.get(0)).unwrap_or(0)
    }
}

impl Served {
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn pid(&self) -> rustix::process::Pid {
        rustix::process::Pid::from_child(&self.child)
    }

    /// Its memory in KiB, where the system tells it.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        println!("memory: {line}");
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// What it logged until its end, and how it ended.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        (status, self.log.join().unwrap())
    }
}

/// Waits for what the program brings about.
pub(crate) fn wait_until(done: impl Fn() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it did not come about");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    let place = Place::new();
    let served = place.serve(&["--log", "json"]);
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    assert_eq!(ask(served.address, &get("/healthz", &[])).body, "ok\n");
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    for line in log.lines() {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
    }
    assert!(log.contains("\"stopped\"") && log.contains("\"is_finished\":true"), "{log}");
    assert_eq!(place.rows(), 1);
    assert!(!place.path("telemetry.sqlite-wal").exists(), "the database was closed");
}

/// What another program has written since is in its own log, and newer than what is in the one that was removed.
#[test]
fn the_end_does_not_undo_what_another_program_wrote_after_the_log_was_removed() {
    let place = Place::new();
    let served = place.serve(&[]);
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    for name in ["telemetry.sqlite-wal", "telemetry.sqlite-shm"] {
        std::fs::remove_file(place.path(name)).unwrap();
    }
    let other = place.database();
    other.execute_batch("CREATE TABLE other (number); INSERT INTO other VALUES (1)").unwrap();
    drop(other);
    assert!(place.path("telemetry.sqlite-wal").exists());
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
    let left: i64 = place.database().query_row("SELECT number FROM other", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1);
    let is_whole: String = place.database().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(is_whole, "ok");
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let place = Place::new();
    let served = place.serve(&["--stop-seconds", "3600"]);
    // A request that waits for the database, which another program has locked.
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    let database = place.database();
    database.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut client = Client::new(served.address);
    let event = started(2);
    let whole = single_with(&event, &[("expect", "100-continue")], event.body());
    let (head, body) = whole.split_at(whole.len() - event.body().len());
    assert_eq!(client.ask(head).unwrap().status, 100, "the request has begun");
    client.send(body).unwrap();
    served.signal("INT");
    wait_until(|| Client::connect(served.address).is_err());
    served.signal("INT");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(130), "{log}");
}

#[test]
fn a_schema_that_is_added_while_it_runs_takes_in_what_waits() {
    let place = Place::new();
    let served = place.serve(&[]);
    assert_eq!(ask(served.address, &single(&started_later(1))).status, 202);
    write_schemas(&place.path("new"), true);
    let (code, said, error) = place.run(&["schemas", "add", "new/started.json"]);
    assert_eq!((code, said.as_str()), (0, "started: 2 releases, 1 new\n"), "{error}");
    served.signal("HUP");
    wait_until(|| place.rows() == 1);
    assert_eq!(ask(served.address, &single(&started_later(1))).body, r#"{"fates":["duplicate"]}"#);
    assert_eq!(ask(served.address, &single(&started_later(2))).body, r#"{"fates":["stored"]}"#);

    // A file that cannot be used changes nothing.
    std::fs::write(place.path("schemas/other.json"), "{").unwrap();
    served.signal("HUP");
    assert_eq!(ask(served.address, &single(&started_later(3))).body, r#"{"fates":["stored"]}"#);
    served.signal("TERM");
    let (status, _) = served.end();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn what_another_collector_put_aside_is_taken_in_when_asked() {
    let place = Place::new();
    write_schemas(&place.path("new"), true);
    let (knows, knows_not) = (place.serve(&["--schemas", "new"]), place.serve(&[]));
    wait_until(|| place.database().prepare("SELECT wait FROM started").is_ok());
    // The first one may be taken in by what is done at the start.
    for number in 1..=2 {
        assert_eq!(ask(knows_not.address, &single(&started_later(number))).status, 202);
        knows.signal("HUP");
        wait_until(|| place.rows() == i64::try_from(number).unwrap());
    }
    for served in [knows, knows_not] {
        served.signal("TERM");
        assert_eq!(served.end().0.code(), Some(0));
    }
}

#[test]
fn nothing_expires_whose_schema_is_known() {
    let place = Place::new();
    let served = place.serve(&[]);
    for number in 1..=2 {
        assert_eq!(ask(served.address, &single(&started_later(number))).status, 202);
    }
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
    let age = |number: u64| {
        let sql = "UPDATE _quarantine SET day = day - 40 WHERE substr(hex(id), -1) = ?1";
        assert_eq!(place.database().execute(sql, [number.to_string()]).unwrap(), 1);
    };
    age(1);
    let expired = "0 events older than 365 days deleted.\n\
                   1 event deleted from the quarantine, whose schemas did not come in 30 days.\n";
    assert_eq!(place.run(&["retain"]).1, expired);
    age(2);
    write_schemas(&place.path("schemas"), true);
    assert_eq!(place.run(&["retain"]).1, "0 events older than 365 days deleted.\n");
    assert_eq!(place.rows(), 1);
}

#[test]
fn what_is_left_for_the_next_days_is_told_and_blames_a_wrong_clock_only() {
    let place = Place::new();
    let served = place.serve(&[]);
    for number in 1..=9 {
        assert_eq!(ask(served.address, &single(&started(number))).status, 200);
    }
    served.signal("TERM");
    served.end();
    // As after a long time in which the collector did not run.
    place.database().execute("UPDATE _rows_started SET _day = _day - 400 - _number", []).unwrap();
    let left = "Events of 2 more days are due and are left for the next days: those of at most 7 days are deleted in one. \
                If they should not be due, the clock is wrong.";
    for deleted in [7, 0] {
        let said = format!("{deleted} events older than 365 days deleted.\n{left}\n");
        assert_eq!(place.run(&["retain"]).1, said);
    }
    assert_eq!(place.rows(), 2);
}

const LACKS: &str = "schemas has no schema of release 0.2.0 of `started`, which the database knows";

#[test]
fn schemas_that_the_directory_lacks_are_told_at_the_start_and_after_a_change() {
    let place = Place::new();
    let file = place.path("schemas/started.json");
    let (earlier, aside) = (std::fs::read(&file).unwrap(), place.path("aside"));
    write_schemas(&place.path("schemas"), true);
    let served = place.serve(&[]);
    assert_eq!(ask(served.address, &single(&started_later(1))).status, 200);
    served.signal("TERM");
    let (_, log) = served.end();
    assert!(!log.contains("WARN"), "{log}");

    std::fs::write(&file, earlier).unwrap();
    let served = place.serve(&[]);
    let is_shown = || ask(served.address, &get("/api/v1/events/started", &[])).status == 200;
    assert!(is_shown());
    std::fs::rename(&file, &aside).unwrap();
    served.signal("HUP");
    wait_until(|| !is_shown());
    // What follows comes after the warning.
    std::fs::rename(&aside, &file).unwrap();
    served.signal("HUP");
    wait_until(is_shown);
    served.signal("TERM");
    let (_, log) = served.end();
    let (code, _, exported) = place.run(&["export", "--public", "site"]);
    assert!(code == 0 && exported.contains("WARN") && exported.contains(LACKS), "{exported}");
    for told in [LACKS, "schemas has no schema of `started`, which the database knows", "schemas has no schemas; "] {
        assert!(log.lines().any(|line| line.contains("WARN") && line.contains(told)), "{told}\n{log}");
    }
}

#[test]
fn a_database_that_is_removed_is_told_once() {
    let place = Place::new();
    let served = place.serve(&[]);
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    std::fs::remove_file(place.path("telemetry.sqlite")).unwrap();
    assert_eq!(ask(served.address, &get("/healthz", &[])).status, 503);
    for number in 2..5 {
        assert_eq!(ask(served.address, &single(&started(number))).status, 503);
    }
    served.signal("TERM");
    let (status, log) = served.end();
    assert_eq!(status.code(), Some(0), "{log}");
    let told = "events cannot be stored: the database file was removed or replaced; start the collector again";
    assert_eq!(log.matches(told).count(), 1, "{log}");
}

#[test]
fn commands_work_beside_it() {
    let place = Place::new();
    let served = place.serve(&[]);
    assert_eq!(ask(served.address, &single(&started(1))).status, 200);
    let wrong = started(2).body().replace("true", "3");
    assert_eq!(ask(served.address, &single_with(&started(2), &[], &wrong)).status, 422);

    let (code, said, error) = place.run(&["rejects"]);
    assert!(
        code == 0 && said.contains("started 0.1.0") && said.contains("by_hand: cannot be a number\n"),
        "{said}{error}"
    );
    assert_eq!(place.run(&["backup", "copy.sqlite"]).0, 0);
    assert_eq!(place.run(&["backup", "copy.sqlite"]).0, 1, "a copy is not overwritten");
    assert_eq!(place.run(&["retain"]).1, "0 events older than 365 days deleted.\n");
    assert_eq!(place.run(&["delete", "hunter2"]).0, 1);
    assert_eq!(place.rows(), 1);
    let (code, said, _) = place.run(&["delete", ANONYMOUS_ID]);
    assert_eq!((code, said.as_str()), (0, "1 event deleted. Nothing carries this id any more.\n"));
    assert_eq!(place.rows(), 0);
    let (code, said, error) = place.run(&["delete", ANONYMOUS_ID]);
    assert_eq!((code, said.as_str(), error.as_str()), (3, "", "telemetry-collector: nothing carries this id\n"));
    let (code, said, _) = place.run(&["schemas", "list"]);
    assert!(code == 0 && said.starts_with("started\n  0.1.0 "), "{said}");
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
}

#[test]
fn rejects_that_are_not_listed_are_counted() {
    let place = Place::new();
    let served = place.serve(&[]);
    let wrong = started(1).body().replace("true", "3");
    assert_eq!(ask(served.address, &single_with(&started(1), &[], &wrong)).status, 422);
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
    let (_, said, _) = place.run(&["rejects"]);
    assert!(said.lines().count() == 2 && !said.contains("more"), "{said}");
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1002)
               INSERT INTO _reject (day, schema, fault, path, events) SELECT day, schema, fault, 'p' || i, 1 FROM _reject, n";
    place.database().execute(sql, []).unwrap();
    let (code, said, error) = place.run(&["rejects"]);
    assert!(code == 0 && said.ends_with("\nand 3 more lines\n"), "{:?} {error}", said.lines().last());
    place.database().execute("DELETE FROM _reject WHERE path IN ('p1', 'p2')", []).unwrap();
    assert_eq!(place.run(&["rejects"]).1.lines().last(), Some("and 1 more line"));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = Place::new();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = place.command(&["schemas", "list"]).stdout(writer).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn what_waits_is_listed_and_purged_beside_it() {
    let place = Place::new();
    let served = place.serve(&[]);
    let (code, said, error) = place.run(&["quarantine", "list"]);
    assert_eq!((code, said.as_str()), (0, "No events wait for their schemas.\n"), "{error}");
    let (honest, hash) = (started_later(1), "ab".repeat(32));
    let made_up =
        single_with(&started(2), &[("telemetry-schema", &hash)], &started(2).body().replace("started", "hunter2"));
    assert_eq!(ask(served.address, &single(&honest)).status, 202);
    assert_eq!(ask(served.address, &made_up).status, 202);
    let metric = |line: &str| {
        let metrics = ask(served.address, &get("/metrics", &[])).body;
        assert!(metrics.lines().any(|found| found == line), "{line}\n{metrics}");
    };
    metric("telemetry_collector_quarantine_events 2");
    metric("telemetry_collector_quarantine_kinds 2");
    let (_, said, _) = place.run(&["quarantine", "list"]);
    let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split_whitespace().skip(2).collect()).collect();
    assert!(lines.contains(&vec!["1", "26", "started", honest.schema()]), "{said}");
    assert!(lines.contains(&vec!["1", "16", "(unknown)", &hash]) && !said.contains("hunter2"), "{said}");

    for wrong in [&["quarantine", "purge"][..], &["quarantine", "purge", "--all", &hash], &["quarantine"]] {
        assert_eq!(place.run(wrong).0, 2, "{wrong:?}");
    }
    assert_eq!(place.run(&["quarantine", "purge", "hunter2"]).0, 1);
    assert_eq!(place.run(&["quarantine", "purge", &hash]).1, "1 event deleted from the quarantine, 1 left.\n");
    // It reads the file anew with its next write.
    assert_eq!(ask(served.address, &single(&started(3))).status, 200);
    metric("telemetry_collector_quarantine_events 1");
    metric("telemetry_collector_quarantine_purged_total 1");
    assert_eq!(place.run(&["quarantine", "purge", "--all"]).1, "1 event deleted from the quarantine, 0 left.\n");
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
}

#[test]
fn only_serve_makes_a_database() {
    let place = Place::new();
    let commands: [&[&str]; 8] = [
        &["quarantine", "list"],
        &["quarantine", "purge", "--all"],
        &["rejects"],
        &["backup", "copy.sqlite"],
        &["retain"],
        &["delete", ANONYMOUS_ID],
        &["sql"],
        &["export", "--public", "site"],
    ];
    for command in commands {
        let (code, said, error) = place.run(command);
        assert!(
            code == 1 && said.is_empty() && error.contains("there is no database telemetry.sqlite"),
            "{said}{error}"
        );
    }
    assert!(!place.path("telemetry.sqlite").exists() && !place.path("site").exists());
}

#[test]
fn nothing_simulated_comes_among_real_events() {
    let place = Place::new();
    std::fs::write(place.path("telemetry.sqlite"), "real events").unwrap();
    let (code, _, error) = place.run(&["--demo", "--installs", "1", "--database", "telemetry.sqlite"]);
    assert!(code == 1 && error.contains("telemetry.sqlite exists already"), "{error}");
    assert_eq!(std::fs::read(place.path("telemetry.sqlite")).unwrap(), b"real events");
}

#[test]
fn a_mistake_in_the_settings_is_told() {
    let place = Place::new();
    let mut command = place.command(&["serve"]);
    let output = command.env("TELEMETRY_COLLECTOR_LISTN", "hunter2").output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "telemetry-collector: environment: there is no setting `listn` (did you mean `listen`?)\n");
    assert_eq!(output.status.code(), Some(1));

    for (name, code, error) in [
        ("TELEMETRY_COLLECTOR_DATABASE", 1, "telemetry-collector: environment: `database` must be Unicode text\n"),
        ("ANOTHER", 0, ""),
    ] {
        let output = place.command(&["check-config"]).env(name, OsStr::from_bytes(b"hunter2\xff")).output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(code), error));
    }

    let (code, _, error) = place.run(&["serve", "--schemas", "missing"]);
    assert!(code == 1 && error.contains("missing"), "{error}");
    let (code, _, error) = place.run(&["serve", "--listen", "192.0.2.1:1"]);
    assert!(code == 1 && error.contains("cannot listen on 192.0.2.1:1"), "{error}");
    assert_eq!(place.run(&["sevre"]).0, 2);
    let (code, said, _) = place.run(&["check-config", "--burst", "7"]);
    assert!(code == 0 && said.contains("burst = \"7\"  # flag\n") && said.contains("# environment\n"), "{said}");
    let (code, said, _) = place.run(&["serve", "--help"]);
    assert!(code == 0 && said.contains("--trusted-proxies <NETWORKS>") && !said.contains("--token <"), "{said}");
}
