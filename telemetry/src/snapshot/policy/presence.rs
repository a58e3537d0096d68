//! `presence`: whether something is set.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use super::through_pointers;
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(presence)]`: values that can be set or unset.
///
/// Text and paths are set when they are not empty. A collection is set when it is not empty; in an `Option`, when it is `Some`.
/// A pointer, such as `Box`, `Rc`, `Arc` or `&`, is set when what it points to is, and so is an `Option` of such a value.
///
/// `#[telemetry(presence)]` takes two kinds of types besides: an `Option` of anything is set when it is `Some`, and a pointer to anything else, such
/// as a callback, is always set.
///
/// Implement it for your own type if its values can be unset:
///
/// ```
/// use telemetry::snapshot::Presence;
///
/// struct ApiKey(String);
///
/// impl Presence for ApiKey {
///     fn is_present(&self) -> bool {
///         !self.0.is_empty()
///     }
/// }
///
/// assert!(Some(ApiKey("k-123".into())).is_present());
/// assert!(!Some(ApiKey(String::new())).is_present());
/// ```
#[diagnostic::on_unimplemented(
    message = "telemetry does not know when a `{Self}` is set",
    label = "`presence` is not known for this type",
    note = "`changed` sends whether a value that can be compared differs from the default; \
            a type of yours can implement `telemetry::snapshot::Presence`"
)]
pub trait Presence {
    /// Whether the value is set.
    fn is_present(&self) -> bool;

    /// Whether `Some` of this value is set.
    #[doc(hidden)]
    fn is_present_in_some(&self) -> bool {
        self.is_present()
    }
}

/// Finds out whether a `T` is set. The compiler picks the first of three functions that the type has: by value, that of a type with
/// [`Presence`]; by reference, that of an `Option`, in [`AnyOption`]; by unique reference, that of a pointer to anything else, in [`AnyPointer`].
pub struct SetOrNot<T: ?Sized>(pub core::marker::PhantomData<fn(&T)>);

impl<T: ?Sized> SetOrNot<T> {
    /// For the type of this value.
    #[inline]
    pub const fn of(_: &T) -> Self {
        Self(core::marker::PhantomData)
    }
}

impl<T: Presence + ?Sized> SetOrNot<T> {
    /// Whether the value is set.
    #[inline]
    pub fn was_set(self, value: &T) -> bool {
        value.is_present()
    }

    /// Records whether the value is set.
    #[inline]
    pub fn record_presence(self, value: &T, recorder: &mut Recorder<'_>) {
        recorder.flag(value.is_present());
    }
}

/// For an `Option` of a type without [`Presence`], which is set if it is `Some`, and for pointers to one.
pub trait AnyOption<T: ?Sized> {
    /// Whether the value is set.
    fn was_set(&self, value: &T) -> bool;

    /// Records whether the value is set.
    fn record_presence(&self, value: &T, recorder: &mut Recorder<'_>);
}

impl<T: Optional + ?Sized> AnyOption<T> for SetOrNot<T> {
    #[inline]
    fn was_set(&self, value: &T) -> bool {
        value.is_some()
    }

    #[inline]
    fn record_presence(&self, value: &T, recorder: &mut Recorder<'_>) {
        recorder.flag(value.is_some());
    }
}

/// For all other types: pointers are set.
#[rustfmt::skip] // The compiler prints these lines where the bound does not hold.
pub trait AnyPointer<T: ?Sized> {
    /// Whether the value is set.
    fn was_set(&mut self, value: &T) -> bool where T: AlwaysSet;

    /// Records whether the value is set.
    fn record_presence(&mut self, value: &T, recorder: &mut Recorder<'_>) where T: AlwaysSet;
}

impl<T: ?Sized> AnyPointer<T> for SetOrNot<T> {
    #[inline]
    fn was_set(&mut self, _: &T) -> bool
    where
        T: AlwaysSet,
    {
        true
    }

    #[inline]
    fn record_presence(&mut self, _: &T, recorder: &mut Recorder<'_>)
    where
        T: AlwaysSet,
    {
        recorder.flag(true);
    }
}

/// An `Option` of anything, or a pointer to one.
pub trait Optional {
    /// Whether there is a value.
    fn is_some(&self) -> bool;
}

#[diagnostic::do_not_recommend]
impl<T> Optional for Option<T> {
    #[inline]
    fn is_some(&self) -> bool {
        Self::is_some(self)
    }
}

through_pointers!(Optional {
    #[inline]
    fn is_some(&self) -> bool {
        (**self).is_some()
    }
});

#[diagnostic::do_not_recommend]
impl<B: ToOwned + Optional + ?Sized> Optional for Cow<'_, B> {
    #[inline]
    fn is_some(&self) -> bool {
        (**self).is_some()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Optional + Copy> Optional for Cell<T> {
    #[inline]
    fn is_some(&self) -> bool {
        self.get().is_some()
    }
}

/// A pointer, whatever it points to.
#[diagnostic::on_unimplemented(
    message = "telemetry does not know when a `{Self}` is set",
    label = "`presence` is not known for this type",
    note = "an `Option` of any type is set when it is `Some`; `changed` sends whether a value that can be compared differs from the default; \
            a type of yours can implement `telemetry::snapshot::Presence`"
)]
pub trait AlwaysSet {}

macro_rules! always_set {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($generics)*> AlwaysSet for $ty {})+
    };
}

always_set! {
    (T: ?Sized) Box<T>,
    (T: ?Sized) Rc<T>,
    (T: ?Sized) Arc<T>,
    (P) Pin<P>,
    (T: AlwaysSet + ?Sized) &T,
    (B: ToOwned + AlwaysSet + ?Sized) Cow<'_, B>,
    (T: AlwaysSet + Copy) Cell<T>,
}

impl<T: Presence> Presence for Option<T> {
    #[inline]
    fn is_present(&self) -> bool {
        self.as_ref().is_some_and(Presence::is_present_in_some)
    }

    /// A flag that was given without its value is `Some(None)`.
    #[inline]
    fn is_present_in_some(&self) -> bool {
        self.as_ref().is_none_or(Presence::is_present_in_some)
    }
}

through_pointers!(Presence {
    #[inline]
    fn is_present(&self) -> bool {
        (**self).is_present()
    }

    #[inline]
    fn is_present_in_some(&self) -> bool {
        (**self).is_present_in_some()
    }
});

impl<B: ToOwned + Presence + ?Sized> Presence for Cow<'_, B> {
    #[inline]
    fn is_present(&self) -> bool {
        (**self).is_present()
    }

    #[inline]
    fn is_present_in_some(&self) -> bool {
        (**self).is_present_in_some()
    }
}

macro_rules! text {
    ($(($($generics:tt)*) $ty:ty: |$value:ident| $is_empty:expr;)+) => {
        $(impl $($generics)* Presence for $ty {
            #[inline]
            fn is_present(&self) -> bool {
                let $value = self;
                !$is_empty
            }
        })+
    };
}

text! {
    () str: |text| text.is_empty();
    () String: |text| text.is_empty();
    () OsStr: |text| text.is_empty();
    () OsString: |text| text.is_empty();
    () Path: |path| path.as_os_str().is_empty();
    () PathBuf: |path| path.as_os_str().is_empty();
}

macro_rules! cells {
    ($($cell:ident),+) => {
        $(impl<T> Presence for $cell<T> {
            /// Once it was set.
            #[inline]
            fn is_present(&self) -> bool {
                self.get().is_some()
            }
        })+
    };
}

cells!(OnceCell, OnceLock);

impl<T: Presence + Copy> Presence for Cell<T> {
    #[inline]
    fn is_present(&self) -> bool {
        self.get().is_present()
    }

    #[inline]
    fn is_present_in_some(&self) -> bool {
        self.get().is_present_in_some()
    }
}

macro_rules! collection {
    ($(($($generics:tt)*) $ty:ty),+ $(,)?) => {
        $(impl<$($generics)*> Presence for $ty {
            #[inline]
            fn is_present(&self) -> bool {
                !self.is_empty()
            }

            #[inline]
            fn is_present_in_some(&self) -> bool {
                true
            }
        })+
    };
}

collection! {
    (T) [T],
    (T) Vec<T>,
    (T) VecDeque<T>,
    (T) LinkedList<T>,
    (T) BinaryHeap<T>,
    (T) BTreeSet<T>,
    (T, S) HashSet<T, S>,
    (K, V) BTreeMap<K, V>,
    (K, V, S) HashMap<K, V, S>,
}

/// A function is always set.
macro_rules! function {
    ($($argument:ident)*) => {
        impl<R, $($argument),*> Presence for fn($($argument),*) -> R {
            #[inline]
            fn is_present(&self) -> bool {
                true
            }
        }
    };
}

function!();
function!(A);
function!(A B);
function!(A B C);
function!(A B C D);

#[cfg(feature = "indexmap")]
collection! {
    (T, S) indexmap::IndexSet<T, S>,
    (K, V, S) indexmap::IndexMap<K, V, S>,
}

/// A secret that is present is set; its content is not read.
#[cfg(feature = "secrecy")]
impl<T: secrecy::zeroize::Zeroize + ?Sized> Presence for secrecy::SecretBox<T> {
    #[inline]
    fn is_present(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_or_not() {
        assert!(!"".is_present() && "x".is_present());
        assert!(!Some(String::new()).is_present() && !None::<String>.is_present());
        assert!(!Box::<str>::from("").is_present() && Arc::<str>::from("x").is_present());
        assert!(!Arc::<Path>::from(Path::new("")).is_present() && Box::<Path>::from(Path::new("x")).is_present());
        assert!(!Rc::<OsStr>::from(OsStr::new("")).is_present() && !Box::<[u8]>::from([]).is_present());
        assert!(Some(None::<String>).is_present() && !Some(Some(String::new())).is_present());
        assert!(Some(Some(String::from("x"))).is_present() && !None::<Option<String>>.is_present());
        assert!(Some(Vec::<u8>::new()).is_present() && !Vec::<u8>::new().is_present());
        assert!(!Arc::new(String::new()).is_present() && !Some(Rc::new(String::new())).is_present());
        assert!(!Cell::new("").is_present() && !Box::new(Vec::<u8>::new()).is_present());
        assert!(Some(Box::new(Vec::<u8>::new())).is_present() && !Box::pin(Some("")).is_present());
        assert!(!Some(PathBuf::new()).is_present() && Some(PathBuf::from("/x")).is_present());
        assert!(Some(main as fn()).is_present());
        fn main() {}
    }
}
