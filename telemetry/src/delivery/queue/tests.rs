use super::*;

const NOW: Duration = Duration::ZERO;

fn push(queue: &Queue, bytes: usize) -> Result<u64, Loss> {
    push_with(queue, bytes, false)
}

fn push_with(queue: &Queue, bytes: usize, stored: bool) -> Result<u64, Loss> {
    let waiting = queue.admit(Draft::of_length(bytes))?;
    if stored {
        waiting.set_stored();
    }
    let ticket = waiting.ticket;
    queue.push(waiting, || Ok(()))?;
    Ok(ticket)
}

fn recovered(id: &str) -> Stored {
    Stored { id: id.to_owned(), at: 0, schema: String::new(), body: String::new() }
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
    queue.recover(vec![recovered("old")]);
    assert_eq!(queue.next().unwrap().ticket, first);
    queue.postpone(first, NOW);
    let flushed = queue.close(NOW, |volatile| assert_eq!(volatile.len(), 2));
    assert_eq!((flushed.dropped, flushed.spooled, flushed.pending), (2, 1, 0));
    queue.settle(first, Fate::Delivered);
    assert!(queue.next().is_none());
    let counts = queue.counts();
    assert_eq!((counts.delivered(), counts.spooled()), (0, 1));
    assert_eq!(counts.losses().collect::<Vec<_>>(), [(Loss::Undelivered, 1), (Loss::Ended, 1)]);
    assert_eq!(queue.recovered().spooled(), 1);
}

#[test]
fn the_end_does_not_wait_where_nothing_is_sent_before() {
    let (queue, start) = (Queue::default(), Instant::now());
    let ticket = push_with(&queue, 200, true).unwrap();
    let flushed = std::thread::scope(|scope| {
        let end = scope.spawn(|| queue.close(Duration::from_secs(60), |_| ()));
        while queue.lock().flushes.is_empty() {
            std::thread::yield_now();
        }
        queue.postpone(ticket, Duration::from_secs(3600));
        queue.stored();
        end.join().unwrap()
    });
    assert_eq!((flushed.spooled, flushed.pending), (1, 0));
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn the_end_waits_for_what_may_still_be_written() {
    const WAIT: Duration = Duration::from_millis(200);
    let (queue, start) = (Queue::default(), Instant::now());
    let ticket = push_with(&queue, 200, true).unwrap();
    push(&queue, 200).unwrap();
    queue.postpone(ticket, Duration::from_secs(3600));
    queue.close(WAIT, |_| ());
    assert!(start.elapsed() >= WAIT);
}

#[test]
fn what_was_left_behind_has_its_turn_when_nothing_else_has() {
    let queue = Queue::default();
    queue.recover(vec![recovered("old")]);
    let fresh = push(&queue, 200).unwrap();
    assert_eq!(queue.next().unwrap().ticket, fresh);
    queue.settle(fresh, Fate::Delivered);
    let old = queue.next().unwrap();
    assert!(matches!(&old.content, super::super::waiting::Content::Recovered(event) if event.id == "old"));
    queue.settle(old.ticket, Fate::Delivered);
    assert_eq!((queue.counts().delivered(), queue.recovered().delivered()), (1, 1));
    #[cfg(feature = "http")]
    queue.drain(Duration::from_secs(60));
}

#[test]
fn after_a_failure_all_wait_and_then_the_others_come_first() {
    let queue = Queue::default();
    let (poison, good) = (push(&queue, 200).unwrap(), push(&queue, 200).unwrap());
    let pause = queue.postpone(poison, Duration::from_secs(3600));
    assert!(pause >= Duration::from_secs(3600));
    let now = Instant::now();
    assert!(matches!(queue.lock().turn(now), Turn::Paused(left) if left > Duration::from_secs(3500)));
    assert!(queue.load().paused.is_some());
    let mut state = queue.lock();
    state.paused_until = Some(now);
    assert!(matches!(state.turn(now), Turn::Of(waiting) if waiting.ticket == good));
    drop(state);
    queue.settle(good, Fate::Delivered);
    let state = queue.lock();
    assert_eq!((state.failures, state.paused_until), (0, None));
    assert!(matches!(state.turn(now), Turn::Later(Some(left)) if left > Duration::from_secs(3500)));
    assert!(matches!(state.turn(now + Duration::from_secs(3601)), Turn::Of(waiting) if waiting.ticket == poison));
}

#[test]
fn a_choice_that_is_withdrawn_drops_all_that_waits_and_all_that_comes() {
    let queue = Queue::default();
    push_with(&queue, 200, true).unwrap();
    queue.recover(vec![recovered("old")]);
    queue.withdraw(true);
    assert_eq!(push(&queue, 200), Err(Loss::ConsentWithdrawn));
    assert_eq!(queue.counts().dropped_for(Loss::ConsentWithdrawn), 2);
    assert_eq!(queue.recovered().dropped_for(Loss::ConsentWithdrawn), 1);
    assert!(queue.next().is_none());
}

#[test]
fn what_is_on_disk_stays_there_when_the_choice_cannot_be_read() {
    let queue = Queue::default();
    push(&queue, 200).unwrap();
    push_with(&queue, 200, true).unwrap();
    queue.recover(vec![recovered("old")]);
    queue.withdraw(false);
    let counts = queue.counts();
    assert_eq!((counts.spooled(), counts.dropped_for(Loss::ConsentWithdrawn)), (1, 1));
    assert_eq!(queue.recovered().spooled(), 1);
}

#[test]
fn what_was_written_and_deleted_before_it_had_a_place_is_lost() {
    let queue = Queue::default();
    let waiting = queue.admit(Draft::of_length(200)).unwrap();
    waiting.set_stored();
    queue.withdraw(true);
    assert_eq!(queue.push(waiting, || Ok(())), Err(Loss::ConsentWithdrawn));
    assert_eq!((queue.counts().spooled(), queue.counts().dropped_for(Loss::ConsentWithdrawn)), (0, 1));
}

/// An event draws its ticket before it has its place, and others may be quicker.
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
fn a_sink_that_asks_for_all_eternity_is_asked_again_after_an_hour() {
    let queue = Queue::default();
    let ticket = push(&queue, 200).unwrap();
    queue.postpone(ticket, Duration::MAX);
    let now = Instant::now();
    assert!(matches!(queue.lock().turn(now), Turn::Paused(left) if left > Duration::from_secs(3500)));
    let later = now + Duration::from_secs(3601);
    assert!(matches!(queue.lock().turn(later), Turn::Of(waiting) if waiting.ticket == ticket));
}
