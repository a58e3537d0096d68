//! Judges a whole item: what is wrong becomes an error, and what is left a model that can be expanded.

mod case;
mod container;
pub(crate) mod errors;
mod field;

use proc_macro2::{Ident, Span, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{DataEnum, DataStruct, DeriveInput, Fields, Type, parse_quote};

use self::case::Case;
use self::container::Attrs;
use self::errors::Errors;
use crate::model::{Container, Data, Event, Field, Member, Policy, Shape, Variant};
use telemetry_spec::{limit, name, word};

/// Which derive was written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Derive {
    Snapshot,
    Event,
}

pub(crate) fn container(input: &DeriveInput, derive: Derive) -> (Container<'_>, Vec<syn::Error>) {
    let errors = Errors::default();
    let mut attrs = container::attributes(&input.attrs, &errors);
    let broken = errors.count() > 0;
    let data = match &input.data {
        syn::Data::Struct(data) => structure(input, data, &attrs, &errors),
        syn::Data::Enum(data) => enumeration(input, data, &attrs, broken, &errors),
        syn::Data::Union(data) => {
            errors.at(data.union_token.span, "a union cannot be sent: nothing says which of its fields is set");
            Data::Nothing
        }
    };
    check_event(&mut attrs, &data, derive, broken, input, &errors);
    let container = Container {
        ident: &input.ident,
        generics: &input.generics,
        krate: attrs.krate.unwrap_or_else(|| parse_quote!(::telemetry)),
        data,
        event: attrs.event.map(|name| Event { name, context: attrs.context.is_some() }),
        budget: attrs.budget,
        bound: attrs.bound,
        sound: errors.count() == 0,
    };
    (container, errors.into_vec())
}

fn check_event(attrs: &mut Attrs, data: &Data<'_>, derive: Derive, broken: bool, input: &DeriveInput, errors: &Errors) {
    if let (Some(context), None) = (&attrs.context, &attrs.event)
        && !broken
    {
        errors.at(context.span(), "`context` is for an event: write `event = \"name\"` beside it");
    }
    if let Some(event) = &attrs.event {
        if matches!(data, Data::Words(_) | Data::Variants { .. }) {
            errors
                .at(event.span(), "an event is an object: derive it on a struct, and make this enum one of its fields");
        } else if let (Some(context), Data::Transparent { .. }) = (&attrs.context, data) {
            errors.at(
                context.span(),
                "the context goes beside named fields: make the one field `#[telemetry(flatten)]` instead",
            );
        }
    } else if derive == Derive::Event {
        if !broken {
            errors.at(input.ident.span(), "an event needs its name: `#[telemetry(event = \"name\")]`");
        }
        attrs.event = Some(container::nameless_event(input.ident.span()));
    }
}

fn structure<'a>(input: &'a DeriveInput, data: &'a DataStruct, attrs: &Attrs, errors: &Errors) -> Data<'a> {
    for (key, span) in
        [("tag", attrs.tag.as_ref().map(Spanned::span)), ("untagged", attrs.untagged.as_ref().map(Spanned::span))]
    {
        if let Some(span) = span {
            errors.at(span, format!("`{key}` is for enums with data"));
        }
    }
    let newtype = matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
    if newtype || attrs.transparent.is_some() {
        let at = attrs.transparent.as_ref().map_or_else(|| input.ident.span(), Ident::span);
        return transparent(&data.fields, at, errors);
    }
    Data::Group(group(&data.fields, attrs.rename_all, errors))
}

/// The fields of an object. Each name occurs once; those of flattened types are checked when the schema is compiled.
fn group<'a>(fields: &'a Fields, case: Option<Case>, errors: &Errors) -> Vec<Field<'a>> {
    let mut fields: Vec<Field<'a>> =
        fields.iter().enumerate().map(|(at, field)| member(field, at, case, errors)).collect();
    check_duplicates(&mut fields, errors);
    fields
}

fn tokens(ty: &Type) -> Vec<TokenTree> {
    ty.to_token_stream().into_iter().collect()
}

fn member<'a>(field: &'a syn::Field, at: usize, case: Option<Case>, errors: &Errors) -> Field<'a> {
    let before = errors.count();
    let attrs = field::attributes(&field.attrs, errors);
    let broken = errors.count() > before;
    let nameless = broken || matches!(attrs.policy, Policy::Skip | Policy::Flatten);
    if let (Some(rename), Policy::Flatten) = (&attrs.rename, &attrs.policy) {
        errors.at(rename.span(), "`flatten` puts the fields of the type here, so there is no name to choose");
    }
    let mut policy = attrs.policy;
    let (name, name_span) = match (&attrs.rename, &field.ident) {
        (Some(rename), _) => (rename.value(), rename.span()),
        (None, Some(ident)) => {
            let plain = ident.unraw().to_string();
            let name = case.map_or_else(|| plain.clone(), |case| case.field(&plain));
            if !nameless && !name::is_name(&name) {
                errors.at(ident.span(), format!("{}: choose one with `rename = \"...\"`", name::RULE));
                policy = Policy::Skip;
            }
            (name, ident.span())
        }
        (None, None) => {
            if !nameless {
                errors.at(field.ty.span(), "a field without a name needs one: `#[telemetry(rename = \"...\")]`");
                policy = Policy::Skip;
            }
            (String::new(), field.ty.span())
        }
    };
    let member = field.ident.as_ref().map_or(Member::Index(at), Member::Named);
    let purpose = crate::parse::attr::purpose(&field.attrs);
    Field { member, ty: &field.ty, tokens: tokens(&field.ty), name, name_span, purpose, policy, with: attrs.with }
}

fn check_duplicates(fields: &mut [Field<'_>], errors: &Errors) {
    let named = |field: &&Field<'_>| !matches!(field.policy, Policy::Skip | Policy::Flatten);
    for at in 0..fields.len() {
        let (before, rest) = fields.split_at_mut(at);
        let field = &mut rest[0];
        if named(&&*field) && before.iter().filter(named).any(|before| before.name == field.name) {
            let name = &field.name;
            errors.at(
                field.name_span,
                format!("another field is called `{name}` on the wire: choose one with `rename = \"...\"`"),
            );
            field.policy = Policy::Skip;
        }
    }
}

/// As its one field that is not skipped.
fn transparent<'a>(fields: &'a Fields, at: Span, errors: &Errors) -> Data<'a> {
    let before = errors.count();
    let fields: Vec<Field<'a>> = fields.iter().enumerate().map(|(at, field)| value(field, at, errors)).collect();
    let sent: Vec<usize> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| !matches!(field.policy, Policy::Skip))
        .map(|(at, _)| at)
        .collect();
    match sent.as_slice() {
        [at] => Data::Transparent { at: *at, fields },
        _ => {
            if errors.count() == before {
                errors.at(at, "a transparent struct is sent as its one field: exactly one field must not be skipped");
            }
            Data::Nothing
        }
    }
}

/// A value that stands for the whole: it has no name of its own.
fn value<'a>(field: &'a syn::Field, at: usize, errors: &Errors) -> Field<'a> {
    let attrs = field::attributes(&field.attrs, errors);
    let mut policy = attrs.policy;
    if let Some(rename) = &attrs.rename {
        errors.at(rename.span(), "this value stands for the whole, so it has no name of its own");
        policy = Policy::Skip;
    }
    if let (Some(key), Policy::Flatten) = (&attrs.key, &policy) {
        errors.at(key.span(), "this value stands for the whole already: `flatten` is not needed");
        policy = Policy::Skip;
    }
    let member = field.ident.as_ref().map_or(Member::Index(at), Member::Named);
    let (name, name_span) = (String::new(), field.ty.span());
    Field {
        member,
        ty: &field.ty,
        tokens: tokens(&field.ty),
        name,
        name_span,
        purpose: String::new(),
        policy,
        with: attrs.with,
    }
}

fn enumeration<'a>(
    input: &'a DeriveInput,
    data: &'a DataEnum,
    attrs: &Attrs,
    broken: bool,
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
        errors.at(input.ident.span(), "an enum that is sent has at most 255 variants");
        return Data::Nothing;
    }
    let mut variants: Vec<Named<'a>> =
        data.variants.iter().map(|variant| named(variant, attrs.rename_all, errors)).collect();
    check_words(&mut variants, errors);
    if data.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
        return words(&variants, attrs, errors);
    }
    if attrs.tag.is_none() && attrs.untagged.is_none() && !broken {
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
    let variants = variants.into_iter().map(|variant| variant.shaped(tag, errors)).collect();
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
struct Named<'a> {
    variant: &'a syn::Variant,
    word: String,
    word_span: Span,
    /// The case of its fields.
    case: Option<Case>,
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

/// After an error a variant has a word that nobody writes, so that the table of words is not wrong as well.
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

impl<'a> Named<'a> {
    fn shaped(self, tag: Option<&syn::LitStr>, errors: &Errors) -> Variant<'a> {
        let shape = match &self.variant.fields {
            Fields::Unit => Shape::Unit,
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => self.value(&fields.unnamed[0], tag, errors),
            fields => Shape::Group(group(fields, self.case, errors)),
        };
        if let (Some(tag), Shape::Group(fields)) = (tag, &shape) {
            check_tag(tag, fields, errors);
        }
        let bare = matches!(self.variant.fields, Fields::Unit);
        Variant { ident: &self.variant.ident, bare, word: self.word, shape }
    }

    fn value(&self, field: &'a syn::Field, tag: Option<&syn::LitStr>, errors: &Errors) -> Shape<'a> {
        let value = value(field, 0, errors);
        if matches!(value.policy, Policy::Skip) {
            return Shape::Unit;
        }
        if tag.is_some() {
            errors.at(
                self.variant.ident.span(),
                "under `tag` every variant is an object, so a value needs a name: write `Variant { name: Type }`, or use `untagged`",
            );
            return Shape::Unit;
        }
        Shape::Value(value)
    }
}

fn check_tag(tag: &syn::LitStr, fields: &[Field<'_>], errors: &Errors) {
    let named = |field: &&Field<'_>| !matches!(field.policy, Policy::Skip | Policy::Flatten);
    for field in fields.iter().filter(named).filter(|field| field.name == tag.value()) {
        let name = &field.name;
        errors.at(
            field.name_span,
            format!("the tag is called `{name}` already: choose another name with `rename = \"...\"`"),
        );
    }
}
