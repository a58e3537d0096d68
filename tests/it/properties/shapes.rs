//! The shapes: every policy, on plain and optional fields, in lists, maps, nested types, enums, generics and flattened.

#![allow(dead_code, reason = "a skipped field is never read")]

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::net::IpAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use secrecy::SecretString;
use telemetry::TelemetrySnapshot;
use telemetry::schema::Words;

use super::source::Source;

pub(crate) const PROVIDERS: Words = Words::new(&["github", "google"]).other("custom");
const PROVIDER_TEXTS: [&str; 2] = ["github", "google"];

pub(crate) trait Shape: TelemetrySnapshot {
    /// The members of the object in the order of declaration; empty for other values.
    const KEYS: &'static [&'static str];

    fn from_source(source: &Source<'_>) -> Self;
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Plain {
    flag: bool,
    #[telemetry(presence)]
    presence: String,
    count: Vec<String>,
    #[telemetry(number(min = -5, max = 500))]
    number: i64,
    #[telemetry(bucket(10, 100))]
    bucket: u32,
    #[telemetry(one_of("strict", "lax", other = "custom"))]
    word: String,
    #[telemetry(version)]
    version: String,
    #[telemetry(each(one_of(PROVIDERS), max = 3))]
    words: Vec<String>,
    #[telemetry(skip)]
    skipped: String,
    #[telemetry(count(max = 9), with = Self::length)]
    computed: String,
}

impl Plain {
    fn length(text: &str) -> usize {
        usize::from(!text.is_empty()) * 20
    }
}

/// A number between two edges or beyond a bound. Only the range may be visible.
fn between(source: &Source<'_>, edges: [u64; 4]) -> u64 {
    let at = source.below(3) as usize;
    edges[at] + source.hidden_below(edges[at + 1] - edges[at])
}

impl Shape for Plain {
    const KEYS: &'static [&'static str] =
        &["flag", "presence", "count", "number", "bucket", "word", "version", "words", "computed"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            flag: source.flag(),
            presence: source.text(),
            count: source.list(4, Source::secret),
            number: match source.below(3) {
                0 => -5 - i64::try_from(source.hidden_below(1 << 40)).unwrap(),
                1 => 500 + i64::try_from(source.hidden_below(1 << 40)).unwrap(),
                _ => i64::from(source.below(500)),
            },
            bucket: between(source, [0, 10, 100, 4_000_000_000]) as u32,
            word: source.word(&["strict", "lax"]),
            version: source.version(),
            words: source.list(5, |source| source.word(&PROVIDER_TEXTS)),
            skipped: source.secret(),
            computed: source.text(),
        }
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "camelCase")]
pub(crate) struct Optional {
    a_flag: Option<bool>,
    #[telemetry(flag)]
    b_flag: Option<bool>,
    #[telemetry(presence)]
    c_presence: Option<String>,
    d_count: Option<Vec<String>>,
    #[telemetry(number(max = 10))]
    e_number: Option<u128>,
    #[telemetry(bucket(10, 100))]
    f_bucket: Option<f64>,
    #[telemetry(one_of("strict", "lax"))]
    g_word: Option<String>,
    #[telemetry(version)]
    h_version: Option<String>,
    #[telemetry(each(one_of("a", "b")))]
    i_words: Option<Vec<String>>,
    #[telemetry(each)]
    j_list: Option<Vec<Small>>,
    k_nested: Option<Box<Small>>,
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Small {
    on: bool,
    #[telemetry(presence)]
    secret: Option<Box<str>>,
}

impl Small {
    pub(crate) fn from_source(source: &Source<'_>) -> Self {
        Self { on: source.flag(), secret: source.option(|source| source.text().into()) }
    }
}

impl Shape for Optional {
    const KEYS: &'static [&'static str] = &[
        "aFlag",
        "bFlag",
        "cPresence",
        "dCount",
        "eNumber",
        "fBucket",
        "gWord",
        "hVersion",
        "iWords",
        "jList",
        "kNested",
    ];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            a_flag: source.option(Source::flag),
            b_flag: source.option(Source::flag),
            c_presence: source.option(Source::text),
            d_count: source.option(|source| source.list(3, Source::secret)),
            e_number: source.option(|source| {
                u128::from(source.below(11)) + (u128::from(source.hidden_below(2)) << 100) * u128::from(source.below(1))
            }),
            f_bucket: source.option(|source| match source.below(4) {
                0 => f64::NAN,
                _ => between(source, [0, 10, 100, 1_000_000]) as f64,
            }),
            g_word: source.option(|source| source.word(&["strict", "lax"])),
            h_version: source.option(Source::version),
            i_words: source.option(|source| source.list(3, |source| source.word(&["a", "b"]))),
            j_list: source.option(|source| source.list(3, Small::from_source)),
            k_nested: source.option(|source| Box::new(Small::from_source(source))),
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Nested {
    plain: Plain,
    shared: Arc<Small>,
    counted: Rc<Plain>,
    #[telemetry(each(max = 2))]
    list: Vec<Plain>,
    empty: Empty,
}

#[derive(TelemetrySnapshot)]
struct Empty;

impl Shape for Nested {
    const KEYS: &'static [&'static str] = &["plain", "shared", "counted", "list", "empty"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            plain: Plain::from_source(source),
            shared: Arc::new(Small::from_source(source)),
            counted: Rc::new(Plain::from_source(source)),
            list: source.list(3, Plain::from_source),
            empty: Empty,
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Maps {
    #[telemetry(each(key = "id", one_of(PROVIDERS)))]
    ordered: BTreeMap<String, Small>,
    #[telemetry(each(key = "id", one_of("a", "b"), max = 2))]
    inserted: IndexMap<String, Small>,
    counted: BTreeMap<String, String>,
    #[telemetry(each(one_of("a", "b")))]
    set: BTreeSet<String>,
    #[telemetry(each(one_of("a", "b")))]
    hashed: HashSet<String>,
    deque: VecDeque<String>,
    #[telemetry(count)]
    array: [String; 3],
}

impl Shape for Maps {
    const KEYS: &'static [&'static str] = &["ordered", "inserted", "counted", "set", "hashed", "deque", "array"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            ordered: source
                .list(3, |source| (source.word(&PROVIDER_TEXTS), Small::from_source(source)))
                .into_iter()
                .collect(),
            inserted: source.list(3, |source| (source.word(&["a"]), Small::from_source(source))).into_iter().collect(),
            counted: source.list(3, |source| (source.secret(), source.secret())).into_iter().collect(),
            set: source.list(4, |source| source.word(&["a", "b"])).into_iter().collect(),
            hashed: source.list(4, |source| source.word(&["a", "b"])).into_iter().collect(),
            deque: source.list(4, Source::secret).into(),
            array: [source.secret(), source.text(), source.secret()],
        }
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(rename_all = "kebab-case")]
pub(crate) enum Level {
    Debug,
    VeryLoud,
    Silent,
}

impl Shape for Level {
    const KEYS: &'static [&'static str] = &[];

    fn from_source(source: &Source<'_>) -> Self {
        match source.below(3) {
            0 => Self::Debug,
            1 => Self::VeryLoud,
            _ => Self::Silent,
        }
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Tagged {
    Memory,
    Redis {
        #[telemetry(presence)]
        url: String,
        #[telemetry(number(max = 64))]
        pool: u8,
    },
    Custom {
        #[telemetry(skip)]
        name: String,
        level: Option<Level>,
    },
}

impl Shape for Tagged {
    const KEYS: &'static [&'static str] = &["kind", "url", "pool", "level"];

    fn from_source(source: &Source<'_>) -> Self {
        match source.below(3) {
            0 => Self::Memory,
            1 => Self::Redis { url: source.text(), pool: source.below(256) as u8 },
            _ => Self::Custom { name: source.secret(), level: source.option(Level::from_source) },
        }
    }
}

#[derive(TelemetrySnapshot)]
#[telemetry(untagged, rename_all = "lowercase")]
pub(crate) enum Untagged {
    Off,
    Value(Option<bool>),
    #[telemetry(rename = "count")]
    Counted(#[telemetry(number(max = 10))] u64),
    Hidden(#[telemetry(skip)] String),
    Full {
        small: Small,
    },
}

impl Shape for Untagged {
    const KEYS: &'static [&'static str] = &["small"];

    fn from_source(source: &Source<'_>) -> Self {
        match source.below(5) {
            0 => Self::Off,
            1 => Self::Value(source.option(Source::flag)),
            2 => Self::Counted(u64::from(source.below(20))),
            3 => Self::Hidden(source.secret()),
            _ => Self::Full { small: Small::from_source(source) },
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Enums {
    level: Level,
    #[telemetry(each)]
    levels: Vec<Level>,
    tagged: Tagged,
    #[telemetry(each)]
    stores: Vec<Tagged>,
    untagged: Untagged,
    maybe: Option<Untagged>,
}

impl Shape for Enums {
    const KEYS: &'static [&'static str] = &["level", "levels", "tagged", "stores", "untagged", "maybe"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            level: Level::from_source(source),
            levels: source.list(3, Level::from_source),
            tagged: Tagged::from_source(source),
            stores: source.list(3, Tagged::from_source),
            untagged: Untagged::from_source(source),
            maybe: source.option(Untagged::from_source),
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Generic<T, const N: usize> {
    one: T,
    #[telemetry(each(max = 4))]
    all: [T; N],
    #[telemetry(presence)]
    secret: String,
}

impl Shape for Generic<Small, 2> {
    const KEYS: &'static [&'static str] = &["one", "all", "secret"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            one: Small::from_source(source),
            all: [Small::from_source(source), Small::from_source(source)],
            secret: source.text(),
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Flattened {
    first: bool,
    #[telemetry(flatten)]
    small: Small,
    #[telemetry(flatten)]
    inner: Option<Inner>,
    last: bool,
}

#[derive(TelemetrySnapshot)]
struct Inner {
    #[telemetry(one_of("x", "y"))]
    deep: String,
    #[telemetry(flatten)]
    deeper: Innermost,
}

#[derive(TelemetrySnapshot)]
struct Innermost {
    #[telemetry(count)]
    texts: Vec<String>,
}

impl Shape for Flattened {
    const KEYS: &'static [&'static str] = &["first", "on", "secret", "deep", "texts", "last"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            first: source.flag(),
            small: Small::from_source(source),
            inner: source.option(|source| Inner {
                deep: source.word(&["x", "y"]),
                deeper: Innermost { texts: source.list(3, Source::secret) },
            }),
            last: source.flag(),
        }
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Newtype(#[telemetry(presence)] String);

#[derive(TelemetrySnapshot)]
pub(crate) struct Tuple(
    #[telemetry(rename = "left")] Newtype,
    #[telemetry(rename = "right", one_of("a"))] String,
    #[telemetry(skip)] String,
    #[telemetry(rename = "list", each)] Vec<Newtype>,
);

impl Shape for Tuple {
    const KEYS: &'static [&'static str] = &["left", "right", "list"];

    fn from_source(source: &Source<'_>) -> Self {
        let newtype = |source: &Source<'_>| Newtype(source.text());
        Self(newtype(source), source.word(&["a"]), source.secret(), source.list(3, newtype))
    }
}

#[derive(TelemetrySnapshot)]
pub(crate) struct Tree {
    #[telemetry(presence)]
    label: String,
    left: Option<Box<Tree>>,
    #[telemetry(each)]
    children: Vec<Tree>,
    #[telemetry(each(key = "id", one_of("x")))]
    named: BTreeMap<String, Tree>,
}

impl Tree {
    fn of_depth(source: &Source<'_>, depth: u32) -> Self {
        let deeper = |source: &Source<'_>| Self::of_depth(source, depth - 1);
        Self {
            label: source.text(),
            left: (depth > 0 && source.flag()).then(|| Box::new(deeper(source))),
            children: if depth > 0 { source.list(2, deeper) } else { Vec::new() },
            named: (depth > 0 && source.flag()).then(|| (source.word(&["x"]), deeper(source))).into_iter().collect(),
        }
    }
}

impl Shape for Tree {
    const KEYS: &'static [&'static str] = &["label", "left", "children", "named"];

    fn from_source(source: &Source<'_>) -> Self {
        Self::of_depth(source, 3)
    }
}

type Callback = Arc<dyn Fn(&str) -> String>;

#[derive(TelemetrySnapshot)]
pub(crate) struct Foreign {
    #[telemetry(number(max = 3_600, unit = "s"))]
    timeout: Duration,
    #[telemetry(bucket(10, 1_000, unit = "ms"))]
    delay: Option<Duration>,
    #[telemetry(number(max = 9))]
    threads: Option<NonZeroU64>,
    #[telemetry(bucket(10, 100))]
    ratio: f32,
    #[telemetry(presence)]
    path: PathBuf,
    #[telemetry(flag, with = IpAddr::is_loopback)]
    address: IpAddr,
    secret: Option<SecretString>,
    #[telemetry(presence)]
    callback: Option<Callback>,
}

impl Shape for Foreign {
    const KEYS: &'static [&'static str] =
        &["timeout", "delay", "threads", "ratio", "path", "address", "secret", "callback"];

    fn from_source(source: &Source<'_>) -> Self {
        Self {
            // Fractions of a second are not visible.
            timeout: Duration::new(source.below(9_000).into(), source.hidden_below(1_000_000_000) as u32),
            delay: source.option(|source| Duration::from_millis(between(source, [0, 10, 1_000, 1 << 40]))),
            threads: source.option(|source| NonZeroU64::new(u64::from(source.below(20)) + 1).unwrap()),
            ratio: between(source, [0, 10, 100, 10_000]) as f32,
            path: source.text().into(),
            address: if source.flag() {
                [127, 0, 0, 1].into()
            } else {
                [10, 0, 7, source.hidden_below(250) as u8].into()
            },
            secret: source.option(|source| source.secret().into()),
            callback: source.option(|source| {
                let secret = source.secret();
                let callback: Callback = Arc::new(move |text| format!("{secret}{text}"));
                callback
            }),
        }
    }
}

/// Calls a macro with a name for each shape and the shape.
macro_rules! for_each_shape {
    ($then:ident) => {
        $then! {
            plain: Plain,
            optional: Optional,
            nested: Nested,
            maps: Maps,
            level: Level,
            tagged: Tagged,
            untagged: Untagged,
            newtypes: Command,
            keyed: Keyed,
            enums: Enums,
            generic: Generic<Small, 2>,
            flattened: Flattened,
            tuple: Tuple,
            tree: Tree,
            foreign: Foreign,
        }
    };
}
