//! What the program is run for.

use std::ffi::OsString;

use super::Context;
use super::surroundings::Surroundings;
use telemetry_derive::TelemetrySnapshot;

/// What a program is run for.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Environment {
    Production,
    Ci,
    Test,
    Development,
}

/// Says development when nothing says anything else.
pub(super) fn detect(surroundings: &dyn Surroundings, context: &mut Context) {
    context.environment = Some(if is_production(surroundings) {
        Environment::Production
    } else if is_ci(|name| surroundings.variable(name)) {
        Environment::Ci
    } else if is_test(surroundings) {
        Environment::Test
    } else {
        Environment::Development
    });
}

fn is_production(surroundings: &dyn Surroundings) -> bool {
    ["NODE_ENV", "RUST_ENV", "APP_ENV"].iter().any(|name| surroundings.says(name, "production"))
}

/// Whether this is a run of continuous integration: `CI` is not `false`, and one of these is present, even empty.
///
/// The rule is Better Auth's, so that both count the same runs. Crates for it know more services and other exceptions.
pub(crate) fn is_ci(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    const SIGNS: [&str; 9] = [
        "BUILD_ID",
        "BUILD_NUMBER",
        "CI",
        "CI_APP_ID",
        "CI_BUILD_ID",
        "CI_BUILD_NUMBER",
        "CI_NAME",
        "CONTINUOUS_INTEGRATION",
        "RUN_ID",
    ];
    variable("CI").is_none_or(|value| value != "false") && SIGNS.iter().any(|name| variable(name).is_some())
}

/// To the letter, as the original reads them. Whether telemetry is off in a test is decided elsewhere, with more care.
fn is_test(surroundings: &dyn Surroundings) -> bool {
    surroundings.says("NODE_ENV", "test")
        || surroundings.says("RUST_ENV", "test")
        || (surroundings.has("TEST") && !surroundings.says("TEST", "false"))
        || surroundings.variable("NEXTEST").is_some()
}

#[cfg(test)]
mod tests {
    use super::Environment::{Ci, Development, Production, Test};
    use super::*;
    use crate::context::scripted::Scripted;

    fn environment(variables: &[(&str, &str)]) -> Option<Environment> {
        let surroundings =
            variables.iter().fold(Scripted::default(), |surroundings, (name, value)| surroundings.with(name, value));
        let context: Context = surroundings.seen_by(detect);
        context.environment
    }

    #[test]
    fn production_is_said_by_three_variables_to_the_letter() {
        for name in ["NODE_ENV", "RUST_ENV", "APP_ENV"] {
            assert_eq!(environment(&[(name, "production")]), Some(Production), "{name}");
            for value in ["", "prod", "staging", "Production", " production"] {
                assert_eq!(environment(&[(name, value)]), Some(Development), "{name}={value}");
            }
        }
        assert_eq!(environment(&[("PRODUCTION", "1")]), Some(Development));
    }

    #[test]
    fn a_run_of_continuous_integration_is_known_by_any_of_nine_variables() {
        for name in [
            "BUILD_ID",
            "BUILD_NUMBER",
            "CI",
            "CI_APP_ID",
            "CI_BUILD_ID",
            "CI_BUILD_NUMBER",
            "CI_NAME",
            "CONTINUOUS_INTEGRATION",
            "RUN_ID",
        ] {
            for value in ["true", "1", "0", "", "FALSE", "no"] {
                assert_eq!(environment(&[(name, value)]), Some(Ci), "{name}={value}");
            }
            assert_eq!(environment(&[(name, "x"), ("CI", "false")]), Some(Development), "{name} and CI=false");
        }
        for name in ["GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "ci"] {
            assert_eq!(environment(&[(name, "true")]), Some(Development), "{name}");
        }
    }

    #[test]
    fn a_test_is_known_to_the_letter() {
        for variable in [("NODE_ENV", "test"), ("RUST_ENV", "test"), ("TEST", "1"), ("TEST", "0"), ("TEST", " ")] {
            assert_eq!(environment(&[variable]), Some(Test), "{variable:?}");
        }
        assert_eq!(environment(&[("TEST", "False")]), Some(Test));
        assert_eq!(environment(&[("NEXTEST", "1")]), Some(Test));
        for variable in [("NODE_ENV", "TEST"), ("TEST", ""), ("TEST", "false"), ("VITEST", "true")] {
            assert_eq!(environment(&[variable]), Some(Development), "{variable:?}");
        }
    }

    #[test]
    fn the_first_that_is_said_counts() {
        let all = [("NODE_ENV", "production"), ("CI", "true"), ("TEST", "1")];
        assert_eq!(environment(&all), Some(Production));
        assert_eq!(environment(&all[1..]), Some(Ci));
        assert_eq!(environment(&all[2..]), Some(Test));
        assert_eq!(environment(&[]), Some(Development));
        assert_eq!(environment(&[("NODE_ENV", "development"), ("CI", "true")]), Some(Ci));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_unicode_is_there_all_the_same() {
        use std::os::unix::ffi::OsStringExt;

        let mut surroundings = Scripted::default();
        surroundings.variables.insert("CI".into(), OsString::from_vec(vec![0xff]));
        let context: Context = surroundings.seen_by(detect);
        assert_eq!(context.environment, Some(Ci));
    }
}
