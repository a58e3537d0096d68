//! Which of several versions the macro chooses.

use super::*;

/// A lock file in which the package, its tests, or other packages depend on several versions.
pub(super) fn several(dependencies: &str) -> String {
    format!(
        r#"
        [[package]]
        name = "app"
        version = "0.9.0"
        dependencies = ["axum 0.5.0"]

        [[package]]
        name = "app"
        version = "1.2.3"
        source = "registry+https://registry.example/index"
        dependencies = ["axum 0.6.0"]

        [[package]]
        name = "app"
        version = "1.2.3"
        dependencies = {dependencies}

        [[package]]
        name = "axum"
        version = "0.7.9"

        [[package]]
        name = "axum"
        version = "0.8.4"
        "#
    )
}

#[test]
fn the_version_is_that_of_the_package_itself() {
    for (locked, requirement, expected) in [
        ("['axum 0.7.9']", "0.7", "axum 0.7.9 |"),
        ("['axum 0.8.4']", "0.8", "axum 0.8.4 |"),
        // The format of older cargo versions.
        ("['axum 0.8.4 (registry+https://registry.example/index)']", "0.8", "axum 0.8.4 |"),
        // A test may depend on another version, and so may a dependency with another name.
        ("['axum 0.7.9', 'axum 0.8.4']", "0.7", "axum 0.7.9 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "0.8", "axum 0.8.4 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "=0.8.4", "axum 0.8.4 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", ">=0.7", "axum |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "0.6", "axum |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "acme", "axum |"),
        ("['axum 1.0.0-rc.1+acme']", "1.0.0-rc.1", "axum 1.0.0 |"),
        ("['axum 65536.0.0']", "65536", "axum |"),
        ("['axum 1.0']", "1", "axum |"),
        ("['axum acme']", "1", "axum |"),
        ("['axum']", "0.7", "axum 0.7.9 |"),
        ("['tide']", "0.7", "axum |"),
        ("[7]", "0.7", "axum |"),
        ("7", "0.7", "axum |"),
    ] {
        let manifest = MEMBER.replace("0.8", requirement);
        let lock = several(locked);
        let files = [("/w/app/Cargo.toml", manifest.as_str()), ("/w/app/Cargo.lock", lock.as_str())];
        assert_eq!(found(&files), expected, "{locked} {requirement}");
    }
}

#[test]
fn two_versions_under_two_names_are_told_apart_by_their_requirements() {
    let lock = several("['axum 0.7.9', 'axum 0.8.4']");
    for (old, new, expected) in [("0.7", "0.8", "axum 0.7.9 |"), ("0.8", "0.7", "axum 0.8.4 |")] {
        let manifest = format!(
            "[package]\nname = 'app'\n[dependencies]\na = {{ package = 'axum', version = '{old}' }}\naxum = '{new}'"
        );
        let files = [("/w/app/Cargo.toml", manifest.as_str()), ("/w/app/Cargo.lock", lock.as_str())];
        assert_eq!(found(&files), expected);
    }
}
