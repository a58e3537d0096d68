//! `each(key = ...)`: maps whose keys become words.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use super::text::index_of_next;
use super::{Flattened, Text, through_cells, through_pointers};
use crate::schema::derived::Values;
use crate::schema::{Depth, Field, Kind, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Types accepted by `#[telemetry(each(key = "..."))]`.
#[diagnostic::on_unimplemented(
    message = "`#[telemetry(each(key = ...))]` takes a map, not a `{Self}`",
    label = "not a map",
    note = "for a list of snapshots: `each`; for a list of texts: `each(one_of(...))`"
)]
pub trait EachEntry {
    /// The type of the map's keys.
    type Key;

    /// The type of the map's values.
    type Value;

    /// Whether there is always a map.
    const REQUIRED: bool = true;

    /// Records each entry with these functions.
    fn record_entries(
        &self,
        key: impl Fn(&Self::Key, &mut Recorder<'_>),
        value: impl Fn(&Self::Value, &mut Recorder<'_>),
        recorder: &mut Recorder<'_>,
    );
}

/// Keys that need no list of words: enums without data, since the trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "the keys of this map need words, since they are of type `{Self}`",
    label = "the keys can hold anything",
    note = "if they are texts, say which words they may become: `each(key = \"id\", one_of(\"a\", \"b\"))`; \
            if not, give a map whose keys are texts: `each(key = \"id\", one_of(\"a\", \"b\")), with = path`",
    note = "an enum without data and without a tag that derives `TelemetrySnapshot` needs no words"
)]
pub trait MapKey {
    /// The kind of the key.
    const WORD: Kind;

    /// Records the key's word.
    fn record_key(&self, recorder: &mut Recorder<'_>);
}

/// Keys that are compared with a list of words: texts, since the trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "the words of `#[telemetry(each(key = ..., one_of(...)))]` are compared with texts, and the keys of this map are of type `{Self}`",
    label = "the keys are not texts",
    note = "`each(key = \"id\", one_of(\"a\", \"b\")), with = path` takes a function that gives a map whose keys are texts; \
            keys that are enums without data need no words: `each(key = \"id\")`"
)]
pub trait TextKey {
    /// Whether each key has a text.
    const REQUIRED: bool;

    /// Records the word that the key matches.
    fn record_key_word(&self, recorder: &mut Recorder<'_>);
}

// A call of `Text::record_word` would be one more function for each type of key.
#[diagnostic::do_not_recommend]
impl<T: Text + ?Sized> TextKey for T {
    const REQUIRED: bool = T::REQUIRED;

    #[inline]
    fn record_key_word(&self, recorder: &mut Recorder<'_>) {
        match self.look(|text| index_of_next(recorder, text)) {
            Some(index) => recorder.tag(index),
            None => recorder.absent(),
        }
    }
}

/// Enums without data, whose derive implements this. Where a key is refused, the compiler would list all that implement [`MapKey`] itself.
pub trait EnumKey {
    /// The kind of the key.
    const WORD: Kind;

    /// Records the key's word.
    fn record_key(&self, recorder: &mut Recorder<'_>);
}

#[diagnostic::do_not_recommend]
impl<T: EnumKey + ?Sized> MapKey for T {
    const WORD: Kind = T::WORD;

    #[inline]
    fn record_key(&self, recorder: &mut Recorder<'_>) {
        EnumKey::record_key(self, recorder);
    }
}

/// Values that need no policy: every type with a snapshot, since the trait cannot be implemented elsewhere.
#[diagnostic::on_unimplemented(
    message = "the values of this map need a policy, since they are of type `{Self}`",
    label = "the values can hold anything",
    note = "state it in `value`: of numbers, `value(number(max = 100))` or `value(bucket(10, 100))`; of texts, `value(presence)` or \
            `value(one_of(\"a\", \"b\"))`",
    note = "a type of yours that derives `TelemetrySnapshot` needs none"
)]
pub trait MapValue {
    /// The values, whose types are read on demand.
    const VALUES: Values;

    /// The members of a group or of an enum under a tag; any other type as the member `value`.
    const BESIDE: Field;

    /// Records `BESIDE`, as the last of the members around it.
    fn record_value(&self, recorder: &mut Recorder<'_>);

    /// The information that a value can reveal. Never called: the return type carries the answer.
    fn weight<D: Depth>() -> impl Weighed;
}

#[diagnostic::do_not_recommend]
impl<T: TelemetrySnapshot + ?Sized> MapValue for T {
    const VALUES: Values = Values::of::<T>();
    const BESIDE: Field = <T as Flattened>::BESIDE;

    fn record_value(&self, recorder: &mut Recorder<'_>) {
        self.record_beside(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        T::weight::<D>()
    }
}

macro_rules! maps {
    ($record:ident: $(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<K, V, $($generics)*> EachEntry for $ty {
            type Key = K;
            type Value = V;

            fn record_entries(
                &self,
                key: impl Fn(&K, &mut Recorder<'_>),
                value: impl Fn(&V, &mut Recorder<'_>),
                recorder: &mut Recorder<'_>,
            ) {
                recorder.$record(self, key, value);
            }
        })+
    };
}

// The order of keys would tell something of texts that are not sent.
maps!(unordered_map: () BTreeMap<K, V>);
maps!(unordered_map: (S) HashMap<K, V, S>);

// This order is a choice of the program.
#[cfg(feature = "indexmap")]
maps!(map: (S) indexmap::IndexMap<K, V, S>);

#[diagnostic::do_not_recommend]
impl<T: EachEntry> EachEntry for Option<T> {
    type Key = T::Key;
    type Value = T::Value;

    const REQUIRED: bool = false;

    fn record_entries(
        &self,
        key: impl Fn(&Self::Key, &mut Recorder<'_>),
        value: impl Fn(&Self::Value, &mut Recorder<'_>),
        recorder: &mut Recorder<'_>,
    ) {
        match self {
            Some(map) => map.record_entries(key, value, recorder),
            None => recorder.absent(),
        }
    }
}

through_pointers!(EachEntry {
    type Key = T::Key;
    type Value = T::Value;

    const REQUIRED: bool = T::REQUIRED;

    fn record_entries(
        &self,
        key: impl Fn(&Self::Key, &mut Recorder<'_>),
        value: impl Fn(&Self::Value, &mut Recorder<'_>),
        recorder: &mut Recorder<'_>,
    ) {
        (**self).record_entries(key, value, recorder);
    }
});

through_cells!(EachEntry {
    type Key = T::Key;
    type Value = T::Value;

    const REQUIRED: bool = false;

    fn record_entries(
        &self,
        key: impl Fn(&Self::Key, &mut Recorder<'_>),
        value: impl Fn(&Self::Value, &mut Recorder<'_>),
        recorder: &mut Recorder<'_>,
    ) {
        match self.get() {
            Some(map) => map.record_entries(key, value, recorder),
            None => recorder.absent(),
        }
    }
});

#[diagnostic::do_not_recommend]
impl<T: EachEntry + Copy> EachEntry for Cell<T> {
    type Key = T::Key;
    type Value = T::Value;

    const REQUIRED: bool = T::REQUIRED;

    fn record_entries(
        &self,
        key: impl Fn(&Self::Key, &mut Recorder<'_>),
        value: impl Fn(&Self::Value, &mut Recorder<'_>),
        recorder: &mut Recorder<'_>,
    ) {
        self.get().record_entries(key, value, recorder);
    }
}

through_pointers!(EnumKey {
    const WORD: Kind = T::WORD;

    fn record_key(&self, recorder: &mut Recorder<'_>) {
        (**self).record_key(recorder);
    }
});
