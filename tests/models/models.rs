//! Each model, run in all orders with at most three preemptions.

use telemetry_models as models;
use telemetry_models::counted;

macro_rules! models {
    ($($name:ident: $model:expr;)+) => {
        $(#[test]
        fn $name() {
            let mut model = loom::model::Builder::new();
            model.preemption_bound = Some(3);
            model.check($model);
        })+
    };
}

models! {
    one_slot_two_owners: models::one_slot_two_owners;
    shared_slots: models::shared_slots;
    taken_twice: models::taken_twice;
    taken_and_given_back: models::taken_and_given_back;
    windows: models::windows;
    two_publish: models::two_publish;
    flush_beside_publish: models::flush_beside_publish;
    close_beside_publish: models::close_beside_publish;
    withdraw: models::withdraw;
    two_count: counted::two_count;
    worker_writes: counted::worker_writes;
    flush_beside_count: counted::flush_beside_count;
    overdue: counted::overdue;
    close_beside_count: counted::close_beside_count;
    disk_fails: counted::disk_fails;
    disk_fails_beside_close: counted::disk_fails_beside_close;
    count_is_full: counted::count_is_full;
    withdraw_beside_count: counted::withdraw_beside_count;
    end_without_patience: || counted::end_without_patience(false);
    end_without_patience_of_a_disk_that_fails: || counted::end_without_patience(true);
    forked_while_others_write: counted::forked_while_others_write;
}
