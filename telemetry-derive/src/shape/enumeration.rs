//! An enum: its variants and their words. An enum with data is told apart by a tag or by the data itself.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::{DataEnum, DeriveInput, Fields, LitStr};
use telemetry_spec::{limit, word};

use super::variants;
use crate::check::container::{self, Attrs};
use crate::check::names::{Casing, Source};
use crate::errors::Errors;
use crate::model::{Data, Variant, Word};

pub(super) fn check<'a>(
    input: &'a DeriveInput,
    data: &'a DataEnum,
    attrs: &Attrs,
    is_broken: bool,
    errors: &Errors,
) -> Data<'a> {
    if let Some(transparent) = attrs.transparent {
        errors.at(transparent, "`transparent` is for structs; `untagged` sends a variant's value as it is");
    }
    if data.variants.is_empty() {
        errors.at(input.ident.span(), "an enum without variants has no value that could be sent");
        return Data::Nothing;
    }
    if data.variants.len() > limit::WORDS {
        let message = format!("an enum that is sent has at most {} variants", limit::WORDS);
        errors.at(input.ident.span(), message);
        return Data::Nothing;
    }
    let mut variants: Vec<Named<'a>> = data.variants.iter().map(|variant| named(variant, attrs, errors)).collect();
    check_words(&mut variants, errors);
    if let (Some(_), Some(untagged)) = (&attrs.tag, attrs.untagged) {
        errors.at(untagged, "`tag` and `untagged` exclude each other");
    }
    if let (Some(content), None, false) = (&attrs.content, &attrs.tag, is_broken) {
        errors.at(content.span(), "`content` stands beside `tag`, which names the variant: `tag = \"type\"`");
    }
    if let (Some(tag), Some(content)) = (&attrs.tag, &attrs.content)
        && tag.value() == content.value()
    {
        let name = tag.value();
        let message = format!("the tag is called `{name}` already: choose another name for `content`");
        errors.at(content.span(), message);
    }
    // A stated tag holds without data, too: the variants that have some may be behind a `cfg`.
    if attrs.tag.is_none() && variants.iter().all(|named| named.is_skipped || named.is_bare()) {
        return words(&variants);
    }
    let before = errors.count();
    let around = variants::Enum { ident: &input.ident, attrs };
    let variants: Vec<Variant<'a>> =
        variants.into_iter().map(|variant| variants::check(variant, around, errors)).collect();
    if attrs.tag.is_none() && attrs.untagged.is_none() && !is_broken {
        // After an error in a variant, it may contain more than is known here.
        let is_words = errors.count() == before && variants.iter().all(Variant::is_word);
        if is_words && attrs.content.is_none() {
            let word = |Variant { ident, is_bare, word, .. }| Word { ident, is_bare, word };
            return Data::Words(variants.into_iter().map(word).collect());
        }
        errors.at(
            input.ident.span(),
            "an enum with data says how its variants are told apart: `#[telemetry(tag = \"type\")]` makes each an object \
             whose first member names it; `#[telemetry(untagged)]` sends a unit variant as its word, \
             one with a value as that value, one with fields as an object",
        );
    }
    let [tag, content] = [&attrs.tag, &attrs.content].map(|name| name.as_ref().map(LitStr::value));
    Data::Variants { content: content.filter(|_| tag.is_some()), tag, variants }
}

fn words<'a>(variants: &[Named<'a>]) -> Data<'a> {
    let word =
        |named: &Named<'a>| Word { ident: &named.variant.ident, is_bare: named.is_bare(), word: named.word.clone() };
    Data::Words(variants.iter().map(word).collect())
}

/// A variant whose word is known.
pub(super) struct Named<'a> {
    pub(super) variant: &'a syn::Variant,
    pub(super) word: String,
    word_span: Span,
    /// The case of the variant's field names.
    pub(super) case: Option<Casing>,
    /// Whether only its word is sent.
    pub(super) is_skipped: bool,
}

impl Named<'_> {
    /// Whether it has no fields.
    pub(super) fn is_bare(&self) -> bool {
        matches!(self.variant.fields, Fields::Unit)
    }
}

fn named<'a>(variant: &'a syn::Variant, container: &Attrs, errors: &Errors) -> Named<'a> {
    let attrs = container::variant_attributes(&variant.attrs, container.names, errors);
    // In clap, the case of a variant is that of its own name and of its fields.
    let is_clap = container.names.source == Source::Clap;
    let case = if is_clap { attrs.foreign_case.or(container.rename_all) } else { container.rename_all };
    let fields_case = attrs.rename_all.or(if is_clap { container.rename_all } else { container.rename_all_fields });
    let (word, word_span) = match &attrs.rename {
        Some(rename) => (rename.value(), rename.span()),
        None => {
            let plain = variant.ident.unraw().to_string();
            (case.map_or_else(|| plain.clone(), |case| case.variant(&plain)), variant.ident.span())
        }
    };
    if let (Some(span), Fields::Unit) = (attrs.rename_all_at, &variant.fields) {
        errors.at(span, "`rename_all` on a variant is for its fields, and this one has none");
    }
    Named { variant, word, word_span, case: fields_case, is_skipped: attrs.is_skipped }
}

/// After an error, a variant gets a word that no author can write, so that the table of words stays well-formed.
fn check_words(variants: &mut [Named<'_>], errors: &Errors) {
    for at in 0..variants.len() {
        let (before, rest) = variants.split_at_mut(at);
        let (variant, word) = (&rest[0], &rest[0].word);
        let wrong = if !word::is_word(word) {
            format!("{}: choose one with `#[telemetry(rename = \"...\")]`", word::RULE)
        } else if before.iter().any(|before| before.word == *word) {
            format!("another variant is called `{word}` on the wire: choose one with `#[telemetry(rename = \"...\")]`")
        } else {
            continue;
        };
        errors.at(variant.word_span, wrong);
        rest[0].word = format!("<{at}>");
    }
}
