//! Facts of the application, from its compilation, among those of the machine it runs on.

use super::*;

const AXUM: Option<Framework> = Framework::named("axum", Some(Version::new(0, 8, 4)));
const SQLX: Option<Database> = Database::named("sqlx", None);

/// A machine without a sign of what the program runs for.
fn nowhere() -> FakeMachine {
    FakeMachine { system: "linux", architecture: "x86_64", ..FakeMachine::default() }
}

fn detect_with(app: App, machine: FakeMachine) -> Context {
    let machine: Arc<dyn Machine> = Arc::new(machine);
    detect_on(Some(&app), &machine, LIMIT * 40)
}

#[test]
fn facts_of_the_compilation_win_over_a_javascript_project() {
    let javascript = detect_within(server(), LIMIT * 40);
    for (framework, database) in [(AXUM, SQLX), (AXUM, None), (None, SQLX), (None, None)] {
        let app = App::new("acme", None, framework, database, true);
        let context = detect_with(app, nowhere());
        assert_eq!((context.framework, context.database), (framework, database));
        let context = detect_with(app, server());
        let expected = (framework.or(javascript.framework), database.or(javascript.database));
        assert_eq!((context.framework, context.database), expected);
    }
}

#[test]
fn a_build_without_debug_assertions_is_production_unless_a_variable_says_otherwise() {
    let (development, release) = (App::new("acme", None, None, None, true), App::new("acme", None, None, None, false));
    for (variable, of_development, of_release) in [
        (None, Environment::Development, Environment::Production),
        (Some(("RUST_ENV", "development")), Environment::Development, Environment::Development),
        (Some(("APP_ENV", "staging")), Environment::Development, Environment::Development),
        (Some(("NODE_ENV", "")), Environment::Development, Environment::Production),
        (Some(("CI", "true")), Environment::Ci, Environment::Ci),
        (Some(("RUST_ENV", "test")), Environment::Test, Environment::Test),
        (Some(("APP_ENV", "production")), Environment::Production, Environment::Production),
    ] {
        let machine = || variable.iter().fold(nowhere(), |nowhere, (name, value)| nowhere.with_variable(name, value));
        assert_eq!(detect_with(development, machine()).environment, Some(of_development), "{variable:?}");
        assert_eq!(detect_with(release, machine()).environment, Some(of_release), "{variable:?}");
    }
}

#[test]
fn the_runtime_is_rust_unless_javascript_started_the_program() {
    let app = App::new("acme", None, None, None, true);
    let runtime = Runtime { name: RuntimeName::Rust, version: app.rustc() };
    assert!(runtime.version.is_some());
    assert_eq!(detect_with(app, nowhere()).runtime, Some(runtime));
    assert_eq!(detect_with(app, server()).runtime, detect_within(server(), LIMIT * 40).runtime);
}

/// Another process completes an event whose own process ended too early.
#[test]
fn what_other_processes_share_is_not_from_the_environment() {
    let app = App::new("acme", None, AXUM, SQLX, true);
    let machine = server()
        .with_variable("npm_config_user_agent", "npm/10.8.2 node/v20.20.2 linux x64")
        .with_variable("VERCEL", "1");
    let context = detect_with(app, machine);
    let told = json(&context);
    assert!(told.contains("node") && told.contains("vercel"), "{told}");
    let shared = context.shared(Some(&app));
    let told = json(&shared);
    assert!(!told.contains("node") && !told.contains("vercel"), "{told}");
    assert_eq!((shared.framework, shared.database), (AXUM, SQLX));
    assert_eq!(shared.system_info.cpu_count, context.system_info.cpu_count);
    assert_eq!((shared.runtime, shared.environment, shared.package_manager), (None, None, None));
}

/// The receiver could look the application up by its name.
#[test]
fn the_name_of_the_application_is_not_sent() {
    let app = App::new("canary-app", Some(Version::new(31_337, 0, 0)), AXUM, SQLX, false);
    let json = json(&detect_with(app, nowhere()));
    assert!(json.contains("axum") && json.contains("sqlx"), "{json}");
    assert!(!json.contains("canary") && !json.contains("31337"), "{json}");
}
