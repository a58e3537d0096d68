//! An author's own types and modules, which have the names of the standard library's and of this library.

#![allow(non_camel_case_types, reason = "the names are what is tested")]

use ::signals::TelemetrySnapshot;

/// Not this library.
pub mod signals {}
/// Not the one of Rust.
pub mod core {}
/// Nor this.
pub mod std {}

/// Own types.
pub mod own {
    /// Not the primitive.
    #[derive(Debug, Default, super::TelemetrySnapshot)]
    #[telemetry(crate = ::signals)]
    pub struct bool {
        /// Set.
        pub on: ::core::primitive::bool,
    }

    /// Not the collection.
    #[derive(Debug, Default, super::TelemetrySnapshot)]
    #[telemetry(crate = ::signals)]
    pub struct Vec {
        /// Set.
        pub inner: bool,
    }

    /// One of two variants.
    #[derive(Clone, Copy, Debug, Default, super::TelemetrySnapshot)]
    #[telemetry(crate = ::signals)]
    pub enum Option {
        /// Not something.
        #[default]
        Some,
        /// Not nothing.
        None,
    }

    /// Not text.
    pub type String = Option;
    /// Not text.
    pub type str = Option;
    /// Not a number.
    pub type u64 = bool;
    /// Not a number.
    pub type u8 = bool;
    /// Not a number.
    pub type u32 = Option;
    /// Not a number.
    pub type i64 = Vec;
    /// Not a number.
    pub type usize = Vec;
    /// Not the trait.
    pub type Default = Vec;
    /// Not the trait.
    pub type Sized = Vec;
}

/// All of them, in an event.
pub mod event {
    use super::own::{Default, Option, Sized, String, Vec, bool, i64, str, u8, u32, u64, usize};

    /// With every kind of constant.
    #[derive(Debug, ::core::default::Default, ::signals::TelemetryEvent)]
    #[telemetry(crate = ::signals, event = "shadowed", budget_bits = 100)]
    pub struct Shadowed {
        /// Own.
        pub a: bool,
        /// Own.
        pub b: Vec,
        /// Own.
        pub c: Option,
        /// Own.
        pub d: String,
        /// Own.
        pub e: str,
        /// Own.
        pub f: u64,
        /// Own.
        pub g: usize,
        /// Own.
        pub h: u8,
        /// Own.
        pub i: u32,
        /// Own.
        pub j: i64,
        /// Own.
        pub k: Default,
        /// Own.
        pub l: Sized,
        /// Within bounds.
        #[telemetry(number(max = 9))]
        pub number: ::core::primitive::u8,
        /// A range.
        #[telemetry(bucket(10))]
        pub bucket: ::core::primitive::u8,
        /// A word.
        #[telemetry(one_of("a", "b"))]
        pub word: &'static ::core::primitive::str,
        /// How many.
        #[telemetry(count)]
        pub count: [::core::primitive::u8; 3],
        /// A list.
        #[telemetry(each(max = 2))]
        pub each: [Option; 2],
        /// Computed.
        #[telemetry(number(max = 9), with = nine)]
        pub computed: (),
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a function beside `with` takes a reference")]
    const fn nine((): &()) -> ::core::primitive::u8 {
        9
    }
}

/// Parameters with the names of the library's own.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Parameters<__t, __D, const __B: ::core::primitive::bool> {
    /// Nested.
    pub t: __t,
    /// Nested.
    pub d: __D,
    /// How many.
    #[telemetry(count)]
    pub b: [__t; 2],
}
