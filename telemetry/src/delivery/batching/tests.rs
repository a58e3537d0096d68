use super::*;
use crate::clock::tests::Hand;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A client that always has enough events of so many bytes and has sent many, and the receiver that answers it.
struct World<F> {
    hand: Hand,
    batching: Batching,
    bytes: usize,
    receiver: F,
}

impl<F: Fn(Size) -> Answer> World<F> {
    fn new(bytes: usize, receiver: F) -> Self {
        Self { hand: Hand::new(), batching: Batching { lines: LINES, ..Batching::new() }, bytes, receiver }
    }

    fn now(&self) -> Instant {
        self.hand.clock().now().instant
    }

    /// Sends a request, and returns how many events it had and what became of them.
    fn sends(&mut self) -> (usize, Answer) {
        let most = self.batching.most(self.now());
        let lines = most.lines.min(most.bytes / self.bytes).max(1);
        let size = Size::of(std::iter::repeat_n(self.bytes, lines));
        let answer = (self.receiver)(size);
        self.batching.learn(size, answer, self.now());
        (lines, answer)
    }

    /// How many events each of so many requests has.
    fn sizes(&mut self, requests: usize) -> Vec<usize> {
        (0..requests).map(|_| self.sends().0).collect()
    }

    /// Another process goes on, with what this one has left.
    fn followed(self) -> Self {
        self.followed_after(Duration::ZERO)
    }

    /// Another process goes on after this time.
    fn followed_after(self, time: Duration) -> Self {
        let lesson = self.batching.lesson(&self.hand.clock().now());
        let text = serde_json::to_string(&lesson).unwrap();
        let lesson: Option<Lesson> = serde_json::from_str(&text).unwrap();
        self.hand.pass(time);
        let now = self.hand.clock().now();
        let batching = lesson.map_or(Batching::new(), |lesson| Batching::after(&lesson, &now));
        Self { batching, ..self }
    }
}

/// Answers like this to batches, and takes single events.
fn to_batches(answer: Answer) -> impl Fn(Size) -> Answer {
    move |size| if size.is_batch() { answer } else { Answer::Complete }
}

#[test]
fn a_program_begins_with_few_events_and_sends_twice_as_many_after_each_success() {
    let mut world = World { batching: Batching::new(), ..World::new(200, |_| Answer::Complete) };
    assert_eq!(world.sizes(5), [16, 32, 64, 100, 100]);
}

#[test]
fn a_receiver_that_fails_at_batches_alone_gets_two_of_them_and_then_single_events() {
    let mut world = World::new(200, to_batches(Answer::Failure));
    assert_eq!(world.sizes(40), [vec![100, 1, 2], vec![1; 37]].concat());
    world.bytes = 1;
    assert_eq!(world.sizes(3), [1; 3], "not even two of the smallest go together");
    world.hand.pass(HOUR);
    assert_eq!(world.sizes(6), [1, 2, 1, 2, 1, 1], "after the limit, one failure says nothing again");
}

#[test]
fn a_single_event_says_nothing_of_batches_however_large_it_is() {
    let mut world = World::new(5_000, to_batches(Answer::Failure));
    assert_eq!(world.sizes(2), [13, 1]);
    world.bytes = 100;
    assert_eq!(world.sizes(4), [2, 1, 1, 1]);
}

#[test]
fn a_receiver_that_fails_at_large_batches_gets_smaller_ones() {
    let fails_above = |lines| move |size: Size| if size.lines > lines { Answer::Failure } else { Answer::Complete };
    let mut world = World::new(200, fails_above(30));
    assert_eq!(world.sizes(13), [100, 1, 2, 4, 8, 16, 32, 1, 2, 4, 8, 16, 16]);
    let mut world = World::new(200, fails_above(2));
    assert_eq!(world.sizes(8), [100, 1, 2, 4, 1, 2, 2, 2]);
}

#[test]
fn a_failure_of_the_whole_receiver_is_no_fault_of_batches() {
    let is_down = std::cell::Cell::new(true);
    let mut world = World::new(200, |_| if is_down.get() { Answer::Failure } else { Answer::Complete });
    assert_eq!(world.sizes(4), [100, 1, 1, 1]);
    is_down.set(false);
    assert_eq!(world.sizes(3), [1, 2, 4]);
    is_down.set(true);
    world.sends();
    is_down.set(false);
    // A batch of eight failed, although one of four had gone through: the limit is four, for an hour.
    assert_eq!(world.sizes(5), [1, 2, 4, 4, 4]);
    world.hand.pass(HOUR);
    assert_eq!(world.sizes(4), [32, 64, 100, 100]);
    is_down.set(true);
    world.sends();
    is_down.set(false);
    assert_eq!(world.sizes(8), [1, 2, 4, 8, 16, 32, 64, 100]);
    world.sends();
    assert_eq!(world.batching.lesson(&world.hand.clock().now()), None, "nothing is left to know");
}

#[test]
fn a_batch_like_one_that_went_through_does_not_fail_for_its_size() {
    let is_down = std::cell::Cell::new(true);
    let mut world = World::new(200, |_| if is_down.replace(false) { Answer::Failure } else { Answer::Complete });
    assert_eq!(world.sizes(5), [100, 1, 2, 4, 8]);
    world.bytes = 10;
    assert_eq!(world.sizes(1), [16]);
    world.bytes = 50;
    is_down.set(true);
    assert_eq!(world.sizes(7), [32, 1, 2, 4, 8, 16, 32], "32 events have no more bytes than those 8");
}

#[test]
fn a_batch_that_is_too_large_is_halved_at_once_until_it_is_taken() {
    let mut world = World::new(600, |size: Size| if size.bytes > 9_600 { Answer::TooLarge } else { Answer::Complete });
    assert_eq!(world.sizes(6), [100, 50, 25, 12, 12, 12]);
    world.hand.pass(HOUR);
    assert_eq!(world.sizes(2), [100, 50]);
    let mut world = World::new(600, to_batches(Answer::TooLarge));
    assert_eq!(world.sizes(9), [100, 50, 25, 12, 6, 3, 1, 1, 1]);
}

/// The limit may have been learned of when a larger batch was under way.
#[test]
fn a_limit_shrinks_with_each_batch_that_is_too_large() {
    let mut batching = Batching::new();
    let now = Instant::now();
    for bytes in [10_000, 5_000, 2_500] {
        batching.learn(Size { bytes: 20_000, lines: 20 }, Answer::TooLarge, now);
        assert_eq!(batching.most(now).bytes, bytes);
    }
}

#[test]
fn a_receiver_that_takes_no_batches_is_given_one_again_after_an_hour_then_after_twice_as_long_up_to_a_day() {
    let mut world = World::new(200, to_batches(Answer::NoBatches));
    assert_eq!(world.sizes(4), [100, 1, 1, 1]);
    for hours in [1, 2, 4, 8, 16, 24, 24] {
        world.hand.pass(hours * HOUR - Duration::from_secs(1));
        assert_eq!(world.sizes(8), [1; 8], "{hours}");
        world.hand.pass(Duration::from_secs(1));
        assert_eq!(world.sizes(4), [1, 2, 1, 1], "{hours}");
    }
}

#[test]
fn a_batch_that_goes_through_ends_the_doubling() {
    let takes = std::cell::Cell::new(false);
    let mut world = World::new(200, |size: Size| match size.is_batch() && !takes.get() {
        true => Answer::NoBatches,
        false => Answer::Complete,
    });
    for hours in [1, 2] {
        assert_eq!(world.sizes(3).last(), Some(&1));
        world.hand.pass(hours * HOUR);
    }
    takes.set(true);
    assert_eq!(world.sizes(3), [1, 2, 4]);
    takes.set(false);
    assert_eq!(world.sizes(2), [8, 1]);
    world.hand.pass(HOUR);
    assert_eq!(world.sizes(2), [1, 2]);
}

#[test]
fn an_answer_that_is_the_same_for_single_events_says_nothing_of_batches() {
    let is_restarting = std::cell::Cell::new(true);
    let mut world = World::new(200, |size: Size| match (is_restarting.get(), size.is_batch()) {
        (true, true) => Answer::NoBatches,
        (true, false) => Answer::Failure,
        (false, _) => Answer::Complete,
    });
    assert_eq!(world.sizes(4), [100, 1, 1, 1]);
    assert_eq!(world.batching.lesson(&world.hand.clock().now()), None);
    is_restarting.set(false);
    assert_eq!(world.sizes(8), [1, 2, 4, 8, 16, 32, 64, 100]);
    assert_eq!(world.batching.lesson(&world.hand.clock().now()), None);
}

#[test]
fn what_fails_after_a_limit_says_nothing_of_the_answer_that_led_to_it() {
    let answer = std::cell::Cell::new(Answer::NoBatches);
    let mut world = World::new(200, |_| answer.get());
    world.sends();
    world.hand.pass(HOUR);
    answer.set(Answer::Failure);
    world.sends();
    assert_eq!(world.batching.failures.rounds, 1);
}

#[test]
fn a_batch_in_which_some_events_are_to_be_sent_again_went_through() {
    let mut world = World::new(200, to_batches(Answer::Partial));
    assert_eq!(world.sizes(7), [100, 1, 2, 1, 2, 1, 2]);
    assert_eq!(world.batching.lesson(&world.hand.clock().now()), None);
}

/// Each of these processes has time for so many requests.
#[test]
fn short_programs_learn_together() {
    for requests in 1..=3 {
        for (answer, failures) in [(Answer::Failure, 2), (Answer::NoBatches, 1)] {
            let failed = std::cell::Cell::new(0);
            let mut world = World::new(200, |size: Size| {
                failed.set(failed.get() + u32::from(size.is_batch()));
                to_batches(answer)(size)
            });
            for _ in 0..50 {
                world.sizes(requests);
                world = world.followed();
            }
            assert!(failed.get() <= failures, "{requests} {answer:?}: {failed:?}");
            if failed.get() == failures {
                world.hand.pass(HOUR - Duration::from_secs(1));
                world = world.followed();
                assert_eq!(world.sizes(3), [1; 3], "{requests} {answer:?}");
                world.hand.pass(HOUR);
                world = world.followed();
                world.sizes(4);
                assert!(failed.get() > failures, "{requests} {answer:?}");
            }
        }
    }
}

/// The same process goes on after this time, or another one does.
fn continued<F: Fn(Size) -> Answer>(world: World<F>, time: Duration, by_another: bool) -> World<F> {
    if by_another {
        return world.followed_after(time);
    }
    world.hand.pass(time);
    world
}

#[test]
fn a_failure_counts_for_a_day() {
    for by_another in [false, true] {
        for (time, counts) in [(DAY - SECOND, true), (DAY + SECOND, false)] {
            let mut world = World::new(200, to_batches(Answer::Failure));
            assert_eq!(world.sizes(2), [100, 1]);
            let mut world = continued(world, time, by_another);
            world.sizes(2);
            assert_eq!(world.batching.limit.is_some(), counts, "{by_another} {time:?}");
        }
    }
}

#[test]
fn limits_double_if_no_day_passes_between_the_end_of_one_and_the_next_failure() {
    for by_another in [false, true] {
        for (time, hours) in [(DAY - SECOND, 2), (DAY + SECOND, 1)] {
            let mut world = World::new(200, to_batches(Answer::NoBatches));
            assert_eq!(world.sizes(2), [100, 1]);
            let mut world = continued(world, HOUR + time, by_another);
            world.sizes(3);
            let now = world.now();
            let left = world.batching.limit.map(|limit| limit.until - now);
            assert_eq!(left, Some(hours * HOUR), "{by_another} {time:?}");
        }
    }
}

#[test]
fn what_is_forgotten_is_told_to_others_once() {
    for by_another in [false, true] {
        let mut world = World::new(200, to_batches(Answer::Failure));
        assert_eq!((world.sizes(2), world.batching.take_changed()), (vec![100, 1], true));
        let mut world = continued(world, DAY + SECOND, by_another);
        world.batching.most(world.now());
        let changed = [(); 2].map(|()| world.batching.take_changed());
        assert_eq!((world.batching.lesson(&world.hand.clock().now()), changed), (None, [true, false]), "{by_another}");
    }
}

#[test]
fn whatever_is_stored_limits_batches_for_a_day_at_most() {
    let hand = Hand::new();
    let now = hand.clock().now();
    let failures = Failures { rounds: u32::MAX, since_failure: None };
    let forged = Lesson { since: now.stamp, seconds: u64::MAX, bytes: 0, failures, memory: u64::MAX };
    let mut batching = Batching::after(&forged, &now);
    hand.pass(24 * HOUR - Duration::from_secs(1));
    assert_eq!(batching.most(hand.clock().now().instant), Most { lines: 1, bytes: 0 });
    hand.pass(Duration::from_secs(1));
    assert_eq!(batching.most(hand.clock().now().instant), Most { lines: 1, bytes: BYTES });
    batching.learn(Size { bytes: 400, lines: 2 }, Answer::NoBatches, hand.clock().now().instant);
    hand.pass(24 * HOUR);
    assert_eq!(batching.most(hand.clock().now().instant).bytes, BYTES);
    let large = Lesson { bytes: usize::MAX, ..forged };
    assert_eq!(Batching::after(&large, &now).most(now.instant).bytes, BYTES);
    let wrong_clock = Lesson { since: Stamp { at: u64::MAX / 2, up: None, boot: None }, ..forged };
    assert_eq!(Batching::after(&wrong_clock, &now).most(now.instant).bytes, BYTES);
}
