//! What `app!()` finds in each layout of a project.

use super::Result;
use super::project::Project;

/// The members of one workspace: name, dependencies, and what is found.
const MEMBERS: [(&str, &str, &str); 19] = [
    ("nothing", "", ""),
    ("requirement", "axum = { version = '0.8', registry = 'acme' }", "axum 0.8.4"),
    ("inline", "sqlx = { path = '../../libraries/sqlx' }", "sqlx 0.9.0"),
    (
        "dotted",
        "sqlx.path = '../../libraries/sqlx'\naxum.registry = 'acme'\naxum.version = '0.8'",
        "axum 0.8.4, sqlx 0.9.0",
    ),
    ("table", "[dependencies.sqlx]\npath = '../../libraries/sqlx'", "sqlx 0.9.0"),
    ("renamed", "db = { package = 'sqlx', path = '../../libraries/sqlx' }", "sqlx 0.9.0"),
    ("disguised", "sqlx = { package = 'acme-db', path = '../../libraries/acme-db' }", ""),
    ("inherited", "sqlx.workspace = true", "sqlx 0.9.0"),
    ("inherited-renamed", "web = { workspace = true, features = ['ws'] }", "axum 0.8.4"),
    ("unix", "[target.'cfg(unix)'.dependencies]\nsqlx.workspace = true", "sqlx 0.9.0"),
    ("windows", "[target.'cfg(windows)'.dependencies]\nsqlx.workspace = true", ""),
    (
        "either",
        "[target.'cfg(not(unix))'.dependencies]\nsea-orm = { path = '../../libraries/sea-orm' }\n\
         [target.'cfg(any(target_os = \"linux\", target_family = \"unix\"))'.dependencies]\nsqlx.workspace = true",
        "sqlx 0.9.0",
    ),
    ("development", "[dev-dependencies]\nsqlx.workspace = true", ""),
    ("script", "[build-dependencies]\nsqlx.workspace = true", ""),
    ("indirect", "acme-db = { path = '../../libraries/acme-db' }", ""),
    ("on", "sqlx = { workspace = true, optional = true }\n[features]\ndefault = ['sqlx']", "sqlx 0.9.0"),
    ("off", "sqlx = { workspace = true, optional = true }", ""),
    ("by-another", "sqlx = { workspace = true, optional = true }\n[features]\ndefault = ['db']\ndb = ['dep:sqlx']", ""),
    ("first", "sqlx.workspace = true\nsea-orm = { path = '../../libraries/sea-orm' }", "sea-orm 1.1.0"),
];

#[test]
fn a_dependency_is_found_in_every_notation() -> Result {
    let project = Project::new("forms")?;
    project.workspace(
        "",
        "members = ['members/*']\n[workspace.dependencies]\n\
         sqlx = { path = 'libraries/sqlx' }\nweb = { package = 'axum', version = '0.8', registry = 'acme' }",
    )?;
    project.published("axum", "0.8.4")?;
    project
        .write("vendor/axum-0.8.4/Cargo.toml", "[package]\nname = 'axum'\nversion = '0.8.4'\n[features]\nws = []")?;
    project.library("libraries/sqlx", "sqlx", "0.9.0-alpha.1", "")?;
    project.library("libraries/sea-orm", "sea-orm", "1.1.0", "")?;
    project.library("libraries/acme-db", "acme-db", "7.0.0", "sqlx = { path = '../sqlx' }")?;
    for (name, dependencies, _) in MEMBERS {
        project.application(&format!("members/{name}"), dependencies)?;
    }
    let executables = project.build("")?;
    assert_eq!(executables.len(), MEMBERS.len());
    for (name, _, expected) in MEMBERS {
        let executable = executables.iter().find(|executable| executable.name() == name).ok_or(name)?;
        assert_eq!(executable.found()?, expected, "{name}");
    }
    Ok(())
}

/// A workspace that locks three versions of the same package.
#[test]
fn the_version_is_that_of_the_direct_dependency() -> Result {
    let members = [
        ("old", "axum = { path = '../../axum/old' }", "axum 0.7.9"),
        ("new", "axum = { path = '../../axum/new' }", "axum 0.8.4"),
        (
            "old-with-new-tests",
            "axum = { path = '../../axum/old', version = '0.7' }\n\
             [dev-dependencies]\nnew = { package = 'axum', path = '../../axum/new', version = '0.8' }",
            "axum 0.7.9",
        ),
        (
            "both",
            "a = { package = 'axum', path = '../../axum/new', version = '0.8' }\n\
             b = { package = 'axum', path = '../../axum/old', version = '0.7' }",
            "axum 0.8.4",
        ),
        // No readable file says which version belongs to which.
        (
            "either",
            "a = { package = 'axum', path = '../../axum/new' }\n\
             b = { package = 'axum', path = '../../axum/old' }",
            "axum",
        ),
        ("third", "axum = { version = '0.8.1', registry = 'acme' }", "axum 0.8.5"),
    ];
    let project = Project::new("versions")?;
    project.workspace("workspace", "members = ['*']")?;
    project.library("axum/old", "axum", "0.7.9", "")?;
    project.library("axum/new", "axum", "0.8.4", "")?;
    project.published("axum", "0.8.5")?;
    for (name, dependencies, _) in members {
        project.application(&format!("workspace/{name}"), dependencies)?;
    }
    let executables = project.build("workspace")?;
    for (name, _, expected) in members {
        let executable = executables.iter().find(|executable| executable.name() == name).ok_or(name)?;
        assert_eq!(executable.found()?, expected, "{name}");
    }
    Ok(())
}

const AXUM: &str = "axum = { version = '0.8', registry = 'acme' }";

#[test]
fn a_package_on_its_own_is_its_own_root() -> Result {
    let project = Project::new("alone")?;
    project.application("", &format!("{AXUM}\n[workspace]"))?;
    project.lock("")?;
    project.published("axum", "0.8.4")?;
    assert_eq!(project.found("")?, "axum 0.8.4");
    Ok(())
}

/// The package is written as cargo publishes it, and built in cargo's directory with the lock file that it came with.
#[test]
fn a_published_package_is_its_own_root() -> Result {
    let project = Project::new("published")?;
    let path = "registry/src/acme.example/app";
    project.application_with(
        path,
        "build = false\nautolib = false\nautobins = false\nautoexamples = false\nautotests = false\nautobenches = false\n\
         [[bin]]\nname = \"PROJECT-app\"\npath = \"src/main.rs\"",
        "[dependencies.axum]\nversion = \"0.8.0\"\nfeatures = []\ndefault-features = false\n\
         registry-index = \"sparse+https://PROJECT.acme.example/\"\n[workspace]",
    )?;
    project.lock(path)?;
    project.published("axum", "0.8.4")?;
    assert_eq!(project.found(path)?, "axum 0.8.4");
    Ok(())
}

/// A foreign lock file in which a package of the same name has other dependencies.
const OTHER: &str = "[[package]]\nname = 'PROJECT-app'\nversion = '1.2.3'\ndependencies = ['axum']\n\
                     [[package]]\nname = 'axum'\nversion = '3.0.0'";

/// The root is neither above nor below the package, and above it is a foreign workspace.
#[test]
fn the_root_is_where_the_package_says() -> Result {
    let project = Project::new("elsewhere")?;
    project.workspace(
        "root",
        "members = ['../others/app']\n[workspace.dependencies]\naxum = { version = '0.8', registry = 'acme' }",
    )?;
    project.write("others/Cargo.toml", "[workspace]")?;
    project.write("others/Cargo.lock", OTHER)?;
    project.application_with("others/app", "workspace = '../../root'", "axum.workspace = true")?;
    project.published("axum", "0.8.4")?;
    assert_eq!(project.found("others/app")?, "axum 0.8.4");
    Ok(())
}

/// A workspace further up that does not exclude it is the root.
#[test]
fn a_workspace_that_excludes_the_package_is_not_its_root() -> Result {
    let project = Project::new("excluded")?;
    project.workspace("", "members = ['tools/app']")?;
    project.write("tools/Cargo.toml", "[workspace]\nexclude = ['app']")?;
    project.write("tools/Cargo.lock", OTHER)?;
    project.application("tools/app", AXUM)?;
    project.published("axum", "0.8.4")?;
    assert_eq!(project.found("tools/app")?, "axum 0.8.4");
    Ok(())
}

/// Other build systems run rustc without cargo's variables or files.
#[test]
fn missing_facts_are_left_out_without_an_error() -> Result {
    let project = Project::new("missing")?;
    project.published("axum", "0.8.4")?;
    for (name, change, expected) in [
        ("nothing", "true", "axum 0.8.4"),
        ("variables", "unset CARGO_MANIFEST_DIR CARGO_MANIFEST_PATH CARGO_PKG_NAME CARGO_PKG_VERSION", ""),
        ("name", "unset CARGO_PKG_NAME", ""),
        ("version", "unset CARGO_PKG_VERSION", "axum"),
        ("elsewhere", "export CARGO_MANIFEST_DIR=/nowhere", ""),
        ("relative", "export CARGO_MANIFEST_DIR=.", ""),
        ("manifest", "rm Cargo.toml", ""),
        ("broken-manifest", "echo '<<<<<<< HEAD' > Cargo.toml", ""),
        ("binary-manifest", r"printf '\377\376' > Cargo.toml", ""),
        ("lock", "rm Cargo.lock", "axum"),
        ("broken-lock", "echo '<<<<<<< HEAD' > Cargo.lock", "axum"),
        ("directory-as-lock", "rm Cargo.lock; mkdir Cargo.lock", "axum"),
    ] {
        project.application(name, &format!("{AXUM}\n[workspace]"))?;
        project.lock(name)?;
        let wrapper = project.wrapper(name, change)?;
        let executables = project.build_with(name, |cargo| {
            cargo.env("RUSTC_WORKSPACE_WRAPPER", wrapper);
        })?;
        assert_eq!(executables[0].found()?, expected, "{name}");
    }
    Ok(())
}
