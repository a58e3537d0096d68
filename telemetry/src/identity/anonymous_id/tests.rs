use super::*;

const KEY: &str = "kq3hTzBzG0uWZQ8r0vCw3m1mXyTq0bV5o5m3yQv3n1A=";

fn subject(project: &'static str, base_url: &'static str) -> Subject<'static> {
    let some = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    Subject { application: "acme", project: some(project), base_url: some(base_url), series: "5e71e5" }
}

fn per_project() -> AnonymousId {
    AnonymousId::PerProject { key: KEY.to_owned() }
}

fn state() -> (tempfile::TempDir, StateDirectory) {
    let home = tempfile::tempdir().unwrap();
    let state = StateDirectory::at(home.path().join("acme"));
    (home, state)
}

#[test]
fn the_placeholder_is_as_long_and_is_no_id() {
    assert_eq!(PLACEHOLDER.len(), LENGTH);
    assert!(PLACEHOLDER.contains('-'), "no id has such a character");
}

#[test]
fn every_id_has_the_fixed_form() {
    let (_home, state) = state();
    for kind in [AnonymousId::PerInstall, per_project(), AnonymousId::PerProjectUnkeyed] {
        for state in [Some(&state), None] {
            for subject in [subject("shop", "https://acme.example"), subject("", "")] {
                let ResolvedId { id, .. } = ResolvedId::of(&kind, &subject, state);
                assert_eq!(id.len(), LENGTH);
                assert!(id.ends_with('=') && !id.ends_with("=="), "32 bytes have one character of padding: {id}");
            }
        }
    }
}

/// The expected values were recorded from the original: the SHA-256 of the base URL and the package's name.
#[test]
fn without_a_key_it_is_the_original() {
    let id = |project, base_url| ResolvedId::of(&AnonymousId::PerProjectUnkeyed, &subject(project, base_url), None);
    let abc = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    assert_eq!(id("c", "ab"), ResolvedId { id: abc.into(), is_ephemeral: false, is_provisional: false });
    assert_eq!(id("", "abc").id, abc);
    assert!(id("", "").is_ephemeral);
}

#[test]
fn an_id_lasts_as_long_as_its_inputs_and_differs_with_each() {
    let (_home, state) = state();
    for kind in [AnonymousId::PerInstall, per_project()] {
        let id = |subject: &Subject<'_>| ResolvedId::of(&kind, subject, Some(&state));
        let one = id(&subject("shop", "https://acme.example"));
        assert!(!one.is_ephemeral);
        assert_eq!(one, id(&Subject { series: "other", ..subject("shop", "https://acme.example") }));
        let others = [
            subject("shop2", "https://acme.example"),
            subject("shop", "https://acme.example/"),
            subject("shophttps://acme.example", ""),
            subject("", "shophttps://acme.example"),
            subject("", ""),
            Subject { project: Some(""), ..subject("", "") },
            Subject { base_url: Some(""), ..subject("", "") },
            Subject { application: "acme2", ..subject("shop", "https://acme.example") },
        ];
        let mut ids: Vec<String> = others.iter().map(|other| id(other).id).chain([one.id]).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), others.len() + 1);
    }
}

#[test]
fn another_key_or_another_home_gives_another_id() {
    let ((_one, one), (_two, two)) = (state(), state());
    let subject = subject("shop", "https://acme.example");
    let id = |kind: &AnonymousId, state: &StateDirectory| ResolvedId::of(kind, &subject, Some(state));
    assert_ne!(id(&AnonymousId::PerInstall, &one), id(&AnonymousId::PerInstall, &two));
    assert_eq!(id(&per_project(), &one), id(&per_project(), &two));
    let other = AnonymousId::PerProject { key: KEY.replace('k', "K") };
    assert_ne!(id(&per_project(), &one), id(&other, &one));
    let padded = AnonymousId::PerProject { key: format!(" {KEY}\n") };
    assert_eq!(id(&per_project(), &one), id(&padded, &one), "a file ends with a line break");
}

#[test]
fn without_a_place_for_the_salt_the_id_is_of_the_process() {
    let (home, _) = state();
    std::fs::write(home.path().join("acme"), "a file in the place of a directory").unwrap();
    let unusable = StateDirectory::at(home.path().join("acme"));
    for state in [None, Some(&unusable)] {
        let id = |series| ResolvedId::of(&AnonymousId::PerInstall, &Subject { series, ..subject("shop", "") }, state);
        assert!(id("one").is_ephemeral);
        assert_eq!(id("one"), id("one"));
        assert_ne!(id("one"), id("two"));
    }
}

#[test]
fn a_key_has_128_random_bits_as_far_as_can_be_seen() {
    let check = |key: &str| AnonymousId::PerProject { key: key.to_owned() }.check();
    for key in
        [KEY, "9f86d081884c7d659a2feaa0c55ad015", "n4bQgYhMfWWaL+qgxVrQFa", " 9f86d081884c7d659a2feaa0c55ad015\n"]
    {
        assert_eq!(check(key), Ok(()), "{key}");
    }
    for key in [
        "",
        "secret",
        "hunter2-hunter2-hunter2",
        "n4bQgYhMfWWaL+qgxVrQF",
        "9f86d081884c7d659a2feaa0c55ad01",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabcabcabcabcabcabcabc",
        "                                            ",
    ] {
        assert_eq!(check(key), Err(WeakKey), "{key}");
    }
    assert_eq!(AnonymousId::PerInstall.check(), Ok(()));
}

#[test]
fn the_key_is_not_printed() {
    assert_eq!(format!("{:?}", per_project()), "PerProject { .. }");
}

/// Copies of an image have the same salt, and a restarted machine keeps its facts.
#[test]
fn copies_of_a_machine_have_ids_of_their_own() {
    let (_home, state) = state();
    let machine = |id: &str| {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("etc")).unwrap();
        std::fs::write(root.path().join("etc/machine-id"), id).unwrap();
        ResolvedId::on_machine(root.path(), &AnonymousId::PerInstall, &subject("shop", ""), Some(&state))
    };
    let one = machine("4b1d");
    assert!(!one.is_ephemeral);
    assert_eq!(machine("4b1d\n"), one);
    assert_ne!(machine("4b1e"), one);
    assert_ne!(machine(""), one);
}
