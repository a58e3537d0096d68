use super::*;
use crate::clock::tests::Hand;
use crate::storage::StateDirectory;
use crate::storage::paths::{HEARTBEATS, HEARTBEATS_END};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn heartbeats(hand: &Hand) -> Heartbeats {
    let heartbeats = Heartbeats { clock: hand.clock(), ..Heartbeats::default() };
    heartbeats.add("usage", Every::hours(24).once_an_install(), beat(true));
    heartbeats
}

fn beat(is_covered: bool) -> Beat {
    Beat { is_covered: if is_covered { |_| true } else { |_| false }, publish: Box::new(|_| ()) }
}

fn place(home: &tempfile::TempDir) -> Place {
    Place {
        state: Some(StateDirectory::at(home.path().join("acme/telemetry"))),
        application: "acme",
        destination: "http://localhost/".to_owned(),
    }
}

impl Heartbeats {
    /// Whether one is due and has its turn, as `run` finds it.
    fn beats(&self, place: Option<&Place>, consent: &LiveConsent) -> bool {
        let Some(mut due) = self.take_due(&mut 0) else { return false };
        let has_turn = due.claim(self.clock.now(), place, consent);
        self.give_back(0, due);
        has_turn
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

/// As on a full disk, or in a directory that may only be read.
#[test]
fn where_no_time_can_be_written_each_process_beats() {
    let (home, hand, consent) = (tempfile::tempdir().unwrap(), Hand::new(), LiveConsent::given());
    let place = place(&home);
    let (state, key) = place.key().unwrap();
    // No user can put a file in the place of a directory.
    std::fs::create_dir(state.path(&format!("{HEARTBEATS}{}{HEARTBEATS_END}", key.label()))).unwrap();
    let all = [heartbeats(&hand), heartbeats(&hand)];
    hand.pass(HOUR);
    assert!(all.iter().all(|one| one.beats(Some(&place), &consent)));
    assert!(!all.iter().any(|one| one.beats(Some(&place), &consent)));
    hand.pass(DAY);
    assert!(all.iter().all(|one| one.beats(Some(&place), &consent)));
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

#[test]
fn one_that_the_user_has_not_agreed_to_takes_no_turn_of_another_program() {
    let (home, hand, consent) = (tempfile::tempdir().unwrap(), Hand::new(), LiveConsent::given());
    let place = place(&home);
    let newer = Heartbeats { clock: hand.clock(), ..Heartbeats::default() };
    newer.add("usage", Every::hours(24).once_an_install(), beat(false));
    let older = heartbeats(&hand);
    hand.pass(HOUR);
    assert!(!newer.beats(Some(&place), &consent));
    assert_eq!(newer.survey()[0].left, LATER);
    assert!(older.beats(Some(&place), &consent));
}

#[test]
fn after_the_end_a_function_is_dropped_and_its_panic_contained() {
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("as it should");
        }
    }

    let hand = Hand::new();
    let bomb = |bomb: Bomb| Beat { publish: Box::new(move |_| assert_eq!(size_of_val(&bomb), 0)), ..beat(true) };
    // The second panic would end the program if it came while the first one unwinds.
    let several = heartbeats(&hand);
    several.add("bomb", Every::hours(24), bomb(Bomb));
    several.add("other", Every::hours(24), bomb(Bomb));
    several.end();
    let all = heartbeats(&hand);
    all.add("bomb", Every::hours(24), bomb(Bomb));
    hand.pass(HOUR);
    let due = all.take_due(&mut 0).unwrap();
    all.end();
    all.give_back(0, due);
    all.add("bomb", Every::hours(24), bomb(Bomb));
    assert_eq!(all.survey(), []);
}
