mod batches;
#[cfg(target_has_atomic = "64")]
mod counters;

use std::cell::RefCell;
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use super::*;
use crate::consent::LiveConsent;
use crate::event::draft::tests::{Panicking, Started};
use crate::identity::anonymous_id::AnonymousId;
use crate::panics::tests::throw;
use crate::schema::Schema;
use crate::sink::{Memory, Outgoing, SendError, Sink, from_fn};
use crate::snapshot::Recorder;
use crate::snapshot::TelemetrySnapshot;

/// A timeout for calls that should return without waiting.
const LONG: Duration = Duration::from_secs(60);

fn client(sink: impl Sink) -> Telemetry {
    ending_after(LONG, sink)
}

fn ending_after(exit_wait: Duration, sink: impl Sink) -> Telemetry {
    builder().sink(sink).exit_wait(exit_wait).build()
}

/// Its id exists only in this process, so nothing is written to the home of the user who runs the tests.
fn builder() -> Builder {
    Telemetry::builder(Consent::new("ACME_OF_THESE_TESTS", "acme-of-these-tests").skip_test_check())
        .configured(Some(true))
        .anonymous_id(AnonymousId::PerProjectUnkeyed)
}

const AT_ONCE: Duration = Duration::from_millis(1);

/// A sink that takes one event per message, and the sender of these messages.
fn gated() -> (Telemetry, mpsc::Sender<()>) {
    let (open, gate) = mpsc::channel();
    let telemetry = ending_after(AT_ONCE, from_fn(move |_| gate.recv().map_err(|_| SendError::Refused)));
    (telemetry, open)
}

#[test]
fn an_event_reaches_the_sink_as_it_is_sent() {
    let memory = Memory::new();
    let telemetry = client(memory.clone());
    assert_eq!(telemetry.publish(&Started(true)), Outcome::Accepted);
    assert_eq!(telemetry.publish(&Started(false)), Outcome::Accepted);
    telemetry.flush(LONG);
    let bodies = memory.bodies();
    assert!(bodies[0].starts_with(r#"{"type":"started","payload":{"first":true},"anonymousId":""#));
    assert!(bodies[1].starts_with(r#"{"type":"started","payload":{"first":false},"anonymousId":""#));
    let ids: Vec<String> = memory.events().iter().map(|event| event.id().to_owned()).collect();
    assert_eq!(ids[0].split_once('-').unwrap().0.len(), 32);
    assert_eq!(ids[0].replace("-1", "-2"), ids[1]);
}

#[test]
fn two_clients_have_neither_id_in_common() {
    let memory = Memory::new();
    for telemetry in [client(memory.clone()), client(memory.clone())] {
        telemetry.publish(&Started(true));
        telemetry.flush(LONG);
    }
    let [one, other] = &memory.events()[..] else { panic!("two events") };
    assert_ne!(one.id(), other.id());
    assert_ne!(one.body(), other.body());
}

#[test]
fn a_full_queue_drops_the_newest_and_nothing_waits_for_the_sink() {
    let (telemetry, open) = gated();
    for _ in 0..500 {
        assert_eq!(telemetry.publish(&Started(true)), Outcome::Accepted);
    }
    assert_eq!(telemetry.publish(&Started(true)), Outcome::Dropped(Loss::QueueFull));
    let flushed = telemetry.flush(AT_ONCE);
    assert_eq!((flushed.delivered, flushed.pending), (0, 500));
    for _ in 0..500 {
        open.send(()).unwrap();
    }
    assert_eq!(telemetry.flush(LONG).pending, 0);
    let counts = telemetry.counts();
    assert_eq!((counts.published(), counts.delivered(), counts.pending()), (501, 500, 0));
    assert_eq!(counts.losses().collect::<Vec<_>>(), [(Loss::QueueFull, 1)]);
}

#[test]
fn what_panics_is_contained_and_counted() {
    let mut calls = 0;
    let telemetry = client(from_fn(move |_| {
        calls += 1;
        assert_ne!(calls, 1, "as it should");
        Ok(())
    }));
    telemetry.publish(&Started(true));
    assert_eq!(telemetry.publish(&Panicking), Outcome::Dropped(Loss::SnapshotPanicked));
    telemetry.publish(&Started(true));
    let flushed = telemetry.flush(LONG);
    assert_eq!(flushed.pending, 0);
    let counts = telemetry.counts();
    assert_eq!((counts.published(), counts.delivered()), (3, 1));
    assert_eq!(counts.losses().collect::<Vec<_>>(), [(Loss::SnapshotPanicked, 1), (Loss::SinkPanicked, 1)]);
}

struct Throwing;

impl TelemetrySnapshot for Throwing {
    const SCHEMA: Schema = Schema::group(&[]);

    fn record(&self, _: &mut Recorder<'_>) {
        throw();
    }
}

impl TelemetryEvent for Throwing {
    const NAME: &'static str = "throwing";
}

/// A sink that panics with a payload whose drop panics, and panics again in its own destructor.
struct ThrowingSink(Memory);

impl Sink for ThrowingSink {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        if self.0.events().is_empty() {
            self.0.send(event)?;
            throw();
        }
        self.0.send(event)
    }
}

impl Drop for ThrowingSink {
    fn drop(&mut self) {
        throw();
    }
}

#[test]
fn what_panics_again_when_it_is_dropped_is_contained_too() {
    let memory = Memory::new();
    let telemetry = client(ThrowingSink(memory.clone()));
    assert_eq!(telemetry.publish(&Throwing), Outcome::Dropped(Loss::SnapshotPanicked));
    assert_eq!(telemetry.preview(&Throwing), Err(Loss::SnapshotPanicked));
    for _ in 0..2 {
        telemetry.publish(&Started(true));
    }
    assert_eq!(telemetry.flush(LONG).pending, 0);
    let losses: Vec<(Loss, u64)> = telemetry.counts().losses().collect();
    assert_eq!(losses, [(Loss::SnapshotPanicked, 1), (Loss::SinkPanicked, 1)]);
    assert_eq!((telemetry.counts().delivered(), memory.bodies().len()), (1, 2));
}

#[test]
fn what_a_sink_refuses_is_lost_and_what_it_may_take_later_is_tried_again() {
    let mut answers = vec![Ok(()), Err(SendError::Refused), Err(SendError::RetryAfter(AT_ONCE)), Err(SendError::Retry)];
    let memory = Memory::new();
    let mut kept = memory.clone();
    let telemetry = client(from_fn(move |event| answers.pop().unwrap_or(Ok(())).and_then(|()| kept.send(event))));
    for _ in 0..2 {
        telemetry.publish(&Started(true));
    }
    let flushed = telemetry.flush(LONG);
    assert_eq!((flushed.delivered, flushed.dropped), (1, 1));
    assert_eq!(telemetry.counts().losses().collect::<Vec<_>>(), [(Loss::Refused, 1)]);
    assert_eq!(memory.bodies().len(), 1);
}

#[test]
fn all_that_may_have_been_sent_is_recorded_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let state = crate::storage::StateDirectory::at(home.path().join("state"));
    let mut answers = vec![Err(SendError::Unsendable), Err(SendError::Refused), Ok(())];
    let sink = from_fn(move |_| answers.pop().unwrap_or_else(|| panic!("as it should")));
    let mut telemetry = client(sink.to("nowhere"));
    let pipeline = &mut Arc::get_mut(telemetry.client.as_mut().unwrap()).unwrap().pipeline;
    Arc::get_mut(pipeline).unwrap().journal = crate::delivery::Journal::new(Some(crate::delivery::Place {
        state: Some(state.clone()),
        application: "acme",
        destination: "nowhere".to_owned(),
    }));
    for _ in 0..4 {
        telemetry.publish(&Started(true));
        telemetry.flush(LONG);
    }
    assert_eq!(telemetry.counts().losses().collect::<Vec<_>>(), [(Loss::Refused, 2), (Loss::SinkPanicked, 1)]);
    let sent = state.last_sent();
    let numbers: Vec<&str> = sent.iter().filter_map(|sent| Some(sent.id.split_once('-')?.1)).collect();
    assert_eq!(numbers, ["1", "2", "4"]);
}

#[test]
fn what_could_not_be_delivered_by_the_end_is_lost_unless_there_is_a_place_for_it() {
    let telemetry = ending_after(AT_ONCE, from_fn(|_| Err(SendError::Retry)));
    for _ in 0..3 {
        telemetry.publish(&Started(true));
    }
    while telemetry.status().queue.paused_seconds.is_none() {
        thread::yield_now();
    }
    telemetry.shutdown(AT_ONCE);
    assert_eq!(telemetry.counts().losses().collect::<Vec<_>>(), [(Loss::Undelivered, 1), (Loss::Ended, 2)]);
}

#[test]
fn after_a_shutdown_nothing_waits_and_nothing_is_accepted() {
    let (telemetry, open) = gated();
    for _ in 0..3 {
        telemetry.publish(&Started(true));
    }
    open.send(()).unwrap();
    let flushed = telemetry.clone().shutdown(Duration::from_millis(20));
    // The first one may be delivered before the shutdown begins to count.
    assert!(matches!(flushed.delivered + flushed.dropped, 2 | 3) && flushed.pending == 0, "{flushed:?}");
    assert_eq!(telemetry.publish(&Started(true)), Outcome::Dropped(Loss::ShutDown));
    assert_eq!(telemetry.shutdown(LONG), Flushed::default());
    // An event that returns late is not counted twice.
    open.send(()).unwrap();
    let counts = telemetry.counts();
    assert_eq!((counts.published(), counts.pending()), (4, 0));
    assert_eq!(counts.dropped_for(Loss::ShutDown), 1);
}

#[test]
fn a_client_is_enabled_until_it_takes_no_more_events() {
    let telemetry = client(Memory::new());
    assert!(telemetry.is_enabled());
    telemetry.shutdown(LONG);
    assert!(!telemetry.is_enabled());
}

#[test]
fn a_sink_can_be_chosen_at_run_time() {
    let memory = Memory::new();
    let sinks: [Box<dyn Sink>; 2] = [Box::new(memory.clone()), Box::new(sink::from_fn(|_| Err(SendError::Refused)))];
    for sink in sinks {
        let telemetry = client(sink);
        telemetry.publish(&Started(true));
        telemetry.flush(LONG);
    }
    assert_eq!(memory.events().len(), 1);
}

/// What an application keeps on the worker thread can take any time to be dropped.
#[test]
fn a_destructor_on_the_worker_thread_does_not_hold_a_shutdown_up() {
    struct Held(mpsc::Receiver<()>);

    impl Drop for Held {
        fn drop(&mut self) {
            let _ = self.0.recv_timeout(LONG);
        }
    }

    thread_local! {
        static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
    }

    let (open, gate) = mpsc::channel();
    let mut gate = Some(gate);
    let telemetry = client(from_fn(move |_| {
        HELD.set(gate.take().map(Held));
        Ok(())
    }));
    telemetry.publish(&Started(true));
    telemetry.flush(LONG);
    let before = Instant::now();
    telemetry.shutdown(Duration::from_millis(100));
    assert!(before.elapsed() < LONG / 2);
    drop(open);
}

#[test]
fn dropping_the_last_handle_delivers_what_it_can_and_ends() {
    let memory = Memory::new();
    let telemetry = client(memory.clone());
    telemetry.publish(&Started(true));
    drop(telemetry.clone());
    assert!(telemetry.publish(&Started(true)) == Outcome::Accepted);
    drop(telemetry);
    assert_eq!(memory.bodies().len(), 2);

    let (stalled, open) = gated();
    stalled.publish(&Started(true));
    let before = Instant::now();
    drop(stalled);
    assert!(before.elapsed() < LONG / 2);
    drop(open);
}

#[test]
fn without_a_destination_events_are_counted_and_no_worker_is_started() {
    let telemetry = builder().build_under(LiveConsent::given());
    assert_eq!(telemetry.error(), Some(ConfigError::NoEndpoint));
    assert_eq!(telemetry.publish(&Started(true)), Outcome::Dropped(Loss::NotConfigured));
    assert_eq!(telemetry.counts().dropped_for(Loss::NotConfigured), 1);
}

#[test]
fn a_disabled_client_does_nothing() {
    let telemetry = Telemetry::disabled();
    assert!(!telemetry.is_enabled());
    assert_eq!(telemetry.publish(&Panicking), Outcome::Off);
    assert_eq!(telemetry.flush(LONG), Flushed::default());
    assert_eq!(telemetry.shutdown(LONG), Flushed::default());
    assert_eq!(telemetry.counts(), Counts::default());
    assert_eq!((telemetry.status().consent, telemetry.last_sent()), (None, Vec::new()));
}

#[test]
fn a_preview_is_what_is_sent_and_sends_nothing() {
    let memory = Memory::new();
    let telemetry = client(memory.clone());
    let preview = telemetry.preview(&Started(true)).unwrap();
    assert!(memory.events().is_empty());
    telemetry.publish(&Started(true));
    telemetry.flush(LONG);
    assert_eq!(memory.bodies(), [preview]);
    assert_eq!(telemetry.preview(&Panicking), Err(Loss::SnapshotPanicked));
    let off = Telemetry::disabled().preview(&Started(true)).unwrap();
    assert!(off.ends_with(r#""anonymousId":"only-in-previews-since-no-consent-was-given="}"#), "{off}");
}

#[test]
fn the_handle_can_be_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let memory = Memory::new();
    let telemetry = client(memory.clone());
    shared(&telemetry);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    telemetry.publish(&Started(true));
                }
            });
        }
    });
    telemetry.flush(LONG);
    let counts = telemetry.counts();
    assert_eq!((counts.published(), counts.delivered()), (400, 400));
    assert_eq!(memory.bodies().len(), 400);
}

/// Under any interleaving, every event has one outcome, and every flush reports the events it waited for.
#[test]
fn events_add_up_whoever_publishes_flushes_and_ends_meanwhile() {
    for round in 0..20 {
        let memory = Memory::new();
        let telemetry = client(memory.clone());
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..500 {
                        telemetry.publish(&Started(true));
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    while telemetry.publish(&Started(false)) != Outcome::Dropped(Loss::ShutDown) {
                        assert_eq!(telemetry.flush(LONG).pending, 0);
                    }
                });
            }
            scope.spawn(|| {
                thread::sleep(Duration::from_micros(200 * round));
                telemetry.shutdown(AT_ONCE)
            });
        });
        let counts = telemetry.counts();
        assert_eq!((counts.pending(), counts.delivered() + counts.dropped()), (0, counts.published()));
        // The event that was in flight at the end was counted then.
        let taken = memory.bodies().len() as u64;
        assert!((counts.delivered()..=counts.delivered() + 1).contains(&taken), "{taken} {counts:?}");
    }
}

#[test]
fn the_worker_has_a_name() {
    let (tell, told) = mpsc::channel();
    let telemetry = client(from_fn(move |_| {
        let _ = tell.send(thread::current().name().map(str::to_owned));
        Ok(())
    }));
    telemetry.publish(&Started(true));
    assert_eq!(told.recv().unwrap().as_deref(), Some("telemetry"));
}

/// The user says no while the worker tries to leave the event to the uploader, for which there is no room.
#[cfg(feature = "http")]
#[test]
fn a_no_while_an_event_is_left_to_the_uploader_stops_it() {
    let home = tempfile::tempdir().unwrap();
    let consent = LiveConsent::given_at(home.path());
    let state = crate::storage::StateDirectory::at(home.path().join("state"));
    let memory = Memory::new();
    let mut telemetry = builder().sink(memory.clone()).build_under(consent.clone());
    // The first call is that of `publish`.
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let uploader = crate::delivery::Uploader::of_test(&state, move || {
        if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            consent.choose(false);
        }
    });
    let client = Arc::get_mut(telemetry.client.as_mut().unwrap()).unwrap();
    Arc::get_mut(&mut client.pipeline).unwrap().uploader = Some(uploader);
    assert_eq!(telemetry.publish(&Started(true)), Outcome::Accepted);
    assert_eq!(telemetry.flush(LONG).pending, 0);
    let counts = telemetry.counts();
    assert_eq!((memory.events(), counts.dropped_for(Loss::ConsentWithdrawn)), (vec![], 1));
}

/// Without an id, nothing can be counted.
#[test]
fn a_counted_event_is_lost_to_a_choice_that_cannot_be_read_and_not_to_a_no() {
    let home = tempfile::tempdir().unwrap();
    let consent = LiveConsent::given_at(home.path());
    let publish = |loss| {
        let telemetry = builder().sink(Memory::new()).build_under(consent.clone());
        assert_eq!(telemetry.publish(&Used), Outcome::Dropped(loss));
        assert_eq!(telemetry.counts().losses().collect::<Vec<_>>(), [(loss, 1)]);
    };
    let choice = home.path().join("acme").join(crate::storage::paths::CHOICE);
    std::fs::create_dir_all(&choice).unwrap();
    publish(Loss::ChoiceUnreadable);
    std::fs::remove_dir(&choice).unwrap();
    consent.choose(false);
    publish(Loss::ConsentWithdrawn);
}

/// A counted event.
struct Used;

impl TelemetrySnapshot for Used {
    const SCHEMA: Schema = Schema::group(&[crate::schema::Field::counted()]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.absent();
    }
}

impl TelemetryEvent for Used {
    const NAME: &'static str = "used";
}

/// Takes no event, for this reason.
#[cfg(feature = "http")]
struct Failing(crate::sink::Obstacle);

#[cfg(feature = "http")]
impl Sink for Failing {
    fn send(&mut self, _: &Outgoing) -> Result<(), SendError> {
        Err(SendError::Retry)
    }

    fn obstacle(&self) -> Option<crate::sink::Obstacle> {
        Some(self.0)
    }
}

#[cfg(feature = "http")]
#[test]
fn an_id_stays_written_down_for_deletion_if_anything_may_have_left_this_machine() {
    use crate::consent::DeletionStore;
    use crate::sink::Obstacle::{
        Answer, Clock, NoAddress, NoAnswer, NoCertificates, NoConnection, Other, TimedOut, Tls,
    };

    let before = [NoCertificates, NoAddress, NoConnection, Clock].map(|obstacle| (obstacle, 0));
    let after = [Tls, TimedOut, NoAnswer, Answer(503), Other].map(|obstacle| (obstacle, 1));
    for (obstacle, written) in before.into_iter().chain(after) {
        let home = tempfile::tempdir().unwrap();
        DeletionStore::at(home.path()).choose(true);
        let (consent, file) = (Consent::new("ACME", "acme"), DeletionStore::at(home.path()));
        let deletion = Deletion::new(consent, file, "a".to_owned(), Box::new(|_, _| Ok(())));
        let builder = builder().project("shop").exit_wait(AT_ONCE).sink(Failing(obstacle));
        let mut telemetry = builder.build_under(LiveConsent::given());
        let client = Arc::get_mut(telemetry.client.as_mut().unwrap()).unwrap();
        Arc::get_mut(&mut client.pipeline).unwrap().deletion = Some(Arc::new(deletion));
        telemetry.publish(&Started(true));
        while telemetry.status().obstacle.is_none() {
            thread::yield_now();
        }
        let read = || DeletionStore::at(home.path()).read().all.len();
        let (mut found, begun) = (read(), Instant::now());
        // Another attempt may have begun, which writes the id down for a moment.
        while written == 0 && found > 0 && begun.elapsed() < Duration::from_secs(30) {
            found = read();
        }
        assert_eq!(found, written, "{obstacle:?}");
    }
}
