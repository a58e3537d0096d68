//! Why an event was rejected.

/// What is wrong, and where. It holds nothing of a value but its kind and length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What is wrong.
    pub fault: Fault,
    /// The place in the schema; empty for the event as a whole. It is made of names of the schema only.
    pub path: String,
}

/// What can be wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// It is not JSON, or not UTF-8.
    Malformed,
}
