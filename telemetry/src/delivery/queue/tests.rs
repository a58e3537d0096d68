use super::state::{End, Phase};
use super::*;
use crate::clock::Stamp;
use crate::clock::tests::Hand;

const NOW: Duration = Duration::ZERO;

fn push(queue: &Queue, bytes: usize) -> Result<u64, Loss> {
    push_with(queue, bytes, false)
}

fn push_with(queue: &Queue, bytes: usize, stored: bool) -> Result<u64, Loss> {
    let waiting = queue.admit(Draft::of_length(bytes))?;
    if stored {
        waiting.set_stored(true);
    }
    let ticket = waiting.ticket;
    queue.push(waiting, || Ok(()))?;
    Ok(ticket)
}

fn recovered(id: &str) -> StoredEvent {
    recovered_at(id, 0)
}

fn recovered_at(id: &str, at: u64) -> StoredEvent {
    let at = Stamp { at, ..Stamp::default() };
    StoredEvent {
        id: id.to_owned(),
        at,
        schema: String::new(),
        body: String::new(),
        lacks_context: false,
        by_operator: false,
        is_ephemeral: false,
    }
}

impl Queue {
    fn next_events(&self, most: Most) -> Vec<Arc<Waiting>> {
        match self.next(most, || ()) {
            Some(Work::Send(events)) => events,
            _ => Vec::new(),
        }
    }
}

#[test]
fn bytes_are_bounded_too_and_free_again_once_settled() {
    let queue = Queue::default();
    let first = push(&queue, MAX_BYTES - 1000).unwrap();
    assert_eq!(push(&queue, 1001), Err(Loss::QueueFull));
    push(&queue, 1000).unwrap();
    assert_eq!(push(&queue, 100), Err(Loss::QueueFull));
    queue.settle(first, Fate::Delivered);
    push(&queue, MAX_BYTES - 1000).unwrap();
    assert_eq!(queue.counts().dropped_for(Loss::QueueFull), 2);
}

#[test]
fn what_is_on_disk_is_not_lost_when_the_queue_is_full() {
    let queue = Queue::default();
    push(&queue, MAX_BYTES).unwrap();
    push_with(&queue, 1000, true).unwrap();
    let counts = queue.counts();
    assert_eq!((counts.published(), counts.spooled(), counts.pending()), (2, 1, 1));
}

#[test]
fn a_flush_tells_of_what_was_there_and_of_nothing_later() {
    let queue = Queue::default();
    let before: Vec<u64> = (0..3).map(|_| push(&queue, 200).unwrap()).collect();
    let number = queue.lock().add_flush();
    let after = push(&queue, 200).unwrap();
    queue.settle(after, Fate::Delivered);
    assert_eq!(queue.lock().flush_answer(number).pending, 3);
    for (ticket, fate) in before.into_iter().zip([Fate::Delivered, Fate::Lost(Loss::Refused), Fate::Spooled]) {
        queue.settle(ticket, fate);
    }
    let answer = queue.lock().remove_flush(number);
    assert_eq!((answer.delivered, answer.dropped, answer.spooled, answer.pending), (1, 1, 1, 0));
    assert!(queue.lock().flushes.is_empty());
}

#[test]
fn a_flush_whose_time_is_up_says_what_is_pending() {
    let queue = Queue::default();
    push(&queue, 200).unwrap();
    assert_eq!(queue.flush(NOW).pending, 1);
    assert!(queue.lock().flushes.is_empty());
}

#[test]
fn an_event_without_a_worker_is_lost_and_the_next_one_tries_again() {
    let queue = Queue::default();
    let waiting = queue.admit(Draft::of_length(200)).unwrap();
    assert_eq!(queue.push(waiting, || Err(Loss::NoWorker)), Err(Loss::NoWorker));
    push(&queue, 200).unwrap();
    assert_eq!(queue.counts().dropped_for(Loss::NoWorker), 1);
    assert_eq!(queue.flush(NOW).pending, 1);
}

#[test]
fn the_end_counts_what_waits_and_what_comes_back_late_is_not_counted_again() {
    let queue = Queue::default();
    let first = push(&queue, 200).unwrap();
    push(&queue, 200).unwrap();
    push_with(&queue, 200, true).unwrap();
    assert_eq!(queue.next_events(Most::ONE)[0].ticket, first);
    queue.postpone([first], Failure::Temporary, None);
    queue.recover(vec![recovered("old")], None);
    let flushed = queue.close(NOW, true, |volatile| assert_eq!(volatile.len(), 2));
    assert_eq!((flushed.dropped, flushed.spooled, flushed.pending), (2, 1, 0));
    queue.settle(first, Fate::Delivered);
    assert!(queue.next(Most::ONE, || ()).is_none());
    let counts = queue.counts();
    assert_eq!((counts.delivered(), counts.spooled()), (0, 1));
    assert_eq!(counts.losses().collect::<Vec<_>>(), [(Loss::Undelivered, 1), (Loss::Ended, 1)]);
    assert_eq!(queue.recovered().spooled(), 1);
}

/// Closes the queue with a worker that does nothing except end when it is told to.
fn end_with_a_worker(queue: &Queue, timeout: Duration) -> Flushed {
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Over) {
                std::thread::yield_now();
            }
            for waiting in queue.volatile() {
                waiting.set_stored(true);
            }
            queue.worker_ended();
        });
        queue.close(timeout, true, |_| ())
    })
}

#[test]
fn the_end_does_not_wait_where_nothing_is_sent_before() {
    let (queue, start) = (Queue::default(), Instant::now());
    let ticket = push(&queue, 200).unwrap();
    queue.postpone([ticket], Failure::Behind(Duration::from_secs(3600)), None);
    let flushed = end_with_a_worker(&queue, Duration::from_secs(60));
    assert_eq!((flushed.spooled, flushed.pending), (1, 0));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_end_waits_for_one_event_alone_whose_turn_comes_before_it() {
    let hand = Hand::new();
    let queue = Queue { clock: hand.clock(), ..Queue::default() };
    let ticket = push(&queue, 200).unwrap();
    queue.postpone([ticket], Failure::Behind(Duration::from_secs(10)), None);
    queue.settle(0, Fate::Delivered);
    for (timeout, is_over) in [(9, true), (11, false)] {
        let mut state = queue.lock();
        state.phase = Phase::Closing;
        state.end = Some(End::at(queue.now(), Duration::from_secs(timeout), true));
        assert_eq!(matches!(state.turn(queue.now(), Most::ONE), Turn::Over), is_over, "{timeout}");
    }
}

#[test]
fn the_end_writes_what_is_on_its_way_before_its_time_is_up() {
    const WAIT: Duration = Duration::from_millis(500);
    let (queue, start) = (Queue::default(), Instant::now());
    push(&queue, 200).unwrap();
    let flushed = queue.close(WAIT, true, |volatile| {
        assert!(start.elapsed() < WAIT, "{:?}", start.elapsed());
        volatile[0].set_stored(true);
    });
    // The worker waits for an answer that may still arrive.
    assert!(start.elapsed() >= WAIT);
    assert_eq!((flushed.spooled, flushed.dropped), (1, 0));
}

#[test]
fn a_disk_that_is_slow_holds_up_the_end_for_moments_only() {
    for timeout in [Duration::ZERO, Duration::from_millis(50)] {
        let (queue, start) = (Queue::default(), Instant::now());
        push(&queue, 200).unwrap();
        let flushed = queue.close(timeout, true, |_| ());
        assert!(start.elapsed() < timeout + TIME_TO_STORE + Duration::from_millis(500), "{:?}", start.elapsed());
        assert_eq!((flushed.spooled, flushed.dropped), (0, 1));
    }
}

#[test]
fn the_end_drains_what_others_left_for_moments_and_begins_nothing_that_it_cannot_finish() {
    let hand = Hand::new();
    let queue = Queue { clock: hand.clock(), ..Queue::default() };
    queue.recover(vec![recovered("old")], None);
    queue.lock().phase = Phase::Closing;
    let turn = |timeout, passed, usual: Option<u64>| {
        let mut state = queue.lock();
        state.end = Some(End::at(queue.now(), Duration::from_millis(timeout), true));
        state.usual = usual.map(Duration::from_millis);
        matches!(state.turn(queue.now() + Duration::from_millis(passed), Most::ONE), Turn::Of(_))
    };
    assert!(turn(50, 0, None) && turn(50, 39, None) && turn(5_000, 49, None));
    assert!(!turn(50, 40, None), "it could be cut off");
    assert!(!turn(50, 50, None) && !turn(5_000, 50, None), "it has events of its own no more");
    assert!(turn(51, 0, Some(20)) && !turn(50, 0, Some(20)));
    queue.lock().phase = Phase::Open;
    push(&queue, 200).unwrap();
    let mut state = queue.lock();
    state.phase = Phase::Closing;
    state.end = Some(End::at(queue.now(), Duration::from_secs(5), true));
    assert!(matches!(state.turn(queue.now() + Duration::from_secs(4), Most::ONE), Turn::Of(_)));
}

#[test]
fn the_oldest_comes_first_and_what_failed_last_comes_last() {
    let queue = Queue::default();
    let fresh = push(&queue, 200).unwrap();
    let left = [("3", 30), ("1", 10), ("2", 20), ("bad", 5)].map(|(id, at)| recovered_at(id, at));
    queue.recover(left.into(), Some("bad"));
    let mut order = Vec::new();
    let turn = || queue.lock().turn(queue.now(), Most::ONE);
    while let Turn::Of(waiting) = turn() {
        order.push(match &waiting[0].content {
            super::super::waiting::Content::Recovered(event) => event.id.clone(),
            super::super::waiting::Content::Fresh(_) => "fresh".to_owned(),
        });
        queue.settle(waiting[0].ticket, Fate::Delivered);
    }
    assert_eq!(order, ["1", "2", "3", "bad", "fresh"]);
    assert_eq!((queue.counts().delivered(), queue.recovered().delivered(), fresh), (1, 4, 1));
    #[cfg(feature = "http")]
    queue.drain(Duration::from_secs(60));
}

#[test]
fn a_pause_of_another_process_is_obeyed_and_told_to_others() {
    let hand = Hand::new();
    let [first, second] = [(); 2].map(|()| Queue { clock: hand.clock(), ..Queue::default() });
    let ticket = push(&first, 200).unwrap();
    first.postpone([ticket], Failure::Behind(Duration::from_secs(600)), Some(Obstacle::Answer(429)));
    let rest = first.rest("ab-1").unwrap();
    push(&second, 200).unwrap();
    assert!(second.obey(&rest));
    assert_eq!(second.load().paused, Some(Duration::from_secs(600)));
    assert_eq!(second.load().obstacle, Some(Obstacle::Answer(429)));
    hand.pass(Duration::from_secs(601));
    assert!(!second.obey(&rest) && matches!(second.lock().turn(second.now(), Most::ONE), Turn::Of(_)));
}

#[test]
fn a_worker_rests_before_it_waits() {
    let queue = Queue::default();
    push(&queue, 200).unwrap();
    let rests = std::cell::Cell::new(0);
    let next = || queue.next(Most::ONE, || rests.set(rests.get() + 1));
    let Some(Work::Send(first)) = next() else { panic!("an event waits") };
    assert_eq!(rests.get(), 0);
    queue.settle(first[0].ticket, Fate::Delivered);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while queue.lock().worker != Worker::Asleep {
                std::thread::yield_now();
            }
            push(&queue, 200).unwrap();
        });
        next().unwrap();
    });
    assert_eq!(rests.get(), 1);
}

/// Most rounds find the worker asleep.
#[test]
fn counts_are_written_on_time_during_a_pause_and_without_events() {
    for round in 0..20 {
        let queue = Arc::new(Queue::default());
        if round % 2 == 0 {
            queue.postpone([], Failure::Behind(Duration::from_secs(600)), None);
        }
        let (worker, heard) = std::sync::mpsc::channel();
        std::thread::spawn({
            let queue = Arc::clone(&queue);
            move || {
                let work = queue.next(Most::ONE, || worker.send("rests").unwrap());
                worker.send(if matches!(work, Some(Work::Chores)) { "writes" } else { "ends" })
            }
        });
        assert_eq!(heard.recv(), Ok("rests"));
        std::thread::yield_now();
        queue.write_counts_at(Instant::now(), || Ok(())).unwrap();
        assert_eq!(heard.recv_timeout(Duration::from_secs(10)), Ok("writes"), "{round}");
    }
}

#[test]
fn after_a_failure_all_wait_and_then_the_others_come_first() {
    let hand = Hand::new();
    let queue = Queue { clock: hand.clock(), ..Queue::default() };
    let (poison, good) = (push(&queue, 200).unwrap(), push(&queue, 200).unwrap());
    queue.postpone([poison], Failure::Behind(Duration::from_secs(600)), None);
    // Only an answer, or time, ends the pause for all events.
    queue.lock().backoff.fail(Failure::Behind(Duration::from_secs(30)), queue.now());
    assert!(matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Paused(left) if left == Duration::from_secs(30)));
    assert_eq!(queue.load().paused, Some(Duration::from_secs(30)));
    hand.pass(Duration::from_secs(30));
    assert!(matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Of(events) if events[0].ticket == good));
    queue.answered();
    queue.settle(good, Fate::Delivered);
    assert_eq!(queue.load().paused, None);
    assert!(
        matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Later(Some(left)) if left == Duration::from_secs(570))
    );
    hand.pass(Duration::from_secs(570));
    assert!(matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Of(events) if events[0].ticket == poison));
}

#[test]
fn several_events_are_taken_as_far_as_they_are_ready_and_within_64_kib() {
    let hand = Hand::new();
    let queue = Queue { clock: hand.clock(), ..Queue::default() };
    queue.recover(vec![recovered("old")], None);
    let fresh: Vec<u64> = [50_000, 15_000, 15_000, 70_000].map(|bytes| push(&queue, bytes).unwrap()).into();
    let take = |lines| -> Vec<u64> {
        queue.next_events(Most { lines, ..Most::ONE }).iter().map(|waiting| waiting.ticket).collect()
    };
    assert_eq!((take(1), take(2)), (vec![1], vec![1, fresh[0]]));
    assert_eq!(take(100), [1, fresh[0], fresh[1]]);
    queue.postpone([1, fresh[0]], Failure::Behind(Duration::from_secs(600)), None);
    queue.lock().backoff.succeed();
    assert_eq!(take(100), [fresh[1], fresh[2]]);
    for ticket in &fresh[1..3] {
        queue.settle(*ticket, Fate::Delivered);
    }
    assert_eq!(take(100), [fresh[3]], "an event that is too large for a batch goes alone");
    assert!(queue.lock().entries().take(2).all(|entry| entry.backoff.has_failed()));
}

#[test]
fn a_choice_that_is_withdrawn_drops_all_that_waits_and_all_that_comes() {
    let queue = Queue::default();
    push_with(&queue, 200, true).unwrap();
    queue.recover(vec![recovered("old")], None);
    queue.withdraw(true);
    assert_eq!(push(&queue, 200), Err(Loss::ConsentWithdrawn));
    assert_eq!(queue.counts().dropped_for(Loss::ConsentWithdrawn), 2);
    assert_eq!(queue.recovered().dropped_for(Loss::ConsentWithdrawn), 1);
    assert!(queue.next(Most::ONE, || ()).is_none());
}

#[test]
fn what_is_on_disk_stays_there_when_the_choice_cannot_be_read() {
    let queue = Queue::default();
    push(&queue, 200).unwrap();
    push_with(&queue, 200, true).unwrap();
    queue.recover(vec![recovered("old")], None);
    queue.withdraw(false);
    let counts = queue.counts();
    assert_eq!((counts.spooled(), counts.dropped_for(Loss::ConsentWithdrawn)), (1, 1));
    assert_eq!(queue.recovered().spooled(), 1);
}

#[test]
fn what_was_written_and_deleted_before_it_had_a_place_is_lost() {
    let queue = Queue::default();
    let waiting = queue.admit(Draft::of_length(200)).unwrap();
    waiting.set_stored(true);
    queue.withdraw(true);
    assert_eq!(queue.push(waiting, || Ok(())), Err(Loss::ConsentWithdrawn));
    assert_eq!((queue.counts().spooled(), queue.counts().dropped_for(Loss::ConsentWithdrawn)), (0, 1));
}

/// An event draws its ticket before it gets its place, so another event can overtake it.
#[test]
fn a_flush_waits_for_those_that_were_there_whatever_their_tickets() {
    let queue = Queue::default();
    let slow = queue.admit(Draft::of_length(200)).unwrap();
    let slow_ticket = slow.ticket;
    let there = push(&queue, 200).unwrap();
    let number = queue.lock().add_flush();
    queue.push(slow, || Ok(())).unwrap();
    queue.settle(slow_ticket, Fate::Delivered);
    assert_eq!(queue.lock().flush_answer(number).pending, 1);
    queue.settle(there, Fate::Delivered);
    let answer = queue.lock().remove_flush(number);
    assert_eq!((answer.delivered, answer.pending), (1, 0));
}

#[test]
fn a_sink_that_asks_for_all_eternity_is_asked_again_after_an_hour_to_an_hour_and_a_half() {
    let hand = Hand::new();
    let queue = Queue { clock: hand.clock(), ..Queue::default() };
    let ticket = push(&queue, 200).unwrap();
    queue.postpone([ticket], Failure::Asked(Duration::MAX), None);
    hand.pass(Duration::from_secs(3599));
    assert!(matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Paused(_)));
    hand.pass(Duration::from_secs(1801));
    assert!(matches!(queue.lock().turn(queue.now(), Most::ONE), Turn::Of(events) if events[0].ticket == ticket));
}
