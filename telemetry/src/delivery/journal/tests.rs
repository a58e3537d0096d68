use super::*;
use crate::event::Draft;

fn place(home: &tempfile::TempDir) -> Place {
    Place {
        state: Some(State::at(home.path().join("acme/telemetry"))),
        application: "acme",
        destination: "http://localhost/".to_owned(),
    }
}

fn waiting(ticket: u64) -> Waiting {
    Waiting::fresh(ticket, Draft::of_length(200))
}

fn event(id: u64) -> Stored {
    Stored { id: id.to_string(), at: now(), schema: String::new(), body: "{}".to_owned() }
}

fn files(journal: &Journal) -> Vec<String> {
    journal.state().map(|state| state.names("")).unwrap_or_default()
}

#[test]
fn what_is_settled_is_not_kept_any_more_and_what_is_kept_is_not_kept_twice() {
    let home = tempfile::tempdir().unwrap();
    let (journal, standing) = (Journal::new(Some(place(&home))), Standing::given());
    let [first, second] = [1, 2].map(waiting);
    assert!(journal.keep(&first, &event(1), &standing) && first.is_stored());
    let before = journal.survey().unwrap();
    assert!(journal.keep(&first, &event(1), &standing));
    assert_eq!((before.events, journal.survey()), (1, Some(before)));

    journal.done(&second, "2");
    assert!(journal.keep(&second, &event(2), &standing) && !second.is_stored());
    journal.done(&first, "1");
    journal.release();
    assert_eq!(files(&journal), ["salt"]);
}

#[test]
fn what_was_found_on_the_way_is_told() {
    let home = tempfile::tempdir().unwrap();
    let standing = Standing::given();
    let (ended, journal) = (Journal::new(Some(place(&home))), Journal::new(Some(place(&home))));
    ended.keep(&waiting(1), &event(1), &standing);
    ended.release();
    journal.keep(&waiting(2), &event(2), &standing);
    let found = journal.found_on_the_way();
    assert_eq!(found.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["1"]);
    assert!(journal.found_on_the_way().is_empty());
}

/// Whichever of the two comes first, and wherever the one meets the other.
#[test]
fn nothing_comes_back_when_the_user_says_no() {
    for _ in 0..100 {
        let home = tempfile::tempdir().unwrap();
        let (journal, standing) = (Journal::new(Some(place(&home))), Standing::given_at(home.path()));
        standing.choose(true);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                standing.choose(false);
                journal.state().unwrap().erase().unwrap();
            });
            scope.spawn(|| journal.keep(&waiting(1), &event(1), &standing));
        });
        assert_eq!(files(&journal), [""; 0]);
    }
}
