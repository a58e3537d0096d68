//! All values of a type, or enough to produce every body.

use std::collections::BTreeSet;
use std::hash::Hash;
use std::time::Duration;

use indexmap::IndexMap;

/// A type whose values can be enumerated.
pub(super) trait All: Sized {
    /// Maximum nesting depth of these values' bodies; a recursive type's schema accepts deeper ones.
    const DEPTH: usize = usize::MAX;

    fn all() -> Vec<Self>;
}

/// Values of a recursive type down to a depth.
pub(super) trait Within: Sized {
    fn within(depth: usize) -> Vec<Self>;
}

impl All for bool {
    fn all() -> Vec<Self> {
        vec![false, true]
    }
}

impl All for () {
    fn all() -> Vec<Self> {
        vec![()]
    }
}

/// The range exceeds, on both sides, every bound and edge of the types that use it.
impl All for i8 {
    fn all() -> Vec<Self> {
        (-4..=8).collect()
    }
}

/// The same, for numbers with several digits.
impl All for i16 {
    fn all() -> Vec<Self> {
        (-130..=130).collect()
    }
}

impl All for f64 {
    fn all() -> Vec<Self> {
        vec![f64::NAN, f64::NEG_INFINITY, -0.5, 0.0, 0.99, 1.0, 4.99, 5.0, f64::INFINITY]
    }
}

impl All for Duration {
    fn all() -> Vec<Self> {
        [0, 999, 1_000, 2_500, 3_000, 60_000].map(Self::from_millis).to_vec()
    }
}

/// Words of the tables in two spellings, and other texts.
impl All for String {
    fn all() -> Vec<Self> {
        ["", "a", "A", "b", "B", "zz", "y"].map(str::to_owned).to_vec()
    }
}

impl<T: All> All for Option<T> {
    const DEPTH: usize = T::DEPTH;

    fn all() -> Vec<Self> {
        std::iter::once(None).chain(T::all().into_iter().map(Some)).collect()
    }
}

impl<T: All> All for Box<T> {
    const DEPTH: usize = T::DEPTH;

    fn all() -> Vec<Self> {
        T::all().into_iter().map(Box::new).collect()
    }
}

/// Every sequence of at most `most` items.
pub(super) fn sequences<T: Clone>(items: &[T], most: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut longest = all.clone();
    for _ in 0..most {
        let longer = |list: &Vec<T>| {
            let list = list.clone();
            items.iter().map(move |item| [list.as_slice(), std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        longest = longest.iter().flat_map(longer).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// Lists up to one item longer than the longest list that the types send.
impl<T: All + Clone> All for Vec<T> {
    fn all() -> Vec<Self> {
        sequences(&T::all(), 3)
    }
}

impl<T: All + Clone + Ord> All for BTreeSet<T> {
    fn all() -> Vec<Self> {
        let sets: BTreeSet<Self> =
            sequences(&T::all(), 4).into_iter().map(|items| items.into_iter().collect()).collect();
        sets.into_iter().collect()
    }
}

/// In every order; no key occurs twice in the same spelling.
impl<K: All + Clone + Eq + Hash, V: All + Clone> All for IndexMap<K, V> {
    fn all() -> Vec<Self> {
        let pairs: Vec<(K, V)> =
            K::all().into_iter().flat_map(|key| V::all().into_iter().map(move |value| (key.clone(), value))).collect();
        sequences(&pairs, 2).into_iter().map(|pairs| pairs.into_iter().collect()).collect()
    }
}

/// All combinations of the fields of a struct.
macro_rules! product {
    ($out:ident, $name:ident [$($done:ident)*]) => {
        $out.push($name { $($done: $done.clone()),* });
    };
    ($out:ident, $name:ident [$($done:ident)*] $field:ident: $ty:ty, $($rest:tt)*) => {
        for $field in <$ty as All>::all() {
            product!($out, $name [$($done)* $field] $($rest)*);
        }
    };
}

/// Structs with derived snapshots, and all their values.
macro_rules! structs {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$of_field:meta])* $field:ident: $ty:ty,)* })+) => {$(
        #[derive(TelemetrySnapshot, Clone, Debug)]
        $(#[$attribute])*
        pub(super) struct $name { $($(#[$of_field])* $field: $ty,)* }

        impl All for $name {
            fn all() -> Vec<Self> {
                let mut all = Vec::new();
                product!(all, $name [] $($field: $ty,)*);
                all
            }
        }
    )+};
}

pub(super) use {product, structs};
