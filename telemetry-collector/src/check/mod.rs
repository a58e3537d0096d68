//! Whether an event is what its schema says, decided by a checker made from the schema.
//!
//! A [`KnownSchema`] is made from a released schema once, and then checks the payloads of its events, as bytes: [`check`](KnownSchema::check)
//! gives their values, one [`Cell`] for each [`Column`], or the [`Reason`] for which they cannot come from a client. [`Known`] holds the schemas of a
//! directory. [`envelope`] takes apart what is around a payload.
//!
//! # What is accepted
//!
//! Exactly what a client can send. The JSON Schema of an event (`Released::to_json_schema`) accepts the same values, but it judges values,
//! and these are bytes. So the checker is stricter wherever JSON has several spellings of a value: a client has only one, and any other could carry what
//! the page for users does not tell. What is kept of a payload is kept as it was sent, and so has that one spelling, too.
//!
//! | stricter than the JSON Schema in | because |
//! |---|---|
//! | the order of an object's members | it is the order of declaration; JSON Schema cannot express it |
//! | white space between values | a client writes none |
//! | escapes in texts | names and words need none |
//! | the form of a number: not `1.0`, `1e3` or `-0` | a client writes integers in decimal |
//! | a member that is there twice | readers of JSON differ in which one they take |
//! | nesting of more than 16 levels, as the recorder counts them | the recorder refuses it; JSON Schema cannot express it |
//! | a payload of more than 72 KiB | the recorder writes at most 64 KiB, and the client adds the context; JSON Schema cannot express it |
//!
//! Only one of these limits is looser than the recorder's: in a list of objects that begin with a word, an object is not counted as a level, since
//! it can be the entry of a map, which the recorder does not count.
//!
//! # What it costs
//!
//! A payload is read once, from its beginning to its end, without a tree of values. Variants of an enum without a tag that can begin alike are tried one after the other, and
//! what was found at a place is remembered, so that the time grows with the length of the payload for every payload. Nesting is limited by the 16
//! levels, and so is the stack.

mod begins;
mod column;
mod columns;
mod compile;
mod cursor;
pub mod envelope;
mod json;
mod known;
mod misfit;
mod program;
mod reject;
mod run;
mod schema;
mod tried;

pub(crate) use cursor::is_version;

pub use column::{Cell, Column, ColumnKind, MOST_COLUMNS};
pub use known::{Known, KnownError};
pub(crate) use known::{entries, schema_files};
pub use reject::{Fault, Found, Reason};
pub use schema::{KnownSchema, LONGEST_PAYLOAD};
