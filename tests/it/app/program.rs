//! What `app!()` puts into the program, and what the program sends.

use super::Result;
use super::project::Project;

/// Every text of the manifests is a canary, except the names that are looked for.
#[test]
fn a_program_holds_and_sends_no_text_of_its_manifests_except_known_names() -> Result {
    let project = Project::new("canaries")?;
    project.workspace(
        "",
        "# canary-comment\nmembers = ['app']\n[workspace.metadata.canary]\ncanary = 'canary-value'\n\
         [workspace.dependencies]\ncanary-db = { package = 'sqlx', path = 'sqlx' }",
    )?;
    project.library("sqlx", "sqlx", "0.9.0-canary.1+canary.2", "")?;
    project.application_with(
        "app",
        "authors = ['canary-author <canary@acme.example>']\ndescription = 'canary-description'\n\
         license-file = 'canary-license'\nrepository = 'https://canary:canary@acme.example/canary'",
        "canary-db.workspace = true\ncanary-web = { package = 'axum', version = '0.8', registry = 'acme' }\n\
         [features]\ndefault = ['canary-feature']\ncanary-feature = []",
    )?;
    project.published("axum", "0.8.4")?;
    let executables = project.build("")?;
    let executable = &executables[0];
    assert_eq!(executable.found()?, "axum 0.8.4, sqlx 0.9.0");

    let lock = std::fs::read_to_string(project.path("Cargo.lock"))?;
    assert!(lock.contains("0.9.0-canary.1+canary.2"), "the lock file has a canary");
    let payload = executable.payload()?.to_string();
    assert!(!payload.contains("canary") && !payload.contains("acme") && !payload.contains("1.2.3"), "{payload}");
    let program = String::from_utf8_lossy(&std::fs::read(&executable.path)?).into_owned();
    // Panic messages in the program contain paths of source files, and these contain the name of the project.
    for canary in [
        "canary-comment",
        "canary-value",
        "canary-db",
        "canary.2",
        "canary-author",
        "canary-license",
        "canary-feature",
        "canary-web",
    ] {
        assert!(!program.contains(canary), "{canary} is in the program");
    }
    assert!(!program.contains("[workspace.dependencies]"), "a manifest is in the program");
    assert!(!program.contains("[[package]]"), "a lock file is in the program");
    Ok(())
}

/// How the application itself is compiled decides, not how its dependencies are.
#[test]
fn an_application_without_debug_assertions_is_production() -> Result {
    let project = Project::new("profiles")?;
    project.workspace(
        "",
        "members = ['development', 'production']\n[profile.dev.package.PROJECT-production]\ndebug-assertions = false",
    )?;
    for name in ["development", "production"] {
        project.application(name, "")?;
    }
    let executables = project.build("")?;
    assert_eq!(executables.len(), 2);
    for executable in executables {
        assert_eq!(executable.payload()?["environment"], executable.name());
    }
    Ok(())
}

/// The version is that of the compiler that built this test.
#[test]
fn the_version_of_the_compiler_is_sent() -> Result {
    let project = Project::new("compiler")?;
    project.application("", "[workspace]")?;
    project.lock("")?;
    let runtime = &project.build("")?[0].payload()?["runtime"];
    let version =
        std::process::Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output()?;
    let version = String::from_utf8(version.stdout)?;
    assert_eq!(runtime["name"], "rust");
    let told = runtime["version"].as_str().ok_or("no version is told")?;
    assert!(version.starts_with(&format!("rustc {told}")), "{told} is not that of {version}");
    Ok(())
}
