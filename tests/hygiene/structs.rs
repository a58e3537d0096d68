//! Structs of every shape, with every policy.

use ::signals::TelemetrySnapshot;
use ::std::boxed::Box;
use ::std::collections::BTreeMap;
use ::std::option::Option;
use ::std::string::String;
use ::std::time::Duration;
use ::std::vec::Vec;

/// Nothing.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Unit;

/// As its one value.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Port(#[telemetry(bucket(1_024, 49_152))] pub u16);

/// Without names of its own.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Pair(#[telemetry(rename = "first")] pub bool, #[telemetry(skip)] pub String);

/// As its one field that is not skipped.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals, transparent)]
pub struct Secret {
    /// What nobody sees.
    #[telemetry(presence)]
    pub key: String,
    /// What nobody looks at.
    #[telemetry(skip = "says nothing")]
    pub comment: String,
}

/// Flattened into another.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Cookies {
    /// Whether they are sent over TLS only.
    pub secure: bool,
}

/// Every policy.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals, rename_all = "camelCase", budget_bits = 10_000)]
pub struct Options {
    /// Nothing needs to be said.
    pub on: bool,
    /// Absent is off.
    #[telemetry(flag)]
    pub strict: Option<bool>,
    /// Whether it is set.
    #[telemetry(presence)]
    pub api_key: Option<String>,
    /// How many.
    #[telemetry(count(max = 10))]
    pub trusted_origins: Vec<String>,
    /// How many, of itself.
    pub paths: Vec<String>,
    /// Within bounds.
    #[telemetry(number(min = -5, max = 5))]
    pub level: i8,
    /// A duration within bounds.
    #[telemetry(number(max = 86_400, unit = "s"))]
    pub max_age: Duration,
    /// Its range.
    #[telemetry(bucket(1, 60), rename = "timeout")]
    pub timeout_s: Option<u64>,
    /// The range of a duration.
    #[telemetry(bucket(10, 100, unit = "ms"))]
    pub delay: Duration,
    /// The matching word.
    #[telemetry(one_of("strict", "lax", other = "none"))]
    pub same_site: String,
    /// Digits.
    #[telemetry(version)]
    pub engine: Option<String>,
    /// A list.
    #[telemetry(each(max = 2))]
    pub ports: Vec<Cookies>,
    /// A list of words.
    #[telemetry(each(one_of("github", "google"), max = 4))]
    pub providers: Vec<String>,
    /// A map.
    #[telemetry(each(key = "id", one_of("github", "google")))]
    pub accounts: BTreeMap<String, Cookies>,
    /// Put here.
    #[telemetry(flatten)]
    pub cookies: Cookies,
    /// Nested.
    pub pair: Option<Box<Pair>>,
    /// Computed.
    #[telemetry(flag, with = Self::is_long, rename = "longComment")]
    pub comment: String,
    /// Never looked at.
    #[telemetry(skip)]
    pub other: String,
}

impl Options {
    const fn is_long(comment: &str) -> bool {
        comment.len() > 10
    }
}

/// Options of an earlier release.
#[derive(Debug, Default, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Earlier {
    /// Nobody sets it any more.
    #[deprecated]
    pub cache: bool,
}
