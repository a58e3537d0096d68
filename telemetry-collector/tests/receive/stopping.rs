//! The order to stop.

use std::thread;
use std::time::Duration;

use super::events::started;
use super::fixture::Running;
use super::http::{Client, get, single};

#[test]
fn a_request_that_has_begun_is_finished() {
    let running = Running::new();
    running.store.answers(false);
    let address = running.address;
    let mut idle = Client::new(address);
    assert_eq!(idle.ask(&get("/", &[])).unwrap().status, 404);
    let asking = thread::spawn(move || Client::new(address).ask(&single(&started(1))));
    running.runtime.block_on(running.store.has_waiting(1));
    running.stopper.stop();
    // A connection without a request is closed at once, and no other one is accepted.
    idle.read_to_end();
    let closed = || Client::connect(address).and_then(|mut client| client.ask(&get("/healthz", &[]))).is_err();
    while !closed() {}
    assert!(!running.served.is_finished());
    running.store.answers(true);
    assert_eq!(asking.join().unwrap().unwrap().status, 200);
    assert!(running.runtime.block_on(running.served).unwrap(), "all requests were finished");
    assert_eq!(running.store.kept().len(), 1);
}

#[test]
fn a_request_that_hangs_does_not_hold_up_the_end() {
    let running = Running::with(|settings| settings.limits.stop_time = Duration::from_millis(100));
    running.store.answers(false);
    let mut asking = Client::new(running.address);
    asking.send(&single(&started(1))).unwrap();
    running.runtime.block_on(running.store.has_waiting(1));
    running.stopper.stop();
    assert!(!running.runtime.block_on(running.served).unwrap(), "one was not finished");
    asking.read_to_end();
}
