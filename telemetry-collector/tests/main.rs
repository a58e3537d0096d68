//! The collector from outside: over HTTP, and as a program.

mod check;
