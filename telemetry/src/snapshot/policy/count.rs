//! `count`: the number of items.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use super::{through_cells, through_pointers};
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(count)]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(count)]` takes a list, a set or a map, not a `{Self}`",
    label = "not a collection",
    note = "`#[telemetry(count, with = path)]` computes a `usize` from the field"
)]
pub trait Count {
    /// Whether there is always a count.
    const REQUIRED: bool = true;

    /// The number of items; `None` if there is no collection.
    fn count(&self) -> Option<usize>;

    /// Records the count.
    #[inline]
    fn record_count(&self, recorder: &mut Recorder<'_>) {
        match self.count() {
            Some(count) => recorder.count(count),
            None => recorder.absent(),
        }
    }
}

/// For values computed by `with`.
#[diagnostic::do_not_recommend]
impl Count for usize {
    #[inline]
    fn count(&self) -> Option<usize> {
        Some(*self)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Count> Count for Option<T> {
    const REQUIRED: bool = false;

    #[inline]
    fn count(&self) -> Option<usize> {
        self.as_ref().and_then(Count::count)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Count + Copy> Count for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn count(&self) -> Option<usize> {
        self.get().count()
    }
}

through_cells!(Count {
    const REQUIRED: bool = false;

    fn count(&self) -> Option<usize> {
        self.get().and_then(Count::count)
    }
});

through_pointers!(Count {
    const REQUIRED: bool = T::REQUIRED;

    fn count(&self) -> Option<usize> {
        (**self).count()
    }
});

#[diagnostic::do_not_recommend]
impl<B: ToOwned + Count + ?Sized> Count for Cow<'_, B> {
    const REQUIRED: bool = B::REQUIRED;

    fn count(&self) -> Option<usize> {
        (**self).count()
    }
}

macro_rules! collection {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($generics)*> Count for $ty {
            #[inline]
            fn count(&self) -> Option<usize> {
                Some(self.len())
            }
        })+
    };
}

collection! {
    (T) [T],
    (T, const N: usize) [T; N],
    (T) Vec<T>,
    (T) VecDeque<T>,
    (T) LinkedList<T>,
    (T) BinaryHeap<T>,
    (T) BTreeSet<T>,
    (T, S) HashSet<T, S>,
    (K, V) BTreeMap<K, V>,
    (K, V, S) HashMap<K, V, S>,
}

#[cfg(feature = "indexmap")]
collection! {
    (T, S) indexmap::IndexSet<T, S>,
    (K, V, S) indexmap::IndexMap<K, V, S>,
}
