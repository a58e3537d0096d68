//! `app!()`, in projects of every shape that are built as their authors build them. What is expected is written by hand.

mod changes;
mod program;
mod project;
mod shapes;

use crate::home::Result;
