//! What leaves the process, and what is counted when it does not.

#[cfg(unix)]
mod wire;
