//! Types that deliberately have no policy of their own, and what the compiler says about them.
//!
//! An implementation that matches, but whose bound can never hold, carries advice for its type
//! through `Option`, aliases and generics, where a missing one would be reported for the outermost type.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::{Recorder, TelemetrySnapshot};
use crate::schema::{Kind, Schema};

macro_rules! needs_policy {
    ($marker:ident, $bound:ident: $message:literal, $label:literal, [$($note:literal),+] for $($ty:ty),+ $(,)?) => {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = $label $(, note = $note)+)]
        pub trait $bound {}

        #[doc(hidden)]
        pub struct $marker<'a>(core::marker::PhantomData<&'a ()>);

        $(
            impl TelemetrySnapshot for $ty
            where
                for<'a> $marker<'a>: $bound,
            {
                const SCHEMA: Schema = Schema::of(Kind::flag());
                fn record(&self, _: &mut Recorder<'_>) {}
            }
        )+
    };
}

needs_policy!(
    Text, TextNeedsPolicy:
    "text never leaves as it is: say what may leave of this field",
    "text can hold a secret",
    [
        "`#[telemetry(presence)]` sends whether it is set; `one_of(\"a\", \"b\")` sends the matching word of a list; \
         `version` sends the digits of a version; `skip` sends nothing"
    ]
    for str, String,
);

needs_policy!(
    Character, CharacterNeedsPolicy:
    "a character never leaves as it is: say what may leave of this field",
    "a character is text",
    ["`#[telemetry(one_of(\",\", \";\"))]` sends the matching word of a list; `skip` sends nothing"]
    for char,
);

needs_policy!(
    File, FileNeedsPolicy:
    "a path never leaves as it is: say what may leave of this field",
    "a path can name a person or a project",
    ["`#[telemetry(presence)]` sends whether it is set; `skip` sends nothing"]
    for Path, PathBuf, OsStr, OsString,
);

needs_policy!(
    Integer, IntegerNeedsPolicy:
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number can identify somebody",
    [
        "`#[telemetry(number(max = 1_000))]` sends it within bounds; `bucket(10, 100)` sends its range; \
         `flag, with = path` sends a yes or no; `skip` sends nothing"
    ]
    for u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize,
        core::num::NonZeroU8, core::num::NonZeroU16, core::num::NonZeroU32, core::num::NonZeroU64,
        core::num::NonZeroU128, core::num::NonZeroUsize, core::num::NonZeroI8, core::num::NonZeroI16,
        core::num::NonZeroI32, core::num::NonZeroI64, core::num::NonZeroI128, core::num::NonZeroIsize,
);

needs_policy!(
    Float, FloatNeedsPolicy:
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number with a fraction can identify somebody",
    ["`#[telemetry(bucket(1, 10, 100))]` sends its range; `skip` sends nothing"]
    for f32, f64,
);

needs_policy!(
    Span, DurationNeedsPolicy:
    "a duration needs a unit and bounds before it leaves: say what may leave of this field",
    "a duration is a number",
    [
        "`#[telemetry(number(max = 86_400, unit = \"s\"))]` sends it in seconds; \
         `bucket(60, 3_600, unit = \"s\")` sends its range; `skip` sends nothing"
    ]
    for Duration,
);

needs_policy!(
    Time, TimeNeedsPolicy:
    "a point in time never leaves as it is: say what may leave of this field",
    "a time can identify somebody",
    ["`#[telemetry(presence)]` on an `Option` sends whether it is set; `skip` sends nothing"]
    for SystemTime, Instant,
);

needs_policy!(
    Address, AddressNeedsPolicy:
    "an address never leaves as it is: say what may leave of this field",
    "an address names a machine",
    ["`#[telemetry(flag, with = IpAddr::is_loopback)]` sends a yes or no; `presence` on an `Option` sends whether it is set; `skip` sends nothing"]
    for IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6,
);

needs_policy!(
    Json, JsonNeedsPolicy:
    "a JSON value never leaves as it is: say what may leave of this field",
    "a JSON value can hold anything",
    ["`#[telemetry(flag, with = path)]` sends a yes or no that you compute; `skip` sends nothing"]
    for serde_json::Value,
);

/// A borrowed or owned value sends what the borrowed form sends.
impl<B: ToOwned + TelemetrySnapshot + ?Sized> TelemetrySnapshot for Cow<'_, B> {
    const SCHEMA: Schema = B::SCHEMA;
    const KIND: Kind = B::KIND;
    const SIZE: usize = super::pointed_size(&B::KIND);

    fn record(&self, recorder: &mut Recorder<'_>) {
        (**self).record(recorder);
    }

    fn weight() -> impl crate::schema::Bits {
        B::weight()
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        (**self).record_nested(recorder);
    }

    fn record_absent(recorder: &mut Recorder<'_>) {
        B::record_absent(recorder);
    }
}
