use super::*;
use crate::clock::tests::Hand;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_pause_doubles_to_its_bound_and_what_is_asked_for_is_obeyed_for_an_hour_and_up_to_half_as_long_again() {
    for (failure, failures, shortest, longest) in [
        (Failure::Temporary, 1, 500, 1_000),
        (Failure::Temporary, 2, 1_000, 2_000),
        (Failure::Temporary, 3, 2_000, 4_000),
        (Failure::Temporary, 9, 128_000, 256_000),
        (Failure::Temporary, 12, 1_024_000, 2_048_000),
        (Failure::Temporary, 13, 1_800_000, 3_600_000),
        (Failure::Temporary, u32::MAX, 1_800_000, 3_600_000),
        (Failure::Asked(seconds(0)), 1, 500, 1_000),
        (Failure::Asked(seconds(200)), 1, 200_000, 300_000),
        (Failure::Asked(seconds(200)), u32::MAX, 1_800_000, 3_600_000),
        (Failure::Asked(seconds(3_601)), 1, 3_600_000, 5_400_000),
        (Failure::Asked(Duration::MAX), u32::MAX, 3_600_000, 5_400_000),
        (Failure::Behind(seconds(20)), u32::MAX, 20_000, 20_000),
        (Failure::Behind(Duration::MAX), 1, 3_600_000, 3_600_000),
        (Failure::NotNow, 1, 30_000, 60_000),
        (Failure::NotNow, 7, 1_800_000, 3_600_000),
        (Failure::NotNow, u32::MAX, 1_800_000, 3_600_000),
    ] {
        let pauses = [0.0, 1.0].map(|chance| failure.pause(failures, chance));
        assert_eq!(pauses, [shortest, longest].map(Duration::from_millis), "{failure:?} {failures}");
    }
    let now = Instant::now();
    let mut pauses = (0..100).map(|_| Backoff::default().fail(Failure::Temporary, now));
    let first = pauses.next();
    assert!(pauses.any(|pause| Some(pause) != first), "two processes do not come back at the same time");
}

#[test]
fn a_success_ends_a_pause() {
    let hand = Hand::new();
    let now = || hand.clock().now().instant;
    let mut backoff = Backoff::default();
    assert_eq!((backoff.left(now()), backoff.has_failed()), (None, false));
    assert_eq!(backoff.fail(Failure::Behind(seconds(60)), now()), seconds(60));
    hand.pass(seconds(20));
    assert_eq!((backoff.left(now()), backoff.has_failed()), (Some(seconds(40)), true));
    assert!(backoff.outlasts(Some(now())) && !backoff.outlasts(Some(now() + seconds(41))) && !backoff.outlasts(None));
    hand.pass(seconds(40));
    assert_eq!((backoff.left(now()), backoff.has_failed()), (None, true));
    backoff.succeed();
    assert_eq!(backoff, Backoff::default());
}

#[test]
fn another_request_that_goes_first_is_no_failure_however_often_it_does() {
    let now = Instant::now();
    let mut backoff = Backoff::default();
    for _ in 0..100 {
        assert_eq!(backoff.fail(Failure::Behind(seconds(2)), now), seconds(2));
        assert_eq!((backoff.left(now), backoff.failures), (Some(seconds(2)), 0));
    }
    assert_eq!(backoff.fail(Failure::Behind(Duration::MAX), now), MAX_ASKED);
    assert!(backoff.fail(Failure::Temporary, now) <= seconds(1), "it is the first failure");
}

#[test]
fn another_process_obeys_a_pause_for_what_is_left_of_it_and_never_for_longer_than_an_hour_and_a_half() {
    let hand = Hand::new();
    let mut first = Backoff::default();
    first.fail_by(Failure::Asked(seconds(600)), hand.clock().now().instant, 0.0);
    let rest = first.rest(&hand.clock().now(), "ab-1", Some(Obstacle::Answer(429))).unwrap();
    hand.pass(seconds(100));
    let now = hand.clock().now();
    let mut second = Backoff::default();
    assert!(second.obey(&rest, &now));
    assert_eq!((second.left(now.instant), second.failures), (Some(seconds(501)), 1));

    let forged = Rest { seconds: u64::MAX, ..rest.clone() };
    assert_eq!(forged.left(&now.stamp), Some(MAX_PAUSE - seconds(99)));
    let wrong_clock = Rest { since: Stamp { at: u64::MAX / 2, up: None, boot: None }, ..rest.clone() };
    assert_eq!(wrong_clock.left(&now.stamp), None);
    hand.pass(seconds(501));
    assert_eq!(rest.left(&hand.clock().stamp()), None);
    assert!(!Backoff::default().obey(&rest, &hand.clock().now()));
    assert_eq!(Backoff::default().rest(&hand.clock().now(), "ab-1", None), None);

    let text = serde_json::to_string(&rest).unwrap();
    assert_eq!(serde_json::from_str::<Rest>(&text).unwrap(), rest);
}

/// A stamp is the second that has begun, so the moments that it stands for lie up to a second apart.
#[test]
fn no_other_process_ends_a_pause_early_nor_lets_it_last_two_seconds_longer() {
    let at = |millis: u64| Stamp { at: 1_800_000_000 + millis / 1000, up: None, boot: None };
    for (begin, pause) in [(0, 1), (999, 1), (0, 1_000), (999, 1_000), (999, 1_001), (500, 1_500), (999, 3_600_000)] {
        let seconds = whole_seconds(Duration::from_millis(pause));
        let is_over = |passed: u64| left_of(&at(begin), seconds, &at(begin + passed)).is_none();
        assert!((0..pause).rev().take(2_000).all(|passed| !is_over(passed)), "{begin} {pause}: it is cut short");
        let stored = seconds * 1000;
        assert!((stored + 2_000..stored + 9_000).all(is_over), "{begin} {pause}: it lasts too long");
    }
}

#[test]
fn an_event_expires_after_seven_days_and_starts_anew_when_a_clock_was_wrong() {
    let hand = Hand::new();
    let written = hand.clock().stamp();
    let wrong = Stamp { at: 60, up: None, boot: None };
    for (passes, expected, whole_days) in [
        (Duration::ZERO, Age::Waits, 0),
        (DAY - SECOND, Age::Waits, 0),
        (SECOND, Age::Waits, 1),
        (6 * DAY, Age::Waits, 7),
        (SECOND, Age::Expired, 7),
        (300 * DAY, Age::Expired, 7),
    ] {
        hand.pass(passes);
        let now = hand.clock().stamp();
        let days = |published| time_since(published, &now).as_secs() / DAY.as_secs();
        assert_eq!((age(&written, &now), days(&written)), (expected, whole_days));
        assert_eq!((age(&wrong, &now), days(&wrong)), (Age::Unknown, 0));
    }
}

#[test]
fn a_request_is_begun_when_there_is_time_for_it() {
    let ms = Duration::from_millis;
    for (left, usual, expected) in [
        (ms(0), None, false),
        (ms(10), None, false),
        (ms(11), None, true),
        (ms(51), Some(ms(20)), true),
        (ms(50), Some(ms(20)), false),
        (ms(10), Some(ms(20)), false),
    ] {
        assert_eq!(has_time(left, usual), expected, "{left:?} {usual:?}");
    }
    assert_eq!(usual(None, ms(10)), ms(10));
    assert_eq!(usual(Some(ms(10)), ms(30)), ms(20));
}
