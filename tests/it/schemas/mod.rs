//! Released schemas: what is kept of a schema, and the difference of two.

mod dots;
mod kept;
mod model;
mod reading;
mod table;

pub(crate) use self::kept::is_kept;
