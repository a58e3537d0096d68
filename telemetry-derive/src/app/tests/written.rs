//! The text that the macro writes, which is all that can get into a program.

use proptest::prelude::*;
use quote::quote;

use super::versions::several;
use super::*;

fn expansion(package: &Package, files: &[File<'_>]) -> String {
    let read = read(files);
    let files = Files::new(&read);
    let stack = stack(package, &files, &|_, _| true).unwrap_or_default();
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
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../../snapshots" }, {
            insta::assert_snapshot!(name, code);
        });
    }
}

/// Every text of the manifests and of the lock file is a canary, except for the names that the macro looks for.
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
    let stack = stack(&package, &read, &|_, _| true).unwrap();
    assert_eq!(stack.frameworks[0].version, Some([0, 8, 0]));
    // Only the compiler knows the paths of the files.
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
            prop_assert!(text == "app" || packages::CRATE_FRAMEWORKS.contains(&text) || packages::CRATE_DATABASES.contains(&text), "{}", text);
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
