//! The order of a set, or of a map that has none of its own, is not sent: equal values give equal snapshots.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};
use telemetry::schema::walk::{Place, Value, Visitor};
use telemetry::schema::{Kind, Schema, Words};
use telemetry::snapshot::Recorder;
use telemetry::{Snapshot, TelemetrySnapshot};

use super::{field, json};

#[derive(TelemetrySnapshot, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[telemetry(rename_all = "lowercase")]
enum Word {
    Zoom,
    Mail,
    Chat,
}

/// Whose order is that of a value that is not sent.
#[derive(TelemetrySnapshot, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Port {
    #[telemetry(skip)]
    number: u32,
    #[telemetry(number(max = 999))]
    clients: u32,
}

const fn port(number: u32, clients: u32) -> Port {
    Port { number, clients }
}

#[test]
fn a_set_of_enums_is_a_set_of_words() {
    use Word::{Chat, Mail, Zoom};
    field!(#[telemetry(each)] HashSet<Word> { HashSet::from([Chat, Zoom]) => r#"["zoom","chat"]"#, HashSet::new() => "[]" });
    field!(#[telemetry(each)] IndexSet<Word> { IndexSet::from([Chat, Mail, Zoom]) => r#"["zoom","mail","chat"]"# });
    field!(#[telemetry(each(max = 1))] Option<Rc<IndexSet<Word>>> { Some(Rc::new(IndexSet::from([Chat, Mail]))) => r#"["mail"]"#, None => None });
    field!(#[telemetry(each)] BTreeSet<Option<Word>> { BTreeSet::from([None, Some(Mail)]) => r#"["mail"]"# });
    field!(#[telemetry(each, with = |all: &Vec<Word>| all.iter().copied().collect::<HashSet<_>>())] Vec<Word> { vec![Chat, Zoom] => r#"["zoom","chat"]"# });
    field!(#[telemetry(each(one_of("z", "a")))] IndexSet<String> { IndexSet::from(["a".into(), "z".into()]) => r#"["z","a"]"# });
}

#[derive(TelemetrySnapshot)]
#[telemetry(budget_bits = 13)]
struct Sets {
    #[telemetry(each)]
    hashed: HashSet<Word>,
    #[telemetry(each)]
    sorted: Option<BTreeSet<Word>>,
    #[telemetry(each(one_of("a", "b", other = "c")))]
    texts: IndexSet<String>,
    #[telemetry(each, with = |all: &Vec<Word>| all.iter().copied().collect::<IndexSet<_>>())]
    computed: Vec<Word>,
}

#[test]
fn a_set_of_words_is_declared_as_one() {
    #[derive(Default)]
    struct Kinds(Vec<&'static str>);
    impl Visitor<'_> for Kinds {
        fn value(&mut self, _: &Place<'_, '_>, value: Value<'_>) {
            self.0.push(value.kind());
        }
    }
    let mut kinds = Kinds::default();
    Sets::SCHEMA.walk(&mut kinds);
    assert_eq!(kinds.0, ["set"; 4]);
    assert_eq!(Sets::SCHEMA.bits(), 3 + 4 + 3 + 3);
}

#[test]
fn items_of_other_kinds_are_in_the_order_of_what_is_sent() {
    let both = r#"[{"clients":10},{"clients":2}]"#;
    field!(#[telemetry(each)] BTreeSet<Port> { BTreeSet::from([port(1, 2), port(2, 10)]) => both, BTreeSet::from([port(2, 2), port(1, 10)]) => both });
    field!(#[telemetry(each)] IndexSet<Port> { IndexSet::from([port(1, 2), port(2, 10)]) => both, IndexSet::from([port(2, 10), port(1, 2)]) => both });
    field!(#[telemetry(each)] BTreeSet<Port> { BTreeSet::from([port(1, 7), port(2, 7)]) => r#"[{"clients":7},{"clients":7}]"# });
    field!(#[telemetry(each(max = 1))] BTreeSet<Port> { BTreeSet::from([port(1, 7), port(2, 5)]) => r#"[{"clients":5}]"# });
    field!(#[telemetry(each)] BTreeSet<bool> { BTreeSet::from([true, false]) => "[false,true]" });
    field!(#[telemetry(each)] BTreeSet<Vec<String>> { BTreeSet::from([vec!["a".into()], vec![]]) => "[0,1]" });
}

#[test]
fn equal_sets_and_hash_maps_give_equal_snapshots() {
    #[derive(TelemetrySnapshot)]
    struct All {
        #[telemetry(each)]
        set: HashSet<Port>,
        #[telemetry(each(key = "id", one_of("b", "a")))]
        map: HashMap<String, Port>,
        #[telemetry(each(key = "id", max = 3, one_of("b", "a"), value(number(max = 99))))]
        few: HashMap<String, u32>,
    }
    let all = |numbers: &mut dyn Iterator<Item = u32>| {
        let numbers: Vec<u32> = numbers.collect();
        let name =
            |at: &u32| if at.is_multiple_of(2) { "a".repeat(*at as usize / 2) } else { "b".repeat(*at as usize) };
        All {
            set: numbers.iter().map(|at| port(*at, at / 2)).collect(),
            map: numbers.iter().map(|at| (name(at), port(0, *at))).collect(),
            few: numbers.iter().map(|at| (name(at), *at)).collect(),
        }
    };
    let one = json(&all(&mut (0..40)));
    assert_eq!(json(&all(&mut (0..40).rev())), one);
    assert!(one.ends_with(r#""few":[{"id":"a","value":2},{"id":"b","value":1},{"id":"other","value":0}]}"#), "{one}");
}

#[test]
fn a_map_with_an_order_keeps_it() {
    let map = IndexMap::from([("b", true), ("a", false)]);
    field!(#[telemetry(each(key = "id", one_of("a", "b")))] IndexMap<&'static str, bool> {
        map => r#"[{"id":"b","value":true},{"id":"a","value":false}]"#,
    });
}

#[test]
fn the_order_of_texts_that_are_not_sent_is_not_sent_either() {
    let both = r#"[{"id":"a","value":true},{"id":"other","value":false}]"#;
    field!(#[telemetry(each(key = "id", one_of("a")))] BTreeMap<&'static str, bool> {
        BTreeMap::from([("a", true), ("b", false)]) => both,
        BTreeMap::from([("a", true), ("A", false)]) => both,
    });
}

#[test]
fn a_set_that_is_too_large_is_refused_as_a_list_is() {
    #[derive(TelemetrySnapshot)]
    struct All {
        #[telemetry(each(max = 100_000))]
        set: BTreeSet<Port>,
    }
    let all = |count| All { set: (0..count).map(|at| port(at, 9)).collect() };
    assert!(Snapshot::of(&all(4_000)).is_ok());
    assert!(Snapshot::of(&all(5_000)).is_err());
}

/// A set that counts which of its words are looked at.
struct LookedAt<const MAX: u32>(Cell<usize>);

impl<const MAX: u32> TelemetrySnapshot for LookedAt<MAX> {
    const SCHEMA: Schema = Schema::of(Kind::tag_set(Words::new(&["b", "a"]), MAX));

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tags((0..100_000).inspect(|_| self.0.set(self.0.get() + 1)).map(|at| usize::from(at < 4_096)));
    }
}

#[test]
fn of_a_large_set_of_words_the_first_ones_are_looked_at() {
    let (few, many) = (LookedAt::<2>(Cell::new(0)), LookedAt::<5_000>(Cell::new(0)));
    assert_eq!((json(&few), few.0.get()), (r#"["a"]"#.to_owned(), 4_096));
    assert_eq!((json(&many), many.0.get()), (r#"["b","a"]"#.to_owned(), 5_000));
}
