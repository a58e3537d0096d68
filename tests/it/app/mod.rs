//! `app!()` in projects of every shape, built as their authors build them. Expectations are written by hand.

mod changes;
mod program;
mod project;
mod shapes;

use crate::home::Result;
