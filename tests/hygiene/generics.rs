//! Generic types.

use ::signals::TelemetrySnapshot;
use ::std::borrow::Cow;
use ::std::boxed::Box;
use ::std::fmt::Debug;
use ::std::marker::{PhantomData, Send};
use ::std::option::Option;
use ::std::vec::Vec;

/// Whatever is in it.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Section<T = bool>
where
    T: Debug,
{
    /// Of any type.
    pub value: T,
    /// Of a type that holds any.
    pub maybe: Option<T>,
    /// As many as there are.
    #[telemetry(each)]
    pub all: Vec<T>,
}

/// Borrowed.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct View<'a, T: Send> {
    /// Text.
    #[telemetry(one_of("a", "b"))]
    pub name: &'a str,
    /// Owned or not.
    #[telemetry(presence)]
    pub key: Cow<'a, str>,
    /// Nested.
    pub inner: &'a T,
}

/// As many as the type says.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Slots<const N: usize, T> {
    /// As many.
    #[telemetry(each)]
    pub slots: [bool; N],
    /// Not there.
    #[telemetry(skip)]
    pub marker: PhantomData<T>,
}

/// In itself.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Tree<T> {
    /// Here.
    pub leaf: T,
    /// Below.
    pub left: Option<Box<Self>>,
    /// More of them.
    #[telemetry(each(max = 4))]
    pub rest: Vec<Self>,
}

/// An enum.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, untagged)]
pub enum Either<L, R> {
    /// One.
    Left(L),
    /// The other.
    Right(R),
}

/// With bounds of its own.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, bound = "T: ::signals::TelemetrySnapshot")]
pub struct Bound<T> {
    /// Nested.
    pub value: T,
}
