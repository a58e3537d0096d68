use std::path::Path;

use proptest::prelude::*;
use quote::quote;

use super::*;

/// The package `app` in `/w/app`, of version 1.2.3.
fn package() -> Package {
    Package { name: "app".into(), version: "1.2.3".into(), directory: "/w/app".into() }
}

/// A path and a text.
type File<'a> = (&'a str, &'a str);

fn read<'a>(files: &'a [File<'_>]) -> impl Fn(&Path) -> Option<String> + 'a {
    |path| files.iter().find(|(name, _)| Path::new(name) == path).map(|(_, text)| (*text).to_owned())
}

/// What is found, as in `axum 0.8.1 if unix, tide | sqlx 0.8.6`.
fn found(files: &[File<'_>]) -> String {
    let read = read(files);
    let stack = stack(&package(), &Files::new(&read)).unwrap_or_default();
    let shown = |found: &Found| {
        let version = found.version.map(|[major, minor, patch]| format!(" {major}.{minor}.{patch}"));
        let condition = found.condition.as_ref().map(|condition| format!(" if {condition}"));
        format!("{}{}{}", found.name, version.unwrap_or_default(), condition.unwrap_or_default())
    };
    let list = |found: &[Found]| found.iter().map(shown).collect::<Vec<_>>().join(", ");
    format!("{} | {}", list(&stack.frameworks), list(&stack.databases)).trim().to_owned()
}

/// What is found with these dependencies, which the lock file has in the versions of [`LOCK`].
fn found_with(dependencies: &str) -> String {
    let manifest = format!("[package]\nname = \"app\"\n{dependencies}");
    found(&[("/w/app/Cargo.toml", &manifest), ("/w/app/Cargo.lock", LOCK)])
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "app"
version = "1.2.3"
dependencies = ["axum", "sqlx", "tokio"]

[[package]]
name = "axum"
version = "0.8.4"
source = "registry+https://registry.example/index"
dependencies = ["hyper"]

[[package]]
name = "hyper"
version = "1.7.0"
source = "registry+https://registry.example/index"

[[package]]
name = "sqlx"
version = "0.9.0-alpha.1+build.7"
source = "git+https://git.example/sqlx#0123456789"
"#;

#[test]
fn a_dependency_is_found_however_it_is_written() {
    for dependencies in [
        "[dependencies]\naxum = '0.8'",
        "[dependencies]\naxum = { version = '0.8', features = ['ws'] }",
        "[dependencies]\naxum.version = '0.8'",
        "[dependencies.axum]\nversion = '0.8'",
        "[dependencies.axum]\npath = '../axum'",
        "[dependencies]\n'axum' = \"\"\"0.8\"\"\"",
        "[dependencies]\nweb = { package = 'axum', version = '0.8' }",
        "[dependencies]\nhyper = '1'\naxum = '0.8'\ntower = '0.5'",
    ] {
        assert_eq!(found_with(dependencies), "axum 0.8.4 |", "{dependencies}");
    }
}

#[test]
fn what_is_not_linked_is_not_found() {
    for dependencies in [
        "",
        "[dev-dependencies]\naxum = '0.8'",
        "[build-dependencies]\naxum = '0.8'",
        "[target.'cfg(unix)'.dev-dependencies]\naxum = '0.8'",
        "[dependencies]\naxum = { package = 'acme-axum', version = '0.8' }",
        "[dependencies]\nAxum = '0.8'",
        "[dependencies]\naxum = 8",
        "[dependencies]\naxum = ['0.8']",
        "[patch.crates-io]\naxum = { path = '../axum' }",
        "[replace]\n'axum:0.8.4' = { path = '../axum' }",
        "[workspace.dependencies]\naxum = '0.8'",
        "[features]\naxum = []",
    ] {
        assert_eq!(found_with(dependencies), "|", "{dependencies}");
    }
}

#[test]
fn a_dependency_of_a_platform_is_found_on_that_platform() {
    for (dependencies, expected) in [
        ("[target.'cfg(unix)'.dependencies]\naxum = '0.8'", "axum 0.8.4 if unix |"),
        ("[target.'cfg(unix)'.dependencies.web]\npackage = 'axum'", "axum 0.8.4 if unix |"),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[target.'cfg(windows)'.dependencies]\nhyper = '1'",
            "axum 0.8.4 if unix, hyper if windows |",
        ),
        ("[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[dependencies]\naxum = '0.8'", "axum 0.8.4 |"),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = '0.8'\n[dependencies]\nrocket = '0.5'",
            "axum 0.8.4 if unix, rocket |",
        ),
        ("[target.x86_64-unknown-linux-gnu.dependencies]\naxum = '0.8'", "|"),
        ("[target.'cfg(acme)'.dependencies]\naxum = '0.8'", "|"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}

#[test]
fn an_optional_dependency_is_found_with_the_feature_of_its_name() {
    for (dependencies, expected) in [
        ("[dependencies]\naxum = { version = '0.8', optional = true }", "axum 0.8.4 if feature = \"axum\" |"),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\ndefault = ['axum']\nws = ['axum?/ws']",
            "axum 0.8.4 if feature = \"axum\" |",
        ),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\naxum = ['dep:axum', 'tokio']",
            "axum 0.8.4 if feature = \"axum\" |",
        ),
        (
            "[target.'cfg(unix)'.dependencies]\naxum = { version = '0.8', optional = true }",
            "axum 0.8.4 if all (unix , feature = \"axum\") |",
        ),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\nhyper = '1'",
            "axum 0.8.4 if feature = \"axum\", hyper |",
        ),
        ("[dependencies]\naxum = { version = '0.8', optional = false }", "axum 0.8.4 |"),
        // There is no feature of this name, or one that does something else.
        ("[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\nweb = ['dep:axum']", "|"),
        (
            "[dependencies]\naxum = { version = '0.8', optional = true }\n[features]\naxum = ['web']\nweb = ['dep:axum']",
            "|",
        ),
        // The feature has a name of the author's own.
        ("[dependencies]\nacme = { package = 'axum', version = '0.8', optional = true }", "|"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}

#[test]
fn the_first_of_the_table_wins() {
    for (dependencies, expected) in [
        ("[dependencies]\naxum = '0.8'\nloco-rs = '0.16'\nsqlx = '0.9'\nsea-orm = '1'", "loco-rs | sea-orm"),
        ("[dependencies]\nredis = '1'\nmysql = '26'\nrusqlite = '0.37'", "| mysql"),
        ("[dependencies]\nsqlx = '0.9'\nredis = '1'", "| sqlx 0.9.0"),
    ] {
        assert_eq!(found_with(dependencies), expected, "{dependencies}");
    }
}

#[test]
fn a_member_inherits_from_its_workspace() {
    let member = "[package]\nname = 'app'\nversion.workspace = true\n[dependencies]\nweb.workspace = true\n\
                  db = { workspace = true, features = ['acme'] }\nnone.workspace = true";
    let root = "[workspace]\nmembers = ['app']\n[workspace.package]\nversion = '1.2.3'\n[workspace.dependencies]\n\
                web = { package = 'axum', version = '0.8' }\ndb = { package = 'sqlx', version = '0.9' }\naxum = '0.7'";
    let files = [("/w/app/Cargo.toml", member), ("/w/Cargo.toml", root), ("/w/Cargo.lock", LOCK)];
    assert_eq!(found(&files), "axum 0.8.4 | sqlx 0.9.0");
    assert_eq!(found(&files[..2]), "axum | sqlx", "without a lock file");
    assert_eq!(found(&files[..1]), "|", "without the root");

    let optional = member.replace("web.workspace = true", "axum = { workspace = true, optional = true }");
    let files = [("/w/app/Cargo.toml", optional.as_str()), files[1], files[2]];
    assert_eq!(found(&files), "axum 0.8.4 if feature = \"axum\" | sqlx 0.9.0");
}

const MEMBER: &str = "[package]\nname = 'app'\n[dependencies]\naxum = '0.8'";

#[test]
fn the_root_is_found_as_cargo_finds_it() {
    let own_root = format!("{MEMBER}\n[workspace]");
    let elsewhere = MEMBER.replace("[dependencies]", "workspace = '../../root'\n[dependencies]");
    let other_lock = &LOCK.replace("0.8.4", "0.8.0");
    let cases: &[(&str, &[File<'_>], &str)] = &[
        (
            "the package itself",
            &[
                ("/w/app/Cargo.toml", &own_root),
                ("/w/app/Cargo.lock", LOCK),
                ("/w/Cargo.toml", "[workspace]"),
                ("/w/Cargo.lock", other_lock),
            ],
            "axum 0.8.4 |",
        ),
        (
            "further up",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/Cargo.toml", "[workspace]"),
                ("/Cargo.lock", LOCK),
                ("/w/app/Cargo.lock", other_lock),
            ],
            "axum 0.8.4 |",
        ),
        (
            "behind a package",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/w/Cargo.toml", "[package]\nname = 'w'"),
                ("/w/Cargo.lock", other_lock),
                ("/Cargo.toml", "[workspace]"),
                ("/Cargo.lock", LOCK),
            ],
            "axum 0.8.4 |",
        ),
        (
            "not above the root",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/w/Cargo.toml", "[workspace]"),
                ("/Cargo.toml", "[workspace]"),
                ("/Cargo.lock", LOCK),
            ],
            "axum |",
        ),
        (
            "where the package says",
            &[
                ("/w/app/Cargo.toml", &elsewhere),
                ("/w/app/../../root/Cargo.toml", "[workspace]"),
                ("/w/app/../../root/Cargo.lock", LOCK),
                ("/w/Cargo.toml", "[workspace]"),
                ("/w/Cargo.lock", other_lock),
            ],
            "axum 0.8.4 |",
        ),
        (
            "where nothing is",
            &[("/w/app/Cargo.toml", &elsewhere), ("/w/Cargo.toml", "[workspace]"), ("/w/Cargo.lock", LOCK)],
            "axum |",
        ),
        (
            "one that excludes it",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/w/app/Cargo.lock", LOCK),
                ("/w/Cargo.toml", "[workspace]\nexclude = ['app']"),
                ("/w/Cargo.lock", other_lock),
            ],
            "axum 0.8.4 |",
        ),
        (
            "one that excludes it and lists it",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/w/Cargo.toml", "[workspace]\nexclude = ['.']\nmembers = ['app']"),
                ("/w/Cargo.lock", LOCK),
            ],
            "axum 0.8.4 |",
        ),
        (
            "one that excludes another",
            &[
                ("/w/app/Cargo.toml", MEMBER),
                ("/w/Cargo.toml", "[workspace]\nexclude = ['ap']"),
                ("/w/Cargo.lock", LOCK),
            ],
            "axum 0.8.4 |",
        ),
        (
            "none",
            &[("/w/app/Cargo.toml", MEMBER), ("/w/app/Cargo.lock", LOCK), ("/w/Cargo.lock", other_lock)],
            "axum 0.8.4 |",
        ),
    ];
    for (name, files, expected) in cases {
        assert_eq!(found(files), *expected, "{name}");
    }
}

#[test]
fn a_package_that_is_about_to_be_published_is_its_own_root() {
    let directory = "/w/target/package/app-1.2.3";
    let package = Package { directory: directory.into(), ..package() };
    let manifest = &format!("{directory}/Cargo.toml");
    let lock = &format!("{directory}/Cargo.lock");
    let files = [(manifest.as_str(), MEMBER), (lock, LOCK), ("/w/Cargo.toml", "[workspace]")];
    let read = read(&files);
    let files = Files::new(&read);
    let stack = stack(&package, &files).unwrap();
    assert_eq!(stack.frameworks[0].version, Some([0, 8, 4]));
    assert_eq!(files.into_read(), [Path::new(manifest), Path::new(lock)]);
}

/// A lock file in which the package and its tests, or others, depend on several versions.
fn several(dependencies: &str) -> String {
    format!(
        r#"
        [[package]]
        name = "app"
        version = "0.9.0"
        dependencies = ["axum 0.5.0"]

        [[package]]
        name = "app"
        version = "1.2.3"
        source = "registry+https://registry.example/index"
        dependencies = ["axum 0.6.0"]

        [[package]]
        name = "app"
        version = "1.2.3"
        dependencies = {dependencies}

        [[package]]
        name = "axum"
        version = "0.7.9"

        [[package]]
        name = "axum"
        version = "0.8.4"
        "#
    )
}

#[test]
fn the_version_is_that_of_the_package_itself() {
    for (locked, requirement, expected) in [
        ("['axum 0.7.9']", "0.7", "axum 0.7.9 |"),
        ("['axum 0.8.4']", "0.8", "axum 0.8.4 |"),
        // As older versions of cargo write it.
        ("['axum 0.8.4 (registry+https://registry.example/index)']", "0.8", "axum 0.8.4 |"),
        // A test may depend on another one, and so may another name.
        ("['axum 0.7.9', 'axum 0.8.4']", "0.7", "axum 0.7.9 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "0.8", "axum 0.8.4 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "=0.8.4", "axum 0.8.4 |"),
        ("['axum 0.7.9', 'axum 0.8.4']", ">=0.7", "axum |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "0.6", "axum |"),
        ("['axum 0.7.9', 'axum 0.8.4']", "acme", "axum |"),
        ("['axum 1.0.0-rc.1+acme']", "1.0.0-rc.1", "axum 1.0.0 |"),
        ("['axum 65536.0.0']", "65536", "axum |"),
        ("['axum 1.0']", "1", "axum |"),
        ("['axum acme']", "1", "axum |"),
        ("['axum']", "0.7", "axum 0.7.9 |"),
        ("['tide']", "0.7", "axum |"),
        ("[7]", "0.7", "axum |"),
        ("7", "0.7", "axum |"),
    ] {
        let manifest = MEMBER.replace("0.8", requirement);
        let lock = several(locked);
        let files = [("/w/app/Cargo.toml", manifest.as_str()), ("/w/app/Cargo.lock", lock.as_str())];
        assert_eq!(found(&files), expected, "{locked} {requirement}");
    }
}

#[test]
fn two_versions_under_two_names_are_told_apart_by_their_requirements() {
    let lock = several("['axum 0.7.9', 'axum 0.8.4']");
    for (old, new, expected) in [("0.7", "0.8", "axum 0.7.9 |"), ("0.8", "0.7", "axum 0.8.4 |")] {
        let manifest = format!(
            "[package]\nname = 'app'\n[dependencies]\na = {{ package = 'axum', version = '{old}' }}\naxum = '{new}'"
        );
        let files = [("/w/app/Cargo.toml", manifest.as_str()), ("/w/app/Cargo.lock", lock.as_str())];
        assert_eq!(found(&files), expected);
    }
}

#[test]
fn what_is_of_another_package_says_nothing() {
    let other = MEMBER.replace("'app'", "'other'");
    let foreign = LOCK.replace("name = \"app\"", "name = \"other\"");
    let newer = LOCK.replace("1.2.3", "1.2.4");
    let published = LOCK.replace("\"1.2.3\"", "\"1.2.3\"\nsource = 'registry+https://registry.example/index'");
    for (manifest, lock, expected) in [
        (other.as_str(), LOCK, "|"),
        ("[dependencies]\naxum = '0.8'", LOCK, "|"),
        (MEMBER, foreign.as_str(), "axum |"),
        (MEMBER, newer.as_str(), "axum |"),
        (MEMBER, published.as_str(), "axum |"),
        (MEMBER, "", "axum |"),
        (MEMBER, "<<<<<<< HEAD", "axum |"),
        ("<<<<<<< HEAD", LOCK, "|"),
    ] {
        assert_eq!(
            found(&[("/w/app/Cargo.toml", manifest), ("/w/app/Cargo.lock", lock)]),
            expected,
            "{manifest} {lock}"
        );
    }
}

#[test]
fn without_cargo_nothing_is_known() {
    let files = [("/w/app/Cargo.toml", MEMBER), ("w/app/Cargo.toml", MEMBER), ("Cargo.toml", MEMBER)];
    let read = read(&files);
    for package in [
        Package::default(),
        Package { directory: "w/app".into(), ..package() },
        Package { directory: "/elsewhere".into(), ..package() },
        Package { name: String::new(), ..package() },
    ] {
        assert!(stack(&package, &Files::new(&read)).is_none());
    }
}

fn expansion(package: &Package, files: &[File<'_>]) -> String {
    let read = read(files);
    let files = Files::new(&read);
    let stack = stack(package, &files).unwrap_or_default();
    write(&quote!(::telemetry), package, &stack, &files.into_read()).to_string()
}

#[test]
fn what_is_written_can_be_read() {
    let manifest = "[package]\nname = 'app'\n[dependencies]\naxum = { version = '0.8', optional = true }\nhyper = '1'\n\
                    [target.'cfg(unix)'.dependencies]\nsqlx = '0.9'";
    let everything = [("/w/app/Cargo.toml", manifest), ("/w/Cargo.toml", "[workspace]"), ("/w/Cargo.lock", LOCK)];
    for (name, package, files) in
        [("app", package(), everything.as_slice()), ("app_of_which_nothing_is_known", Package::default(), &[])]
    {
        let code = format!("const APP: App = {};", expansion(&package, files));
        let code = prettyplease::unparse(&syn::parse_file(&code).unwrap());
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!(name, code);
        });
    }
}

/// Every text of the manifests and of the lock file is a canary, but for the names that are looked for, which stand among them.
#[test]
fn of_all_texts_only_the_name_of_the_package_is_written() {
    let manifest = r#"
        [package]
        name = "app"
        version = "1.2.3-canary-pre+canary-build"
        authors = ["canary-author <canary@canary.example>"]
        description = "canary-description"
        repository = "https://canary-user:canary-token@canary.example/canary"
        workspace = "../../canary-root"
        [package.metadata.canary]
        canary = "canary-metadata"
        [features]
        default = ["canary-feature", "redis"]
        canary-feature = ["dep:sqlx", "axum/canary"]
        [dependencies]
        canary-web = { package = "axum", version = "0.8.0-canary", registry = "canary-registry", features = ["canary-ws"] }
        canary-db.workspace = true
        canary-optional = { package = "tide", version = "1", optional = true }
        redis = { version = "1", optional = true }
        sqlx = { git = "https://canary-token@canary.example/sqlx", branch = "canary-branch", optional = true }
        canary-other = "1"
        [target.'cfg(canary)'.dependencies]
        canary-platform = { package = "rocket", version = "1" }
        [target.'cfg(unix)'.dependencies]
        canary-unix = { package = "sea-orm", path = "/canary/path" }
    "#;
    let root = r#"
        [workspace]
        members = ["canary-member"]
        [workspace.dependencies]
        canary-db = { package = "diesel", version = "2.0.0-canary", path = "canary/path" }
    "#;
    let lock = r#"
        [[package]]
        name = "app"
        version = "1.2.3-canary-pre+canary-build"
        dependencies = ["axum 0.8.0-canary+canary (registry+https://canary-token@canary.example)", "diesel", "sea-orm", "canary"]
        [[package]]
        name = "diesel"
        version = "2.0.0-canary"
        source = "git+https://canary-token@canary.example/diesel?branch=canary#canary"
        checksum = "canary"
        [[package]]
        name = "sea-orm"
        version = "1.1.0+canary"
    "#;
    let files = [
        ("/w/app/Cargo.toml", manifest),
        ("/w/app/../../canary-root/Cargo.toml", root),
        ("/w/app/../../canary-root/Cargo.lock", lock),
    ];
    let package = Package { version: "1.2.3-canary-pre+canary-build".into(), ..package() };
    let read = read(&files);
    let (read, found) = (Files::new(&read), found(&files));
    assert_eq!(found, "axum | sea-orm if unix, diesel");
    let stack = stack(&package, &read).unwrap();
    assert_eq!(stack.frameworks[0].version, Some([0, 8, 0]));
    // The paths of the files are known to the compiler alone.
    let code = write(&quote!(::telemetry), &package, &stack, &[]).to_string();
    assert!(!code.contains("canary"), "{code}");
    let texts: Vec<&str> = code.split('"').skip(1).step_by(2).collect();
    assert_eq!(texts, ["app", "axum", "sea-orm", "diesel"]);
}

fn nearly_a_manifest() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "[package]\n",
        "name",
        "=",
        "\"app\"",
        "[dependencies]\n",
        "[dependencies.axum]\n",
        "axum",
        "sqlx",
        "{",
        "}",
        "[",
        "]",
        "workspace",
        "true",
        ".",
        "\n",
        "package",
        "\"axum\"",
        "optional",
        "[workspace]\n",
        "[workspace.dependencies]\n",
        "exclude",
        "[features]\n",
        "[target.'cfg(unix)'.dependencies]\n",
        "[target.'cfg(",
        ")'.dependencies]\n",
        "version",
        "\"0.8\"",
        "[[package]]\n",
        "dependencies",
        "\"axum 0.8.4\"",
        "\"axum\"",
        "\"1.2.3\"",
        ",",
        "'",
        "\"",
        "é",
        "\\",
        "#",
        "0",
        " ",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn arbitrary_files_do_no_harm(manifest in any::<String>(), root in any::<String>(), lock in any::<String>()) {
        prop_assert_eq!(found(&[("/w/app/Cargo.toml", &manifest), ("/w/Cargo.toml", &root), ("/w/Cargo.lock", &lock)]), "|");
    }

    #[test]
    fn nearly_well_formed_files_do_no_harm(manifest in nearly_a_manifest(), root in nearly_a_manifest(), lock in nearly_a_manifest()) {
        let manifest = format!("[package]\nname = 'app'\n{manifest}");
        let root = format!("[workspace]\n{root}");
        let files = [("/w/app/Cargo.toml", manifest.as_str()), ("/w/Cargo.toml", &root), ("/w/Cargo.lock", &lock)];
        let code = expansion(&package(), &files);
        prop_assert!(code.parse::<proc_macro2::TokenStream>().is_ok());
        let texts = code.split('"').skip(1).step_by(2);
        for text in texts.filter(|text| !text.starts_with("/w/")) {
            prop_assert!(text == "app" || names::FRAMEWORKS.contains(&text) || names::DATABASES.contains(&text), "{}", text);
        }
    }

    #[test]
    fn a_lock_file_of_arbitrary_versions_does_no_harm(locked in ".*", requirement in ".*") {
        let quoted = |text: &str| format!("'{}'", text.replace(['\'', '\n', '\r'], ""));
        let lock = several(&format!("[{}, 'axum 0.7.9']", quoted(&format!("axum {locked}"))));
        let manifest = MEMBER.replace("'0.8'", &quoted(&requirement));
        found(&[("/w/app/Cargo.toml", &manifest), ("/w/app/Cargo.lock", &lock)]);
    }
}
