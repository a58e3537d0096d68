//! What a `with` function takes: the field, or what is in the field if that is an `Option`.
//!
//! The compiler picks the first of several traits that has an implementation, in the order of references: an implementation for `&&X`
//! comes before one for `&X`. So the types decide, whatever they are called.

/// A value, of which a closure without types takes what is in an `Option`, or the value.
pub struct Given<'v, T: ?Sized>(pub &'v T);

/// A value, and a function whose type says which of both it takes.
pub struct Applied<'v, 'f, T: ?Sized, F>(pub &'v T, pub &'f F);

impl<T: ?Sized> Clone for Given<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Given<'_, T> {}

impl<T: ?Sized, F> Clone for Applied<'_, '_, T, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized, F> Copy for Applied<'_, '_, T, F> {}

/// The argument of a function: the whole value.
pub struct Whole<'v, T: ?Sized>(&'v T);

/// The argument of a function: what is in an `Option`.
pub struct Inside<'v, T>(Option<&'v T>);

impl<'v, T: ?Sized> Whole<'v, T> {
    /// Calls the function.
    #[inline]
    pub fn apply<R>(self, function: impl FnOnce(&'v T) -> R) -> R {
        function(self.0)
    }
}

impl<'v, T> Inside<'v, T> {
    /// Calls the function unless there is nothing.
    #[inline]
    pub fn apply<R>(self, function: impl FnOnce(&'v T) -> R) -> Option<R> {
        self.0.map(function)
    }
}

/// An `Option`, for a closure.
pub trait OfOption<'v, T> {
    /// The argument.
    fn choose(self) -> Inside<'v, T>;
}

impl<'v, T> OfOption<'v, T> for &Given<'v, Option<T>> {
    #[inline]
    fn choose(self) -> Inside<'v, T> {
        Inside(self.0.as_ref())
    }
}

/// Any other value, for a closure.
pub trait OfAny<'v, T: ?Sized> {
    /// The argument.
    fn choose(self) -> Whole<'v, T>;
}

impl<'v, T: ?Sized> OfAny<'v, T> for Given<'v, T> {
    #[inline]
    fn choose(self) -> Whole<'v, T> {
        Whole(self.0)
    }
}

/// A function that takes the value.
pub trait TakesWhole<'v, T: ?Sized> {
    /// The argument.
    fn choose(self) -> Whole<'v, T>;
}

impl<'v, T: ?Sized, F: FnOnce(&'v T) -> R, R> TakesWhole<'v, T> for &&Applied<'v, '_, T, F> {
    #[inline]
    fn choose(self) -> Whole<'v, T> {
        Whole(self.0)
    }
}

/// A function of what is in an `Option`.
pub trait TakesInside<'v, T> {
    /// The argument.
    fn choose(self) -> Inside<'v, T>;
}

impl<'v, T, F> TakesInside<'v, T> for &Applied<'v, '_, Option<T>, F> {
    #[inline]
    fn choose(self) -> Inside<'v, T> {
        Inside(self.0.as_ref())
    }
}

/// Any other function. It may take what the value dereferences to; if not, the compiler says so at the call.
pub trait TakesAny<'v, T: ?Sized> {
    /// The argument.
    fn choose(self) -> Whole<'v, T>;
}

impl<'v, T: ?Sized, F> TakesAny<'v, T> for Applied<'v, '_, T, F> {
    #[inline]
    fn choose(self) -> Whole<'v, T> {
        Whole(self.0)
    }
}
