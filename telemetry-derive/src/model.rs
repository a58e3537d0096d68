//! A checked item: illegal states cannot be written down here.

use proc_macro2::{Ident, Span, TokenTree};
use syn::{ExprPath, Generics, LitStr, Path, Type, WherePredicate};

pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The `telemetry` crate.
    pub(crate) krate: Path,
    pub(crate) data: Data<'a>,
    pub(crate) event: Option<Event>,
    pub(crate) budget: Option<Budget>,
    /// Stated bounds, in the place of the inferred ones.
    pub(crate) bound: Option<Vec<WherePredicate>>,
    /// Whether no error was found. Otherwise nothing is counted or compared: what is left is not what was meant.
    pub(crate) sound: bool,
}

impl Container<'_> {
    /// Whether the client adds what it found out about where it runs.
    pub(crate) fn carries_context(&self) -> bool {
        self.event.as_ref().is_some_and(|event| event.context)
    }
}

pub(crate) struct Event {
    pub(crate) name: LitStr,
    pub(crate) context: bool,
}

pub(crate) struct Budget {
    pub(crate) bits: u64,
    pub(crate) span: Span,
}

pub(crate) enum Data<'a> {
    /// What is left when nothing can be said about the item but errors.
    Nothing,
    /// An object.
    Group(Vec<Field<'a>>),
    /// As the one field that is not skipped.
    Transparent { fields: Vec<Field<'a>>, at: usize },
    /// A word for each variant.
    Words(Vec<(&'a Ident, String)>),
    /// An enum with data.
    Variants { tag: Option<String>, variants: Vec<Variant<'a>> },
}

pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    /// Whether it has no fields, not even such as are skipped.
    pub(crate) bare: bool,
    pub(crate) word: String,
    pub(crate) shape: Shape<'a>,
}

#[expect(clippy::large_enum_variant, reason = "a handful of them live for the length of an expansion")]
pub(crate) enum Shape<'a> {
    Unit,
    Value(Field<'a>),
    Group(Vec<Field<'a>>),
}

pub(crate) struct Field<'a> {
    pub(crate) member: Member<'a>,
    pub(crate) ty: &'a Type,
    /// Those of the type.
    pub(crate) tokens: Vec<TokenTree>,
    pub(crate) name: String,
    pub(crate) name_span: Span,
    pub(crate) purpose: String,
    pub(crate) policy: Policy,
    pub(crate) with: Option<ExprPath>,
}

#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    Named(&'a Ident),
    Index(usize),
}

pub(crate) enum Policy {
    Natural,
    Flag,
    Presence,
    Count { max: u32 },
    Number { min: i64, max: i64, unit: Option<String> },
    Bucket { edges: Vec<i64>, unit: Option<String> },
    OneOf(Words),
    Version,
    Each { max: u32 },
    EachOneOf { words: Words, max: u32 },
    EachEntry { key: String, words: Words, max: u32 },
    Flatten,
    Skip,
}

pub(crate) enum Words {
    Listed { words: Vec<LitStr>, other: Option<LitStr> },
    Constant { path: ExprPath, other: Option<LitStr> },
}
