//! What the program runs for: production, CI, a test or development.

use super::Context;
use super::machine::Machine;
use crate::ci;
use telemetry_derive::TelemetrySnapshot;

/// What a program runs for.
#[derive(Clone, Copy, Debug, PartialEq, TelemetrySnapshot)]
#[telemetry(crate = crate, rename_all = "kebab-case")]
pub(crate) enum Environment {
    Production,
    Ci,
    Test,
    Development,
}

/// Without any other sign it is development.
pub(super) fn detect(machine: &dyn Machine, context: &mut Context) {
    context.environment = Some(if is_production(machine) {
        Environment::Production
    } else if ci::is_counted(|name| machine.variable(name)) {
        Environment::Ci
    } else if is_test(machine) {
        Environment::Test
    } else {
        Environment::Development
    });
}

/// The variables that name the environment.
const VARIABLES: [&str; 3] = ["NODE_ENV", "RUST_ENV", "APP_ENV"];

/// Whether a variable names the environment, whatever it says.
pub(super) fn is_named(machine: &dyn Machine) -> bool {
    VARIABLES.iter().any(|name| machine.has_variable(name))
}

fn is_production(machine: &dyn Machine) -> bool {
    VARIABLES.iter().any(|name| machine.variable_is(name, "production"))
}

/// Compares exactly, as the original does. Whether a test switches telemetry off is decided in `consent`, more cautiously.
fn is_test(machine: &dyn Machine) -> bool {
    machine.variable_is("NODE_ENV", "test")
        || machine.variable_is("RUST_ENV", "test")
        || (machine.has_variable("TEST") && !machine.variable_is("TEST", "false"))
        || machine.variable("NEXTEST").is_some()
}

#[cfg(test)]
mod tests {
    use super::Environment::{Ci, Development, Production, Test};
    use super::*;
    use crate::context::fake_machine::FakeMachine;

    fn environment(variables: &[(&str, &str)]) -> Option<Environment> {
        let machine =
            variables.iter().fold(FakeMachine::default(), |machine, (name, value)| machine.with_variable(name, value));
        let context: Context = machine.run(detect);
        context.environment
    }

    #[test]
    fn three_variables_with_exactly_this_value_mean_production() {
        for name in ["NODE_ENV", "RUST_ENV", "APP_ENV"] {
            assert_eq!(environment(&[(name, "production")]), Some(Production), "{name}");
            for value in ["", "prod", "staging", "Production", " production"] {
                assert_eq!(environment(&[(name, value)]), Some(Development), "{name}={value}");
            }
        }
        assert_eq!(environment(&[("PRODUCTION", "1")]), Some(Development));
    }

    #[test]
    fn any_of_nine_variables_means_continuous_integration() {
        for name in ci::BETTER_AUTH {
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
    fn a_test_is_known_by_exact_values() {
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
    fn production_comes_before_ci_and_ci_before_test() {
        let all = [("NODE_ENV", "production"), ("CI", "true"), ("TEST", "1")];
        assert_eq!(environment(&all), Some(Production));
        assert_eq!(environment(&all[1..]), Some(Ci));
        assert_eq!(environment(&all[2..]), Some(Test));
        assert_eq!(environment(&[]), Some(Development));
        assert_eq!(environment(&[("NODE_ENV", "development"), ("CI", "true")]), Some(Ci));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_unicode_still_exists() {
        use std::ffi::OsString;
        use std::os::unix::ffi::OsStringExt;

        let mut machine = FakeMachine::default();
        machine.variables.insert("CI".into(), OsString::from_vec(vec![0xff]));
        let context: Context = machine.run(detect);
        assert_eq!(context.environment, Some(Ci));
    }
}
