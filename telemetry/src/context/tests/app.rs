//! What is known of the application, among what is found out where it runs.

use super::*;

const AXUM: Option<Framework> = Framework::named("axum", Some(Version::new(0, 8, 4)));
const SQLX: Option<Database> = Database::named("sqlx", None);

/// Where nothing says what the program is run for.
fn nowhere() -> Scripted {
    Scripted { system: "linux", architecture: "x86_64", ..Scripted::default() }
}

fn seen_with(app: App, surroundings: Scripted) -> Context {
    let surroundings: Arc<dyn Surroundings> = Arc::new(surroundings);
    look_around(Some(&app), &surroundings, LIMIT * 40)
}

#[test]
fn what_the_application_is_built_with_is_known_wherever_it_runs() {
    let javascript = seen(server(), LIMIT * 40);
    for (framework, database) in [(AXUM, SQLX), (AXUM, None), (None, SQLX), (None, None)] {
        let app = App::new("acme", None, framework, database, true);
        let context = seen_with(app, nowhere());
        assert_eq!((context.framework, context.database), (framework, database));
        let context = seen_with(app, server());
        let expected = (framework.or(javascript.framework), database.or(javascript.database));
        assert_eq!((context.framework, context.database), expected);
    }
}

#[test]
fn it_is_in_production_when_it_is_not_compiled_for_development_and_nothing_says_otherwise() {
    let (development, release) = (App::new("acme", None, None, None, true), App::new("acme", None, None, None, false));
    for (variable, of_development, of_release) in [
        (None, Environment::Development, Environment::Production),
        (Some(("RUST_ENV", "development")), Environment::Development, Environment::Production),
        (Some(("CI", "true")), Environment::Ci, Environment::Ci),
        (Some(("RUST_ENV", "test")), Environment::Test, Environment::Test),
        (Some(("APP_ENV", "production")), Environment::Production, Environment::Production),
    ] {
        let surroundings = || variable.iter().fold(nowhere(), |nowhere, (name, value)| nowhere.with(name, value));
        assert_eq!(seen_with(development, surroundings()).environment, Some(of_development), "{variable:?}");
        assert_eq!(seen_with(release, surroundings()).environment, Some(of_release), "{variable:?}");
    }
}

#[test]
fn the_compiler_is_what_runs_it_unless_javascript_does() {
    let app = App::new("acme", None, None, None, true);
    let runtime = Runtime { name: RuntimeName::Rust, version: app.rustc() };
    assert!(runtime.version.is_some());
    assert_eq!(seen_with(app, nowhere()).runtime, Some(runtime));
    assert_eq!(seen_with(app, server()).runtime, seen(server(), LIMIT * 40).runtime);
}

/// It has no name for the reader of the event, who could look it up.
#[test]
fn the_name_of_the_application_is_not_told() {
    let app = App::new("canary-app", Some(Version::new(31_337, 0, 0)), AXUM, SQLX, false);
    let json = json(&seen_with(app, nowhere()));
    assert!(json.contains("axum") && json.contains("sqlx"), "{json}");
    assert!(!json.contains("canary") && !json.contains("31337"), "{json}");
}
