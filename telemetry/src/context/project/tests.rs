use proptest::prelude::*;

use super::*;
use crate::context::fake_machine::FakeMachine;
use crate::snapshot::Snapshot;

/// The database and the framework, as they are sent.
fn sent(machine: &FakeMachine) -> String {
    let context: Context = machine.run(detect);
    let only = Context { database: context.database, framework: context.framework, ..Context::default() };
    Snapshot::of(&only).unwrap().as_json().replace(r#","systemInfo":{}"#, "").replace(r#""systemInfo":{}"#, "")
}

fn of(manifest: &str) -> String {
    sent(&FakeMachine::default().with_file("package.json", manifest))
}

fn name(manifest: impl Into<Vec<u8>>) -> Option<String> {
    FakeMachine::default().with_file("package.json", manifest).run(detect_name)
}

#[test]
fn each_known_package_has_its_name() {
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
            FakeMachine::default().with_file(&format!("node_modules/{package}/package.json"), r#"{"version":"1.2"}"#);
        assert_eq!(sent(&installed), expected, "{package}, installed");
    }
}

/// Remix is built on other frameworks. The databases that Better Auth does not know come last, so that its finds win.
#[test]
fn the_first_package_of_the_table_wins() {
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
fn only_the_digits_of_a_version_are_sent() {
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
fn the_installed_version_comes_before_the_declared_one() {
    let manifest = r#"{"dependencies":{"pg":"^8.1"}}"#;
    for (installed, version) in [
        (r#"{"version":"8.11.3"}"#, "8.11.3"),
        (r#"{"version":"8.11.3-acme.2"}"#, "8.11.3"),
        (r#"{"version":"git+ssh://acme"}"#, "8.1"),
        (r#"{"version":8}"#, "8.1"),
        (r#"{"name":"pg"}"#, "8.1"),
        ("{", "8.1"),
    ] {
        let machine = FakeMachine::default()
            .with_file("package.json", manifest)
            .with_file("node_modules/pg/package.json", installed);
        let expected = format!(r#"{{"database":{{"name":"postgresql","version":"{version}"}}}}"#);
        assert_eq!(sent(&machine), expected, "{installed}");
    }
}

#[test]
fn an_invalid_manifest_counts_as_absent() {
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
        let machine = FakeMachine::default().with_file("package.json", manifest);
        let shown: String = manifest.chars().take(40).collect();
        assert_eq!(sent(&machine), "{}", "{shown}");
        assert_eq!(name(manifest), None, "{shown}");
        // As without a manifest, the installed packages count.
        let machine = machine.with_file("node_modules/next/package.json", r#"{"version":"15.0.1"}"#);
        assert_eq!(sent(&machine), r#"{"framework":{"name":"next","version":"15.0.1"}}"#, "{shown}");
    }
}

#[test]
fn a_manifest_of_another_shape_names_no_packages() {
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
        let machine = FakeMachine::default()
            .with_file("package.json", manifest)
            .with_file("node_modules/next/package.json", r#"{"version":"15.0.1"}"#);
        assert_eq!(sent(&machine), "{}", "{manifest}");
        assert_eq!(name(manifest), None, "{manifest}");
    }
    assert_eq!(of(r#"{"dependencies":{"next":{"v":1}}}"#), r#"{"framework":{"name":"next"}}"#);
}

#[test]
fn the_name_is_read_unchanged() {
    assert_eq!(name(r#"{"name":"@scope/日本-app"}"#).as_deref(), Some("@scope/日本-app"));
    assert_eq!(name(r#"{"name":" shop "}"#).as_deref(), Some(" shop "));
    assert_eq!(name(b"{\"name\":\"shop\xff\"}".as_slice()), None);
    assert_eq!(FakeMachine::default().run(detect_name), None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// For any bytes in the file, nothing panics, and only known words and digits are sent.
    #[test]
    fn any_bytes_can_be_read(
        bytes in prop_oneof![
            any::<Vec<u8>>(),
            r#"\{"(name|dependencies)":(\{"(pg|next|[a-z]{3})":("\PC{0,12}"|[0-9]{1,6}|null|\[\])\}|"\PC{0,9}"|[0-9])\}?"#
                .prop_map(String::into_bytes),
        ],
        installed: bool,
    ) {
        let path = if installed { "node_modules/pg/package.json" } else { "package.json" };
        let machine = FakeMachine::default().with_file(path, bytes.clone());
        let _: Option<String> = machine.run(detect_name);
        let sent = sent(&machine);
        let rest = sent.replace(r#""name":"postgresql""#, "").replace(r#""name":"next""#, "");
        let rest = rest.replace(r#""database":"#, "").replace(r#""framework":"#, "").replace(r#""version":"#, "");
        prop_assert!(rest.chars().all(|letter| "{}\",.".contains(letter) || letter.is_ascii_digit()), "{}", sent);
    }
}
