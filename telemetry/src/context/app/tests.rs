use super::App;
use crate::context::words::{DATABASES, FRAMEWORKS};
use crate::snapshot::Version;

/// The macro names packages of the same tables, so that none it finds is unknown here.
#[test]
fn every_crate_that_the_macro_looks_for_is_a_word() {
    use telemetry_spec::packages::{CRATE_DATABASES, CRATE_FRAMEWORKS};

    assert!(CRATE_FRAMEWORKS.iter().all(|name| FRAMEWORKS.position(name).is_some()));
    assert!(CRATE_DATABASES.iter().all(|name| DATABASES.position(name).is_some()));
}

#[test]
fn the_compiler_is_one_that_can_compile_this() {
    let version = App::new("acme", None, None, None, true).rustc().unwrap();
    let oldest = Version::parse(env!("CARGO_PKG_RUST_VERSION")).unwrap();
    assert!(version.parts() >= oldest.parts(), "{version:?}");
}
