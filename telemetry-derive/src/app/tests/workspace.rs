//! Which files the macro reads.

use super::*;

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
    let stack = stack(&package, &files, &|_, _| true).unwrap();
    assert_eq!(stack.frameworks[0].version, Some([0, 8, 4]));
    assert_eq!(files.into_read(), [Path::new(manifest), Path::new(lock)]);
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
    for (package, is_read) in [
        (Package::default(), false),
        (Package { directory: "w/app".into(), ..package() }, false),
        (Package { directory: "".into(), ..package() }, false),
        (Package { directory: "/elsewhere".into(), ..package() }, false),
        (Package { name: String::new(), ..package() }, true),
    ] {
        let files = Files::new(&read);
        assert!(stack(&package, &files, &|_, _| true).is_none());
        // Each file that was read is included, and an included file that does not exist is an error.
        assert_eq!(!files.into_read().is_empty(), is_read);
    }
}
