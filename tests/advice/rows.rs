//! What it is to follow an advice, for each in the notes of the library and in the messages of the derive.

use Follow::{Fields, Item, Word};

/// How an advice is followed.
#[derive(Clone, Copy)]
pub(crate) enum Follow {
    /// It is written on a field of each of these types.
    Fields(&'static [&'static str]),
    /// It is written as in one of these attributes, each on a field of its type.
    Written(&'static [(&'static str, &'static str)]),
    /// It is written in this item.
    Item(&'static str),
    /// It names something, and nobody is told to write it.
    Word,
}

use Follow::Written;

/// An advice of a file, and how it is followed. The messages of the derive count as one file.
pub(crate) type Row = (&'static str, &'static str, Follow);

pub(crate) const ROWS: &[Row] = &[
    ("policy/bucket.rs", "Duration", Word),
    ("policy/bucket.rs", "ns", Word),
    ("policy/bucket.rs", "us", Word),
    ("policy/bucket.rs", "ms", Word),
    ("policy/bucket.rs", "s", Word),
    ("policy/bucket.rs", "min", Word),
    ("policy/bucket.rs", "h", Word),
    ("policy/bucket.rs", "d", Word),
    ("policy/bucket.rs", r#"bucket(60, 3_600, unit = "s")"#, Fields(&["Duration", "Option<Duration>"])),
    (
        "policy/bucket.rs",
        "bucket(...), with = path",
        Written(&[
            ("bucket(10, 100), with = Foreign::size", "Foreign"),
            ("bucket(10, 100), with = str::len", "String"),
            (r#"bucket(60, unit = "s"), with = Foreign::age"#, "Option<Foreign>"),
        ]),
    ),
    (
        "policy/changed.rs",
        "#[derive(PartialEq)]",
        Item(
            "#[derive(PartialEq)]\n#[derive(Default)]\nstruct Own;\n#[derive(Default, TelemetrySnapshot)]\n\
             struct Options {\n    #[telemetry(changed)]\n    value: Own,\n    other: bool,\n}",
        ),
    ),
    (
        "policy/changed.rs",
        "changed, with = |value| ...",
        Written(&[("changed, with = |value| value.size()", "Foreign")]),
    ),
    ("policy/changed.rs", "from", Word),
    (
        "policy/changed.rs",
        "changed(from = ...)",
        Written(&[("changed(from = 8080)", "u16"), (r#"changed(from = "x")"#, "String")]),
    ),
    (
        "policy/changed.rs",
        "#[derive(Default)]",
        Item(
            "#[derive(Default)]\n#[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(changed)]\n    value: u8,\n    other: bool,\n}",
        ),
    ),
    ("policy/count.rs", "usize", Word),
    (
        "policy/count.rs",
        "#[telemetry(count, with = path)]",
        Written(&[("count, with = str::len", "String"), ("count, with = Foreign::many", "Option<Foreign>")]),
    ),
    (
        "policy/each.rs",
        r#"each(one_of("a", "b"))"#,
        Fields(&["Vec<String>", "HashSet<String>", "[char; 2]", "Option<Vec<PathBuf>>"]),
    ),
    (
        "policy/each.rs",
        "each, with = |list| ...",
        Written(&[
            ("each, with = |list| list.iter().map(View::of).collect::<Vec<_>>()", "Vec<Foreign>"),
            ("each, with = |list| list.values().map(View::of).collect::<Vec<_>>()", "BTreeMap<u8, u8>"),
        ]),
    ),
    (
        "policy/each.rs",
        r#"each(key = "id", one_of("a", "b"))"#,
        Fields(&["BTreeMap<String, bool>", "HashMap<PathBuf, View>", "Option<BTreeMap<char, Vec<u16>>>"]),
    ),
    (
        "policy/each.rs",
        "one_of(...)",
        Written(&[(r#"one_of("a")"#, "String"), (r#"one_of("a")"#, "PathBuf"), (r#"one_of("a")"#, "Option<char>")]),
    ),
    (
        "policy/each.rs",
        r#"each(key = "id", one_of(...))"#,
        Written(&[(r#"each(key = "id", one_of("a"))"#, "BTreeMap<String, bool>")]),
    ),
    ("policy/each.rs", "each", Fields(&["Vec<View>", "HashSet<bool>"])),
    ("policy/each.rs", "TelemetrySnapshot", Word),
    (
        "policy/each.rs",
        "#[derive(TelemetrySnapshot)]",
        Item(
            "#[derive(TelemetrySnapshot)]\nstruct Inner {\n    on: bool,\n}\n#[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(each)]\n    value: Vec<Inner>,\n}",
        ),
    ),
    ("policy/each.rs", "count", Fields(&["Vec<u16>", "Option<HashSet<u64>>"])),
    ("policy/entries.rs", "each", Fields(&["Vec<View>", "[bool; 2]", "HashSet<bool>"])),
    ("policy/entries.rs", "each(one_of(...))", Written(&[(r#"each(one_of("a"))"#, "Vec<String>")])),
    (
        "policy/entries.rs",
        r#"each(key = "id", one_of("a", "b"))"#,
        Fields(&["BTreeMap<String, bool>", "HashMap<PathBuf, bool>", "BTreeMap<char, View>"]),
    ),
    (
        "policy/entries.rs",
        r#"each(key = "id", one_of("a", "b")), with = path"#,
        Written(&[
            (r#"each(key = "id", one_of("a", "b")), with = by_name"#, "BTreeMap<u16, bool>"),
            (r#"each(key = "id", one_of("a", "b")), with = by_name"#, "BTreeMap<Foreign, bool>"),
        ]),
    ),
    (
        "policy/entries.rs",
        r#"each(key = "id")"#,
        Item(
            "#[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(each(key = \"id\"))]\n    value: BTreeMap<Level, bool>,\n    on: bool,\n}\n\
              #[derive(PartialEq, Eq, PartialOrd, Ord, TelemetrySnapshot)]\nenum Level {\n    Low,\n}",
        ),
    ),
    ("policy/entries.rs", "TelemetrySnapshot", Word),
    ("policy/entries.rs", "value", Word),
    (
        "policy/entries.rs",
        "value(number(max = 100))",
        Written(&[(r#"each(key = "id", one_of("a"), value(number(max = 100)))"#, "BTreeMap<String, u32>")]),
    ),
    (
        "policy/entries.rs",
        "value(bucket(10, 100))",
        Written(&[
            (r#"each(key = "id", one_of("a"), value(bucket(10, 100)))"#, "BTreeMap<String, u32>"),
            (r#"each(key = "id", one_of("a"), value(bucket(10, 100)))"#, "BTreeMap<String, f64>"),
        ]),
    ),
    (
        "policy/entries.rs",
        "value(presence)",
        Written(&[
            (r#"each(key = "id", one_of("a"), value(presence))"#, "BTreeMap<String, String>"),
            (r#"each(key = "id", one_of("a"), value(presence))"#, "BTreeMap<String, PathBuf>"),
        ]),
    ),
    (
        "policy/entries.rs",
        r#"value(one_of("a", "b"))"#,
        Written(&[
            (r#"each(key = "id", one_of("a"), value(one_of("a", "b")))"#, "BTreeMap<String, String>"),
            (r#"each(key = "id", one_of("a"), value(one_of("a", "b")))"#, "BTreeMap<String, char>"),
        ]),
    ),
    ("policy/flag.rs", "presence", Fields(&["Option<u8>", "String", "Option<Foreign>", "PathBuf"])),
    ("policy/flag.rs", "Option", Word),
    ("policy/flag.rs", "bool", Word),
    (
        "policy/flag.rs",
        "#[telemetry(flag, with = |value| ...)]",
        Written(&[
            ("flag, with = |value| value.size() > 3", "Foreign"),
            ("flag, with = |value| value.is_empty()", "String"),
        ]),
    ),
    ("policy/number.rs", "Duration", Word),
    ("policy/number.rs", "ns", Word),
    ("policy/number.rs", "us", Word),
    ("policy/number.rs", "ms", Word),
    ("policy/number.rs", "s", Word),
    ("policy/number.rs", "min", Word),
    ("policy/number.rs", "h", Word),
    ("policy/number.rs", "d", Word),
    ("policy/number.rs", r#"number(max = 86_400, unit = "s")"#, Fields(&["Duration", "Option<Duration>"])),
    ("policy/number.rs", "bucket(1, 10)", Fields(&["f32", "Option<f64>"])),
    (
        "policy/number.rs",
        "number(...), with = path",
        Written(&[
            ("number(max = 9), with = Foreign::size", "Foreign"),
            ("number(max = 9), with = str::len", "String"),
            (r#"number(max = 9, unit = "s"), with = Foreign::age"#, "Foreign"),
        ]),
    ),
    (
        "policy/flatten.rs",
        "#[derive(TelemetrySnapshot)]",
        Item(
            "#[derive(TelemetrySnapshot)]\nstruct Inner {\n    on: bool,\n}\n#[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(flatten)]\n    value: Inner,\n}",
        ),
    ),
    ("policy/presence.rs", "changed", Fields(&["bool", "Duration", "Port"])),
    (
        "policy/presence.rs",
        "telemetry::snapshot::Presence",
        Item(
            "struct Own;\nimpl telemetry::snapshot::Presence for Own {\n    fn is_present(&self) -> bool {\n        true\n    }\n}\n\
             #[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(presence)]\n    value: Own,\n    other: bool,\n}",
        ),
    ),
    ("policy/presence.rs", "Option", Word),
    ("policy/presence.rs", "Some", Word),
    ("policy/text.rs", "each(one_of(...))", Written(&[(r#"each(one_of("a"))"#, "Vec<String>")])),
    ("policy/text.rs", "TelemetrySnapshot", Word),
    ("policy/text.rs", "one_of(...), with = path", Written(&[(r#"one_of("a"), with = Foreign::name"#, "Foreign")])),
    ("policy/version.rs", "number(max = 100)", Fields(&["u32"])),
    ("policy/version.rs", "bucket(10, 100)", Fields(&["u32"])),
    ("policy/version.rs", "version, with = path", Written(&[("version, with = Foreign::name", "Foreign")])),
    (
        "schema/bound.rs",
        "const SIZES: Edges = Edges::new(&[10, 100]);",
        Item("use telemetry::schema::Edges;\npub const SIZES: Edges = Edges::new(&[10, 100]);"),
    ),
    ("schema/bound.rs", "bucket(25, 50), with = |rate| rate * 100.0", Fields(&["f64", "Option<f32>"])),
    ("schema/bound.rs", "bucket(SIZES)", Fields(&["u32", "Option<f64>"])),
    ("schema/bound.rs", "bucket(10, 100)", Fields(&["u32", "Option<f64>"])),
    (
        "schema/bound.rs",
        r#"const PROVIDERS: Words = Words::new(&["a", "b"]);"#,
        Item("use telemetry::schema::Words;\npub const PROVIDERS: Words = Words::new(&[\"a\", \"b\"]);"),
    ),
    ("schema/bound.rs", "one_of(PROVIDERS)", Fields(&["String", "Option<PathBuf>"])),
    ("schema/bound.rs", r#"one_of("a", "b")"#, Fields(&["String", "Option<PathBuf>"])),
    ("snapshot/event.rs", "#[derive(TelemetryEvent)]", Item(EVENT)),
    ("snapshot/event.rs", r#"#[telemetry(event = "name")]"#, Item(EVENT)),
    ("derive", "=", Word),
    ("derive", "from", Word),
    (
        "derive",
        "changed(from = ...)",
        Written(&[("changed(from = 8080)", "u16"), ("changed(from = Duration::ZERO)", "Duration")]),
    ),
    (
        "derive",
        "changed(from = ...), with = |value| ...",
        Written(&[("changed(from = 8080), with = |value| **value", "Box<u16>")]),
    ),
    ("derive", "{key} = ...", Written(&[("number(max = 10)", "u32")])),
    ("derive", "{key}(...)", Written(&[("count(max = 3)", "Vec<u16>")])),
    ("derive", "{key}({next} = ...)", Written(&[("count(max = 3)", "Vec<u16>"), ("number(max = 3)", "u32")])),
    ("derive", "rename", Word),
    (
        "derive",
        r#"rename = "lax""#,
        Item("#[derive(TelemetrySnapshot)]\nenum SameSite {\n    #[telemetry(rename = \"lax\")]\n    Lax,\n}"),
    ),
    (
        "derive",
        "Variant(#[telemetry({name})] Type)",
        Item(
            "#[derive(TelemetrySnapshot)]\n#[telemetry(untagged)]\nenum Own {\n    Variant(#[telemetry(presence)] String),\n}",
        ),
    ),
    ("derive", "event", Word),
    (
        "derive",
        r#"event = "cli_generate""#,
        Item(
            "#[derive(telemetry::TelemetryEvent)]\n#[telemetry(event = \"cli_generate\")]\nstruct Event {\n    on: bool,\n}",
        ),
    ),
    ("derive", "tag", Word),
    ("derive", r#"tag = "type""#, Item(TAGGED)),
    ("derive", r#"#[telemetry(tag = "type")]"#, Item(TAGGED)),
    ("derive", "content", Word),
    (
        "derive",
        r#"content = "data""#,
        Item(
            "#[derive(TelemetrySnapshot)]\n#[telemetry(tag = \"type\", content = \"data\")]\nenum Own {\n    View(View),\n}",
        ),
    ),
    ("derive", "crate", Word),
    (
        "derive",
        "crate = my_crate::telemetry",
        Item(
            "mod my_crate {\n    pub use telemetry;\n}\n#[derive(TelemetrySnapshot)]\n#[telemetry(crate = my_crate::telemetry)]\nstruct Options {\n    on: bool,\n}",
        ),
    ),
    ("derive", "bound", Word),
    (
        "derive",
        r#"bound = "T: TelemetrySnapshot""#,
        Item(
            "#[derive(TelemetrySnapshot)]\n#[telemetry(bound = \"T: TelemetrySnapshot\")]\nstruct Options<T> {\n    value: T,\n    on: bool,\n}",
        ),
    ),
    ("derive", r#"#[telemetry({key} = "...")]"#, Item(TAGGED)),
    ("derive", "names", Word),
    ("derive", r#"names = "serde""#, Item(NAMES)),
    ("derive", r#"names = "clap""#, Item(NAMES)),
    ("derive", r#"names = "rust""#, Item(NAMES)),
    ("derive", r#"#[telemetry(names = "serde")]"#, Item(NAMES)),
    ("derive", r#"#[telemetry(names = "clap")]"#, Item(NAMES)),
    ("derive", r#"#[telemetry(names = "rust")]"#, Item(NAMES)),
    ("derive", "rename_all", Word),
    ("derive", "budget_bits", Word),
    (
        "derive",
        "budget_bits = 200",
        Item("#[derive(TelemetrySnapshot)]\n#[telemetry(budget_bits = 200)]\nstruct Options {\n    on: bool,\n}"),
    ),
    ("derive", r#"event = "name""#, Item(EVENT)),
    ("derive", r#"#[telemetry(event = "name")]"#, Item(EVENT)),
    ("derive", "#[telemetry(flatten)]", Fields(&["View", "Option<View>"])),
    ("derive", "flatten", Fields(&["View", "Box<View>"])),
    ("derive", "with", Word),
    (
        "derive",
        "count, with = Self::origins",
        Item(
            "#[derive(TelemetrySnapshot)]\nstruct Options {\n    #[telemetry(count, with = Self::origins)]\n    value: String,\n    on: bool,\n}\nimpl Options {\n    fn origins(text: &str) -> Vec<&str> {\n        text.split(',').collect()\n    }\n}",
        ),
    ),
    ("derive", "count, with = |text| text.lines().count()", Fields(&["String", "Option<String>"])),
    ("derive", r#"rename = "maxAge""#, Fields(&["bool"])),
    ("derive", "count, with = path", Written(&[("count, with = str::len", "String")])),
    ("derive", "changed", Fields(&["u16", "String"])),
    (
        "derive",
        "changed(from = DEFAULT)",
        Item(
            "const DEFAULT: u16 = 8080;\n#[derive(TelemetrySnapshot)]\nstruct Port(#[telemetry(changed(from = DEFAULT))] u16);",
        ),
    ),
    ("derive", "changed(from = DEFAULT_PORT)", Fields(&["u16", "Port"])),
    ("derive", "changed(from = Some(8080))", Fields(&["Option<u16>"])),
    (
        "derive",
        r#"changed(from = Some("x".into()))"#,
        Fields(&["Option<String>", "Option<&'static str>", "Option<PathBuf>"]),
    ),
    ("derive", r#"changed(from = std::path::Path::new("/x"))"#, Fields(&["PathBuf"])),
    ("derive", "Self::default()", Word),
    ("derive", "presence", Fields(&["String", "Option<String>"])),
    ("derive", r#"one_of("a", "b")"#, Fields(&["String", "Option<String>"])),
    ("derive", r#"one_of("a", "b", other = "c")"#, Fields(&["String"])),
    ("derive", "one_of(PROVIDERS)", Fields(&["String"])),
    ("derive", "Words", Word),
    ("derive", "TelemetrySnapshot", Word),
    ("derive", r#"#[telemetry(rename = "...")]"#, Written(&[(r#"rename = "other_name""#, "bool")])),
    ("derive", r#"rename = "...""#, Written(&[(r#"rename = "other_name""#, "bool")])),
    ("derive", "Clone", Word),
    ("derive", "bool", Word),
    ("derive", "Option", Word),
    ("derive", "Option<bool>", Word),
    ("derive", "flag", Fields(&["bool", "Option<bool>"])),
    ("derive", "false", Word),
    (
        "derive",
        "flag, with = |{field}| !{field}",
        Written(&[("flag, with = |cache| !cache", "bool"), ("flag, with = |cache| !cache", "Option<bool>")]),
    ),
    ("derive", r#"rename = "{name}""#, Written(&[(r#"rename = "cache""#, "bool")])),
    ("derive", "untagged", Word),
    (
        "derive",
        "#[telemetry(untagged)]",
        Item("#[derive(TelemetrySnapshot)]\n#[telemetry(untagged)]\nenum Own {\n    None,\n    View(View),\n}"),
    ),
    ("derive", "transparent", Word),
    ("derive", ",", Word),
    ("derive", "|value| …", Written(&[("count, with = |value| value.len()", "String")])),
    ("derive", "max", Word),
    ("derive", "min", Word),
    ("derive", "digits", Word),
    ("derive", "Edges", Word),
    ("derive", "bucket(10, 100, 1_000)", Fields(&["u32", "Option<f64>"])),
    ("derive", "bucket(SIZES)", Fields(&["u32"])),
    ("derive", "bucket(10, 100)", Fields(&["u8", "i64", "f32"])),
    ("derive", "count(max = 500)", Fields(&["Vec<String>", "BTreeMap<String, u8>"])),
    ("derive", "count(max = LIMIT)", Fields(&["Vec<String>"])),
    ("derive", "count", Fields(&["Vec<u16>"])),
    ("derive", "each", Fields(&["Vec<View>"])),
    ("derive", "each(max = 16)", Fields(&["Vec<View>"])),
    ("derive", r#"each(one_of("a", "b"))"#, Fields(&["Vec<String>"])),
    ("derive", r#"each(key = "id", one_of("a", "b"))"#, Fields(&["BTreeMap<String, View>"])),
    ("derive", r#"each(key = "id", one_of("a", "b"), value(flag))"#, Fields(&["BTreeMap<String, bool>"])),
    ("derive", "struct Item(#[telemetry({written})] …);", Item(ITEM)),
    ("derive", "each, with = |list| list.iter().cloned().map(Item).collect::<Vec<_>>()", Item(ITEM)),
    (
        "derive",
        "{key}({others}{option})",
        Written(&[(r#"bucket(1, 10, unit = "s")"#, "Duration"), ("each(max = 3)", "Vec<View>")]),
    ),
    ("derive", "value", Word),
    ("derive", "key", Word),
    (
        "derive",
        "value(number(max = 100))",
        Written(&[(r#"each(key = "id", one_of("a"), value(number(max = 100)))"#, "BTreeMap<String, u8>")]),
    ),
    (
        "derive",
        "value({policy})",
        Written(&[(r#"each(key = "id", one_of("a"), value(flag))"#, "BTreeMap<String, bool>")]),
    ),
    ("derive", "nested", Word),
    ("derive", "nested, with = |value| View::of(value)", Fields(&["Foreign", "Option<Foreign>"])),
    ("derive", "number", Word),
    ("derive", "number(max = 1_000)", Fields(&["u32", "Option<i64>"])),
    ("derive", "number(max = 86_400)", Fields(&["u32"])),
    ("derive", "number(min = -10, max = LIMIT)", Fields(&["i32"])),
    ("derive", "number(max = {max})", Written(&[("number(max = 9)", "u32")])),
    ("derive", "number(min = {min}, max = {max})", Written(&[("number(min = 1, max = 9)", "u32")])),
    ("derive", "skip", Fields(&["Foreign"])),
    ("derive", r#"skip = "why""#, Fields(&["Foreign"])),
    ("derive", r#"unit = "{meant}""#, Written(&[(r#"number(max = 9, unit = "s")"#, "Duration")])),
    ("derive", "version", Fields(&["String", "Option<String>"])),
    ("derive", "{name} = 100", Written(&[("number(max = 100)", "u32"), ("each(max = 100)", "Vec<View>")])),
    ("derive", "{name} = LIMIT", Written(&[("number(max = LIMIT)", "u32"), ("each(max = LIMIT)", "Vec<View>")])),
    (
        "derive",
        r#"{name} = "...""#,
        Written(&[(r#"one_of("a", other = "x")"#, "String"), (r#"number(max = 9, unit = "rows")"#, "u32")]),
    ),
];

const EVENT: &str = "#[derive(TelemetryEvent)]\n#[telemetry(event = \"name\")]\nstruct Event {\n    on: bool,\n}";
const TAGGED: &str = "#[derive(TelemetrySnapshot)]\n#[telemetry(tag = \"type\")]\nenum Own {\n    View(View),\n}";
const NAMES: &str = "#[derive(TelemetrySnapshot)]\n#[telemetry(names = \"serde\")]\nstruct Serde {\n    on: bool,\n}\n\
    #[derive(TelemetrySnapshot)]\n#[telemetry(names = \"clap\")]\nstruct Clap {\n    on: bool,\n}\n\
    #[derive(TelemetrySnapshot)]\n#[telemetry(names = \"rust\")]\nstruct Rust {\n    on: bool,\n}";
const ITEM: &str = "#[derive(TelemetrySnapshot)]\nstruct Item(#[telemetry(bucket(10, 100))] u16);\n\
    #[derive(TelemetrySnapshot)]\nstruct Options {\n    \
    #[telemetry(each, with = |list| list.iter().cloned().map(Item).collect::<Vec<_>>())]\n    ports: Vec<u16>,\n    on: bool,\n}\n\
    mod texts {\n    use super::*;\n    #[derive(TelemetrySnapshot)]\n    struct Item(#[telemetry(presence)] String);\n    #[derive(TelemetrySnapshot)]\n    \
    struct Options {\n        #[telemetry(each, with = |list| list.iter().cloned().map(Item).collect::<Vec<_>>())]\n        \
    names: Vec<String>,\n        on: bool,\n    }\n}";
