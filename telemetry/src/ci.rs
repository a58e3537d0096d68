//! Detects continuous integration runs: in the narrow sense in which Better Auth counts them, and in the wide sense of a run without a user
//! to answer a question.

use std::ffi::{OsStr, OsString};

/// Better Auth treats the presence of any of these variables, even if empty, as a continuous integration run.
pub(crate) const BETTER_AUTH: [&str; 9] = [
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

/// Variables that services set, and that do not occur in a user's own environment.
///
/// Sources: vendors.json of the npm package ci-info 4.5, and the crate is_ci 1.2.
const SERVICES: [&str; 64] = [
    "AC_APPCIRCLE",
    "AGOLA_GIT_REF",
    "ALPIC_HOST",
    "APPCENTER_BUILD_ID",
    "APPVEYOR",
    "BITBUCKET_COMMIT",
    "BITBUCKET_DEPLOYMENT",
    "BITRISE_IO",
    "BUDDY_WORKSPACE_ID",
    "BUILDER_OUTPUT",
    "BUILDKITE",
    "CAPAWESOME_CLOUD",
    "CF_BUILD_ID",
    "CF_PAGES",
    "CIRCLECI",
    "CIRRUS_CI",
    "CI_XCODE_PROJECT",
    "CM_BUILD_ID",
    "CODEBUILD_BUILD_ARN",
    "CODEBUILD_SRC_DIR",
    "DRONE",
    "DSARI",
    "EARTHLY_CI",
    "EAS_BUILD",
    "GERRIT_PROJECT",
    "GITEA_ACTIONS",
    "GITHUB_ACTION",
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "GITLAB_DEPLOYMENT",
    "GO_PIPELINE_LABEL",
    "GO_PIPELINE_NAME",
    "HARNESS_BUILD_ID",
    "HUDSON_URL",
    "JENKINS_URL",
    "LAYERCI",
    "MAGNUM",
    "NETLIFY",
    "NEVERCODE",
    "NOW_BUILDER",
    "NOW_GITHUB_DEPLOYMENT",
    "PROW_JOB_ID",
    "RELEASE_BUILD_ID",
    "RENDER",
    "RWX",
    "SAILCI",
    "SAIL_CI",
    "SCREWDRIVER",
    "SEMAPHORE",
    "SHIPPABLE",
    "STRIDER",
    "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
    "TASKCLUSTER_ROOT_URL",
    "TDDIUM",
    "TEAMCITY_VERSION",
    "TF_BUILD",
    "TRAVIS",
    "VELA",
    "VERCEL",
    "WERCKER",
    "WORKERS_CI",
    "XCS",
    "bamboo.buildKey",
    "bamboo_planKey",
];

/// Counts as Better Auth does: `CI` is not `false`, and one of nine variables is present, even if empty.
pub(crate) fn is_counted(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    is_not_denied(&variable) && BETTER_AUTH.iter().any(|name| variable(name).is_some())
}

/// Counts as Better Auth does, or by any sign of a known service.
pub(crate) fn is_known(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    is_counted(&variable)
        || (is_not_denied(&variable) && (SERVICES.iter().any(|name| variable(name).is_some()) || is_heroku(&variable)))
}

fn is_not_denied(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("CI").is_none_or(|value| value != "false")
}

/// Builds on Heroku are recognized by the location of Node.js.
fn is_heroku(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let ends = |node: &OsStr| node.as_encoded_bytes().ends_with(b"heroku/node/bin/node");
    variable("NODE").is_some_and(|node| ends(&node))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
        |name| set.iter().find(|(set, _)| *set == name).map(|(_, value)| value.into())
    }

    #[test]
    fn every_service_is_known_and_better_auths_nine_are_counted() {
        assert!(SERVICES.is_sorted() && BETTER_AUTH.is_sorted());
        for name in SERVICES {
            let set = [(name, "")];
            assert!(is_known(variables(&set)) && !is_counted(variables(&set)), "{name}");
        }
        for name in BETTER_AUTH {
            let set = [(name, "")];
            assert!(is_known(variables(&set)) && is_counted(variables(&set)), "{name}");
        }
        assert!(is_known(variables(&[("NODE", "/app/.heroku/node/bin/node")])));
        for set in [("NODE", "/usr/bin/node"), ("TERM", "xterm"), ("ci", "true"), ("TRAVI", "1")] {
            assert!(!is_known(variables(&[set])), "{set:?}");
        }
    }

    #[test]
    fn ci_that_is_false_denies_both() {
        for name in ["TF_BUILD", "RUN_ID", "GITHUB_ACTIONS"] {
            let set = [(name, "1"), ("CI", "false")];
            assert!(!is_known(variables(&set)) && !is_counted(variables(&set)), "{name}");
        }
    }
}
