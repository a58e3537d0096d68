//! When a file that `app!()` read changes, the application is compiled again.

use std::fs::File;
use std::time::SystemTime;

use super::Result;
use super::project::Project;

fn workspace(name: &'static str) -> Result<Project> {
    let project = Project::new(name)?;
    project.workspace("", "members = ['app']")?;
    project.application("app", "axum = { version = '0.8', registry = 'acme' }")?;
    project.published("axum", "0.8.4")?;
    Ok(project)
}

#[test]
fn a_new_version_in_the_lock_file_is_found() -> Result {
    let project = workspace("locked")?;
    assert_eq!(project.found("")?, "axum 0.8.4");
    project.published("axum", "0.8.5")?;
    assert_eq!(project.found("")?, "axum 0.8.4", "it is there, and not locked");
    let lock = std::fs::read_to_string(project.path("Cargo.lock"))?;
    assert_eq!(lock.matches("0.8.4").count(), 1);
    std::fs::write(project.path("Cargo.lock"), lock.replace("0.8.4", "0.8.5"))?;
    assert_eq!(project.found("")?, "axum 0.8.5");
    Ok(())
}

/// Without `--locked`, `cargo install` builds the newest versions that suit.
#[test]
fn a_version_that_was_not_built_is_not_told() -> Result {
    let project = workspace("installed")?;
    assert_eq!(project.found("")?, "axum 0.8.4");
    project.published("axum", "0.8.5")?;
    for (arguments, expected) in [(&[][..], "axum"), (&["--locked"], "axum 0.8.4")] {
        assert_eq!(project.install("app", arguments)?.found()?, expected, "{arguments:?}");
    }
    Ok(())
}

/// `cargo vendor` puts the newest version of a package into a directory without a version.
#[test]
fn the_manifest_tells_the_version_where_the_directory_does_not() -> Result {
    let project = Project::new("vendored")?;
    project.workspace("", "members = ['app']")?;
    project.application("app", "axum = { version = '0.8', registry = 'acme' }")?;
    project.vendored("axum", "axum", "0.8.4")?;
    assert_eq!(project.found("")?, "axum 0.8.4");
    std::fs::rename(project.path("vendor/axum"), project.path("vendor/axum-0.8.4"))?;
    project.vendored("axum", "axum", "0.8.5")?;
    for (arguments, expected) in [(&[][..], "axum"), (&["--locked"], "axum 0.8.4")] {
        assert_eq!(project.install("app", arguments)?.found()?, expected, "{arguments:?}");
    }
    Ok(())
}

#[test]
fn each_file_that_was_read_is_watched() -> Result {
    let project = workspace("touched")?;
    let is_new = || Ok::<_, Box<dyn std::error::Error>>(project.build("")?[0].is_new);
    assert!(is_new()?);
    for file in ["Cargo.lock", "Cargo.toml", "app/Cargo.toml"] {
        assert!(!is_new()?, "nothing has changed since {file}");
        File::options().append(true).open(project.path(file))?.set_modified(SystemTime::now())?;
        assert!(is_new()?, "{file}");
    }
    Ok(())
}
