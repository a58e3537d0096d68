//! A pointer sends the same as the value it points to.

use std::borrow::Cow;
use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use crate::schema::weight::Pointer;
use crate::schema::{Depth, Natural, Schema, Weighed};
use crate::snapshot::{Recorder, TelemetrySnapshot};

macro_rules! pointers {
    ($(($($generics:tt)*) $pointer:ty),+) => {
        $(
            /// Sent as the value it points to.
            impl<T: TelemetrySnapshot + ?Sized, $($generics)*> TelemetrySnapshot for $pointer {
                const SCHEMA: Schema = T::SCHEMA;
                const KIND: Natural<Self> = T::KIND.pointer();

                fn record(&self, recorder: &mut Recorder<'_>) {
                    (**self).record(recorder);
                }

                fn weight<D: Depth>() -> impl Weighed {
                    Pointer::<T, _>::to(T::weight::<D>)
                }

                fn record_nested(&self, recorder: &mut Recorder<'_>) {
                    (**self).record_nested(recorder);
                }

                fn record_absent(recorder: &mut Recorder<'_>) {
                    T::record_absent(recorder);
                }
            }
        )+
    };
}

pointers!(() Box<T>, () Rc<T>, () Arc<T>, () &T, (P: Deref<Target = T>) Pin<P>);

/// A `Cow` sends the same as its borrowed form.
impl<B: ToOwned + TelemetrySnapshot + ?Sized> TelemetrySnapshot for Cow<'_, B> {
    const SCHEMA: Schema = B::SCHEMA;
    const KIND: Natural<Self> = B::KIND.pointer();

    fn record(&self, recorder: &mut Recorder<'_>) {
        (**self).record(recorder);
    }

    fn weight<D: Depth>() -> impl Weighed {
        Pointer::<B, _>::to(B::weight::<D>)
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        (**self).record_nested(recorder);
    }

    fn record_absent(recorder: &mut Recorder<'_>) {
        B::record_absent(recorder);
    }
}
