//! Values beside the tags of enums and the keys of maps.

use std::collections::BTreeMap;

use telemetry::TelemetrySnapshot;

use super::shapes::{Level, Shape, Small, Tagged, Untagged};
use super::source::Source;

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "name", rename_all = "lowercase")]
pub(crate) enum Command {
    Unit,
    Group(Small),
    Boxed(Option<Box<Small>>),
    Level(Level),
    Untagged(Untagged),
    Inner(Tagged),
    Secret(#[telemetry(presence)] String),
    Words(#[telemetry(each(one_of("a", "b")))] Vec<String>),
    Count(Vec<String>),
    Number(#[telemetry(number(max = 9))] u32),
    Hidden {
        #[telemetry(skip)]
        _name: String,
    },
    Again(#[telemetry(rename = "again")] Box<Command>),
}

impl Shape for Command {
    const KEYS: &'static [&'static str] = &["name", "on", "secret", "value", "kind", "url", "pool", "level", "again"];

    fn from_source(source: &Source<'_>) -> Self {
        match source.below(12) {
            0 => Self::Unit,
            1 => Self::Group(Small::from_source(source)),
            2 => Self::Boxed(source.option(|source| Box::new(Small::from_source(source)))),
            3 => Self::Level(Level::from_source(source)),
            4 => Self::Untagged(Untagged::from_source(source)),
            5 => Self::Inner(Tagged::from_source(source)),
            6 => Self::Secret(source.text()),
            7 => Self::Words(source.list(3, |source| source.word(&["a", "b"]))),
            8 => Self::Count(source.list(3, Source::secret)),
            9 => Self::Number(source.below(20)),
            10 => Self::Hidden { _name: source.secret() },
            _ => Self::Again(Box::new(Self::Inner(Tagged::from_source(source)))),
        }
    }
}

#[derive(TelemetrySnapshot, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    One,
    Two,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Keyed {
    #[telemetry(each(key = "key"))]
    groups: BTreeMap<Key, Small>,
    #[telemetry(each(key = "key"))]
    tagged: BTreeMap<Key, Tagged>,
    #[telemetry(each(key = "key"))]
    untagged: BTreeMap<Key, Option<Untagged>>,
    #[telemetry(each(key = "id", one_of("a"), value(one_of("b"))))]
    words: BTreeMap<String, String>,
    #[telemetry(each(key = "key", value(number(max = 9))))]
    numbers: BTreeMap<Key, u32>,
    #[telemetry(flatten)]
    command: Command,
}

impl Shape for Keyed {
    const KEYS: &'static [&'static str] = &[
        "groups", "tagged", "untagged", "words", "numbers", "name", "on", "secret", "value", "kind", "url", "pool",
        "level", "again",
    ];

    fn from_source(source: &Source<'_>) -> Self {
        // At most one text as a key: the order of several would depend on redacted texts.
        Self {
            groups: keys(source, Small::from_source),
            tagged: keys(source, Tagged::from_source),
            untagged: keys(source, |source| source.option(Untagged::from_source)),
            words: source.option(|source| (source.word(&["a"]), source.word(&["b"]))).into_iter().collect(),
            numbers: keys(source, |source| source.below(20)),
            command: Command::from_source(source),
        }
    }
}

fn keys<V>(source: &Source<'_>, value: impl Fn(&Source<'_>) -> V) -> BTreeMap<Key, V> {
    let mut map = BTreeMap::new();
    for key in [Key::One, Key::Two] {
        if source.flag() {
            map.insert(key, value(source));
        }
    }
    map
}
