//! Why an event was rejected.

use core::fmt;

use thiserror::Error;

/// What is wrong, and where. It holds nothing of a value but its kind and length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub fault: Fault,
    /// The place in the schema; empty for the event as a whole. It is made of names of the schema only.
    pub path: String,
}

impl Reason {
    /// A fault of the event as a whole.
    pub(crate) const fn whole(fault: Fault) -> Self {
        Self { fault, path: String::new() }
    }
}

impl fmt::Display for Reason {
    /// One sentence without a full stop: `database.size: the number is out of bounds`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        write!(f, "{}", self.fault)
    }
}

/// What can be wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Fault {
    /// It is longer than any event.
    #[error("longer than any event: {bytes} bytes")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// It is not JSON, or not UTF-8.
    #[error("not JSON")]
    Malformed,
    /// It is nested deeper than any event.
    #[error("nested deeper than any event")]
    TooDeep,
    /// There is white space between two values. It could carry what no schema tells.
    #[error("white space between values")]
    WhiteSpace,
    /// A text contains an escape, which no text of a schema needs.
    #[error("an escape in a text")]
    Escape,
    /// A number is written in another form than the canonical one of an integer: `1.0`, `1e3` or `-0`.
    #[error("a number that is not an integer in canonical form")]
    NumberForm,
    /// It is of a kind that cannot be sent there.
    #[error("cannot be {found}")]
    Kind {
        /// The kind that was sent.
        found: Found,
    },
    /// It fits none of the variants of an enum without a tag.
    #[error("{found} that fits none of the variants")]
    NoVariant {
        /// The kind that was sent.
        found: Found,
    },
    /// It is a text, but none of the words or labels.
    #[error("a text of {bytes} bytes that is none of the words")]
    NotAWord {
        /// The length of the text.
        bytes: usize,
    },
    /// It is a text, but not a version.
    #[error("a text of {bytes} bytes that is not a version")]
    NotAVersion {
        /// The length of the text.
        bytes: usize,
    },
    /// A number is out of its bounds.
    #[error("the number is out of bounds")]
    OutOfBounds,
    /// A number has more leading digits than are sent.
    #[error("the number has more leading digits than are sent")]
    TooExact,
    /// A list has too many items.
    #[error("more than {max} items")]
    TooMany {
        /// The maximum.
        max: u32,
    },
    /// The words of a set repeat, or are not in the order of its table.
    #[error("a word of the set is repeated, or is not in its place")]
    NotASet,
    /// A member is missing.
    #[error("missing")]
    Missing,
    /// A member is missing, although others are there without which it cannot be left out.
    #[error("missing beside members that are only sent together with it")]
    Incomplete,
    /// There is a member that the schema does not have.
    #[error("a member that the schema does not have, with a name of {bytes} bytes")]
    UnknownMember {
        /// The length of its name.
        bytes: usize,
    },
    /// A member is there twice.
    #[error("there twice")]
    Repeated,
    /// A member is not in the order of the schema, or belongs to another variant.
    #[error("not in its place among the other members")]
    Misplaced,
    /// The object around the payload has other members, or another order.
    #[error("the object around the payload is not that of an event")]
    Envelope,
    /// The name of the event is not a name.
    #[error("the name of the event is not a name")]
    EventName,
    /// The name of the event is not the one that its schema belongs to.
    #[error("the name of the event is not that of its schema")]
    OtherEvent,
    /// The anonymous id is not 32 bytes in padded base64.
    #[error("the anonymous id is not 32 bytes in padded base64")]
    AnonymousId,
    /// The id of the event is not 32 hexadecimal digits, a hyphen and a number.
    #[error("the id of the event is not 32 hexadecimal digits, a hyphen and a number")]
    EventId,
    /// The hash of the schema is not 64 hexadecimal digits.
    #[error("the hash of the schema is not 64 hexadecimal digits")]
    SchemaHash,
    /// The age is not a number of days from 0 to 7.
    #[error("the age is not a number of days from 0 to 7")]
    Age,
}

/// The kind of a value that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum Found {
    /// `null`.
    #[error("null")]
    Null,
    /// `true` or `false`.
    #[error("true or false")]
    Flag,
    /// A number.
    #[error("a number")]
    Number,
    /// A text.
    #[error("a text of {bytes} bytes")]
    Text {
        /// Its length.
        bytes: usize,
    },
    /// A list.
    #[error("a list")]
    List,
    /// An object.
    #[error("an object")]
    Object,
}
