//! What the worker does with a sink that takes several events at once.

use std::sync::{Arc, Mutex};

use proptest::prelude::*;

use super::*;
use crate::sink::{Batches, Sent};

type Outcome = std::result::Result<(), SendError>;

/// A sink that does what a test says, and records what it was given and said.
struct Scripted<F> {
    said: Arc<Mutex<Vec<(String, Outcome)>>>,
    calls: mpsc::Sender<usize>,
    answer: F,
}

impl<F: FnMut(&[Outgoing]) -> Vec<Outcome> + Send + 'static> Sink for Scripted<F> {
    fn send(&mut self, event: &Outgoing) -> Outcome {
        match self.send_batch(std::slice::from_ref(event)) {
            Sent::Outcomes(outcomes) => outcomes[0],
            Sent::TooLarge | Sent::NoBatches => Ok(()),
        }
    }

    fn batches(&mut self) -> Option<&mut dyn Batches> {
        Some(self)
    }
}

impl<F: FnMut(&[Outgoing]) -> Vec<Outcome> + Send + 'static> Batches for Scripted<F> {
    fn send_batch(&mut self, events: &[Outgoing]) -> Sent {
        let _ = self.calls.send(events.len());
        let mut outcomes = (self.answer)(events);
        if let ([_], []) = (events, &*outcomes) {
            outcomes.push(Ok(()));
        }
        let said = events.iter().map(|event| event.id().to_owned()).zip(outcomes.iter().copied());
        self.said.lock().unwrap().extend(said);
        if outcomes.is_empty() { Sent::NoBatches } else { Sent::Outcomes(outcomes) }
    }
}

/// How many events were given to each call.
fn sizes(events: u64, mut answer: impl FnMut(&[Outgoing]) -> Vec<Outcome> + Send + 'static) -> (Counts, Vec<usize>) {
    let (calls, called) = mpsc::channel();
    let (open, gate) = mpsc::channel();
    let mut is_first = true;
    let telemetry = client(Scripted {
        said: Arc::default(),
        calls,
        answer: move |events: &[Outgoing]| match std::mem::take(&mut is_first) {
            true => {
                gate.recv().unwrap();
                vec![Ok(()); events.len()]
            }
            false => answer(events),
        },
    });
    telemetry.publish(&Started(true));
    let first = called.recv().unwrap();
    for _ in 0..events {
        telemetry.publish(&Started(false));
    }
    open.send(()).unwrap();
    assert_eq!(telemetry.flush(LONG).pending, 0);
    let counts = telemetry.counts();
    drop(telemetry);
    (counts, std::iter::once(first).chain(called).collect())
}

#[test]
fn what_waits_is_sent_at_once_twice_as_many_each_time_up_to_a_hundred_events() {
    let (counts, sizes) = sizes(250, |events| vec![Ok(()); events.len()]);
    assert_eq!((counts.delivered(), sizes), (251, vec![1, 32, 64, 100, 54]));
}

#[test]
fn events_without_an_outcome_are_sent_next() {
    let (counts, sizes) = sizes(250, |events| vec![Ok(()); events.len().min(60)]);
    assert_eq!((counts.delivered(), sizes), (251, vec![1, 32, 64, 100, 98, 38]));
}

#[test]
fn after_a_panic_one_event_is_sent_alone_and_then_twice_as_many_each_time() {
    let mut calls = 0;
    let (counts, sizes) = sizes(120, move |events| {
        calls += 1;
        assert_ne!(calls, 1, "as it should");
        vec![Ok(()); events.len()]
    });
    assert_eq!((counts.delivered(), sizes), (121, vec![1, 32, 1, 2, 4, 8, 16, 32, 57]));
}

#[test]
fn an_event_at_which_the_sink_panics_is_lost_alone() {
    let (counts, _) = sizes(120, move |events| {
        assert!(!events.iter().any(|event| event.id().ends_with("-50")), "as it should");
        vec![Ok(()); events.len()]
    });
    assert_eq!((counts.delivered(), counts.dropped_for(Loss::SinkPanicked)), (120, 1));
}

#[test]
fn after_a_no_no_other_batch_is_sent() {
    let (calls, called) = mpsc::channel();
    let home = tempfile::tempdir().unwrap();
    let consent = LiveConsent::given_at(home.path());
    let user = consent.clone();
    let (open, gate) = mpsc::channel();
    let answer = move |events: &[Outgoing]| {
        gate.recv().unwrap();
        user.choose(false);
        vec![Ok(()); events.len()]
    };
    let telemetry = builder().sink(Scripted { said: Arc::default(), calls, answer }).build_under(consent);
    for _ in 0..30 {
        telemetry.publish(&Started(true));
    }
    open.send(()).unwrap();
    assert_eq!(telemetry.flush(LONG).pending, 0);
    let taken = called.recv().unwrap() as u64;
    let counts = telemetry.counts();
    assert_eq!((counts.delivered(), counts.dropped_for(Loss::ConsentWithdrawn)), (taken, 30 - taken));
    drop(telemetry);
    assert_eq!(called.iter().count(), 0);
}

#[derive(Clone, Copy, Debug)]
enum Said {
    Taken,
    Refused,
    Later,
    /// Neither this event nor those after it were sent.
    Stop,
    Panic,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn every_event_has_one_outcome_whatever_is_answered(
        script in proptest::collection::vec(
            prop_oneof![
                40 => Just(Said::Taken),
                10 => Just(Said::Refused),
                1 => Just(Said::Later),
                3 => Just(Said::Stop),
                1 => Just(Said::Panic),
            ],
            0..300,
        ),
        published in 1..200_u64,
    ) {
        let said = Arc::new(Mutex::new(Vec::new()));
        let mut script = script.into_iter();
        let (calls, _called) = mpsc::channel();
        let answer = move |events: &[Outgoing]| {
            let mut outcomes = Vec::new();
            for _ in events {
                match script.next().unwrap_or(Said::Taken) {
                    Said::Taken => outcomes.push(Ok(())),
                    Said::Refused => outcomes.push(Err(SendError::Refused)),
                    Said::Later => outcomes.push(Err(SendError::Retry)),
                    Said::Stop => break,
                    Said::Panic => throw(),
                }
            }
            outcomes
        };
        let telemetry = client(Scripted { said: Arc::clone(&said), calls, answer });
        for _ in 0..published {
            telemetry.publish(&Started(true));
        }
        // Too short for the pause after a failure.
        let flushed = telemetry.shutdown(Duration::from_millis(300));
        let counts = telemetry.counts();
        prop_assert_eq!(counts.published(), published);
        prop_assert_eq!((counts.pending(), counts.delivered() + counts.dropped()), (0, published));
        prop_assert_eq!(flushed.pending, 0);
        drop(telemetry);
        let said = said.lock().unwrap();
        let ids = |outcome: Outcome| {
            let ids: Vec<&String> = said.iter().filter(|(_, said)| *said == outcome).map(|(id, _)| id).collect();
            let distinct: std::collections::BTreeSet<&String> = ids.iter().copied().collect();
            assert_eq!(ids.len(), distinct.len(), "none is sent again once it was taken or refused");
            distinct
        };
        let (taken, refused) = (ids(Ok(())), ids(Err(SendError::Refused)));
        prop_assert!(taken.is_disjoint(&refused));
        // A machine that is busy may end the client while an answer is on its way.
        prop_assert!(counts.delivered() <= taken.len() as u64);
        prop_assert!(counts.dropped_for(Loss::Refused) <= refused.len() as u64);
        if counts.dropped_for(Loss::Ended) + counts.dropped_for(Loss::Undelivered) == 0 {
            prop_assert_eq!(counts.delivered(), taken.len() as u64);
            prop_assert_eq!(counts.dropped_for(Loss::Refused), refused.len() as u64);
        }
    }
}
