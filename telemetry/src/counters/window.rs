//! What an event takes of counters while it is being published.

use std::cell::RefCell;
use std::sync::Arc;

use super::sharded::{Sharded, Taken};

/// What an event has taken of counters. It goes back to them unless the window is [ended](Self::end).
#[derive(Default)]
pub(crate) struct Window {
    taken: Vec<(Arc<Sharded>, Taken)>,
}

thread_local! {
    /// The window of the event that this thread is publishing.
    static OPEN: RefCell<Option<Window>> = const { RefCell::new(None) };
}

impl Window {
    /// Records an event. Counters that are read meanwhile, on this thread, belong to the window.
    pub(crate) fn during<T>(record: impl FnOnce() -> T) -> (T, Self) {
        let outer = replace(Some(Self::default()));
        let restore = Restore(outer);
        let recorded = record();
        let window = replace(None).unwrap_or_default();
        drop(restore);
        (recorded, window)
    }

    /// The event was accepted: its numbers are told.
    pub(crate) fn end(mut self) {
        self.taken.clear();
    }

    fn read(&mut self, of: &Arc<Sharded>) -> u64 {
        if let Some((_, taken)) = self.taken.iter().find(|(taken, _)| Arc::ptr_eq(taken, of)) {
            return taken.amount;
        }
        let taken = of.take();
        self.taken.push((Arc::clone(of), taken));
        taken.amount
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        for (of, taken) in &self.taken {
            of.give_back(*taken);
        }
    }
}

/// The window of an event in whose record this one is published.
struct Restore(Option<Window>);

impl Drop for Restore {
    fn drop(&mut self) {
        drop(replace(self.0.take()));
    }
}

fn replace(window: Option<Window>) -> Option<Window> {
    OPEN.try_with(|open| open.replace(window)).unwrap_or_default()
}

/// What was counted since the last event that was accepted with it. In an event that is being published, that belongs to it.
///
/// At the end of a thread, when it can have no window any more, this is 0: an event of its last destructors could not take what it tells.
pub(super) fn read(of: &Arc<Sharded>) -> u64 {
    let in_window = |open: &RefCell<Option<Window>>| match open.borrow_mut().as_mut() {
        Some(window) => window.read(of),
        None => of.left(),
    };
    OPEN.try_with(in_window).unwrap_or_default()
}
