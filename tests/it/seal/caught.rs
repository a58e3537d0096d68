//! Panics that a `record` function catches itself: a recorder that was left in the middle of a value stays invalid.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;

use telemetry::client::{Loss, Outcome};
use telemetry::schema::{Field, Kind, Schema, Variant, Words};
use telemetry::snapshot::{RecordError, Recorder, Snapshot};
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

use super::is_alone;

const WORDS: Words = Words::new(&["a", "b"]);
const KEY: Field = Field::new("id", Kind::tag(WORDS));

/// Nesting depth of the values.
const DEPTH: usize = 3;

/// The number of calls in a `record` function that open a value.
const CALLS: usize = 7;

/// The action of a `record` function after it has caught a panic.
#[derive(Clone, Copy, Debug)]
enum After {
    GoesOn,
    Repeats,
    Returns,
}

/// Where a panic happens, where it is caught, and what happens next.
#[derive(Debug)]
struct Plan {
    /// How many times the author's code runs before it panics.
    until_panic: AtomicUsize,
    panicked: AtomicBool,
    caught: AtomicBool,
    catches_at: (usize, usize),
    in_thread: bool,
    after: After,
}

impl Plan {
    fn new(until_panic: usize, catches_at: (usize, usize), in_thread: bool, after: After) -> Self {
        let until_panic = AtomicUsize::new(until_panic);
        Self { until_panic, panicked: false.into(), caught: false.into(), catches_at, in_thread, after }
    }

    /// Called wherever an author's code runs inside the recorder.
    fn tick(&self) {
        if !self.panicked.load(Relaxed) && self.until_panic.fetch_sub(1, Relaxed) == 0 {
            self.panicked.store(true, Relaxed);
            // Like `panic!`, but without printing a message each time.
            resume_unwind(Box::new("as it should"));
        }
    }
}

/// Contains itself in each way in which a value can contain another.
struct Node<'a> {
    plan: &'a Plan,
    depth: usize,
}

impl Node<'_> {
    /// One call of the recorder, inside `catch_unwind` if the plan says so.
    fn call(&self, at: usize, recorder: &mut Recorder<'_>, call: &(dyn Fn(&mut Recorder<'_>) + Sync)) -> Option<()> {
        if self.plan.catches_at != (self.depth, at) {
            call(recorder);
            return Some(());
        }
        let ended = if self.plan.in_thread {
            thread::scope(|scope| scope.spawn(|| call(recorder)).join())
        } else {
            catch_unwind(AssertUnwindSafe(|| call(recorder)))
        };
        if ended.is_err() {
            self.plan.caught.store(true, Relaxed);
            match self.plan.after {
                After::GoesOn => {}
                After::Repeats => call(recorder),
                After::Returns => return None,
            }
        }
        Some(())
    }

    fn child(&self) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { plan: self.plan, depth })
    }

    /// `count` children, from an iterator that can panic.
    fn children(&self, count: usize) -> Vec<Self> {
        (0..count).filter_map(|_| self.child()).collect()
    }

    fn record_all(&self, recorder: &mut Recorder<'_>) -> Option<()> {
        let tick = || self.plan.tick();
        tick();
        recorder.flag(true);
        self.call(0, recorder, &|recorder| {
            let children = self.children(2);
            recorder.list(children.iter().inspect(|_| tick()));
        })?;
        self.call(1, recorder, &|recorder| {
            let children = self.children(1);
            recorder.entries(children.iter().inspect(|_| tick()).map(|child| (1, child)));
        })?;
        self.call(2, recorder, &|recorder| match self.child() {
            Some(child) => recorder.group(&child),
            None => recorder.absent(),
        })?;
        self.call(3, recorder, &|recorder| {
            recorder.variant(1, |recorder| {
                tick();
                recorder.flag(true);
                tick();
            });
        })?;
        self.call(4, recorder, &|recorder| {
            recorder.variant(1, |recorder| {
                tick();
                recorder.flag(false);
                tick();
            });
        })?;
        self.call(5, recorder, &|recorder| match self.child() {
            Some(child) => recorder.variant(2, |recorder| {
                recorder.group(&child);
                tick();
            }),
            None => recorder.variant(0, |_| tick()),
        })?;
        self.call(6, recorder, &|recorder| recorder.tags([0, 1, 0].into_iter().inspect(|_| tick())))?;
        recorder.flag(true);
        tick();
        Some(())
    }
}

impl TelemetrySnapshot for Node<'_> {
    const SCHEMA: Schema = Schema::group(&[
        Field::new("first", Kind::flag()).required(),
        Field::new("list", Kind::list::<Node<'static>>(2)).required(),
        Field::new("entries", Kind::entries::<Node<'static>>(&KEY, 2)).required(),
        Field::new("group", Kind::group::<Node<'static>>()),
        Field::new(
            "tagged",
            Kind::tagged(
                &Field::new("kind", Kind::tag(Words::new(&["off"]).other("on"))),
                &[Variant::unit("off"), Variant::group("on", &[Field::new("fast", Kind::flag()).required()])],
            ),
        ),
        Field::new("value", Kind::variants(&[Variant::unit("off"), Variant::value("on", Kind::flag())])),
        Field::new(
            "untagged",
            Kind::variants(&[
                Variant::unit("off"),
                Variant::group("on", &[Field::new("fast", Kind::flag())]),
                Variant::value("node", Kind::group::<Node<'static>>()),
            ]),
        ),
        Field::new("tags", Kind::tags(WORDS, 2)).required(),
        Field::new("last", Kind::flag()).required(),
    ]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        let _ = self.record_all(recorder);
    }
}

impl TelemetryEvent for Node<'_> {
    const NAME: &'static str = "node";
    const BUDGET_BITS: u64 = u64::MAX;
}

/// The result of a snapshot under this plan; `None` if the panic escaped from it.
fn snapshot(plan: &Plan) -> Option<Result<Snapshot, RecordError>> {
    let node = Node { plan, depth: DEPTH - 1 };
    catch_unwind(AssertUnwindSafe(|| Snapshot::of(&node))).ok()
}

/// How many times the author's code runs in a snapshot.
fn ticks() -> usize {
    let plan = Plan::new(usize::MAX, (usize::MAX, 0), false, After::GoesOn);
    assert!(snapshot(&plan).unwrap().is_ok());
    usize::MAX - plan.until_panic.load(Relaxed)
}

/// Every place of the panic, every place where it is caught, and every action that can follow.
fn plans(in_thread: bool, step: usize) -> impl Iterator<Item = Plan> {
    let places = (0..ticks()).step_by(step);
    places.flat_map(move |until| {
        (0..DEPTH).flat_map(move |depth| {
            (0..CALLS).flat_map(move |call| {
                [After::GoesOn, After::Repeats, After::Returns]
                    .map(|after| Plan::new(until, (depth, call), in_thread, after))
            })
        })
    })
}

fn none_is_taken(plans: impl Iterator<Item = Plan>, at_least: usize) {
    let mut caught = 0;
    for plan in plans {
        let taken = snapshot(&plan);
        if !plan.caught.load(Relaxed) {
            continue;
        }
        caught += 1;
        if let Some(Ok(snapshot)) = taken {
            panic!("{plan:?} gave {snapshot}");
        }
    }
    assert!(caught > at_least, "only {caught} panics were caught");
}

#[test]
fn the_same_without_a_panic_is_valid() {
    let plan = Plan::new(usize::MAX, (usize::MAX, 0), false, After::GoesOn);
    let snapshot = snapshot(&plan).unwrap().unwrap();
    let validator = jsonschema::validator_for(&Node::SCHEMA.to_json_schema()).unwrap();
    assert!(validator.is_valid(&snapshot.to_value()), "{snapshot:#}");
    assert!(ticks() > 200, "{}", ticks());
}

#[test]
fn none_that_was_caught_leaves_a_valid_snapshot() {
    none_is_taken(plans(false, 1), 1_000);
}

#[test]
fn none_that_ended_a_scoped_thread_leaves_a_valid_snapshot() {
    none_is_taken(plans(true, 7), 150);
}

/// The panic happens outside any call of the recorder, so the recorder is not left in the middle of a value.
#[test]
fn one_outside_of_the_recorder_changes_nothing() {
    struct Careful;
    impl TelemetrySnapshot for Careful {
        const SCHEMA: Schema = Schema::group(&[Field::new("on", Kind::flag()).required()]);
        fn record(&self, recorder: &mut Recorder<'_>) {
            let value = catch_unwind(|| -> bool { resume_unwind(Box::new("as it should")) });
            recorder.flag(value.unwrap_or(true));
        }
    }
    assert_eq!(Snapshot::of(&Careful).unwrap().as_json(), r#"{"on":true}"#);
}

#[test]
fn publishing_such_a_snapshot_is_counted_as_invalid() {
    if !is_alone("seal::caught::publishing_such_a_snapshot_is_counted_as_invalid") {
        return;
    }
    let memory = telemetry::sink::Memory::default();
    let telemetry = Telemetry::builder(Consent::new("SEAL", "seal").skip_test_check())
        .configured(Some(true))
        .sink(memory.clone())
        .build();
    let node = |plan: &Plan| telemetry.publish(&Node { plan, depth: DEPTH - 1 });
    let mut dropped = 0;
    for plan in plans(false, 11) {
        let outcome = node(&plan);
        if plan.caught.load(Relaxed) {
            dropped += 1;
            assert_eq!(outcome, Outcome::Dropped(Loss::SnapshotInvalid), "{plan:?}");
        }
    }
    assert!(dropped > 100, "{dropped}");
    assert_eq!(telemetry.counts().dropped_for(Loss::SnapshotInvalid), dropped);
    let sound = Plan::new(usize::MAX, (usize::MAX, 0), false, After::GoesOn);
    assert_eq!(node(&sound), Outcome::Accepted);
}
