//! The figures of a soak as tables, and what must hold of them.

use std::collections::BTreeMap;

use super::account::{Account, Cause, Fate};
use super::program::Mode;
use super::storm::{Calm, PUBLISHERS_BESIDE_CHOICES, Storm};
use crate::report;

/// The files that may be there at the end: the key, the record for the user, and the date of the last uploader.
const LASTING: [&str; 4] = ["salt", "sent-before.ndjson", "sent.ndjson", "upload.lock"];

/// The files that may be there at the end when the last word was a no.
const AFTER_A_NO: [&str; 2] = ["telemetry-consent", "telemetry-withdrawn"];

/// How much more memory a long-lived program may have late than early, in KiB: what its queue holds differs.
const MEMORY: u64 = 2_048;

/// How many more descriptors it may hold at least, and how many at most: one more is the file of its events.
const DESCRIPTORS: u64 = 2;
const MOST_DESCRIPTORS: u64 = 32;

/// How much may be on disk. A file that is replaced by a shorter one is there beside it for a moment.
const MAX_EVENTS: usize = 500;
const MAX_BYTES: u64 = 2 * 1024 * 1024;

/// How long after a no a request may still arrive that was begun before.
const ON_THE_WAY: std::time::Duration = std::time::Duration::from_secs(1);

/// Prints all figures, and returns what does not hold.
pub fn give(storm: &Storm) -> Vec<String> {
    let mut failures = Vec::new();
    print_events("8 programs at a time, killed and started anew", &storm.steady);
    print_events("3 programs at a time beside a user who says no and yes", &storm.choices);
    judge("always yes", &storm.steady, &LASTING, &mut failures);
    judge("no and yes", &storm.choices, &AFTER_A_NO, &mut failures);
    print_choices(storm);
    judge_choices(storm, &mut failures);
    print_behaviors(storm);
    judge_witnesses(storm, &mut failures);
    judge_idle(storm, &mut failures);
    failures
}

fn print_events(title: &str, calm: &Calm) {
    let account = &calm.account;
    println!("\n### {title}\n");
    let mut rows = Vec::new();
    let row = |name: &str, figures: [u64; 3]| {
        let all: u64 = figures.iter().sum();
        [name.to_owned()].into_iter().chain(figures.map(|figure| figure.to_string())).chain([all.to_string()]).collect()
    };
    rows.push(row("accepted", Mode::ALL.map(|mode| account.accepted.get(&mode).copied().unwrap_or(0))));
    for fate in Fate::ALL {
        let figures = Mode::ALL.map(|mode| account.fates.get(&(mode, fate)).copied().unwrap_or(0));
        rows.push(row(fate.name(), figures));
    }
    report::table(&["events", "Relaxed", "WriteAhead", "Detached", "all"], &rows);
    println!();
    let mut rows = vec![
        pair("programs", account.runs),
        pair("of these killed", account.killed),
        pair("uploaders killed", calm.uploaders_killed as u64),
        pair("requests", account.requests),
        pair("received, the program was killed before it wrote down that it was accepted", account.in_flight),
        pair("accepted in memory only, which `publish` said", account.only_in_memory),
    ];
    rows.extend(account.not_accepted.iter().map(|(reason, count)| pair(&format!("not accepted: {reason}"), *count)));
    rows.extend(Cause::ALL.map(|cause| pair(cause.name(), account.duplicates.get(&cause).copied().unwrap_or(0))));
    rows.extend([
        pair("most events on disk", calm.most_on_disk.0 as u64),
        pair("most bytes on disk", calm.most_on_disk.1),
        pair("events that waited for the last program", calm.drain.recovered["published"].as_u64().unwrap_or(0)),
        pair("lines that a crash cut off, found by the last program", calm.drain.torn),
    ]);
    report::table(&["", "number"], &rows);
    println!("\nFiles that are left: {}.", calm.files.join(", "));
}

fn pair(name: &str, number: u64) -> Vec<String> {
    vec![name.into(), number.to_string()]
}

fn judge(which: &str, calm: &Calm, lasting: &[&str], failures: &mut Vec<String>) {
    let account = &calm.account;
    let mut check = |holds: bool, failure: String| {
        if !holds {
            failures.push(format!("{which}: {failure}"));
        }
    };
    let explained: u64 = Fate::ALL.iter().filter(|fate| **fate != Fate::Missing).map(|fate| account.all(*fate)).sum();
    check(
        account.all_accepted() == explained,
        format!("{} events are lost without a reason (telemetry/src/delivery/spool)", account.all(Fate::Missing)),
    );
    check(account.all(Fate::Received) > 0, "nothing was received, so nothing is shown".into());
    check(account.in_flight <= account.killed, format!("{} events were in flight at a kill", account.in_flight));
    check(calm.lost_of_others == 0, format!("{} events that were taken over are lost", calm.lost_of_others));
    check(calm.drain.foreign == 0, format!("{} lines on disk are not authentic", calm.drain.foreign));
    check(calm.drain.expired == 0, format!("{} events are expired, and no clock was changed", calm.drain.expired));
    check(calm.drain.waiting == 0, format!("{} events stay on disk", calm.drain.waiting));
    let (events, bytes) = calm.most_on_disk;
    check(
        events <= MAX_EVENTS && bytes <= MAX_BYTES,
        format!("{events} events and {bytes} bytes were on disk at once (telemetry/src/delivery/spool)"),
    );
    let ends = account.runs + calm.uploaders_killed as u64;
    let twice: u64 = account.duplicates.values().sum();
    check(twice <= ends, format!("{twice} events were received twice, after {ends} ends of programs"));
    let files: Vec<&String> = calm.files.iter().filter(|file| !lasting.contains(&file.as_str())).collect();
    check(files.is_empty(), format!("files are left that nothing deletes: {files:?} (telemetry/src/storage/paths.rs)"));
    for fault in &account.faults {
        check(false, fault.clone());
    }
}

fn print_choices(storm: &Storm) {
    let account = &storm.choices.account;
    println!("\n### The no\n");
    let rows = [
        pair("a no, and a yes after it", storm.nos as u64),
        pair("requests that arrived between the two", account.late),
        pair("the last of them, in ms after the no was stored", account.latest.as_millis() as u64),
        pair("events published before a no and sent after the next yes", account.revived),
    ];
    report::table(&["", "number"], &rows);
}

/// A program reads the choice before each request, and sends no batches here. A request that it began before the no was stored can arrive after it: at most
/// one of each program, and of one uploader, at once.
fn judge_choices(storm: &Storm, failures: &mut Vec<String>) {
    let account = &storm.choices.account;
    if account.late > (storm.nos * (PUBLISHERS_BESIDE_CHOICES + 1)) as u64 || account.latest > ON_THE_WAY {
        failures.push(format!("{} requests after a no, the last {:?} after it", account.late, account.latest));
    }
    if account.revived > 0 {
        failures.push(format!("{} events published before a no were sent after the next yes", account.revived));
    }
}

fn print_behaviors(storm: &Storm) {
    println!("\n### The receiver\n");
    let rows: Vec<_> = storm.met.iter().map(|(behavior, count)| pair(behavior.name(), *count as u64)).collect();
    report::table(&["behaviour", "requests"], &rows);
}

fn judge_witnesses(storm: &Storm, failures: &mut Vec<String>) {
    println!("\n### Long-lived programs\n");
    let mut rows = Vec::new();
    for (mode, samples) in &storm.witnesses {
        let [few, many] = samples.fewest(|sample| sample.descriptors);
        let most = samples.most(|sample| sample.descriptors);
        let Some([early, late]) = samples.early_and_late(|sample| sample.memory) else {
            failures.push(format!("{}: nothing was measured", mode.name()));
            continue;
        };
        let figures = [early, late, few, many, most].map(|figure| figure.to_string());
        rows.push([mode.name().to_owned()].into_iter().chain(figures).collect());
        if late > early + MEMORY {
            failures.push(format!("{}: memory grows from {early} to {late} KiB", mode.name()));
        }
        if many > few + DESCRIPTORS || most > MOST_DESCRIPTORS {
            failures.push(format!("{}: descriptors grow from {few} to {many}, {most} at most", mode.name()));
        }
    }
    report::table(
        &["", "KiB, second quarter", "last quarter", "fewest descriptors, first half", "second half", "most"],
        &rows,
    );
}

fn judge_idle(storm: &Storm, failures: &mut Vec<String>) {
    println!("\n### An idle program\n");
    let Some(idle) = &storm.idle else {
        println!("Not shown: strace is not installed.");
        return;
    };
    println!("{} system calls of ours in {} s after the event was delivered.", idle.calls.len(), idle.seconds);
    if idle.taken != 1 {
        failures.push(format!("the idle program delivered {} events, not one", idle.taken));
    }
    if !idle.calls.is_empty() {
        let kinds: BTreeMap<&str, usize> = idle.calls.iter().fold(BTreeMap::new(), |mut kinds, call| {
            *kinds.entry(call.split('(').next().unwrap_or(call)).or_default() += 1;
            kinds
        });
        failures.push(format!("an idle program is woken (telemetry/src/delivery/queue.rs): {kinds:?}"));
    }
}

/// The figures in one line, for a log.
pub fn line(account: &Account) -> String {
    let fates: Vec<String> = Fate::ALL.map(|fate| format!("{} {}", account.all(fate), fate.name())).into();
    format!("{} accepted = {}", account.all_accepted(), fates.join(" + "))
}
