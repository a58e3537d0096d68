//! Values beside tags and keys, among an author's own types with the names of the standard library's.

use ::core::option::Option as Maybe;
use ::core::primitive::{u8, u32 as number};
use ::signals::TelemetrySnapshot;
use ::std::boxed::Box;
use ::std::collections::BTreeMap;
use ::std::vec::Vec as List;

use super::shadowed::own::{Option, String, Vec, bool, u64};

const LIMIT: number = 500;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub enum Key {
    /// The first.
    One,
    /// The second.
    Two,
}

/// Subcommands.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, tag = "name", rename_all = "kebab-case")]
pub enum Command {
    /// Without data.
    Unit,
    /// The members of a group.
    Group(Maybe<Box<Vec>>),
    /// Own.
    Word(Option),
    /// Own.
    Text(String),
    /// With a policy.
    Number(#[telemetry(number(max = 9))] u8),
    /// With a name.
    Again(#[telemetry(rename = "again")] Box<Self>),
    /// Under its own tag.
    Inner(Contents),
}

/// Under a name.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals, tag = "type", content = "data")]
pub enum Contents {
    /// Without data.
    Unit,
    /// A group.
    Group(bool),
    /// A word.
    Word(Option),
    /// Members.
    Named {
        /// Own.
        on: u64,
    },
}

/// Each form of a map.
#[derive(Debug, TelemetrySnapshot)]
#[telemetry(crate = ::signals)]
pub struct Maps {
    /// Of groups.
    #[telemetry(each(key = "id", one_of("a", "b"), max = LIMIT))]
    pub groups: BTreeMap<&'static ::core::primitive::str, bool>,
    /// By enums.
    #[telemetry(each(key = "key"))]
    pub keyed: BTreeMap<Key, Option>,
    /// Of numbers.
    #[telemetry(each(key = "key", value(number(max = LIMIT))))]
    pub numbers: Maybe<BTreeMap<Key, number>>,
    /// Computed.
    #[telemetry(each(key = "key"), with = Self::computed)]
    pub computed: u8,
    /// A list.
    #[telemetry(each(max = LIMIT - 1))]
    pub list: List<Key>,
    /// How many.
    #[telemetry(count(max = LIMIT))]
    pub count: List<u8>,
    /// A range.
    #[telemetry(bucket(LIMIT))]
    pub range: number,
    /// A subcommand.
    #[telemetry(flatten)]
    pub command: Command,
}

impl Maps {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "`with` passes a reference")]
    fn computed(value: &u8) -> BTreeMap<Key, ::core::primitive::bool> {
        ::core::iter::FromIterator::from_iter([(Key::One, *value > 1)])
    }
}
