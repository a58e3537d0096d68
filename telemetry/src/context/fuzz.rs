//! The files of a JavaScript project, and the user agent of npm.

use std::ffi::OsString;

use super::machine::Machine;
use super::{Context, npm, project};
use crate::snapshot::Snapshot;

/// A machine with one project. Each package in its node_modules has the same package.json.
struct Project<'a> {
    manifest: &'a [u8],
    installed: &'a [u8],
    user_agent: &'a [u8],
}

impl Machine for Project<'_> {
    fn system(&self) -> &'static str {
        "linux"
    }

    fn architecture(&self) -> &'static str {
        "x86_64"
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        let text = || str::from_utf8(self.user_agent).ok().map(OsString::from);
        if name == "npm_config_user_agent" { text() } else { None }
    }

    fn file(&self, path: &str, most: u64) -> Option<Vec<u8>> {
        let bytes = match path {
            "package.json" => self.manifest,
            _ if path.starts_with("node_modules/") => self.installed,
            _ => return None,
        };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        (!bytes.is_empty()).then(|| bytes.get(..most).unwrap_or(bytes).to_owned())
    }

    fn exists(&self, path: &str) -> bool {
        path == "node_modules" && !self.installed.is_empty()
    }

    fn release(&self) -> Option<String> {
        None
    }

    fn parallelism(&self) -> Option<usize> {
        None
    }

    fn sysctl(&self, _: &[&str]) -> Option<Vec<u8>> {
        None
    }

    fn is_terminal(&self) -> bool {
        false
    }
}

/// What is found has the form of the context, and a name is never empty.
pub(crate) fn project(manifest: &[u8], installed: &[u8], user_agent: &[u8]) {
    let machine = Project { manifest, installed, user_agent };
    let (mut context, mut name) = (Context::default(), None);
    project::detect(&machine, &mut context);
    npm::detect_runtime(&machine, &mut context);
    npm::detect_package_manager(&machine, &mut context);
    project::detect_name(&machine, &mut name);
    assert!(Snapshot::of(&context).is_ok());
    assert_ne!(name.as_deref(), Some(""));
}
