//! What arrived in the last minutes, for authors who test their application: what became of each event, and the values that it had.
//!
//! It is in memory only, and bounded: at most 200 arrivals of at most 10 minutes. There is no address in it and no anonymous id, and every text is from a
//! released schema, except the hashes of schemas that are not known. Nothing is kept while nobody has looked for 10 minutes.

mod note;
mod page;
mod ring;
mod values;

pub use ring::{Arrived, Live};
pub use values::Value;

pub(crate) use page::router;
