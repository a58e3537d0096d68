//! What the compiler says about each mistake: `tests/ui/<topic>/<mistake>.rs`, and the message beside it.

use std::fs;
use std::path::{Path, PathBuf};

/// The messages are those of one compiler; it is raised together with them, by `TRYBUILD=overwrite`.
#[rustversion::attr(not(stable(1.95)), ignore = "the messages in tests/ui are those of rustc 1.95")]
#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*/*.rs");
}
