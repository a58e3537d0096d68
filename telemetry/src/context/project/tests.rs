use proptest::prelude::*;

use super::*;
use crate::context::scripted::Scripted;
use crate::snapshot::Snapshot;

/// The database and the framework, as they are sent.
fn sent(surroundings: &Scripted) -> String {
    let context: Context = surroundings.seen_by(detect);
    let only = Context { database: context.database, framework: context.framework, ..Context::default() };
    Snapshot::of(&only).unwrap().as_json().replace(r#","systemInfo":{}"#, "").replace(r#""systemInfo":{}"#, "")
}

fn of(manifest: &str) -> String {
    sent(&Scripted::default().holding("package.json", manifest))
}

fn name(manifest: impl Into<Vec<u8>>) -> Option<String> {
    Scripted::default().holding("package.json", manifest).seen_by(detect_name)
}

#[test]
fn packages_are_known_by_these_names() {
    for (package, expected) in [
        ("pg", r#"{"database":{"name":"postgresql","version":"1.2"}}"#),
        ("postgres", r#"{"database":{"name":"postgresql","version":"1.2"}}"#),
        ("mysql", r#"{"database":{"name":"mysql","version":"1.2"}}"#),
        ("mysql2", r#"{"database":{"name":"mysql","version":"1.2"}}"#),
        ("mariadb", r#"{"database":{"name":"mariadb","version":"1.2"}}"#),
        ("sqlite3", r#"{"database":{"name":"sqlite","version":"1.2"}}"#),
        ("better-sqlite3", r#"{"database":{"name":"sqlite","version":"1.2"}}"#),
        ("@libsql/client", r#"{"database":{"name":"libsql","version":"1.2"}}"#),
        ("@prisma/client", r#"{"database":{"name":"prisma","version":"1.2"}}"#),
        ("mongoose", r#"{"database":{"name":"mongodb","version":"1.2"}}"#),
        ("mongodb", r#"{"database":{"name":"mongodb","version":"1.2"}}"#),
        ("drizzle-orm", r#"{"database":{"name":"drizzle","version":"1.2"}}"#),
        ("next", r#"{"framework":{"name":"next","version":"1.2"}}"#),
        ("nuxt", r#"{"framework":{"name":"nuxt","version":"1.2"}}"#),
        ("@remix-run/react", r#"{"framework":{"name":"remix","version":"1.2"}}"#),
        ("@remix-run/node", r#"{"framework":{"name":"remix","version":"1.2"}}"#),
        ("@remix-run/server-runtime", r#"{"framework":{"name":"remix","version":"1.2"}}"#),
        ("remix", r#"{"framework":{"name":"remix","version":"1.2"}}"#),
        ("react-router", r#"{"framework":{"name":"react-router","version":"1.2"}}"#),
        ("astro", r#"{"framework":{"name":"astro","version":"1.2"}}"#),
        ("@sveltejs/kit", r#"{"framework":{"name":"sveltekit","version":"1.2"}}"#),
        ("solid-start", r#"{"framework":{"name":"solid-start","version":"1.2"}}"#),
        ("tanstack-start", r#"{"framework":{"name":"tanstack-start","version":"1.2"}}"#),
        ("hono", r#"{"framework":{"name":"hono","version":"1.2"}}"#),
        ("express", r#"{"framework":{"name":"express","version":"1.2"}}"#),
        ("elysia", r#"{"framework":{"name":"elysia","version":"1.2"}}"#),
        ("expo", r#"{"framework":{"name":"expo","version":"1.2"}}"#),
        ("@acme/next", "{}"),
        ("axum", "{}"),
        ("postgresql", "{}"),
    ] {
        assert_eq!(of(&format!(r#"{{"dependencies":{{"{package}":"^1.2"}}}}"#)), expected, "{package}");
        let installed =
            Scripted::default().holding(&format!("node_modules/{package}/package.json"), r#"{"version":"1.2"}"#);
        assert_eq!(sent(&installed), expected, "{package}, installed");
    }
}

/// Remix is a framework upon others. The databases that Better Auth does not know come last, so that what it finds is found.
#[test]
fn the_first_one_is_told() {
    for (manifest, expected) in [
        (
            r#"{"dependencies":{"express":"1","@remix-run/node":"2"}}"#,
            r#"{"framework":{"name":"remix","version":"2"}}"#,
        ),
        (r#"{"dependencies":{"remix":"1","next":"2"}}"#, r#"{"framework":{"name":"next","version":"2"}}"#),
        (r#"{"dependencies":{"mysql2":"1","drizzle-orm":"2"}}"#, r#"{"database":{"name":"drizzle","version":"2"}}"#),
        (r#"{"dependencies":{"postgres":"1","mongodb":"2"}}"#, r#"{"database":{"name":"mongodb","version":"2"}}"#),
        (
            r#"{"devDependencies":{"pg":"1"},"dependencies":{"pg":"2"}}"#,
            r#"{"database":{"name":"postgresql","version":"2"}}"#,
        ),
        (r#"{"optionalDependencies":{"pg":"1"}}"#, "{}"),
    ] {
        assert_eq!(of(manifest), expected, "{manifest}");
    }
}

#[test]
fn of_a_version_go_the_digits_alone() {
    for (declared, expected) in [
        ("8", r#""8""#),
        ("v8.1", r#""8.1""#),
        ("=8.1.0", r#""8.1.0""#),
        ("8.1.0-jane.1+doe", r#""8.1.0""#),
        (">=7", ""),
        ("7 || 8", ""),
        ("*", ""),
        ("latest", ""),
        ("workspace:*", ""),
        ("workspace:^8.1.0", ""),
        ("catalog:db", ""),
        ("npm:@acme/pg@8", ""),
        ("file:../../secret-client/vendored-pg", ""),
        ("git+ssh://git@git.acme.internal/forks/pg.git#main", ""),
        ("https://user:token@npm.acme.internal/pg.tgz", ""),
        ("acme/pg#8", ""),
        ("1.2.3.4", ""),
        ("99999.1.1", ""),
    ] {
        let expected = match expected {
            "" => r#"{"database":{"name":"postgresql"}}"#.to_owned(),
            version => format!(r#"{{"database":{{"name":"postgresql","version":{version}}}}}"#),
        };
        assert_eq!(of(&format!(r#"{{"dependencies":{{"pg":"{declared}"}}}}"#)), expected, "{declared}");
    }
}

#[test]
fn what_is_installed_comes_before_what_is_asked_for() {
    let manifest = r#"{"dependencies":{"pg":"^8.1"}}"#;
    for (installed, version) in [
        (r#"{"version":"8.11.3"}"#, "8.11.3"),
        (r#"{"version":"8.11.3-acme.2"}"#, "8.11.3"),
        (r#"{"version":"git+ssh://acme"}"#, "8.1"),
        (r#"{"version":8}"#, "8.1"),
        (r#"{"name":"pg"}"#, "8.1"),
        ("{", "8.1"),
    ] {
        let surroundings =
            Scripted::default().holding("package.json", manifest).holding("node_modules/pg/package.json", installed);
        let expected = format!(r#"{{"database":{{"name":"postgresql","version":"{version}"}}}}"#);
        assert_eq!(sent(&surroundings), expected, "{installed}");
    }
}

#[test]
fn a_manifest_that_is_none_is_absent() {
    let padding = " ".repeat(LONGEST as usize);
    let deep = "[".repeat(100_000);
    for manifest in [
        "",
        "{",
        "{ not json",
        "null",
        "false",
        "0",
        r#""""#,
        "\u{feff}{\"name\":\"shop\",\"dependencies\":{\"next\":\"1\"}}",
        &format!(r#"{{"name":"shop","dependencies":{{"next":"1"}}}}{padding}"#),
        &deep,
    ] {
        let surroundings = Scripted::default().holding("package.json", manifest);
        let shown: String = manifest.chars().take(40).collect();
        assert_eq!(sent(&surroundings), "{}", "{shown}");
        assert_eq!(name(manifest), None, "{shown}");
        // As where there is none, what is installed counts.
        let surroundings = surroundings.holding("node_modules/next/package.json", r#"{"version":"15.0.1"}"#);
        assert_eq!(sent(&surroundings), r#"{"framework":{"name":"next","version":"15.0.1"}}"#, "{shown}");
    }
}

#[test]
fn a_manifest_of_another_shape_has_nothing_in_it() {
    for manifest in [
        "[]",
        "7",
        "true",
        r#""next""#,
        "{}",
        r#"{"name":5,"dependencies":["next"]}"#,
        r#"{"name":{"a":1},"dependencies":"next"}"#,
        r#"{"name":"","dependencies":{"next":""}}"#,
        r#"{"name":null,"dependencies":{"next":null,"nuxt":false,"astro":0}}"#,
    ] {
        let surroundings = Scripted::default()
            .holding("package.json", manifest)
            .holding("node_modules/next/package.json", r#"{"version":"15.0.1"}"#);
        assert_eq!(sent(&surroundings), "{}", "{manifest}");
        assert_eq!(name(manifest), None, "{manifest}");
    }
    assert_eq!(of(r#"{"dependencies":{"next":{"v":1}}}"#), r#"{"framework":{"name":"next"}}"#);
}

#[test]
fn the_name_is_read_to_the_letter() {
    assert_eq!(name(r#"{"name":"@scope/日本-app"}"#).as_deref(), Some("@scope/日本-app"));
    assert_eq!(name(r#"{"name":" shop "}"#).as_deref(), Some(" shop "));
    assert_eq!(name(b"{\"name\":\"shop\xff\"}".as_slice()), None);
    assert_eq!(Scripted::default().seen_by(detect_name), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// Whatever the file holds, nothing panics, and what is sent is made of known words and digits.
    #[test]
    fn any_bytes_are_a_manifest(
        bytes in prop_oneof![
            any::<Vec<u8>>(),
            r#"\{"(name|dependencies)":(\{"(pg|next|[a-z]{3})":("\PC{0,12}"|[0-9]{1,6}|null|\[\])\}|"\PC{0,9}"|[0-9])\}?"#
                .prop_map(String::into_bytes),
        ],
        installed: bool,
    ) {
        let path = if installed { "node_modules/pg/package.json" } else { "package.json" };
        let surroundings = Scripted::default().holding(path, bytes.clone());
        let _: Option<String> = surroundings.seen_by(detect_name);
        let sent = sent(&surroundings);
        let rest = sent.replace(r#""name":"postgresql""#, "").replace(r#""name":"next""#, "");
        let rest = rest.replace(r#""database":"#, "").replace(r#""framework":"#, "").replace(r#""version":"#, "");
        prop_assert!(rest.chars().all(|letter| "{}\",.".contains(letter) || letter.is_ascii_digit()), "{}", sent);
    }
}
