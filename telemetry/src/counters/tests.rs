use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::window::Window;
use super::{Buckets, Counter, Gauge, Histogram};
use crate::TelemetrySnapshot;
use crate::schema::Edges;
use crate::snapshot::Snapshot;
use crate::snapshot::policy::{Bucket, Flag, Number, TimeBucket, TimeNumber, Unit};

struct Milliseconds;

impl Buckets for Milliseconds {
    const EDGES: Edges = Edges::new(&[10, 100]);
    const MAX: i64 = 5;
}

static STATIC: Counter = Counter::new();

/// How often a thread counts. In Miri, that takes a thousand times as long.
const ROUNDS: u64 = if cfg!(miri) { 20 } else { 1_000 };

#[test]
fn clones_count_together_on_any_thread_and_also_at_its_end() {
    struct AtTheEnd(Counter);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            self.0.add(1);
        }
    }
    thread_local!(static LAST: std::cell::RefCell<Option<AtTheEnd>> = const { std::cell::RefCell::new(None) });

    let counter = Counter::new();
    // More threads at a time than have memory of their own, and one after another.
    for _ in 0..3 {
        let threads = [(); 40].map(|()| {
            let counter = counter.clone();
            thread::spawn(move || {
                LAST.set(Some(AtTheEnd(counter.clone())));
                for _ in 0..ROUNDS {
                    counter.add(2);
                    STATIC.add(1);
                }
            })
        });
        // Unlike the end of a scope, this waits for what a thread does at its end.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!((counter.get(), STATIC.get()), (3 * 40 * (2 * ROUNDS + 1), 3 * 40 * ROUNDS));
}

#[test]
fn every_number_is_in_one_window_while_others_count() {
    let (counter, is_over) = (Counter::new(), Arc::new(AtomicBool::new(false)));
    let sums: Vec<u64> = thread::scope(|scope| {
        let publish = |counter: Counter, is_over: Arc<AtomicBool>, ends: bool| {
            move || {
                let mut sum = 0;
                while !is_over.load(Ordering::Relaxed) {
                    let (number, window) = Window::during(|| counter.get());
                    if ends {
                        window.end();
                        sum += number;
                    }
                }
                sum
            }
        };
        let publishers: Vec<_> = [true, true, false]
            .map(|ends| scope.spawn(publish(counter.clone(), Arc::clone(&is_over), ends)))
            .into_iter()
            .collect();
        let adders: Vec<_> = (0..4).map(|_| scope.spawn(|| (0..5 * ROUNDS).for_each(|_| counter.add(1)))).collect();
        adders.into_iter().for_each(|adder| adder.join().unwrap());
        is_over.store(true, Ordering::Relaxed);
        publishers.into_iter().map(|publisher| publisher.join().unwrap()).collect()
    });
    assert_eq!(sums.iter().sum::<u64>() + counter.get(), 4 * 5 * ROUNDS);
}

#[test]
fn a_window_goes_on_unless_the_event_is_accepted() {
    let counter = Counter::new();
    counter.add(3);
    let (number, window) = Window::during(|| (counter.get(), counter.clone().get()));
    assert_eq!((number, counter.get()), ((3, 3), 0), "all fields of an event tell the same");
    counter.add(4);
    drop(window);
    assert_eq!(counter.get(), 7);
    let (number, window) = Window::during(|| counter.get());
    counter.add(5);
    window.end();
    assert_eq!((number, counter.get()), (7, 5));
    counter.reset();
    assert_eq!(counter.get(), 0);
    assert_eq!(Counter::new().get(), 0);
}

#[test]
fn a_reset_forgets_what_an_event_has_taken_that_is_not_accepted() {
    let counter = Counter::new();
    counter.add(5);
    let (told, window) = Window::during(|| counter.get());
    counter.add(1);
    counter.reset();
    drop(window);
    assert_eq!((told, counter.get()), (5, 0));
    counter.add(2);
    assert_eq!(counter.get(), 2);
}

/// The window of a thread is destroyed before values that the thread has used earlier.
#[test]
fn an_event_of_the_last_destructor_of_a_thread_tells_nothing_twice() {
    struct AtTheEnd(Counter, Arc<std::sync::Mutex<Vec<u64>>>);
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            let (told, window) = Window::during(|| self.0.get());
            window.end();
            self.1.lock().unwrap().push(told);
        }
    }
    thread_local!(static LAST: std::cell::RefCell<Option<AtTheEnd>> = const { std::cell::RefCell::new(None) });

    let (counter, told) = (Counter::new(), Arc::default());
    let last = AtTheEnd(counter.clone(), Arc::clone(&told));
    let thread = thread::spawn(move || {
        LAST.set(Some(last));
        Window::during(|| ()).1.end();
        LAST.with_borrow(|last| last.as_ref().unwrap().0.add(3));
    });
    thread.join().unwrap();
    let told: u64 = told.lock().unwrap().iter().sum();
    assert_eq!(told + counter.get(), 3);
}

#[test]
fn a_panic_and_an_event_within_another_one_lose_nothing() {
    let [outer, inner] = [(); 2].map(|()| Counter::new());
    outer.add(1);
    inner.add(2);
    let (numbers, window) = Window::during(|| {
        let first = outer.get();
        let (nested, window) = Window::during(|| (outer.get(), inner.get()));
        window.end();
        (first, nested, outer.get(), inner.get())
    });
    assert_eq!(numbers, (1, (0, 2), 1, 0));
    window.end();
    assert_eq!((outer.get(), inner.get()), (0, 0));

    outer.add(1);
    let panics = || {
        Window::during(|| {
            assert_eq!(outer.get(), 1);
            panic!("as it should");
        })
    };
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(panics()))).is_err());
    assert_eq!(outer.get(), 1, "it is outside of any event");
    assert_eq!(outer.get(), 1, "reading it takes nothing");
}

#[test]
fn however_often_it_is_forgotten_what_is_counted_then_is_right() {
    let counter = Counter::new();
    for more in 1..=3 * ROUNDS {
        counter.add(more);
        counter.reset();
        assert_eq!(counter.get(), 0);
    }
    counter.add(5);
    let (read, window) = Window::during(|| counter.get());
    drop(window);
    assert_eq!((read, counter.get()), (5, 5));
}

#[test]
fn what_is_counted_suits_the_policies_of_numbers() {
    let (counter, gauge) = (Counter::new(), Gauge::new());
    assert!(!counter.flag());
    counter.add(7);
    gauge.clone().add(-2);
    assert!(counter.flag());
    assert_eq!((counter.number(), counter.floor()), (Some(7), Some(7)));
    assert_eq!((counter.number_in(Unit::Seconds), counter.floor_in(Unit::Hours)), (Some(7), Some(7)));
    assert_eq!((gauge.number(), gauge.floor(), gauge.get()), (Some(-2), Some(-2), -2));
    gauge.set(9);
    assert_eq!((gauge.number_in(Unit::Days), gauge.floor_in(Unit::Minutes)), (Some(9), Some(9)));
    counter.add((1 << 54) - 8);
    assert_eq!(counter.number(), Some((1 << 54) - 1));
    counter.add(1);
    assert_eq!(counter.number(), Some(0));
    assert_eq!(
        format!("{gauge:?} {:?} {:?}", Counter::new(), Histogram::<Milliseconds>::new()),
        "Gauge(9) Counter(0) Histogram([])"
    );
}

#[derive(TelemetrySnapshot)]
#[telemetry(crate = crate, event = "usage")]
struct Usage {
    #[telemetry(number(max = 100))]
    requests: Counter,
    #[telemetry(flag)]
    was_used: Counter,
    #[telemetry(bucket(10))]
    connections: Gauge,
    times: Histogram<Milliseconds>,
}

impl Usage {
    /// The fields of counters are one counter.
    fn new() -> Self {
        let requests = Counter::new();
        let was_used = requests.clone();
        Self { requests, was_used, connections: Gauge::new(), times: Histogram::new() }
    }
}

#[test]
fn they_are_fields_of_a_derived_event() {
    let usage = Usage::new();
    let json = || Snapshot::of(&usage).unwrap().as_json().to_owned();
    assert_eq!(json(), r#"{"requests":0,"was_used":false,"connections":"<10","times":[]}"#);
    usage.was_used.add(3);
    usage.connections.set(10);
    usage.times.observe(50);
    let counted = r#"{"requests":3,"was_used":true,"connections":"10+","times":[{"range":"10-99","count":1}]}"#;
    let (recorded, window) = Window::during(json);
    assert_eq!((&*recorded, &*json()), (counted, r#"{"requests":0,"was_used":false,"connections":"10+","times":[]}"#));
    drop(window);
    assert_eq!(json(), counted);
}

#[test]
fn what_they_can_reveal_is_counted_when_the_program_is_compiled() {
    let total = crate::schema::weight::total::<Usage>();
    assert_eq!((total.bits, total.is_unknown), (Usage::SCHEMA.bits(), false));
}

#[test]
fn a_histogram_sends_the_ranges_in_which_something_lies_with_bounded_counts() {
    let times = Histogram::<Milliseconds>::new();
    let json = || Snapshot::of(&times).unwrap().as_json().to_owned();
    assert_eq!(json(), "[]");
    for value in [i64::MIN, 9, 100, i64::MAX] {
        times.observe(value);
    }
    assert_eq!(json(), r#"[{"range":"<10","count":2},{"range":"100+","count":2}]"#);
    (0..9).for_each(|_| times.observe(99));
    assert_eq!(times.clone().counts(), [2, 9, 2]);
    let (json, window) = Window::during(json);
    window.end();
    assert_eq!(json, r#"[{"range":"<10","count":2},{"range":"10-99","count":5},{"range":"100+","count":2}]"#);
    assert_eq!(times.counts(), [0, 0, 0]);
    times.observe(0);
    times.reset();
    assert_eq!(Histogram::<Milliseconds>::default().counts(), times.counts());
}
