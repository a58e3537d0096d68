//! Each model, run in all orders with at most three preemptions.

use telemetry_models as models;

macro_rules! models {
    ($($name:ident)+) => {
        $(#[test]
        fn $name() {
            let mut model = loom::model::Builder::new();
            model.preemption_bound = Some(3);
            model.check(models::$name);
        })+
    };
}

models! {
    one_slot_two_owners
    shared_slots
    taken_twice
    taken_and_given_back
    windows
    two_publish
    flush_beside_publish
    close_beside_publish
    withdraw
}
