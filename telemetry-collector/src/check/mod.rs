//! Whether an event is what its schema says, decided by a checker made from the schema.

mod column;
mod reject;

pub use column::{Cell, Column, ColumnKind};
pub use reject::{Fault, Reason};

/// A released schema, compiled for checking.
#[derive(Debug)]
pub struct KnownSchema {
    columns: Vec<Column>,
}

impl KnownSchema {
    /// The columns in which its events are stored, in the order of the cells.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}
