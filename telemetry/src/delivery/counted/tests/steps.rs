//! Random steps of several processes, whatever the clock shows.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// What processes do.
#[derive(Clone, Debug)]
enum Step {
    Add {
        process: usize,
        fast: u32,
        can_wait: bool,
    },
    Write {
        process: usize,
    },
    Take {
        process: usize,
        room: usize,
    },
    /// The process ends, and another begins.
    End {
        process: usize,
    },
    Pass {
        minutes: u64,
    },
    /// The wall clock is set, forward or back.
    Set {
        hours: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (0..3_usize, 0..4_u32, any::<bool>())
            .prop_map(|(process, fast, can_wait)| Step::Add { process, fast, can_wait }),
        1 => (0..3_usize).prop_map(|process| Step::Write { process }),
        2 => (0..3_usize, 0..4_usize).prop_map(|(process, room)| Step::Take { process, room }),
        1 => (0..3_usize).prop_map(|process| Step::End { process }),
        2 => (0..3_000_u64).prop_map(|minutes| Step::Pass { minutes }),
        1 => (-60..60_i64).prop_map(|hours| Step::Set { hours }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the clock shows, each event is told once, and each day once.
    #[test]
    fn what_is_taken_and_what_is_left_are_all_that_was_counted(steps in proptest::collection::vec(step(), 1..60)) {
        let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
        let mut processes: Vec<Process> = ["a", "b", "c"].map(|name| Process::new(home.path(), &hand, name)).into();
        let (mut added, mut taken) = (0, Vec::new());
        let mut expired = 0;
        for step in steps {
            if matches!(step, Step::Pass { .. } | Step::Set { .. }) {
                // The worker has done so long before.
                processes.iter().for_each(Process::write);
            }
            match step {
                Step::Add { process, fast, can_wait } => {
                    added += u64::from(processes[process].add_kind(kind(&body(fast)), can_wait).is_some());
                }
                Step::Write { process } => processes[process].write(),
                Step::Take { process, room } => taken.extend(processes[process].take(room)),
                Step::End { process } => {
                    let ended = Process::new(home.path(), &hand, processes[process].name);
                    *ended.number.borrow_mut() = *processes[process].number.borrow();
                    let ended = std::mem::replace(&mut processes[process], ended);
                    prop_assert_eq!(ended.end(), []);
                    expired += ended.counted.lost().expired;
                }
                Step::Pass { minutes } => hand.pass(Duration::from_secs(60 * minutes)),
                Step::Set { hours } => hand.set(hours * 60 * 60),
            }
        }
        for process in &processes {
            process.write();
            prop_assert_eq!(process.lost.take(), []);
        }
        let left = processes[0].survey();
        expired += processes.iter().map(|process| process.counted.lost().expired).sum::<u64>();
        prop_assert_eq!(added, total(&taken) + left.today + left.earlier + expired);
        let mut ids: Vec<&str> = taken.iter().map(|event| &*event.id).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), taken.len());
        // Within one day, each distinct event is told once.
        let mut told = BTreeMap::new();
        for event in &taken {
            let body = event.body.split(r#","count""#).next().unwrap().to_owned();
            prop_assert_eq!(told.insert((event.at.at, body), &event.id), None);
        }
    }
}
