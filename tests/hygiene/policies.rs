//! Constants, closures and functions beside the policies, among an author's own types with the names of the standard library's.

use ::core::option::Option as Maybe;
use ::core::primitive::{str as text, u8, u64 as number};
use ::core::time::Duration;
use ::signals::TelemetrySnapshot;
use ::signals::schema::Edges;

use super::shadowed::own::{Option, String, Vec, bool, u64};

const LIMIT: number = 500;
const SIZES: Edges = Edges::new(&[1, 10]);

/// Not the variant.
#[expect(non_snake_case, reason = "the name is what is tested")]
pub const fn Some<T: ::core::marker::Copy>(value: &T) -> T {
    *value
}

/// Each policy that takes more than literals.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Policies {
    /// An option of a type without any policy.
    #[telemetry(presence)]
    pub any: Maybe<u8>,
    /// Whether it was changed.
    #[telemetry(changed)]
    pub changed: u8,
    /// Whether it is another than five.
    #[telemetry(changed(from = 5))]
    pub from: u8,
    /// Whether it is another than what a call makes of an array, which the parser of the derive does not know.
    #[telemetry(changed(from = number::from_le_bytes([0; 8])))]
    pub array: number,
    /// Whether its last bit was changed.
    #[telemetry(changed, with = |value| value & 1)]
    pub bit: u8,
    /// A digit.
    #[telemetry(number(max = LIMIT / 2, digits = 1))]
    pub digit: number,
    /// A range.
    #[telemetry(bucket(1, LIMIT * 2))]
    pub range: number,
    /// A shared range.
    #[telemetry(bucket(SIZES, unit = "s"))]
    pub shared: Maybe<Duration>,
    /// The value of a closure.
    #[telemetry(number(max = 9), with = |value| value + 1)]
    pub closure: u8,
    /// The value of a closure of what is in an option.
    #[telemetry(number(max = 9), with = |value| value + 1)]
    pub inside: Maybe<u8>,
    /// The value of a function of what is in an option.
    #[telemetry(number(max = 9), with = Some)]
    pub function: Maybe<u8>,
    /// A view.
    #[telemetry(nested, with = |value: &u8| View { on: u64 { on: *value > 0 }, vec: Vec { inner: bool { on: false } }, option: Option::Some })]
    pub view: u8,
    /// Views.
    #[telemetry(each(max = 2), with = |value| [Option::None, *value])]
    pub list: String,
    /// Whether the text is set.
    #[telemetry(presence, with = |value: &&'static text| -> &'static text { value })]
    pub set: &'static text,
}

macro_rules! computed {
    ($name:ident, $limit:expr, $factor:expr, $function:expr) => {
        /// Values that a macro puts in place.
        #[derive(Debug, Default, TelemetrySnapshot)]
        #[telemetry(crate = ::signals)]
        pub struct $name {
            /// A bound.
            #[telemetry(number(max = $limit))]
            pub bound: number,
            /// A part of an expression.
            #[telemetry(number(max = 2 * $limit), with = |value| value * $factor)]
            pub part: u8,
            /// A whole closure.
            #[telemetry(number(max = $limit), with = $function)]
            pub closure: u8,
        }
    };
}

computed!(Computed, LIMIT + 1, 1 + 2, |value| value + 1);

/// Of own types.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct View {
    /// Own.
    pub on: bool,
    /// Own.
    pub vec: Vec,
    /// Own.
    pub option: Option,
}
