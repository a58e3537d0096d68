//! Validates attributes one by one. All errors are collected.

pub(crate) mod case;
pub(crate) mod container;
pub(crate) mod event;
pub(crate) mod field;
mod keys;
