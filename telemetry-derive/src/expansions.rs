//! The code that the derive writes for each shape, formatted for reviewers: `snapshots/`.

use crate::Derive;

macro_rules! expands {
    ($($shape:ident: { $($item:tt)* })+) => {$(
        #[test]
        fn $shape() {
            let input = syn::parse_quote!($($item)*);
            let code = crate::derive(&input, Derive::Snapshot).to_string();
            let code = prettyplease::unparse(&syn::parse_file(&code).unwrap());
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
                insta::assert_snapshot!(stringify!($shape), code);
            });
        }
    )+};
}

expands! {
    struct_with_named_fields: {
        struct Options {
            /// Whether cookies are sent over https only. There is more to say about that.
            secure: bool,
            nested: Option<Box<Inner>>,
            #[telemetry(skip)]
            name: String,
        }
    }
    policies: {
        #[telemetry(rename_all = "camelCase")]
        struct Options {
            #[telemetry(flag)]
            a_flag: Option<bool>,
            #[telemetry(presence)]
            a_secret: String,
            #[telemetry(count(max = 500))]
            a_count: Vec<String>,
            #[telemetry(number(min = -1, max = 10))]
            a_number: i32,
            #[telemetry(bucket(10, 100))]
            a_range: u64,
            #[telemetry(one_of("strict", "lax", other = "custom"))]
            a_word: String,
            #[telemetry(version)]
            a_version: String,
        }
    }
    durations: {
        struct Options {
            #[telemetry(number(max = 86_400, unit = "s"))]
            expiry: Duration,
            #[telemetry(bucket(10, 1_000, unit = "ms"))]
            delay: Duration,
        }
    }
    lists: {
        struct Options {
            #[telemetry(each(max = 16))]
            items: Vec<Item>,
            #[telemetry(each(one_of(PROVIDERS)))]
            words: Vec<String>,
            #[telemetry(each(key = "id", one_of(PROVIDERS, other = "custom")))]
            entries: HashMap<String, Item>,
        }
    }
    with_functions: {
        struct Options {
            #[telemetry(flag, with = Option::is_some)]
            router: Option<Router>,
        }
    }
    computed_values: {
        struct Layer<'a, T, const N: usize> {
            #[telemetry(nested, with = |lock| View::of(lock))]
            state: Mutex<State>,
            #[telemetry(each, with = Self::views)]
            views: [T; N],
            #[telemetry(presence, with = |it: &Foreign| it.name())]
            name: &'a Foreign,
        }
    }
    changed: {
        struct Options {
            #[telemetry(changed)]
            port: u16,
            #[telemetry(changed, with = f64::floor)]
            rate: f64,
            #[telemetry(changed(from = DEFAULT_HOST))]
            host: String,
        }
    }
    bounds: {
        struct Options {
            #[telemetry(number(min = -10, max = LIMIT * 2, digits = 2))]
            number: u64,
            #[telemetry(bucket(1, 10 * KIB))]
            range: u64,
            #[telemetry(bucket(SIZES, unit = "s"))]
            duration: Duration,
            #[telemetry(count(max = LIMIT))]
            many: Vec<String>,
            #[telemetry(each(key = "id", one_of("a"), max = LIMIT, value(number(max = LIMIT))))]
            numbers: BTreeMap<String, u64>,
        }
    }
    bytes: {
        struct Options {
            key: Option<Vec<u8>>,
        }
    }
    flatten: {
        struct Options {
            #[telemetry(flatten)]
            inner: Option<Inner>,
        }
    }
    event: {
        #[telemetry(event = "init", context, budget_bits = 200)]
        struct Init {
            secure: bool,
        }
    }
    counted_event: {
        #[telemetry(event = "command", counted, context, budget_bits = 500)]
        struct Command {
            failed: bool,
        }
    }
    unit_struct: { struct Options; }
    newtype: { struct Secret(#[telemetry(presence)] String); }
    transparent: {
        #[telemetry(transparent)]
        struct Options {
            inner: Inner,
            #[telemetry(skip)]
            name: String,
        }
    }
    tuple: { struct Pair(#[telemetry(rename = "left")] bool, #[telemetry(rename = "right")] Inner); }
    enum_without_data: {
        #[telemetry(rename_all = "kebab-case")]
        enum Level {
            Debug,
            VeryLoud,
        }
    }
    enum_under_a_tag: {
        #[telemetry(tag = "type", rename_all = "lowercase")]
        enum Store {
            Memory,
            Redis {
                #[telemetry(presence)]
                url: String,
            },
        }
    }
    values_under_a_tag: {
        #[telemetry(tag = "name", rename_all = "lowercase")]
        enum Command {
            Status,
            Run(Box<RunArgs>),
            Retries(#[telemetry(number(max = 10))] u8),
            Level(#[telemetry(rename = "level")] Level),
        }
    }
    contents_under_a_name: {
        #[telemetry(tag = "type", content = "data")]
        enum Store {
            Memory,
            Redis(Redis),
            Disk { fast: bool },
        }
    }
    names_of_serde: {
        #[serde(rename_all(serialize = "UPPERCASE", deserialize = "camelCase"))]
        struct Options {
            max_age: bool,
            #[serde(rename = "TLS", default)]
            tls: bool,
            #[serde(flatten)]
            limits: Limits,
            #[serde(skip)]
            started: Instant,
        }
    }
    tag_and_content_of_serde: {
        #[serde(tag = "kind", content = "data", rename_all_fields = "camelCase")]
        enum Store {
            Memory,
            Disk { is_fast: bool },
        }
    }
    untagged_of_serde: {
        #[serde(untagged, rename_all = "lowercase")]
        enum Size {
            Auto,
            Fixed(#[telemetry(number(max = 9))] u8),
        }
    }
    values_of_clap: {
        enum Mode {
            FastMode,
            #[value(name = "2x", alias = "double")]
            Twice,
        }
    }
    map_with_a_function: {
        struct Options {
            #[telemetry(each(key = "id", one_of("a")), with = |it| it.by_name())]
            stores: Registry,
        }
    }
    names_of_clap: {
        #[telemetry(tag = "name")]
        enum Command {
            ListAll,
            #[command(name = "exec")]
            Run {
                #[arg(long = "dry")]
                dry_run: bool,
            },
        }
    }
    names_of_rust: {
        #[telemetry(names = "rust")]
        #[serde(rename_all = "camelCase")]
        struct Options {
            #[serde(rename = "TLS", skip)]
            tls: bool,
        }
    }
    maps: {
        struct Options {
            #[telemetry(each(key = "module"))]
            modules: BTreeMap<Module, Limits>,
            #[telemetry(each(key = "id", one_of("a"), value(number(max = 9, unit = "s"))))]
            expiry: BTreeMap<String, Duration>,
        }
    }
    enum_untagged: {
        #[telemetry(untagged)]
        enum Setting {
            Off,
            Value(#[telemetry(number(max = 10))] u8),
            Full { fast: bool },
        }
    }
    generics: {
        struct Layer<'a, T: Clone = bool, const N: usize = 2>
        where
            T: 'a,
        {
            inner: &'a T,
            all: [T; N],
        }
    }
    recursion: {
        struct Tree<T> {
            value: T,
            left: Option<Box<Tree<T>>>,
        }
    }
    another_path: {
        #[telemetry(crate = acme::telemetry)]
        struct Options {
            r#type: bool,
        }
    }
    a_mistake_beside_a_field_that_is_fine: {
        struct Options {
            #[telemetry(presense)]
            secret: String,
            secure: bool,
        }
    }
}
