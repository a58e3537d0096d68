//! The pages: what they say, and how Chromium shows them.

mod browser;
mod chromium;
mod counted;
mod export;
mod fixture;
mod pages;
mod program;
// A client of the tests of the receiver.
use crate::receive::http;
