use super::*;
use crate::clock::tests::Hand;
use crate::storage::StateDirectory;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn heartbeats(hand: &Hand) -> Heartbeats {
    let heartbeats = Heartbeats { clock: hand.clock(), ..Heartbeats::default() };
    heartbeats.add("usage", Every::hours(24).once_an_install(), Box::new(|_| ()));
    heartbeats
}

fn place(home: &tempfile::TempDir) -> Place {
    Place {
        state: Some(StateDirectory::at(home.path().join("acme/telemetry"))),
        application: "acme",
        destination: "http://localhost/".to_owned(),
    }
}

impl Heartbeats {
    /// Whether one is due, as `run` finds it.
    fn beats(&self, place: Option<&Place>, consent: &LiveConsent) -> bool {
        let beat = self.take_due(&mut 0, place, consent);
        let is_due = beat.is_some();
        if is_due {
            self.lock()[0].beat = beat;
        }
        is_due
    }
}

#[test]
fn one_process_of_several_beats_in_a_period_and_a_later_one_goes_on_from_there() {
    let (home, hand, consent) = (tempfile::tempdir().unwrap(), Hand::new(), LiveConsent::given());
    let place = place(&home);
    let all: Vec<Heartbeats> = (0..4).map(|_| heartbeats(&hand)).collect();
    let beats = |all: &[Heartbeats]| all.iter().filter(|one| one.beats(Some(&place), &consent)).count();
    hand.pass(HOUR);
    assert_eq!(beats(&all), 1);
    hand.pass(DAY - HOUR);
    assert_eq!(beats(&all), 0);
    hand.pass(HOUR);
    assert_eq!(beats(&all), 1);
    let restarted = [heartbeats(&hand)];
    hand.pass(HOUR);
    assert_eq!(beats(&restarted), 0);
    assert!(restarted[0].survey()[0].left < DAY && restarted[0].survey()[0].last.is_some());
    hand.pass(DAY);
    assert_eq!(beats(&restarted), 1);
}

#[test]
fn without_a_directory_each_process_beats() {
    let (hand, consent) = (Hand::new(), LiveConsent::given());
    let all = [heartbeats(&hand), heartbeats(&hand)];
    hand.pass(HOUR);
    assert!(all.iter().all(|one| one.beats(None, &consent)));
    assert!(!all.iter().any(|one| one.beats(None, &consent)));
}

#[cfg(unix)]
#[test]
fn while_another_process_has_its_turn_this_one_waits() {
    let (home, hand, consent) = (tempfile::tempdir().unwrap(), Hand::new(), LiveConsent::given());
    let place = place(&home);
    let state = place.state.clone().unwrap();
    state.salt().unwrap();
    let turn = state.take_turn().unwrap();
    let one = heartbeats(&hand);
    hand.pass(HOUR);
    assert!(!one.beats(Some(&place), &consent));
    assert_eq!(one.survey()[0].left, LATER);
    drop(turn);
    hand.pass(LATER);
    assert!(one.beats(Some(&place), &consent));
}

#[test]
fn the_worker_looks_at_least_once_an_hour() {
    let hand = Hand::new();
    let one = heartbeats(&hand);
    let now = hand.clock().now().instant;
    assert!(one.next().unwrap() <= now + HOUR);
    hand.pass(HOUR);
    assert!(one.beats(None, &LiveConsent::given()));
    assert_eq!(one.next(), Some(now + HOUR + LONGEST));
    one.end();
    assert_eq!((one.next(), one.survey()), (None, vec![]));
}
