//! For any schema and any sequence of calls, accepted output is JSON that the schema allows, in the schema's order.
//!
//! Random numbers determine the schema and the calls of a handwritten implementation: mostly matching calls, then changed in a
//! few places, with panics thrown and caught anywhere. `TELEMETRY_RECORDINGS` is the number of attempts, 100,000 by default.

mod grammar;
mod script;
mod world;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use self::script::{Script, Scripted};
use self::world::{Dice, World};
use super::Recorder;
use crate::schema::Schema;
use crate::snapshot::buffer::Buffer;

/// Number of scripts tried on each schema, because its validator is slow to build.
const SCRIPTS: u32 = 250;

fn recordings() -> u32 {
    std::env::var("TELEMETRY_RECORDINGS").map_or(100_000, |count| count.parse().unwrap())
}

/// The bytes that the recorder has written when the script ends; `None` if it is refused or a panic escapes the snapshot.
fn record(world: &World, script: &Script) -> Option<String> {
    let mut out = Buffer::after(Vec::new(), 0);
    let finished = catch_unwind(AssertUnwindSafe(|| {
        let mut recorder = Recorder::new(world.root, &mut out);
        Scripted::run(script, &mut recorder);
        recorder.finish().is_ok()
    }));
    finished.is_ok_and(|is_valid| is_valid).then(|| String::from_utf8(out.finish()).unwrap())
}

/// Number of recordings tried, and number accepted.
#[derive(Default)]
struct Counts {
    tried: Cell<u32>,
    taken: Cell<u32>,
    caught: Cell<u32>,
}

fn check(world: &World, fits: &jsonschema::Validator, script: &Script, counts: &Counts) -> Result<(), TestCaseError> {
    let json = record(world, script);
    let (caught, in_a_call) = script::caught();
    counts.tried.set(counts.tried.get() + 1);
    counts.caught.set(counts.caught.get() + u32::from(caught));
    let Some(json) = json else { return Ok(()) };
    counts.taken.set(counts.taken.get() + 1);
    prop_assert!(!in_a_call, "a call was left by a panic, and gave {}", json);
    let text = if json.is_empty() { "null" } else { &json };
    let value = serde_json::from_str(text);
    prop_assert!(value.is_ok(), "no JSON: {}", json);
    prop_assert!(fits.is_valid(&value.unwrap()), "not allowed: {} under {}", json, world.json_schema());
    prop_assert!(grammar::allows(world.root, &json), "in another order: {} under {}", json, world.json_schema());
    Ok(())
}

#[test]
fn what_is_taken_fits_its_schema_whatever_is_called() {
    let counts = Counts::default();
    let config =
        |cases, max_shrink_iters| Config { cases, failure_persistence: None, max_shrink_iters, ..Config::default() };
    let schemas = recordings().div_ceil(SCRIPTS);
    TestRunner::new(config(schemas, 100))
        .run(&vec(any::<u32>(), 0..80), |numbers| {
            let world = World::new(&mut Dice::new(&numbers));
            let fits = jsonschema::validator_for(&world.json_schema());
            prop_assert!(fits.is_ok(), "no JSON Schema: {} of {:?}", world.json_schema(), world.root);
            let fits = fits.unwrap();
            let scripts = vec(any::<u32>(), 0..120);
            TestRunner::new(config(SCRIPTS, 2_000))
                .run(&scripts, |numbers| {
                    let script = script::for_fields(world.root, &mut Dice::new(&numbers));
                    check(&world, &fits, &script, &counts)
                        .map_err(|error| TestCaseError::fail(format!("{error}\nscript: {script:?}")))
                })
                .map_err(|error| TestCaseError::fail(error.to_string()))
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let Counts { tried, taken, caught } = counts;
    println!("{} recordings, {} taken, {} with a panic that was caught", tried.get(), taken.get(), caught.get());
    // If all or none were accepted, the test would show nothing.
    assert!(taken.get() > tried.get() / 10 && taken.get() < tried.get() / 10 * 9, "{} of {}", taken.get(), tried.get());
    assert!(caught.get() > tried.get() / 50, "{} of {}", caught.get(), tried.get());
}

impl World {
    fn json_schema(&self) -> serde_json::Value {
        Schema::of(self.root[0].kind).to_json_schema()
    }
}
