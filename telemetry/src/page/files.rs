//! The files kept on the machine, from the table of paths.

use super::markdown::Page;
use crate::storage::location::is_application;
use crate::storage::paths::Directory;

/// Writes the locations of the two directories, and every file in them.
pub(super) fn write(application: Option<&str>, page: &mut Page) {
    let application = application.filter(|name| is_application(name)).unwrap_or("<application>");
    for directory in [Directory::Config, Directory::State] {
        page.line(&format!("In the {}:\n", directory.title()));
        for (condition, path) in directory.forms(application) {
            page.line(&format!("- {condition}: `{path}`"));
        }
        page.own("\n| file | what it holds | at most | made | deleted |\n|---|---|---|---|---|\n");
        for entry in directory.entries() {
            let name = format!("`{}`", entry.name());
            page.row(&[&name, entry.holds, &(entry.bound)(), entry.made, entry.deleted]);
        }
        page.own("\n");
    }
    page.own(
        "Only the user may read these files and directories (on Unix they have the modes 0600 and 0700). A no by a variable or by the\n\
         configuration stops telemetry and deletes nothing: events that wait are deleted when they are too old and telemetry runs again.\n\n",
    );
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn rendered(application: Option<&str>) -> String {
        let mut page = Page::default();
        write(application, &mut page);
        page.finish()
    }

    fn read(path: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap().replace("\r\n", "\n")
    }

    /// `TELEMETRY_UPDATE=1` rewrites it.
    #[test]
    fn the_documentation_lists_what_the_page_lists() {
        let expected = rendered(None);
        if std::env::var_os("TELEMETRY_UPDATE").is_some_and(|value| value == "1") {
            fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/files.md"), &expected).unwrap();
        }
        assert_eq!(read("docs/files.md"), expected);
    }

    #[test]
    fn the_page_names_the_directories_that_are_used() {
        let page = rendered(Some("AcmeCli"));
        for told in [
            "`~/.config/acmecli`",
            "`~/.local/state/acmecli/telemetry`",
            "`$STATE_DIRECTORY/acmecli/telemetry`",
            "`%APPDATA%\\AcmeCli\\config`",
            "| `telemetry-unanswered` |",
            "| `spool-*.ndjson` |",
            "1 MiB, 500 events and 7 days",
        ] {
            assert!(page.contains(told), "{told}\n{page}");
        }
        assert_eq!(rendered(Some("`x` | y")), rendered(None), "a name that cannot be used is not shown");
    }
}
