//! What a field can send: one kind of value, with its bounds.

use telemetry_spec::limit;

use super::check::{check_edges, check_key, check_max, check_number, check_words_of_tag, checked, checked_part};
use super::words::check_words;
use super::{Field, HasSchema, Schema, Variant, Words};

/// One kind of value, with its bounds.
///
/// A kind is a constant, evaluated at compile time. A constructor whose
/// arguments are out of bounds does not compile in a constant.
#[derive(Clone, Copy)]
pub struct Kind {
    pub(crate) node: Node,
    pub(crate) absent: Absent,
}

/// Whether a value can be absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absent {
    Never,
    Possible,
    /// As declared by the schema of the nested type.
    AsNested,
    /// Can be absent, unless the nested type is a presence, which is then sent as `false`.
    UnlessPresence,
}

/// The representation of a kind. Nested schemas are behind function pointers, which only this crate creates, each from a type.
#[derive(Clone, Copy)]
pub(crate) enum Node {
    Flag,
    Presence,
    Changed,
    Count {
        max: u32,
    },
    Number {
        min: i64,
        max: i64,
        unit: &'static str,
        /// How many leading digits are sent; all if zero.
        digits: u8,
    },
    Bucket {
        edges: &'static [i64],
        unit: &'static str,
    },
    Tag(Words),
    Tags {
        words: Words,
        max: u32,
        /// Each word at most once, in the order of the table.
        is_set: bool,
    },
    Version,
    Group(&'static [Field]),
    /// The schema of a type.
    Nested(fn() -> &'static Schema),
    /// The fields of a type, in place of this one.
    Flatten(&'static [Field]),
    /// The same for members that the client adds and that no `record` function may record.
    Added(&'static [Field]),
    List {
        item: fn() -> &'static Field,
        max: u32,
    },
    /// A list of groups: first the map's key, then its value.
    Entries {
        key: &'static Field,
        value: EntryValue,
        max: u32,
    },
    /// An enum with data; with a tag, every variant is a group that contains the tag.
    Variants {
        tag: Option<&'static Field>,
        variants: &'static [Variant],
    },
    /// The members of such an enum with a tag, in place of this one.
    FlattenVariants {
        tag: &'static Field,
        variants: &'static [Variant],
    },
}

/// The field that follows the key of an entry. The members of a group are flattened.
#[derive(Clone, Copy)]
pub(crate) enum EntryValue {
    /// The value of a type, which may contain the map. Only this crate creates the function, from a type.
    Type(fn() -> &'static Field),
    /// A value of one kind.
    Kind(&'static Field),
}

impl EntryValue {
    pub(crate) fn field(self) -> &'static Field {
        match self {
            Self::Type(field) => field(),
            Self::Kind(field) => field,
        }
    }
}

/// The schema of a type that is a part of another one, checked at compile time.
pub(super) fn schema<T: HasSchema + ?Sized>() -> &'static Schema {
    const { checked_part::<T>() }
}

/// The schema of a type that may be an event, checked at compile time.
fn whole<T: HasSchema + ?Sized>() -> &'static Schema {
    const { checked::<T>() }
}

/// The field that holds the values of a map.
pub(super) fn value<T: HasSchema + ?Sized>() -> &'static Field {
    const {
        checked_part::<T>();
        &Field::beside::<T>()
    }
}

fn item<T: HasSchema + ?Sized>() -> &'static Field {
    const {
        checked_part::<T>();
        &Field::item(T::KIND.kind())
    }
}

impl Kind {
    pub(crate) const fn new(node: Node) -> Self {
        Self { node, absent: Absent::Possible }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn flag() -> Self {
        Self::new(Node::Flag)
    }

    /// Whether something is set: `true` or `false`.
    #[must_use]
    pub const fn presence() -> Self {
        Self::new(Node::Presence)
    }

    /// Whether a value differs from its default: `true` or `false`.
    #[must_use]
    pub const fn changed() -> Self {
        Self::new(Node::Changed)
    }

    /// A count from 0 to `max`; a larger count is sent as `max`.
    #[must_use]
    #[track_caller]
    pub const fn count(max: u32) -> Self {
        check_max(max);
        Self::new(Node::Count { max })
    }

    /// An integer from `min` to `max`, both within ±(2^53 - 1). A value outside the bounds is sent as the nearer bound.
    #[must_use]
    #[track_caller]
    pub const fn number(min: i64, max: i64) -> Self {
        check_number(min, max);
        Self::new(Node::Number { min, max, unit: "", digits: 0 })
    }

    /// The range that contains an integer: `[10, 100]` gives `"<10"`, `"10-99"` and `"100+"`.
    ///
    /// There are 1 to 64 edges, in ascending order and within ±(2^53 - 1).
    #[must_use]
    #[track_caller]
    pub const fn bucket(edges: &'static [i64]) -> Self {
        check_edges(edges);
        Self::new(Node::Bucket { edges, unit: "" })
    }

    /// One of the words.
    #[must_use]
    pub const fn tag(words: Words) -> Self {
        Self::new(Node::Tag(words))
    }

    /// A list of at most `max` words; further words are left out.
    #[must_use]
    #[track_caller]
    pub const fn tags(words: Words, max: u32) -> Self {
        check_max(max);
        Self::new(Node::Tags { words, max, is_set: false })
    }

    /// A set of at most `max` words: each at most once, in the order of the table, regardless of the order in which they are recorded.
    #[must_use]
    #[track_caller]
    pub const fn tag_set(words: Words, max: u32) -> Self {
        check_max(max);
        Self::new(Node::Tags { words, max, is_set: true })
    }

    /// A version of one to three parts, each at most 65535: `"1.4.2"`.
    #[must_use]
    pub const fn version() -> Self {
        Self::new(Node::Version)
    }

    /// A nested value of type `T`.
    #[must_use]
    pub const fn group<T: HasSchema + ?Sized>() -> Self {
        Self::new(Node::Nested(schema::<T>))
    }

    /// A list of at most `max` values of type `T`; further items are left out.
    #[must_use]
    #[track_caller]
    pub const fn list<T: HasSchema + ?Sized>(max: u32) -> Self {
        check_max(max);
        Self::new(Node::List { item: item::<T>, max })
    }

    /// A list of at most `max` groups: first `key`, a tag, then the fields of `T` if it is sent as an object, or else `T` as the member
    /// `value`.
    #[must_use]
    #[track_caller]
    pub const fn entries<T: HasSchema + ?Sized>(key: &'static Field, max: u32) -> Self {
        check_max(max);
        check_key(key);
        Self::new(Node::Entries { key, value: EntryValue::Type(value::<T>), max })
    }

    /// An enum: a unit variant is sent as its word, a variant with a value as that value, a variant with fields as an object.
    #[must_use]
    #[track_caller]
    pub const fn variants(variants: &'static [Variant]) -> Self {
        assert!(!variants.is_empty() && variants.len() <= limit::WORDS, "an enum has 1 to 255 variants");
        Self::new(Node::Variants { tag: None, variants })
    }

    /// An enum whose variants are objects; the first member, `tag`, names the variant.
    #[must_use]
    #[track_caller]
    pub const fn tagged(tag: &'static Field, variants: &'static [Variant]) -> Self {
        check_words_of_tag(tag, variants);
        let mut at = 0;
        while at < variants.len() {
            variants[at].check_tag(tag);
            at += 1;
        }
        Self::new(Node::Variants { tag: Some(tag), variants })
    }

    /// The same number, of which only the leading `count` digits are sent, 1 to 15: all others become zero.
    ///
    /// # Compile errors
    ///
    /// If the kind is not a number, or `count` is outside these bounds.
    ///
    /// ```
    /// use telemetry::schema::Kind;
    ///
    /// const SIZE: Kind = Kind::number(0, 1_000_000).digits(2); // 86_412 is sent as 86000
    /// ```
    #[must_use]
    #[track_caller]
    pub const fn digits(mut self, count: u8) -> Self {
        assert!(count >= 1 && count <= limit::DIGITS, "a number is limited to 1 to 15 leading digits");
        match &mut self.node {
            Node::Number { digits, .. } => *digits = count,
            _ => panic!("only numbers have leading digits"),
        }
        self
    }

    /// The same number or bucket with its unit of measurement, for the disclosure.
    ///
    /// # Compile errors
    ///
    /// If the kind is neither.
    #[must_use]
    #[track_caller]
    pub const fn unit(mut self, name: &'static str) -> Self {
        match &mut self.node {
            Node::Number { unit, .. } | Node::Bucket { unit, .. } => *unit = name,
            _ => panic!("only numbers and buckets have a unit"),
        }
        self
    }

    /// The same kind, whose words have been checked.
    #[track_caller]
    pub(crate) const fn checked(mut self) -> Self {
        if let Node::Tag(words) = &mut self.node {
            check_words(words);
            words.is_checked = true;
        }
        self
    }

    /// The kind of a value that is a part of no other one. If it is an event, it has what the client adds.
    pub(crate) const fn whole<T: HasSchema + ?Sized>() -> Self {
        let kind = T::KIND.kind();
        match T::SCHEMA.node {
            Node::Group(_) => Self { node: Node::Nested(whole::<T>), ..kind },
            _ => kind,
        }
    }

    /// The same kind for values that are never absent.
    pub(crate) const fn always(mut self) -> Self {
        self.absent = Absent::Never;
        self
    }

    /// The same kind for values that may be absent. An absent presence is sent as `false`.
    pub(crate) const fn optional(mut self) -> Self {
        if !matches!((&self.node, self.absent), (Node::Presence, Absent::Never)) {
            self.absent = Absent::Possible;
        }
        self
    }

    /// Whether values of this kind are never absent, decided without reading nested types: an unknown one counts as never absent.
    pub(crate) const fn is_never_absent(&self) -> bool {
        matches!(self.absent, Absent::Never | Absent::AsNested)
    }

    /// Whether values of this kind are never absent. A nested type that stands for a single value decides this itself.
    pub(crate) fn is_required(&self) -> bool {
        self.is_required_within(None)
    }

    /// Whether the value may be absent whatever its type is, which is known without reading the type.
    #[inline]
    pub(crate) const fn is_optional(&self) -> bool {
        matches!(self.absent, Absent::Possible)
    }

    /// Like `is_required`, given the types already being examined. A type that leads back to itself cannot add an absent value.
    pub(super) fn is_required_within(&self, above: Option<&Asked<'_>>) -> bool {
        match (&self.node, self.absent) {
            (Node::Nested(schema), Absent::AsNested) => {
                let asked = Asked { schema: schema(), above };
                asked.is_above() || asked.schema.kind().is_required_within(Some(&asked))
            }
            (Node::Nested(schema), Absent::UnlessPresence) => {
                let schema = schema();
                matches!(schema.node, Node::Presence) && schema.is_required()
            }
            (Node::Variants { tag: None, variants }, _) => {
                self.is_never_absent() && variants.iter().all(|variant| variant.is_required_within(above))
            }
            _ => self.is_never_absent(),
        }
    }
}

/// A nested type being examined for absence, linked to the types that led to it.
pub(super) struct Asked<'a> {
    schema: &'static Schema,
    above: Option<&'a Self>,
}

impl Asked<'_> {
    fn is_above(&self) -> bool {
        let mut above = self.above;
        while let Some(asked) = above {
            if core::ptr::eq(asked.schema, self.schema) {
                return true;
            }
            above = asked.above;
        }
        false
    }
}

impl Node {
    /// The kind's name in errors and in the disclosure.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Node::Flag => "flag",
            Node::Presence => "presence",
            Node::Changed => "changed",
            Node::Count { .. } => "count",
            Node::Number { .. } => "number",
            Node::Bucket { .. } => "bucket",
            Node::Tag(_) => "tag",
            Node::Tags { .. } => "tags",
            Node::Version => "version",
            Node::Group(_) | Node::Flatten(_) | Node::FlattenVariants { .. } => "group",
            Node::Added(_) => "what the client adds",
            Node::Nested(schema) => schema().node.name(),
            Node::List { .. } => "list",
            Node::Entries { .. } => "entries",
            Node::Variants { .. } => "variants",
        }
    }
}
