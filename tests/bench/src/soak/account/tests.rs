use super::super::behavior::Behavior;
use super::super::program::{Publishing, Report};
use super::*;

fn run(mode: Mode, events: u32, was_killed: bool, start: Instant) -> Run {
    let plan = Publishing {
        endpoint: String::new(),
        run: 1,
        mode,
        first: MAX_EVENTS,
        events,
        gap: 0,
        work: 0,
        end: End::Shutdown,
        is_told_to_end: false,
        configured: true,
    };
    let lines = (0..events).map(|at| (start, Line::Accepted(MAX_EVENTS + at))).collect();
    let report = (!was_killed).then(Report::default);
    Run { plan, was_killed, ended: start + Duration::from_secs(60), lines, report }
}

fn arrival(index: u32, at: Instant, behavior: Behavior) -> Arrival {
    Arrival { number: MAX_EVENTS + index, id: index.to_string(), run: 1, at, behavior, verdict: behavior.verdict() }
}

fn account(run: &Run, arrivals: &[Arrival], uploaders_killed: &[Instant], nos: &[No]) -> Account {
    Account::of(&Records { runs: std::slice::from_ref(run), arrivals, uploaders_killed, nos })
}

#[test]
fn an_event_that_was_accepted_and_never_taken_is_missing() {
    let now = Instant::now();
    let arrivals =
        [arrival(0, now, Behavior::NoContent), arrival(1, now, Behavior::BadRequest), arrival(2, now, Behavior::Hang)];
    for was_killed in [true, false] {
        let account = account(&run(Mode::WriteAhead, 3, was_killed, now), &arrivals, &[], &[]);
        assert_eq!([Fate::Received, Fate::Refused, Fate::Missing].map(|fate| account.all(fate)), [1, 1, 1]);
        assert_eq!((account.all_accepted(), account.faults.len()), (3, 1));
    }
}

#[test]
fn what_is_lost_for_a_reason_is_not_missing() {
    let now = Instant::now();
    let killed = account(&run(Mode::Relaxed, 2, true, now), &[], &[], &[]);
    assert_eq!((killed.all(Fate::InMemory), killed.faults.len()), (2, 0));

    let mut counts = run(Mode::Relaxed, 2, false, now);
    counts.report = Some(Report { dropped: [("ended".into(), 1), ("refused".into(), 5)].into(), ..Report::default() });
    let counted = account(&counts, &[], &[], &[]);
    assert_eq!([Fate::Counted, Fate::Missing].map(|fate| counted.all(fate)), [1, 1]);

    let no = No { began: now, stored: now, yes_began: now, yes_stored: now };
    let withdrawn = account(&run(Mode::WriteAhead, 1, true, now), &[], &[], &[no]);
    assert_eq!((withdrawn.all(Fate::Withdrawn), withdrawn.faults.len()), (1, 0));
}

#[test]
fn an_event_that_was_taken_twice_has_a_cause_or_is_a_fault() {
    let now = Instant::now();
    let later = now + Duration::from_secs(10);
    let arrivals = [arrival(0, now, Behavior::NoContent), arrival(0, later, Behavior::NoContent)];
    let mut sender = run(Mode::WriteAhead, 1, true, now);
    let alive = account(&sender, &arrivals, &[], &[]);
    assert_eq!((alive.duplicates.get(&Cause::None), alive.faults.len()), (Some(&1), 1));
    let uploader = account(&sender, &arrivals, &[now], &[]);
    assert_eq!((uploader.duplicates.get(&Cause::UploaderKilled), uploader.faults.len()), (Some(&1), 0));
    sender.ended = now;
    let killed = account(&sender, &arrivals, &[], &[]);
    assert_eq!((killed.duplicates.get(&Cause::SenderKilled), killed.faults.len()), (Some(&1), 0));
}

#[test]
fn only_the_event_after_the_last_line_of_a_killed_program_was_in_flight() {
    let now = Instant::now();
    let sender = run(Mode::Relaxed, 1, true, now);
    let arrivals = |index| [arrival(0, now, Behavior::NoContent), arrival(index, now, Behavior::NoContent)];
    let next = account(&sender, &arrivals(1), &[], &[]);
    assert_eq!((next.in_flight, next.faults.len()), (1, 0));
    let after = account(&sender, &arrivals(2), &[], &[]);
    assert_eq!((after.in_flight, after.faults.len()), (1, 1));
}

#[test]
fn what_is_sent_in_spite_of_a_no_is_counted() {
    let now = Instant::now();
    let at = |seconds| now + Duration::from_secs(seconds);
    let no = No { began: at(1), stored: at(2), yes_began: at(4), yes_stored: at(5) };
    let sender = run(Mode::Relaxed, 2, false, now);
    let arrivals = [arrival(0, at(3), Behavior::NoContent), arrival(1, at(6), Behavior::NoContent)];
    let account = account(&sender, &arrivals, &[], &[no]);
    assert_eq!((account.late, account.latest, account.revived), (1, Duration::from_secs(1), 1));
}
