//! `each`: lists of snapshots and lists of words.

use std::cell::Cell;
use std::collections::{BTreeSet, HashSet, LinkedList, VecDeque};

use super::text::index_of;
use super::{Text, through_cells, through_pointers};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Types accepted by `#[telemetry(each)]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(each)]` takes a list or a set of items that have a snapshot, not a `{Self}`",
    label = "not a list of snapshots",
    note = "for a list of texts: `each(one_of(\"a\", \"b\"))`; `each, with = |list| ...` computes views of the items; \
            for a map say which words its keys may become: `each(key = \"id\", one_of(\"a\", \"b\"))`",
    note = "items of a type of yours need `#[derive(TelemetrySnapshot)]` on it; of numbers, `count` sends how many there are"
)]
pub trait Each {
    /// The type of the list's items.
    type Item: TelemetrySnapshot + ?Sized;

    /// Whether there is always a list.
    const REQUIRED: bool = true;

    /// Whether it is a set. The order of a set is never sent: its words are sent in the order of their table, each once, and items of any other
    /// kind in the order of what is sent of them.
    const IS_SET: bool = false;

    /// Records the list.
    fn record_each(&self, recorder: &mut Recorder<'_>);
}

/// Types accepted by `#[telemetry(each(one_of(...)))]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(each(one_of(...)))]` takes a list or a set of texts, not a `{Self}`",
    label = "not a list of texts",
    note = "for a list of enums that derive `TelemetrySnapshot`: `each`; for a single text: `one_of(...)`; for a map: `each(key = \"id\", one_of(...))`"
)]
pub trait EachText {
    /// Whether there is always a list.
    const REQUIRED: bool = true;

    /// Whether it is a set, as for [`Each`].
    const IS_SET: bool = false;

    /// Records the word that each text matches.
    fn record_words(&self, recorder: &mut Recorder<'_>);
}

macro_rules! lists {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: TelemetrySnapshot, $($generics)*> Each for $ty {
            type Item = T;

            fn record_each(&self, recorder: &mut Recorder<'_>) {
                recorder.list(self);
            }
        })+
    };
}

lists! {
    () [T],
    (const N: usize) [T; N],
    () Vec<T>,
    () VecDeque<T>,
    () LinkedList<T>,
}

macro_rules! sets {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: TelemetrySnapshot, $($generics)*> Each for $ty {
            type Item = T;

            const IS_SET: bool = true;

            fn record_each(&self, recorder: &mut Recorder<'_>) {
                recorder.set(self);
            }
        })+
    };
}

sets! {
    () BTreeSet<T>,
    (S) HashSet<T, S>,
}

macro_rules! texts {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: Text, $($generics)*> EachText for $ty {
            fn record_words(&self, recorder: &mut Recorder<'_>) {
                let words = recorder.words();
                recorder.tags(self.iter().filter_map(|text| text.look(|text| index_of(words, text))));
            }
        })+
    };
}

texts! {
    () [T],
    (const N: usize) [T; N],
    () Vec<T>,
    () VecDeque<T>,
    () LinkedList<T>,
}

macro_rules! text_sets {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<T: Text, $($generics)*> EachText for $ty {
            const IS_SET: bool = true;

            // The recorder sorts the words if the schema declares a set.
            fn record_words(&self, recorder: &mut Recorder<'_>) {
                let words = recorder.words();
                recorder.tags(self.iter().filter_map(|text| text.look(|text| index_of(words, text))));
            }
        })+
    };
}

text_sets! {
    () BTreeSet<T>,
    (S) HashSet<T, S>,
}

#[cfg(feature = "indexmap")]
sets!((S) indexmap::IndexSet<T, S>);
#[cfg(feature = "indexmap")]
text_sets!((S) indexmap::IndexSet<T, S>);

#[diagnostic::do_not_recommend]
impl<T: Each> Each for Option<T> {
    type Item = T::Item;

    const REQUIRED: bool = false;
    const IS_SET: bool = T::IS_SET;

    fn record_each(&self, recorder: &mut Recorder<'_>) {
        match self {
            Some(list) => list.record_each(recorder),
            None => recorder.absent(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: EachText> EachText for Option<T> {
    const REQUIRED: bool = false;
    const IS_SET: bool = T::IS_SET;

    fn record_words(&self, recorder: &mut Recorder<'_>) {
        match self {
            Some(list) => list.record_words(recorder),
            None => recorder.absent(),
        }
    }
}

through_pointers!(Each {
    type Item = T::Item;

    const REQUIRED: bool = T::REQUIRED;
    const IS_SET: bool = T::IS_SET;

    fn record_each(&self, recorder: &mut Recorder<'_>) {
        (**self).record_each(recorder);
    }
});

through_pointers!(EachText {
    const REQUIRED: bool = T::REQUIRED;
    const IS_SET: bool = T::IS_SET;

    fn record_words(&self, recorder: &mut Recorder<'_>) {
        (**self).record_words(recorder);
    }
});

through_cells!(Each {
    type Item = T::Item;

    const REQUIRED: bool = false;
    const IS_SET: bool = T::IS_SET;

    fn record_each(&self, recorder: &mut Recorder<'_>) {
        match self.get() {
            Some(list) => list.record_each(recorder),
            None => recorder.absent(),
        }
    }
});

through_cells!(EachText {
    const REQUIRED: bool = false;
    const IS_SET: bool = T::IS_SET;

    fn record_words(&self, recorder: &mut Recorder<'_>) {
        match self.get() {
            Some(list) => list.record_words(recorder),
            None => recorder.absent(),
        }
    }
});

#[diagnostic::do_not_recommend]
impl<T: Each + Copy> Each for Cell<T> {
    type Item = T::Item;

    const REQUIRED: bool = T::REQUIRED;
    const IS_SET: bool = T::IS_SET;

    fn record_each(&self, recorder: &mut Recorder<'_>) {
        self.get().record_each(recorder);
    }
}

#[diagnostic::do_not_recommend]
impl<T: EachText + Copy> EachText for Cell<T> {
    const REQUIRED: bool = T::REQUIRED;
    const IS_SET: bool = T::IS_SET;

    fn record_words(&self, recorder: &mut Recorder<'_>) {
        self.get().record_words(recorder);
    }
}
