//! Validates attributes one by one. All errors are collected.

pub(crate) mod case;
pub(crate) mod clap_case;
pub(crate) mod container;
pub(crate) mod event;
pub(crate) mod field;
mod keys;
pub(crate) mod names;
pub(crate) mod types;
