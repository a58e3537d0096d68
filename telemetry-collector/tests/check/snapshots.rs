//! The shapes of the property tests.

use proptest::collection::vec;
use proptest::prelude::*;

use super::oracle::Both;
use super::shapes::{
    Enums, Flattened, Foreign, Generic, Level, Maps, Nested, Optional, Plain, Shape, Small, Tagged, Tree, Tuple,
    Untagged,
};
use super::source::Source;
use super::variants::{Command, Keyed};
use super::waiting::waits_as_known;

fn json<T: Shape>(visible: &[u32]) -> String {
    let hidden = ["canary".to_owned()];
    telemetry::testing::snapshot(&T::from_source(&Source::new(visible, &hidden))).as_json().to_owned()
}

/// Values that are few and always the same, so that a failure can be repeated.
fn few<T: Shape>(count: u32) -> Vec<String> {
    let visible =
        |seed: u32| (0..23).map(|at| (seed * 7919 + at * 104_729).wrapping_mul(2_654_435_761) >> 7).collect::<Vec<_>>();
    (0..count).map(|seed| json::<T>(&visible(seed))).collect()
}

macro_rules! shapes {
    ($($name:ident: $shape:ty),+ $(,)?) => {$(
        mod $name {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

                #[test]
                fn snapshots_are_accepted_and_come_back(visible in vec(vec(any::<u32>(), 1..24), 8)) {
                    let both = Both::of::<$shape>();
                    for visible in visible {
                        both.accepts(&json::<$shape>(&visible));
                    }
                }
            }

            #[test]
            fn changes_are_rejected_as_the_json_schema_does() {
                let mut both = Both::of::<$shape>();
                for json in few::<$shape>(3) {
                    both.agrees_around(&json);
                }
            }

            #[test]
            fn what_waits_for_the_schema_is_judged_as_if_it_were_known() {
                let payloads = few::<$shape>(20);
                waits_as_known::<$shape>(&payloads, &payloads[1]);
            }

            #[test]
            fn one_more_member_has_one_place_or_none() {
                let both = Both::of::<$shape>();
                for json in few::<$shape>(2) {
                    both.agrees_about_more(&json);
                }
            }
        }
    )+};
}

for_each_shape!(shapes);
