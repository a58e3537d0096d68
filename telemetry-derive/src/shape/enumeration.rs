//! An enum: its variants and their words. An enum with data is told apart by a tag or by the data itself.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Fields};
use telemetry_spec::{limit, word};

use super::variants;
use crate::check::case::Case;
use crate::check::container::{self, Attrs};
use crate::errors::Errors;
use crate::model::Data;

pub(super) fn check<'a>(
    input: &'a DeriveInput,
    data: &'a DataEnum,
    attrs: &Attrs,
    is_broken: bool,
    errors: &Errors,
) -> Data<'a> {
    if let Some(transparent) = &attrs.transparent {
        errors.at(transparent.span(), "`transparent` is for structs; `untagged` sends a variant's value as it is");
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
    let mut variants: Vec<Named<'a>> =
        data.variants.iter().map(|variant| named(variant, attrs.rename_all, errors)).collect();
    check_words(&mut variants, errors);
    if data.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
        return words(&variants, attrs, errors);
    }
    if attrs.tag.is_none() && attrs.untagged.is_none() && !is_broken {
        errors.at(
            input.ident.span(),
            "an enum with data says how its variants are told apart: `#[telemetry(tag = \"type\")]` makes each an object \
             whose first member names it; `#[telemetry(untagged)]` sends a unit variant as its word, \
             one with a value as that value, one with fields as an object",
        );
    }
    if let (Some(_), Some(untagged)) = (&attrs.tag, &attrs.untagged) {
        errors.at(untagged.span(), "`tag` and `untagged` exclude each other");
    }
    let tag = attrs.tag.as_ref();
    let variants = variants.into_iter().map(|variant| variants::check(variant, tag, errors)).collect();
    Data::Variants { tag: tag.map(syn::LitStr::value), variants }
}

fn words<'a>(variants: &[Named<'a>], attrs: &Attrs, errors: &Errors) -> Data<'a> {
    let key = attrs.tag.as_ref().map(Spanned::span).or(attrs.untagged.as_ref().map(Spanned::span));
    if let Some(span) = key {
        errors.at(span, "an enum without data is sent as its word: `tag` and `untagged` are for enums with data");
    }
    Data::Words(variants.iter().map(|variant| (&variant.variant.ident, variant.word.clone())).collect())
}

/// A variant whose word is known.
pub(super) struct Named<'a> {
    pub(super) variant: &'a syn::Variant,
    pub(super) word: String,
    word_span: Span,
    /// The case of the variant's field names.
    pub(super) case: Option<Case>,
}

fn named<'a>(variant: &'a syn::Variant, case: Option<Case>, errors: &Errors) -> Named<'a> {
    let attrs = container::variant_attributes(&variant.attrs, errors);
    let (word, word_span) = match &attrs.rename {
        Some(rename) => (rename.value(), rename.span()),
        None => {
            let plain = variant.ident.unraw().to_string();
            (case.map_or_else(|| plain.clone(), |case| case.variant(&plain)), variant.ident.span())
        }
    };
    if let (Some((_, span)), Fields::Unit) = (attrs.rename_all, &variant.fields) {
        errors.at(span, "`rename_all` on a variant is for its fields, and this one has none");
    }
    Named { variant, word, word_span, case: attrs.rename_all.map(|(case, _)| case) }
}

/// After an error, a variant gets a word that no author can write, so that the table of words stays well-formed.
fn check_words(variants: &mut [Named<'_>], errors: &Errors) {
    for at in 0..variants.len() {
        let (before, rest) = variants.split_at_mut(at);
        let (variant, word) = (&rest[0], &rest[0].word);
        let wrong = if !word::is_word(word) {
            format!("{}: choose one with `rename = \"...\"`", word::RULE)
        } else if before.iter().any(|before| before.word == *word) {
            format!("another variant is called `{word}` on the wire: choose one with `rename = \"...\"`")
        } else {
            continue;
        };
        errors.at(variant.word_span, wrong);
        rest[0].word = format!("<{at}>");
    }
}
