//! `presence`: whether something is set.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use super::Given;
use crate::snapshot::Recorder;

/// Types accepted by `#[telemetry(presence)]`: values that can be set or unset.
///
/// Text and paths are set when they are not empty, including inside an `Option` or as `Box<str>`, `Arc<Path>` and the like.
/// `Box`, `Rc` and `Arc` of any other type are set, so an `Option` of a callback is set when it
/// is `Some`. The same holds for an `Option` of a collection or of another `Option`; a bare collection is set when it is not empty.
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

/// Records whether a `T` is set. A type with [`Presence`] has this function; any other `Option` has that of [`AnyOption`].
pub struct SetOrNot<T: ?Sized>(core::marker::PhantomData<T>);

impl<T: Presence + ?Sized> SetOrNot<T> {
    /// Records whether the value is set.
    #[inline]
    pub fn record_presence(value: &T, recorder: &mut Recorder<'_>) {
        recorder.flag(value.is_present());
    }
}

/// For types without [`Presence`]: an `Option` is set if it is `Some`.
pub trait AnyOption<T: ?Sized> {
    /// Records whether the value is set.
    #[rustfmt::skip] // The compiler prints this line where the bound does not hold.
    fn record_presence(value: &T, recorder: &mut Recorder<'_>) where T: Optional;
}

impl<T: ?Sized> AnyOption<T> for SetOrNot<T> {
    #[inline]
    fn record_presence(value: &T, recorder: &mut Recorder<'_>)
    where
        T: Optional,
    {
        recorder.flag(value.is_some());
    }
}

/// An `Option`.
#[diagnostic::on_unimplemented(
    message = "telemetry does not know when a `{Self}` is set",
    label = "`presence` is not known for this type",
    note = "an `Option` of any type is set when it is `Some`; `changed` sends whether a value that can be compared differs from the default; \
            a type of yours can implement `telemetry::snapshot::Presence`"
)]
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

/// Whether a value that a function gives is set.
pub trait IsSet {
    /// Whether it is set.
    fn was_set(self) -> bool;
}

impl<T: Presence + ?Sized> IsSet for &Given<'_, T> {
    #[inline]
    fn was_set(self) -> bool {
        self.0.is_present()
    }
}

/// The same for a value without [`Presence`].
pub trait IsSome<T: ?Sized> {
    /// Whether it is set.
    #[rustfmt::skip] // The compiler prints this line where the bound does not hold.
    fn was_set(self) -> bool where T: Optional;
}

impl<T: ?Sized> IsSome<T> for Given<'_, T> {
    #[inline]
    fn was_set(self) -> bool
    where
        T: Optional,
    {
        self.0.is_some()
    }
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

impl<T: Presence + ?Sized> Presence for &T {
    #[inline]
    fn is_present(&self) -> bool {
        (**self).is_present()
    }

    #[inline]
    fn is_present_in_some(&self) -> bool {
        (**self).is_present_in_some()
    }
}

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

macro_rules! boxed {
    ($($pointer:ident),+) => {
        $(impl<T: ?Sized> Presence for $pointer<T> {
            #[inline]
            fn is_present(&self) -> bool {
                !is_empty_text(core::any::type_name::<T>(), size_of_val::<T>(self))
            }
        })+
    };
}

boxed!(Box, Rc, Arc);

impl<P> Presence for Pin<P> {
    #[inline]
    fn is_present(&self) -> bool {
        true
    }
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
}

/// Boxed text follows the rule for text; any other boxed value is present. No other type has the name of one of the standard library.
///
/// Not generic, so that it is compiled once.
fn is_empty_text(name: &str, size: usize) -> bool {
    use core::any::type_name;

    size == 0 && (name == type_name::<str>() || name == type_name::<Path>() || name == type_name::<OsStr>())
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
        assert!(!Rc::<OsStr>::from(OsStr::new("")).is_present() && Box::<[u8]>::from([]).is_present());
        assert!(Some(None::<String>).is_present() && !Some(Some(String::new())).is_present());
        assert!(Some(Some(String::from("x"))).is_present() && !None::<Option<String>>.is_present());
        assert!(Some(Vec::<u8>::new()).is_present() && !Vec::<u8>::new().is_present());
        let callback: Arc<dyn Fn() + Send + Sync> = Arc::new(|| {});
        assert!(callback.is_present() && Some(callback).is_present());
        assert!(!Some(PathBuf::new()).is_present() && Some(PathBuf::from("/x")).is_present());
        assert!(Some(main as fn()).is_present());
        fn main() {}
    }
}
