//! Enums of every shape.

use ::signals::TelemetrySnapshot;
use ::std::string::String;

use crate::structs::Cookies;

/// A word.
#[derive(Clone, Copy, Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, rename_all = "kebab-case")]
pub enum SameSite {
    /// Never.
    Strict,
    /// Sometimes.
    NotSoStrict,
}

/// Only one word.
#[derive(Clone, Copy, Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub enum Only {
    /// This one.
    This,
}

/// Told apart by a member.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, tag = "type", rename_all = "lowercase")]
pub enum Store {
    /// Without data.
    Memory,
    /// With data.
    Redis {
        /// Where.
        #[telemetry(presence)]
        url: String,
        /// How.
        #[telemetry(flatten)]
        cookies: Cookies,
    },
    /// With data that is skipped.
    Custom {
        /// Never looked at.
        #[telemetry(skip)]
        name: String,
    },
}

/// Told apart by what it is.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, untagged)]
pub enum Level {
    /// A word.
    Off,
    /// A value.
    Fixed(#[telemetry(number(max = 9))] u8),
    /// A group.
    Cookies(Cookies),
    /// Skipped.
    Other(#[telemetry(skip)] String),
    /// An object.
    Range {
        /// From.
        #[telemetry(number(max = 9))]
        from: u8,
    },
    /// An object without names of its own.
    Pair(#[telemetry(rename = "low")] bool, #[telemetry(rename = "high")] bool),
}
