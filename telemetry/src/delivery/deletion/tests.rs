use std::sync::atomic::AtomicUsize;

use base64ct::{Base64, Encoding as _};

use super::*;
use crate::clock::tests::Hand;

const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A user under whose id events were sent, and who said no; their clock, and the answers of the receiver.
struct World {
    home: tempfile::TempDir,
    hand: Hand,
    bodies: Arc<Mutex<Vec<(String, String)>>>,
}

fn id() -> String {
    Base64::encode_string(&[7; 32])
}

fn event() -> String {
    format!(r#"{{"type":"started","payload":{{}},"anonymousId":"{}"}}"#, id())
}

impl World {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), hand: Hand::new(), bodies: Arc::default() }
    }

    fn after_a_no() -> Self {
        let world = Self::new();
        let file = DeletionStore::at(world.home.path());
        file.choose(true);
        let deletion = world.client("a", || Ok(()));
        assert!(deletion.prepare(&event(), &LiveConsent::given()));
        // The no is stored with this clock.
        std::fs::write(world.home.path().join("acme/telemetry-consent"), "disabled\n").unwrap();
        file.change(world.hand.clock().stamp(), |_| Some(()));
        world
    }

    fn client(
        &self,
        to: &str,
        answer: impl Fn() -> Result<(), SendError> + std::marker::Send + Sync + 'static,
    ) -> Deletion {
        let bodies = Arc::clone(&self.bodies);
        let send = move |key: &str, body: &str| {
            bodies.lock().unwrap().push((key.to_owned(), body.to_owned()));
            answer()
        };
        let file = DeletionStore::at(self.home.path());
        let consent = Consent::new("ACME", "acme");
        Deletion { clock: self.hand.clock(), ..Deletion::new(consent, file, to.to_owned(), Box::new(send)) }
    }

    fn bodies(&self) -> Vec<(String, String)> {
        self.bodies.lock().unwrap().clone()
    }
}

#[test]
fn it_is_sent_once_and_holds_the_id_alone() {
    let world = World::after_a_no();
    let client = world.client("a", || Ok(()));
    assert_eq!(client.survey(), DeletionSurvey { waiting: 1, ..DeletionSurvey::default() });
    for _ in 0..3 {
        assert_eq!(client.send_due(), None);
    }
    let bodies = world.bodies();
    assert_eq!(bodies.len(), 1);
    assert_eq!(bodies[0].1, format!(r#"{{"type":"deletion","anonymousId":"{}"}}"#, id()));
    assert!(matches!(
        client.survey(),
        DeletionSurvey { waiting: 0, is_held: false, last: Some((DeletionEnd::Sent, _)) }
    ));
    let file = std::fs::read_to_string(world.home.path().join("acme/telemetry-deletion")).unwrap();
    assert!(!file.contains(&id()), "nothing is left to ask for: {file}");
}

#[test]
fn without_a_no_nothing_is_sent() {
    let world = World::new();
    DeletionStore::at(world.home.path()).choose(true);
    let client = world.client("a", || Ok(()));
    assert!(client.prepare(&event(), &LiveConsent::given()));
    assert_eq!((client.send_due(), client.come_first()), (None, None));
    assert_eq!((world.bodies(), client.survey()), (vec![], DeletionSurvey::default()));
}

#[test]
fn an_id_under_which_nothing_can_have_left_is_asked_for_only_if_another_process_or_attempt_used_it() {
    for (attempts, is_shared, is_asked) in [
        (&[false][..], false, false),
        (&[false, false], false, false),
        (&[true], false, true),
        (&[false, true], false, true),
        (&[true, false], false, true),
        (&[false], true, true),
        // It was killed.
        (&[], false, true),
    ] {
        let world = World::new();
        DeletionStore::at(world.home.path()).choose(true);
        let client = world.client("a", || Ok(()));
        if attempts.is_empty() {
            assert!(client.prepare(&event(), &LiveConsent::given()));
        }
        for may_have_left in attempts {
            assert!(client.prepare(&event(), &LiveConsent::given()));
            if is_shared {
                assert!(world.client("a", || Ok(())).prepare(&event(), &LiveConsent::given()));
            }
            client.attempted(*may_have_left);
        }
        DeletionStore::at(world.home.path()).choose(false);
        client.send_due();
        assert_eq!(world.bodies().len(), usize::from(is_asked), "{attempts:?} {is_shared}");
    }
}

#[test]
fn only_the_receiver_of_the_events_is_asked() {
    let world = World::after_a_no();
    let other = world.client("b", || Ok(()));
    assert_eq!((other.send_due(), world.bodies().len(), other.survey().waiting), (None, 0, 0));
}

#[test]
fn a_failure_is_tried_again_by_any_process_once_its_pause_is_over_and_under_the_same_key() {
    let world = World::after_a_no();
    let first = world.client("a", || Err(SendError::RetryAfter(HOUR)));
    let wait = first.send_due().unwrap();
    assert!((HOUR..=HOUR + HOUR / 2).contains(&wait), "{wait:?}");
    let second = world.client("a", || Ok(()));
    assert!(second.come_first().is_some() && world.bodies().len() == 1, "the pause holds for all");
    world.hand.pass(wait + Duration::from_secs(2));
    assert_eq!((second.come_first(), second.come_first()), (None, None));
    let bodies = world.bodies();
    assert!(bodies.len() == 2 && bodies[0] == bodies[1], "{bodies:?}");
}

#[test]
fn pauses_grow() {
    let world = World::after_a_no();
    let client = world.client("a", || Err(SendError::Retry));
    let pauses: Vec<Duration> = (0..6)
        .map(|_| {
            let pause = client.send_due().unwrap();
            world.hand.pass(pause + Duration::from_secs(1));
            pause
        })
        .collect();
    assert_eq!(world.bodies().len(), 6);
    assert!(pauses[5] > pauses[0] * 4, "{pauses:?}");
}

#[test]
fn it_expires_after_seven_days() {
    let world = World::after_a_no();
    let client = world.client("a", || Err(SendError::Retry));
    assert!(client.send_due().is_some());
    world.hand.pass(7 * DAY);
    assert!(client.send_due().is_some() && world.bodies().len() == 2, "it is seven days old, not older");
    world.hand.pass(HOUR);
    assert_eq!(client.send_due(), None);
    assert_eq!(world.bodies().len(), 2);
    assert!(matches!(
        client.survey(),
        DeletionSurvey { waiting: 0, is_held: false, last: Some((DeletionEnd::Expired, _)) }
    ));
}

#[test]
fn a_refusal_ends_it() {
    let world = World::after_a_no();
    let client = world.client("a", || Err(SendError::Refused));
    assert_eq!((client.send_due(), client.send_due()), (None, None));
    assert_eq!(world.bodies().len(), 1);
    assert!(matches!(client.survey().last, Some((DeletionEnd::Refused, _))));
}

#[test]
fn two_processes_at_once_send_it_once() {
    for _ in 0..20 {
        let world = World::after_a_no();
        let sent = Arc::new(AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let sent = Arc::clone(&sent);
                let client = world.client("a", move || {
                    sent.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                });
                scope.spawn(move || client.send_due());
            }
        });
        assert_eq!(sent.load(Ordering::SeqCst), 1);
    }
}

/// A process that is killed while it sends leaves a pause, after which another one sends under the same key.
#[test]
fn what_a_killed_process_was_sending_is_sent_by_another_a_little_later() {
    let world = World::after_a_no();
    let killed = world.client("a", || Ok(()));
    assert!(matches!(killed.step(), Step::Send(_)));
    let other = world.client("a", || Ok(()));
    assert!(other.send_due().is_some_and(|wait| wait <= retry::TIME_TO_DELETE));
    world.hand.pass(retry::TIME_TO_DELETE + Duration::from_secs(1));
    assert_eq!((other.send_due(), world.bodies().len()), (None, 1));
}

#[test]
fn a_file_that_somebody_changed_is_no_reason_to_panic_or_to_wait() {
    let world = World::after_a_no();
    let path = world.home.path().join("acme/telemetry-deletion");
    let stamp = world.hand.clock().stamp();
    let file = std::fs::read_to_string(&path).unwrap();
    let changed = file.replace(&format!(r#""up":{}"#, stamp.up.unwrap()), &format!(r#""up":{}"#, i64::MIN));
    assert_ne!(changed, file);
    std::fs::write(&path, changed).unwrap();
    let client = Arc::new(world.client("a", || Ok(())));
    client.start();
    client.wait(HOUR);
    assert_eq!(world.bodies().len(), 1);
}

#[test]
fn a_pause_that_the_receiver_asks_for_holds_for_all_ids() {
    let world = World::new();
    let file = DeletionStore::at(world.home.path());
    file.choose(true);
    for byte in 0..3 {
        assert!(file.prepare("a", &Base64::encode_string(&[byte; 32]), || true).is_some());
    }
    std::fs::write(world.home.path().join("acme/telemetry-consent"), "disabled\n").unwrap();
    let client = world.client("a", || Err(SendError::RetryAfter(HOUR)));
    assert!(client.send_due().is_some());
    assert_eq!(world.bodies().len(), 1);
}

#[test]
fn what_no_client_asks_for_expires_too() {
    let world = World::after_a_no();
    world.hand.pass(8 * DAY);
    let other = world.client("b", || Ok(()));
    assert_eq!((other.send_due(), world.bodies().len()), (None, 0));
    let file = std::fs::read_to_string(world.home.path().join("acme/telemetry-deletion")).unwrap();
    assert!(!file.contains(&id()), "{file}");
}

#[test]
fn a_program_that_ends_before_the_answer_leaves_a_pause_that_grows() {
    let world = World::after_a_no();
    let mut pauses = Vec::new();
    for _ in 0..12 {
        let Step::Send(due) = world.client("a", || Ok(())).step() else { panic!("nothing is due") };
        let (_, seconds) = due.pause.unwrap();
        pauses.push(seconds);
        world.hand.pass(Duration::from_secs(seconds + 1));
    }
    assert!(pauses[0] >= retry::TIME_TO_DELETE.as_secs() && pauses[11] > 5 * pauses[0], "{pauses:?}");
}
