//! Collections send their length. A list of bytes or characters is text, whose length is not sent unless its author says so.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};

use telemetry_spec::limit;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Node, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

const fn counted(max: u32) -> Kind {
    Kind::new(Node::Count { max })
}

macro_rules! counted {
    ($(($($generics:tt)*) $ty:ty: $max:expr),+ $(,)?) => {
        $(
            /// The number of items; more than 1000 are sent as 1000.
            #[diagnostic::do_not_recommend]
            impl<$($generics)*> TelemetrySnapshot for $ty {
                const SCHEMA: Schema = Schema::of(counted($max).always());
                const KIND: Natural<Self> = Natural::EAGER;

                fn weight<D: Depth>() -> impl Weighed {
                    Nothing
                }

                #[inline]
                fn record(&self, recorder: &mut Recorder<'_>) {
                    recorder.count(self.len());
                }

                #[inline]
                fn record_nested(&self, recorder: &mut Recorder<'_>) {
                    recorder.count(self.len());
                }
            }
        )+
    };
}

counted! {
    (T) [T]: most::<T>(),
    (T) Vec<T>: most::<T>(),
    (T) VecDeque<T>: most::<T>(),
    (T) LinkedList<T>: most::<T>(),
    (T) BinaryHeap<T>: most::<T>(),
    (T) BTreeSet<T>: most::<T>(),
    (T, S) HashSet<T, S>: most::<T>(),
    (K, V) BTreeMap<K, V>: limit::COUNT_MAX,
    (K, V, S) HashMap<K, V, S>: limit::COUNT_MAX,
}

#[cfg(feature = "indexmap")]
counted! {
    (T, S) indexmap::IndexSet<T, S>: most::<T>(),
    (K, V, S) indexmap::IndexMap<K, V, S>: limit::COUNT_MAX,
}

/// The largest count of items of this type; `TEXT` for text, so that a schema that holds it does not compile.
const fn most<T>() -> u32 {
    if is_text::<T>() { limit::TEXT } else { limit::COUNT_MAX }
}

/// Whether values of this type are bytes or characters, as their layout tells: a byte has at most one value to spare, such as `NonZeroU8`,
/// and no other type of the size of a `char` has several. Types that are laid out like one of them, such as an enum that is stored in four bytes, count as text, too.
const fn is_text<T>() -> bool {
    let is_byte = size_of::<T>() == 1 && size_of::<Option<Option<T>>>() == 2;
    let is_character =
        size_of::<T>() == 4 && align_of::<T>() == align_of::<char>() && size_of::<Option<Option<T>>>() == 4;
    is_byte || is_character
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_characters_are_text() {
        struct Byte(#[expect(dead_code, reason = "only its layout counts")] u8);
        assert!(
            is_text::<u8>() && is_text::<i8>() && is_text::<Byte>() && is_text::<char>() && is_text::<Option<char>>()
        );
        assert!(is_text::<std::num::NonZeroU8>() && is_text::<std::num::NonZeroI8>());
    }

    #[test]
    fn other_items_are_not() {
        enum Level {
            #[expect(dead_code, reason = "only its layout counts")]
            Low,
            #[expect(dead_code, reason = "only its layout counts")]
            High,
        }
        assert!(!is_text::<bool>() && !is_text::<Level>() && !is_text::<Option<Level>>() && !is_text::<()>());
        assert!(!is_text::<u16>() && !is_text::<u32>() && !is_text::<f32>() && !is_text::<std::num::NonZeroU32>());
        assert!(!is_text::<String>() && !is_text::<&str>() && !is_text::<std::net::Ipv4Addr>());
    }
}
