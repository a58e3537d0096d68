#![doc = include_str!("../README.md")]
#![no_std]

pub mod batch;
pub mod bucket;
pub mod counted;
pub mod header;
pub mod key;
pub mod limit;
pub mod name;
pub mod packages;
pub mod time;
pub mod word;
