//! What stands in the place of `telemetry/src/sync.rs`.

use std::time::Duration;

pub(crate) use loom::sync::{Mutex, MutexGuard};
pub(crate) use std::sync::PoisonError;

/// A condition variable that can also wait while a condition holds.
#[derive(Default)]
pub(crate) struct Condvar(loom::sync::Condvar);

type Waited<'a, T> = Result<(MutexGuard<'a, T>, ()), PoisonError<(MutexGuard<'a, T>, ())>>;

impl Condvar {
    pub(crate) fn wait<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
    ) -> Result<MutexGuard<'a, T>, PoisonError<MutexGuard<'a, T>>> {
        self.0.wait(guard)
    }

    pub(crate) fn wait_timeout<'a, T>(&self, guard: MutexGuard<'a, T>, _: Duration) -> Waited<'a, T> {
        Ok((self.0.wait(guard).unwrap_or_else(PoisonError::into_inner), ()))
    }

    pub(crate) fn wait_timeout_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        _: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> Waited<'a, T> {
        while condition(&mut guard) {
            guard = self.0.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        Ok((guard, ()))
    }

    pub(crate) fn notify_one(&self) {
        self.0.notify_one();
    }

    pub(crate) fn notify_all(&self) {
        self.0.notify_all();
    }
}

/// Waits for ever, or not at all.
pub(crate) fn lock_within<T>(mutex: &Mutex<T>, patience: Duration) -> Option<MutexGuard<'_, T>> {
    let lock = || mutex.lock().unwrap_or_else(PoisonError::into_inner);
    if patience.is_zero() { mutex.try_lock().ok() } else { Some(lock()) }
}

pub(crate) mod atomic {
    use std::any::Any;
    use std::cell::RefCell;
    use std::collections::HashMap;
    use std::rc::Rc;

    use loom::sync::atomic as model;
    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering};

    // The runs of a model, and all threads of a run, are on one thread of the system. Statics of loom are gone before threads end that were
    // joined, so these are kept here.
    std::thread_local!(static STATICS: RefCell<Statics> = RefCell::default());

    #[derive(Default)]
    struct Statics {
        /// By their addresses.
        used: HashMap<usize, Rc<dyn Any>>,
        free: Vec<Rc<dyn Any>>,
    }

    /// Begins a run: all statics are 0 again, and were before any other thread began.
    pub(crate) fn begin() {
        let free: Vec<Rc<dyn Any>> = vec![Rc::new(model::AtomicU32::new(0)), Rc::new(model::AtomicUsize::new(0))];
        STATICS.set(Statics { used: HashMap::new(), free });
    }

    fn of_this_run<T: 'static>(address: usize) -> Rc<T> {
        STATICS.with_borrow_mut(|Statics { used, free }| {
            let take = || {
                free.swap_remove(free.iter().position(|one| one.is::<T>()).expect("too few integers for the statics"))
            };
            Rc::clone(used.entry(address).or_insert_with(take)).downcast().unwrap()
        })
    }

    /// Integers of statics, which begin at 0.
    macro_rules! of_statics {
        ($name:ident, $integer:ty) => {
            pub(crate) struct $name($integer);

            impl $name {
                pub(crate) const fn new(value: $integer) -> Self {
                    assert!(value == 0);
                    Self(value)
                }

                fn get(&'static self) -> Rc<model::$name> {
                    of_this_run(std::ptr::from_ref(self).addr())
                }

                pub(crate) fn fetch_update(
                    &'static self,
                    set: Ordering,
                    fetch: Ordering,
                    update: impl FnMut($integer) -> Option<$integer>,
                ) -> Result<$integer, $integer> {
                    self.get().fetch_update(set, fetch, update)
                }

                pub(crate) fn fetch_and(&'static self, value: $integer, order: Ordering) -> $integer {
                    // A run that has failed is over.
                    if std::thread::panicking() { 0 } else { self.get().fetch_and(value, order) }
                }

                pub(crate) fn fetch_add(&'static self, value: $integer, order: Ordering) -> $integer {
                    self.get().fetch_add(value, order)
                }
            }
        };
    }

    of_statics!(AtomicU32, u32);
    of_statics!(AtomicUsize, usize);
}
