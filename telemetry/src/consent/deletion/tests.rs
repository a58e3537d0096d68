use super::*;

const TO: &str = "0123456789abcdef";

fn id(byte: u8) -> String {
    Base64::encode_string(&[byte; 32])
}

fn states(file: &DeletionStore) -> Vec<(&'static str, String)> {
    let state = |request: DeletionRequest| match request.state {
        RequestState::Prepared(subject) => ("prepared", subject.id),
        RequestState::Due(due) => ("due", due.subject.id),
        RequestState::Done { .. } => ("done", String::new()),
    };
    file.read().all.into_iter().map(state).collect()
}

#[test]
fn a_no_makes_due_what_a_yes_has_prepared() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    for _ in 0..2 {
        assert!(file.prepare(TO, &id(1), || true).is_some());
    }
    assert_eq!(states(&file), [("prepared", id(1))]);
    file.choose(false);
    assert_eq!(states(&file), [("due", id(1))]);
    let due = file.read();
    file.choose(false);
    assert_eq!(file.read(), due, "a second no asks for nothing more");
    file.choose(true);
    assert!(file.prepare(TO, &id(2), || true).is_some());
    assert_eq!(states(&file), [("due", id(1)), ("prepared", id(2))], "a yes takes nothing back");
}

#[test]
fn nothing_is_prepared_once_the_user_has_said_no() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(false);
    assert_eq!(file.prepare(TO, &id(1), || !file.is_no()), None);
    assert_eq!(states(&file), []);
    assert!(!home.path().join("acme/telemetry-deletion").exists());
}

/// The process that stored the no was killed before it marked the request.
#[test]
fn a_request_that_was_not_marked_is_due_under_a_stored_no() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    assert!(file.prepare(TO, &id(1), || true).is_some());
    std::fs::write(home.path().join("acme/telemetry-consent"), "disabled\n").unwrap();
    assert_eq!(states(&file), [("prepared", id(1))]);
    file.change(Stamp::now(), |_| Some(()));
    assert_eq!(states(&file), [("due", id(1))]);
}

#[test]
fn the_file_is_bounded_and_drops_what_matters_least() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    assert!(file.prepare(TO, &id(0), || true).is_some());
    file.choose(false);
    file.choose(true);
    for number in 1..100 {
        assert!(file.prepare(TO, &id(number), || true).is_some());
    }
    let states = states(&file);
    assert_eq!((states.len(), &states[0]), (DELETION_REQUESTS, &("due", id(0))));
    assert_eq!(states.last(), Some(&("prepared", id(99))));
    let length = std::fs::metadata(home.path().join("acme/telemetry-deletion")).unwrap().len();
    assert!(length < crate::storage::paths::DELETION_BYTES as u64);
}

#[test]
fn only_what_has_the_form_of_an_id_is_read() {
    let key = format!("{}-0", "0".repeat(32));
    let line = |id: &str, key: &str| {
        format!(r#"{{"to":"{TO}","state":{{"prepared":{{"id":"{id}","key":"{key}"}}}}}}"#).into_bytes()
    };
    assert_eq!(DeletionRequests::parse(&line(&id(1), &key)).all.len(), 1);
    for (id, key) in [
        ("jane@acme.dev", &*key),
        ("", &key),
        (&"A".repeat(44), &key),
        (crate::identity::anonymous_id::PLACEHOLDER, &key),
        (&id(1), "jane"),
        (&id(1), "0-0"),
    ] {
        assert_eq!(DeletionRequests::parse(&line(id, key)).all, [], "{id} {key}");
    }
    for other in [&b""[..], b"{}", b"\xff\n", b"{\"to\":\"\",\"state\":{\"due\":{}}}"] {
        assert_eq!(DeletionRequests::parse(other).all, []);
    }
}

#[test]
fn the_newest_id_is_kept_beside_many_that_are_due() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    for number in 0..DELETION_REQUESTS {
        file.choose(true);
        assert!(file.prepare(TO, &id(number as u8), || true).is_some());
        file.choose(false);
    }
    file.choose(true);
    assert!(file.prepare(TO, &id(99), || true).is_some());
    assert_eq!(states(&file).last(), Some(&("prepared", id(99))));
}

/// Root can read what nobody may read, but cannot follow a link that leads to itself.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_not_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    let path = home.path().join("acme/telemetry-deletion");
    std::os::unix::fs::symlink(&path, &path).unwrap();
    assert_eq!(file.prepare(TO, &id(1), || true), None);
    assert!(path.is_symlink());
}

#[test]
fn an_id_is_taken_back_by_the_process_that_wrote_it_down_unless_another_one_uses_it() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    let Some(Noted::Now(key)) = file.prepare(TO, &id(1), || true) else { panic!("it is new") };
    file.take_back("another key");
    assert_eq!(states(&file), [("prepared", id(1))]);
    file.take_back(&key);
    assert_eq!(states(&file), []);

    let Some(Noted::Now(key)) = file.prepare(TO, &id(1), || true) else { panic!("it is new") };
    assert_eq!(file.prepare(TO, &id(1), || true), Some(Noted::Before), "by another process");
    file.take_back(&key);
    assert_eq!(states(&file), [("prepared", id(1))]);

    let Some(Noted::Now(key)) = file.prepare(TO, &id(2), || true) else { panic!("it is new") };
    file.choose(false);
    file.take_back(&key);
    assert_eq!(states(&file), [("due", id(1)), ("due", id(2))], "what is due may be on its way already");
}

/// As a version wrote it that did not tell who uses the id.
#[test]
fn an_id_of_an_unknown_writer_is_not_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let file = DeletionStore::at(home.path());
    file.choose(true);
    let Some(Noted::Now(key)) = file.prepare(TO, &id(1), || true) else { panic!("it is new") };
    let path = home.path().join("acme/telemetry-deletion");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(",\"is_of_one\":true", "")).unwrap();
    assert_ne!(text, std::fs::read_to_string(&path).unwrap());
    file.take_back(&key);
    assert_eq!(states(&file), [("prepared", id(1))]);
}
