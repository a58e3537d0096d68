//! Processes that are killed, and disks that are full.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use telemetry_collector::arrival::Fate;
use telemetry_collector::store::Unavailable;
use tokio::task::JoinSet;

use super::*;

const FILE: &str = "TELEMETRY_COLLECTOR_TEST_FILE";
const FIRST: &str = "TELEMETRY_COLLECTOR_TEST_FIRST";

/// This test program as a program that writes events and says which ones were stored.
fn writing(program: &mut Command, path: &Path, first: u64) -> Child {
    program.env(FILE, path).env(FIRST, first.to_string()).stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap()
}

const CHILD: [&str; 5] = ["--exact", "store::faults::child", "--ignored", "--nocapture", "--test-threads=1"];

#[test]
#[ignore = "the program that the other tests kill"]
fn child() {
    let (Some(path), Some(first)) = (std::env::var_os(FILE), std::env::var(FIRST).ok()) else { return };
    let store = Store::open(Path::new(&path)).unwrap();
    let first: u64 = first.parse().unwrap();
    let schema = run();
    wait(async {
        let mut tasks = JoinSet::new();
        for task in 0..8 {
            let (writer, schema) = (store.writer(), Arc::clone(&schema));
            tasks.spawn(async move {
                for number in (first + task..).step_by(8) {
                    let answer = writer.write(vec![event(&schema, number, 1, FAST)]).await;
                    match answer {
                        Ok(_) => writeln!(std::io::stdout(), "stored {number}").unwrap(),
                        Err(error) => {
                            writeln!(std::io::stdout(), "unavailable {error}").unwrap();
                            tokio::time::sleep(Duration::from_millis(10)).await;
                        }
                    }
                }
            });
        }
        tasks.join_all().await
    });
}

#[test]
fn every_answered_write_is_there_once_after_the_program_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.db");
    let mut random = u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
    println!("seed {random}");
    let mut answered = Vec::new();
    for round in 0..50 {
        let mut child = writing(Command::new(std::env::current_exe().unwrap()).args(CHILD), &path, round * 1_000_000);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("stored ") {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the program ended");
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_micros(random >> 33 & 0x7fff));
        child.kill().unwrap();
        output.read_to_string(&mut line).unwrap();
        child.wait().unwrap();
        // The last line may be cut off.
        let whole = line.rfind('\n').map_or("", |end| &line[..end]);
        answered.extend(whole.lines().filter_map(|line| line.split_once("stored ")?.1.parse::<u64>().ok()));
    }
    let store = Store::open(&path).unwrap();
    let reader = store.reader().unwrap();
    assert_eq!(one::<String>(&reader, "PRAGMA integrity_check"), "ok");
    let rows: usize = one(&reader, "SELECT count(*) FROM run");
    assert_eq!(rows, one::<usize>(&reader, "SELECT count(DISTINCT _id) FROM _rows_run"));
    assert!(answered.len() >= 50 && rows >= answered.len(), "{} answered, {rows} stored", answered.len());
    for events in answered.chunks(500) {
        let again = events.iter().map(|number| event(&run(), *number, 1, FAST)).collect();
        assert!(wait(store.writer().write(again)).unwrap().iter().all(|fate| *fate == Fate::Duplicate));
    }
}

#[test]
fn a_full_file_refuses_whole_groups_until_something_is_deleted() {
    let kept = Kept::with(Limits { file_bytes: Some(400_000), ..Limits::default() });
    let old = |number| event_of(&run(), envelope(number, 1, Day(100)), FAST);
    let mut number = 0;
    let mut stored = 0;
    let reason = loop {
        match wait(kept.store().writer().write((number..number + 100).map(old).collect())) {
            Ok(_) => stored += 100,
            Err(reason) => break reason,
        }
        number += 100;
    };
    assert_eq!(reason, Unavailable::Full);
    assert_eq!(kept.one::<u32>("SELECT count(*) FROM run"), stored);
    let first = wait(kept.store().writer().write((number..number + 100).map(old).collect()));
    assert_eq!(first, Err(Unavailable::Full));
    let Envelope { id, anonymous_id, .. } = envelope(9_999_999, 1, TODAY);
    assert_eq!(kept.write_one(Arrival::Deletion { id, anonymous_id }), Fate::Deleted);
    assert!(kept.write((number..number + 100).map(old).collect()).iter().all(|fate| *fate == Fate::Stored));
}

/// The system refuses to let the files grow, as on a disk that is full; then there is room again.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_makes_writes_unavailable_until_there_is_room() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("events.db");
    let mut shell = Command::new("sh");
    // A program that ignores the signal gets an error in its place.
    shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(std::env::current_exe().unwrap()).args(CHILD);
    let mut child = writing(&mut shell, &path, 0);
    let pid = Pid::from_child(&child);
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut until = |word: &str, stored: &mut Vec<u64>| {
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the program ended before it said {word}");
            stored.extend(line.split_once("stored ").and_then(|(_, number)| number.trim().parse::<u64>().ok()));
        }
    };
    let mut stored = Vec::new();
    until("stored", &mut stored);
    prlimit(Some(pid), Resource::Fsize, Rlimit { current: Some(60_000), maximum: None }).unwrap();
    until("unavailable", &mut stored);
    let before = stored.len();
    prlimit(Some(pid), Resource::Fsize, Rlimit { current: None, maximum: None }).unwrap();
    until("stored", &mut stored);
    assert!(stored.len() > before);
    child.kill().unwrap();
    child.wait().unwrap();
    let store = Store::open(&path).unwrap();
    assert_eq!(one::<String>(&store.reader().unwrap(), "PRAGMA integrity_check"), "ok");
    let again = stored.iter().map(|number| event(&run(), *number, 1, FAST)).collect();
    assert!(wait(store.writer().write(again)).unwrap().iter().all(|fate| *fate == Fate::Duplicate));
}
