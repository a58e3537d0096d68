//! Types that deliberately have no default policy, and the compiler's advice for them.
//!
//! Each type has an implementation whose bound can never hold. The advice in the bound reaches the user
//! through `Option`, aliases and generics; a missing implementation would be reported for the outermost type.
//!
//! A test reads this table and that in `counters/advice.rs`, and writes each attribute of each note on each type that it is given for: `tests/advice/build.rs`.
//! Code in backticks in a note is such an attribute; an attribute that is meant for an `Option` of the type is followed by "on an `Option`", one that
//! is meant for ranges of numbers by "of numbers".

use std::cell::{LazyCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroU128, NonZeroUsize, Saturating, Wrapping,
};
use std::ops::{Bound, Range, RangeFrom, RangeInclusive};
use std::path::{Path, PathBuf};
use std::sync::atomic::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
};
use std::sync::{LazyLock, Mutex, RwLock};
use std::time::{Duration, Instant, SystemTime};

use super::{Recorder, TelemetrySnapshot};
use crate::schema::{Kind, Schema};

/// A trait without implementations; its missing implementation shows the advice.
macro_rules! advice {
    ($bound:ident, $message:literal, $label:literal, $note:literal) => {
        #[doc(hidden)]
        #[diagnostic::on_unimplemented(message = $message, label = $label, note = $note)]
        pub trait $bound {}
    };
}
pub(crate) use advice;

// The compiler prints the line of the macro call, so each line lists only a few types. An example stands beside a generic type.
macro_rules! never {
    ($bound:ident for $($ty:ty),+) => {$(
        impl TelemetrySnapshot for $ty where for<'a> &'a $ty: $bound {
            const SCHEMA: Schema = Schema::of(Kind::flag());
            fn record(&self, _: &mut Recorder<'_>) {}
        }
    )+};
    ($bound:ident: ($($generics:tt)*) $ty:ty, such as $($example:ty),+) => {
        impl<$($generics)*> TelemetrySnapshot for $ty where for<'a> &'a $ty: $bound {
            const SCHEMA: Schema = Schema::of(Kind::flag());
            fn record(&self, _: &mut Recorder<'_>) {}
        }
    };
}
pub(crate) use never;

advice!(
    TextNeedsPolicy,
    "text never leaves as it is: say what may leave of this field",
    "text can hold a secret",
    "`#[telemetry(presence)]` sends whether it is set; `one_of(\"a\", \"b\")` sends the matching word of a list; \
         `version` sends the digits of a version; `skip` sends nothing"
);
never!(TextNeedsPolicy for str, String);

advice!(
    CharacterNeedsPolicy,
    "a character never leaves as it is: say what may leave of this field",
    "a character is text",
    "`#[telemetry(one_of(\",\", \";\"))]` sends the matching word of a list; `skip` sends nothing"
);
never!(CharacterNeedsPolicy for char);

advice!(
    PathNeedsPolicy,
    "a path never leaves as it is: say what may leave of this field",
    "a path can name a person or a project",
    "`#[telemetry(presence)]` sends whether it is set; `skip` sends nothing"
);
never!(PathNeedsPolicy for Path, PathBuf, OsStr, OsString);

advice!(
    NumberNeedsPolicy,
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number can identify somebody",
    "`#[telemetry(number(max = 1_000))]` sends it within bounds; `bucket(10, 100)` sends its range; \
         `changed` sends whether it differs from the default; `skip` sends nothing"
);
never!(NumberNeedsPolicy for u8, u16, u32, u64, u128, usize);
never!(NumberNeedsPolicy for i8, i16, i32, i64, i128, isize);
never!(NumberNeedsPolicy: (T) Wrapping<T>, such as Wrapping<u32>);
never!(NumberNeedsPolicy: (T) Saturating<T>, such as Saturating<i64>);

advice!(
    NonZeroNeedsPolicy,
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number can identify somebody",
    "`#[telemetry(number(max = 1_000))]` sends it within bounds; `bucket(10, 100)` sends its range; `skip` sends nothing"
);
never!(NonZeroNeedsPolicy for NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize);
never!(NonZeroNeedsPolicy for NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize);
never!(NonZeroNeedsPolicy for AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize);
never!(NonZeroNeedsPolicy for AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize);

advice!(
    FloatNeedsPolicy,
    "a number needs bounds before it leaves: say what may leave of this field",
    "a number with a fraction can identify somebody",
    "`#[telemetry(bucket(1, 10, 100))]` sends its range; `changed` sends whether it differs from the default; `skip` sends nothing"
);
never!(FloatNeedsPolicy for f32, f64);

advice!(
    DurationNeedsPolicy,
    "a duration needs a unit and bounds before it leaves: say what may leave of this field",
    "a duration is a number",
    "`#[telemetry(number(max = 86_400, unit = \"s\"))]` sends it in seconds; \
         `bucket(60, 3_600, unit = \"s\")` sends its range; `skip` sends nothing"
);
never!(DurationNeedsPolicy for Duration);

advice!(
    TimeNeedsPolicy,
    "a point in time never leaves as it is: say what may leave of this field",
    "a time can identify somebody",
    "`#[telemetry(presence)]` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(TimeNeedsPolicy for SystemTime, Instant);

advice!(
    AddressNeedsPolicy,
    "an address never leaves as it is: say what may leave of this field",
    "an address names a machine",
    "`#[telemetry(flag, with = |address| address.is_loopback())]` sends a yes or no; \
         `presence` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(AddressNeedsPolicy for IpAddr, Ipv4Addr, Ipv6Addr);

advice!(
    SocketNeedsPolicy,
    "an address never leaves as it is: say what may leave of this field",
    "an address names a machine",
    "`#[telemetry(flag, with = |address| address.ip().is_loopback())]` sends a yes or no; \
         `bucket(1024, 49_152), with = |address| address.port()` sends the range of the port; \
         `presence` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(SocketNeedsPolicy for SocketAddr, SocketAddrV4, SocketAddrV6);

advice!(
    JsonNeedsPolicy,
    "a JSON value never leaves as it is: say what may leave of this field",
    "a JSON value can hold anything",
    "`#[telemetry(flag, with = |json| json.is_object())]` sends a yes or no; `presence` on an `Option` sends whether it is set; \
         `skip` sends nothing"
);
never!(JsonNeedsPolicy for serde_json::Value);

advice!(
    ArrayNeedsPolicy,
    "an array needs a policy: say what may leave of this field",
    "the length of an array is part of its type and says nothing",
    "`#[telemetry(changed)]` sends whether it differs from the default; each, as for any list, sends its items if they have a policy; \
         `skip` sends nothing"
);
never!(ArrayNeedsPolicy: (T, const N: usize) [T; N], such as [bool; 2], [String; 2]);

advice!(
    RangeNeedsPolicy,
    "a range is told by its ends: say what may leave of them",
    "an end can identify somebody",
    "`#[telemetry(bucket(10, 100), with = |range| range.start)]` of numbers sends where the first one lies; \
         `nested, with = |range| View::of(range)` sends the snapshot of what the function gives; \
         `presence` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(RangeNeedsPolicy: (T) Range<T>, such as Range<u32>, Range<Duration>);
never!(RangeNeedsPolicy: (T) RangeFrom<T>, such as RangeFrom<u32>, RangeFrom<String>);

advice!(
    InclusiveRangeNeedsPolicy,
    "a range has two ends: say what may leave of them",
    "an end can identify somebody",
    "`#[telemetry(bucket(10, 100), with = |range| *range.end())]` of numbers sends where the last one lies; \
         `nested, with = |range| View::of(range)` sends the snapshot of what the function gives; \
         `presence` on an `Option` sends whether it is set; `skip` sends nothing"
);
never!(InclusiveRangeNeedsPolicy: (T) RangeInclusive<T>, such as RangeInclusive<u32>, RangeInclusive<char>);

advice!(
    BoundNeedsPolicy,
    "a bound holds a value: say what may leave of it",
    "its value can identify somebody",
    "`#[telemetry(flag, with = |bound| !matches!(bound, std::ops::Bound::Unbounded))]` sends whether there is one; \
         `skip` sends nothing"
);
never!(BoundNeedsPolicy: (T) Bound<T>, such as Bound<u32>);

advice!(
    LockNeedsPolicy,
    "what is behind a lock is not read unless its author says how",
    "reading it takes the lock",
    "`#[telemetry(nested, with = |lock| View::of(lock))]` sends the snapshot of what the function gives; \
         `skip` sends nothing"
);
never!(LockNeedsPolicy: (T) Mutex<T>, such as Mutex<u32>);
never!(LockNeedsPolicy: (T) RwLock<T>, such as RwLock<Vec<String>>);
never!(LockNeedsPolicy: (T) RefCell<T>, such as RefCell<bool>);

advice!(
    LazyNeedsPolicy,
    "what is computed on its first use is not read unless its author says so",
    "reading it computes it",
    "`#[telemetry(nested, with = |lazy| View::of(lazy))]` sends the snapshot of what the function gives; `skip` sends nothing"
);
never!(LazyNeedsPolicy: (T, F) LazyLock<T, F>, such as LazyLock<u32>);
never!(LazyNeedsPolicy: (T, F) LazyCell<T, F>, such as LazyCell<u32>);

advice!(
    TupleNeedsPolicy,
    "the parts of a tuple have no names under which they could be sent: say what may leave of this field",
    "a tuple has no policy of its own",
    "`#[telemetry(nested, with = |parts| View::of(parts))]` sends the snapshot of what the function gives; a struct in place of the tuple has \
         a policy for each of its parts; `skip` sends nothing"
);
never!(TupleNeedsPolicy: (A, B) (A, B), such as (u16,u16), (String,u16));
never!(TupleNeedsPolicy: (A, B, C) (A, B, C), such as (u8,u8,u8));
never!(TupleNeedsPolicy: (A, B, C, D) (A, B, C, D), such as (u8,u8,u8,u8));

advice!(
    NothingNeedsPolicy,
    "this type has a single value, so there is nothing to send",
    "there is nothing to learn from it",
    "`#[telemetry(skip)]` sends nothing"
);
never!(NothingNeedsPolicy for ());
never!(NothingNeedsPolicy: (T) PhantomData<T>, such as PhantomData<u8>);
