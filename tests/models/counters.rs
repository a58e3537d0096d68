//! Counters: slots that threads own one after another, and what events take of a counter.

#[path = "../../telemetry/src/counters/sharded.rs"]
mod sharded;
#[path = "../../telemetry/src/counters/slot.rs"]
mod slot;
#[path = "../../telemetry/src/counters/window.rs"]
mod window;

use std::sync::Arc;

use loom::thread;

use self::sharded::Sharded;
use self::window::Window;

/// One, so that two threads share it beside its owner.
const SLOTS: usize = 1;

fn begin() -> Arc<Sharded> {
    crate::sync::atomic::begin();
    Arc::default()
}

/// A thread that takes over the slot of one that has ended adds to what was counted there.
pub fn one_slot_two_owners() {
    let counter = begin();
    let add = |amount| {
        let counter = Arc::clone(&counter);
        thread::spawn(move || counter.add(amount))
    };
    // Whether the second finds the first one's slot free depends on the order.
    let (first, second) = (add(1), add(10));
    first.join().unwrap();
    second.join().unwrap();
    assert_eq!(counter.left(), 11);
}

/// Threads beyond the number of slots share them, and lose nothing.
pub fn shared_slots() {
    let counter = begin();
    let threads = [1, 10, 100].map(|amount| {
        let counter = Arc::clone(&counter);
        thread::spawn(move || counter.add(amount))
    });
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(counter.left(), 111);
}

/// What one event takes, no other takes.
pub fn taken_twice() {
    let counter = begin();
    counter.add(1);
    let takes = || {
        let counter = Arc::clone(&counter);
        thread::spawn(move || counter.take().amount)
    };
    let (one, other) = (takes(), takes());
    counter.add(10);
    let taken = one.join().unwrap() + other.join().unwrap();
    assert_eq!(taken + counter.left(), 11);
}

/// What is given back is there again, and nothing of what was forgotten comes back.
pub fn taken_and_given_back() {
    let counter = begin();
    counter.add(1);
    let gives_back = {
        let counter = Arc::clone(&counter);
        thread::spawn(move || {
            let taken = counter.take();
            counter.give_back(taken);
        })
    };
    counter.reset();
    gives_back.join().unwrap();
    assert_eq!(counter.left(), 0);
}

/// Two threads publish with one counter: each count is told once, also if one of the events is not accepted.
pub fn windows() {
    let counter = begin();
    counter.add(1);
    let publishes = |is_accepted: bool| {
        let counter = Arc::clone(&counter);
        thread::spawn(move || {
            let (told, window) = Window::during(|| (window::read(&counter), window::read(&counter)));
            assert_eq!(told.0, told.1);
            if is_accepted {
                window.end()
            } else {
                drop(window)
            }
            if is_accepted { told.0 } else { 0 }
        })
    };
    let (one, other) = (publishes(true), publishes(false));
    counter.add(10);
    assert_eq!(one.join().unwrap() + other.join().unwrap() + counter.left(), 11);
}
