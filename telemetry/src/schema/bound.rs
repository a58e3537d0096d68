//! Constants of the author in place of literals: bounds, maxima, edges and words.

use core::marker::PhantomData;

use telemetry_spec::limit;

use super::{Edges, Words};

/// An integer of any type as a bound or an edge: the nearest one within the limits.
pub const fn bound(value: i128) -> i64 {
    let most = limit::NUMBER as i128;
    if value < -most {
        -limit::NUMBER
    } else if value > most {
        limit::NUMBER
    } else {
        value as i64
    }
}

/// Fails the compilation when an integer cannot be a bound or an edge.
#[track_caller]
pub const fn check_bound(value: i128) {
    assert!(
        bound(value) as i128 == value,
        "a number lies within -(2^53 - 1) and 2^53 - 1, so that every JSON reader keeps it exactly"
    );
}

/// An integer of any type as the maximum of a list or a count: the nearest one within the limits.
pub const fn maximum(value: i128) -> u32 {
    if value < 1 {
        1
    } else if value > u32::MAX as i128 {
        u32::MAX
    } else {
        value as u32
    }
}

/// Fails the compilation when an integer cannot be the maximum of a list or a count.
#[track_caller]
pub const fn check_maximum(value: i128) {
    assert!(maximum(value) as i128 == value, "`max` is 1 to 4_294_967_295");
}

/// The type of a bound, or of one of several edges.
#[diagnostic::on_unimplemented(
    message = "a bound is an integer, not a `{Self}`",
    label = "not an integer",
    note = "for a value with a fraction, bound a multiple of it: `bucket(25, 50), with = |rate| rate * 100.0`"
)]
pub trait IntegerConstant {
    /// The type whose functions convert the integer: those of a trait cannot be evaluated at compile time.
    type Converter: Converter;
}

/// What converts integers of one type.
pub trait Converter {
    /// The converter.
    const NEW: Self;
}

/// The bound is in an alias, so that the error says nothing of the function that would have it.
pub type Integer<T> = ConverterOf<T, <T as IntegerConstant>::Converter>;

/// Infers the converter from the type of a value.
pub struct ConverterOf<T, C>(PhantomData<(T, C)>);

impl<T, C: Converter> ConverterOf<T, C> {
    /// The converter of this value's type.
    pub const fn of(_: &T) -> C {
        C::NEW
    }

    /// Compiles if there is one.
    pub const fn check(_: &T) {}
}

/// Converts integers of type `T`.
pub struct Widen<T>(PhantomData<T>);

impl<T> Converter for Widen<T> {
    const NEW: Self = Self(PhantomData);
}

macro_rules! widen {
    ($($integer:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl IntegerConstant for $integer {
            type Converter = Widen<Self>;
        }

        impl Widen<$integer> {
            /// The integer, of the widest type.
            pub const fn widened(&self, integer: $integer) -> i128 {
                integer as i128
            }
        }
    )*};
}

widen!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// The type of a constant that gives all edges of a bucket.
#[diagnostic::on_unimplemented(
    message = "`bucket` takes integers or a constant of type `Edges`, not a `{Self}`",
    label = "neither an integer nor `Edges`",
    note = "`const SIZES: Edges = Edges::new(&[10, 100]);` and `bucket(SIZES)`, or the edges themselves: `bucket(10, 100)`"
)]
pub trait EdgesConstant: Sized {
    /// The type whose functions read the edges: those of a trait cannot be evaluated at compile time.
    type Reader;

    /// The reader.
    const READER: Self::Reader;
}

/// Reads the edges from a constant of this type.
pub struct EdgesOf<T>(PhantomData<T>);

/// The reader for the type of this constant.
pub const fn edges_of<T: EdgesConstant>(_: &T) -> T::Reader {
    T::READER
}

/// The edges that a constant gives.
pub enum ConstantEdges {
    /// A single integer.
    One([i64; 1]),
    /// Shared edges.
    Shared(Edges),
}

impl ConstantEdges {
    pub(super) const fn get(&'static self) -> &'static [i64] {
        match self {
            Self::One(edge) => edge,
            Self::Shared(edges) => edges.get(),
        }
    }
}

#[diagnostic::do_not_recommend]
impl EdgesConstant for Edges {
    type Reader = EdgesOf<Self>;

    const READER: EdgesOf<Self> = EdgesOf(PhantomData);
}

impl EdgesOf<Edges> {
    /// The edges.
    pub const fn edges(&self, edges: Edges) -> ConstantEdges {
        ConstantEdges::Shared(edges)
    }

    /// Their constructor has checked them.
    pub const fn check(&self, _: Edges) {}
}

/// The type of a constant that gives all words of a text.
#[diagnostic::on_unimplemented(
    message = "`one_of` takes texts or a constant of type `Words`, not a `{Self}`",
    label = "not `Words`",
    note = "`const PROVIDERS: Words = Words::new(&[\"a\", \"b\"]);` and `one_of(PROVIDERS)`, or the words themselves: `one_of(\"a\", \"b\")`"
)]
pub trait WordsConstant: Sized {
    /// As of [`EdgesConstant`].
    type Reader;

    /// The reader.
    const READER: Self::Reader;
}

/// Reads the words from a constant of type [`Words`].
pub struct WordsOf;

/// The reader for the type of this constant.
pub const fn words_of<T: WordsConstant>(_: &T) -> T::Reader {
    T::READER
}

#[diagnostic::do_not_recommend]
impl WordsConstant for Words {
    type Reader = WordsOf;

    const READER: WordsOf = WordsOf;
}

impl WordsOf {
    /// The words.
    pub const fn words(&self, words: Words) -> Words {
        words
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        #[diagnostic::do_not_recommend]
        impl EdgesConstant for $integer {
            type Reader = EdgesOf<Self>;

            const READER: EdgesOf<Self> = EdgesOf(PhantomData);
        }

        impl EdgesOf<$integer> {
            /// The edge, within the limits.
            pub const fn edges(&self, edge: $integer) -> ConstantEdges {
                ConstantEdges::One([bound(edge as i128)])
            }

            /// Fails the compilation when the integer cannot be an edge.
            #[track_caller]
            pub const fn check(&self, edge: $integer) {
                check_bound(edge as i128);
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
