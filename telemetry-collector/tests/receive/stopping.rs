//! The order to stop.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use telemetry_collector::ask::report::{EventReport, Overview};
use telemetry_collector::ask::{AskError, Filter};
use telemetry_collector::receive::Clock;
use telemetry_collector::show::{Ask, router};

use super::events::started;
use super::fixture::Running;
use super::http::{Client, get, single, single_with};

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

/// Tells that it is asked, and answers once it may.
struct Slow {
    asked: Sender<()>,
    may: Mutex<Receiver<()>>,
}

impl Ask for Slow {
    fn overview(&self) -> Result<Overview, AskError> {
        Err(AskError::Layout)
    }

    fn event(&self, _: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
        self.asked.send(()).unwrap();
        let _ = self.may.lock().unwrap().recv();
        Ok(None)
    }
}

#[test]
fn a_report_that_is_being_made_is_finished() {
    let ((asked, is_asked), (answer, may)) = (channel(), channel());
    let shown = router(Arc::new(Slow { asked, may: Mutex::new(may) }));
    let running = Running::showing(shown, |_| {}, Clock::system());
    let address = running.address;
    let asking = thread::spawn(move || Client::new(address).ask(&get("/events/started", &[])));
    is_asked.recv().unwrap();
    // A request whose body does not come is cut off, and is not waited for.
    let mut slow = Client::new(address);
    let event = started(1);
    let whole = single_with(&event, &[("expect", "100-continue")], event.body());
    assert_eq!(slow.ask(&whole[..whole.len() - event.body().len()]).unwrap().status, 100);
    running.stopper.stop();
    slow.read_to_end();
    answer.send(()).unwrap();
    assert_eq!(asking.join().unwrap().unwrap().status, 404, "no event has this name");
    assert!(running.runtime.block_on(running.served).unwrap(), "all requests were finished");
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
