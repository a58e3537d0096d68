//! Integration tests: one binary, a module a topic.

mod consent;
mod delivery;
mod derive;
#[cfg(unix)]
mod home;
mod server;
