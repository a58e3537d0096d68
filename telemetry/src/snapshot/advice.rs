//! Types that deliberately have no default policy, and the compiler's advice for them.
//!
//! Each type has an implementation whose bound can never hold. The advice in the bound reaches the user
//! through `Option`, aliases and generics; a missing implementation would be reported for the outermost type.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroU128, NonZeroUsize,
};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::{Recorder, TelemetrySnapshot};
use crate::schema::weight::Pointer;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed};

/// A trait without implementations; its missing implementation shows the advice.
macro_rules! advice {
    ($marker:ident, $bound:ident, $message:literal, $label:literal, $note:literal) => {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = $label, note = $note)]
        pub trait $bound {}

        #[doc(hidden)]
        pub struct $marker<'a>(core::marker::PhantomData<&'a ()>);
    };
}

// The compiler prints the line of the macro call, so each line lists only a few types.
macro_rules! never {
    ($marker:ident: $bound:ident for $($ty:ty),+) => {$(
        impl TelemetrySnapshot for $ty where for<'a> $marker<'a>: $bound {
            const SCHEMA: Schema = Schema::of(Kind::flag());
            fn record(&self, _: &mut Recorder<'_>) {}
        }
    )+};
}

advice!(
    Text,
    TextNeedsPolicy,
    "text never leaves as it is: say what may leave of this field",
    "text can hold a secret",
    "`#[telemetry(presence)]` sends whether it is set; `one_of(\"a\", \"b\")` sends the matching word of a list; \
         `version` sends the digits of a version; `skip` sends nothing"
);
never!(Text: TextNeedsPolicy for str, String);

advice!(
    Character,
    CharacterNeedsPolicy,
    "a character never leaves as it is: say what may leave of this field",
    "a character is text",
    "`#[telemetry(one_of(\",\", \";\"))]` sends the matching word of a list; `skip` sends nothing"
);
never!(Character: CharacterNeedsPolicy for char);

advice!(
    File,
    FileNeedsPolicy,
    "a path never leaves as it is: say what may leave of this field",
    "a path can name a person or a project",
    "`#[telemetry(presence)]` sends whether it is set; `skip` sends nothing"
);
never!(File: FileNeedsPolicy for Path, PathBuf, OsStr, OsString);

advice!(
    Integer,
    IntegerNeedsPolicy,
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number can identify somebody",
    "`#[telemetry(number(max = 1_000))]` sends it within bounds; `bucket(10, 100)` sends its range; \
         `flag, with = path` sends a yes or no; `skip` sends nothing"
);
never!(Integer: IntegerNeedsPolicy for u8, u16, u32, u64, u128, usize);
never!(Integer: IntegerNeedsPolicy for i8, i16, i32, i64, i128, isize);
never!(Integer: IntegerNeedsPolicy for NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize);
never!(Integer: IntegerNeedsPolicy for NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize);

advice!(
    Float,
    FloatNeedsPolicy,
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number with a fraction can identify somebody",
    "`#[telemetry(bucket(1, 10, 100))]` sends its range; `skip` sends nothing"
);
never!(Float: FloatNeedsPolicy for f32, f64);

advice!(
    Span,
    DurationNeedsPolicy,
    "a duration needs a unit and bounds before it leaves: say what may leave of this field",
    "a duration is a number",
    "`#[telemetry(number(max = 86_400, unit = \"s\"))]` sends it in seconds; \
         `bucket(60, 3_600, unit = \"s\")` sends its range; `skip` sends nothing"
);
never!(Span: DurationNeedsPolicy for Duration);

advice!(
    Time,
    TimeNeedsPolicy,
    "a point in time never leaves as it is: say what may leave of this field",
    "a time can identify somebody",
    "`#[telemetry(presence)]` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(Time: TimeNeedsPolicy for SystemTime, Instant);

advice!(
    Address,
    AddressNeedsPolicy,
    "an address never leaves as it is: say what may leave of this field",
    "an address names a machine",
    "`#[telemetry(flag, with = IpAddr::is_loopback)]` sends a yes or no; `presence` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(Address: AddressNeedsPolicy for IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6);

advice!(
    Json,
    JsonNeedsPolicy,
    "a JSON value never leaves as it is: say what may leave of this field",
    "a JSON value can hold anything",
    "`#[telemetry(flag, with = path)]` sends a yes or no that you compute; `skip` sends nothing"
);
never!(Json: JsonNeedsPolicy for serde_json::Value);

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
