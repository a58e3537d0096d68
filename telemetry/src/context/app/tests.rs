#[path = "../../../../telemetry-derive/src/app/names.rs"]
mod names;

use super::App;
use crate::context::words::{DATABASES, FRAMEWORKS};
use crate::schema::Words;
use crate::snapshot::Version;

/// The words from `first` on, which are crates.
fn crates(words: &Words, first: &str) -> Vec<&'static str> {
    words.iter().skip_while(|word| *word != first).collect()
}

/// What the macro finds and no table has would be left out.
#[test]
fn what_the_macro_looks_for_is_what_the_tables_have() {
    assert_eq!(names::FRAMEWORKS, crates(&FRAMEWORKS, "loco-rs"));
    // These are words for packages of npm as well.
    let shared = ["mysql", "sqlite", "libsql", "mongodb"];
    let own: Vec<&str> = names::DATABASES.iter().copied().filter(|name| !shared.contains(name)).collect();
    assert_eq!(own, crates(&DATABASES, "sea-orm"));
    let words: Vec<&str> = DATABASES.iter().collect();
    assert!(shared.iter().all(|name| words.contains(name) && names::DATABASES.contains(name)));
}

#[test]
fn the_compiler_is_one_that_can_compile_this() {
    let version = App::new("acme", None, None, None, true).rustc().unwrap();
    let oldest = Version::parse(env!("CARGO_PKG_RUST_VERSION")).unwrap();
    assert!(version.parts() >= oldest.parts(), "{version:?}");
}
