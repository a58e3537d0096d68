//! Keeps what was received, in SQLite.
