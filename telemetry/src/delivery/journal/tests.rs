use super::*;
use crate::clock::Stamp;
use crate::delivery::retry::Rest;
use crate::event::Draft;

fn place(home: &tempfile::TempDir) -> Place {
    Place {
        state: Some(StateDirectory::at(home.path().join("acme/telemetry"))),
        application: "acme",
        destination: "http://localhost/".to_owned(),
    }
}

fn waiting(ticket: u64) -> Waiting {
    Waiting::fresh(ticket, Stamp::now(), Draft::of_length(200))
}

fn event(id: u64) -> StoredEvent {
    let body = "{}".to_owned();
    StoredEvent {
        id: id.to_string(),
        at: Stamp::now(),
        schema: String::new(),
        body,
        lacks_context: false,
        by_operator: false,
        is_ephemeral: false,
    }
}

impl Journal {
    fn keep_one(&self, waiting: &Waiting, event: StoredEvent, consent: &LiveConsent) -> bool {
        self.keep(&[(waiting, event)], consent);
        waiting.is_stored()
    }
}

fn files(journal: &Journal) -> Vec<String> {
    journal.state().map(|state| state.names("")).unwrap_or_default()
}

#[test]
fn what_is_settled_is_not_kept_any_more_and_what_is_kept_is_not_kept_twice() {
    let home = tempfile::tempdir().unwrap();
    let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given());
    let [first, second] = [1, 2].map(waiting);
    assert!(journal.keep_one(&first, event(1), &consent));
    let before = journal.survey().unwrap();
    assert!(journal.keep_one(&first, event(1), &consent));
    assert_eq!((before.events, journal.survey()), (1, Some(before)));

    journal.done(&[(&second, "2")]);
    assert!(!journal.keep_one(&second, event(2), &consent));
    journal.done(&[(&first, "1")]);
    journal.release();
    assert_eq!(files(&journal), ["salt"]);
}

#[test]
fn what_was_found_on_the_way_is_told() {
    let home = tempfile::tempdir().unwrap();
    let consent = LiveConsent::given();
    let (ended, journal) = (Journal::new(Some(place(&home))), Journal::new(Some(place(&home))));
    ended.keep_one(&waiting(1), event(1), &consent);
    ended.release();
    journal.keep_one(&waiting(2), event(2), &consent);
    let found = journal.found_on_the_way();
    assert_eq!(found.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["1"]);
    assert!(journal.found_on_the_way().is_empty());
}

/// In either order, and wherever the two meet.
#[test]
fn nothing_comes_back_when_the_user_says_no() {
    for _ in 0..100 {
        let home = tempfile::tempdir().unwrap();
        let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given_at(home.path()));
        consent.choose(true);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                consent.choose(false);
                journal.state().unwrap().erase().unwrap();
            });
            scope.spawn(|| journal.keep_one(&waiting(1), event(1), &consent));
        });
        assert_eq!(files(&journal), [""; 0]);
    }
}

#[test]
fn what_was_deleted_or_replaced_is_noticed_and_written_to_another_file() {
    type Harm = fn(&std::path::Path) -> std::io::Result<()>;
    let harms: [Harm; 3] = [
        |file| std::fs::remove_file(file),
        |file| std::fs::rename(file, file.ancestors().nth(3).unwrap().join("moved")),
        |file| std::fs::remove_dir_all(file.parent().unwrap()),
    ];
    for harm in harms {
        let home = tempfile::tempdir().unwrap();
        let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given());
        let [first, second] = [1, 2].map(waiting);
        assert!(journal.keep_one(&first, event(1), &consent) && !journal.take_gone());
        let spool = files(&journal).into_iter().find(|name| name.starts_with("spool-")).unwrap();
        harm(&journal.state().unwrap().path(&spool)).unwrap();
        assert!(journal.keep_one(&second, event(2), &consent), "it is in a file that others find");
        assert!(journal.take_gone() && !journal.take_gone());
        assert_eq!(journal.survey().unwrap().events, 1);
    }
}

#[test]
fn a_file_that_was_deleted_is_no_problem_for_an_event_that_is_done() {
    let home = tempfile::tempdir().unwrap();
    let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given());
    let [first, second] = [1, 2].map(waiting);
    assert!(journal.keep_one(&first, event(1), &consent));
    let spool = files(&journal).into_iter().find(|name| name.starts_with("spool-")).unwrap();
    std::fs::remove_file(journal.state().unwrap().path(&spool)).unwrap();
    journal.done(&[(&first, "1")]);
    assert_eq!(journal.found().1, None);
    assert!(journal.keep_one(&second, event(2), &consent) && journal.survey().unwrap().events == 1);
}

#[test]
fn many_events_are_written_with_one_write_as_far_as_there_is_room() {
    let home = tempfile::tempdir().unwrap();
    let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given());
    let waiting: Vec<Waiting> = (0..600).map(waiting).collect();
    let events: Vec<ToKeep<'_>> = waiting.iter().zip(0..).map(|(waiting, id)| (waiting, event(id))).collect();
    journal.keep(&events, &consent);
    assert_eq!(waiting.iter().filter(|waiting| waiting.is_stored()).count(), 500);
    assert!(waiting[499].is_stored() && journal.found().1 == Some(Problem::Full));
}

#[test]
fn a_pause_is_kept_beside_the_spool_until_it_is_over_or_the_user_says_no() {
    let home = tempfile::tempdir().unwrap();
    let [one, other] = [(); 2].map(|()| Journal::new(Some(place(&home))));
    let elsewhere = Journal::new(Some(Place { destination: "http://localhost/other".to_owned(), ..place(&home) }));
    let rest: Rest =
        serde_json::from_str(r#"{"at":17,"seconds":60,"failures":2,"event":"ab-1","obstacle":{"answer":503}}"#)
            .unwrap();
    let given = LiveConsent::given();
    one.keep_one(&waiting(1), event(1), &given);
    one.set_rest(Some(&rest), &given);
    assert_eq!((one.rest(), other.rest(), elsewhere.rest()), (Some(rest.clone()), Some(rest.clone()), None));
    other.set_rest(None, &given);
    assert_eq!(one.rest(), None);
    one.set_rest(Some(&rest), &given);
    let over: Rest =
        serde_json::from_str(r#"{"at":17,"seconds":60,"failures":0,"event":"ab-1","obstacle":{"answer":503}}"#)
            .unwrap();
    assert!(!over.is_pause());
    other.release();
    other.set_rest(Some(&over), &given);
    assert_eq!(one.rest(), None, "a pause that is over does not stay, also where nothing more is written");
    one.set_rest(Some(&rest), &given);
    std::fs::write(one.state().unwrap().path("pause-0000000000000000.json"), "{").unwrap();
    let consent = LiveConsent::given_at(home.path());
    consent.choose(false);
    one.erase(&consent);
    assert_eq!(files(&one), [""; 0]);
    one.set_rest(Some(&rest), &consent);
    assert_eq!(files(&one), [""; 0]);
}

/// A program whose events are all delivered opens no spool.
#[test]
fn what_was_learned_of_batches_is_kept_without_a_spool() {
    let home = tempfile::tempdir().unwrap();
    let [one, other] = [(); 2].map(|()| Journal::new(Some(place(&home))));
    let lesson: Rest = serde_json::from_str(
        r#"{"at":17,"seconds":0,"failures":0,"event":"","obstacle":null,
            "batches":{"at":17,"seconds":3600,"bytes":0,"rounds":1,"memory":90000}}"#,
    )
    .unwrap();
    one.set_rest(Some(&lesson), &LiveConsent::given());
    assert_eq!(other.rest(), Some(lesson));
    assert!(files(&one).iter().all(|name| !name.starts_with(spool::PREFIX)), "{:?}", files(&one));
}

#[test]
fn no_pause_is_written_after_a_no() {
    let home = tempfile::tempdir().unwrap();
    let (journal, consent) = (Journal::new(Some(place(&home))), LiveConsent::given_at(home.path()));
    let rest: Rest =
        serde_json::from_str(r#"{"at":17,"seconds":60,"failures":2,"event":"ab-1","obstacle":null}"#).unwrap();
    consent.choose(false);
    journal.set_rest(Some(&rest), &consent);
    assert_eq!(files(&journal), [""; 0]);
}
