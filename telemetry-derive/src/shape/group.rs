//! The fields of an object: those of a struct or of a variant.

use std::rc::Rc;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::Fields;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use telemetry_spec::name;

use crate::check::field;
use crate::check::names::{Casing, Names};
use crate::code::tokens::{self, Written};
use crate::errors::Errors;
use crate::model::{Added, Field, Member};
use crate::parse::doc;
use crate::policies::Skip;

/// How fields are named.
#[derive(Clone, Copy)]
pub(super) struct Naming<'n> {
    pub(super) names: Names,
    pub(super) case: Option<Casing>,
    /// The name of a field that has none.
    pub(super) nameless: Option<&'n str>,
}

/// Checks that each name occurs once. Names of flattened types are checked when the schema is evaluated.
pub(super) fn check<'a>(fields: &'a Fields, naming: Naming<'_>, errors: &Errors) -> Vec<Field<'a>> {
    let mut fields: Vec<Field<'a>> =
        fields.iter().enumerate().map(|(at, field)| member(field, at, naming, errors)).collect();
    check_duplicates(&mut fields, errors);
    fields
}

pub(super) fn member<'a>(field: &'a syn::Field, at: usize, naming: Naming<'_>, errors: &Errors) -> Field<'a> {
    let attrs = field::attributes(field, naming.names, errors);
    let mut member = Field {
        at,
        member: field.ident.as_ref().map_or(Member::Index(at), Member::Named),
        ty: &field.ty,
        tokens: field.ty.to_token_stream().into_iter().collect(),
        name: String::new(),
        is_renamed: attrs.rename.is_some() || attrs.foreign_name.is_some(),
        name_span: field.ident.as_ref().map_or_else(|| field.ty.span(), Ident::span),
        purpose: doc::purpose(&field.attrs),
        policy: attrs.policy.into(),
        with: attrs.with,
    };
    if let Some(rename) = &attrs.rename {
        if member.is_flattened() {
            errors.at(rename.span(), "`flatten` puts the fields of the type here, so there is no name to choose");
        }
        (member.name, member.name_span) = (rename.value(), rename.span());
    } else if let Some(name) = &attrs.foreign_name {
        (member.name, member.name_span) = (name.value(), name.span());
        if !name::is_name(&member.name) {
            member.refuse(format!("{}: choose one with `#[telemetry(rename = \"...\")]`", name::RULE), errors);
        }
    } else if let Some(ident) = &field.ident {
        let plain = ident.unraw().to_string();
        member.name = naming.case.map_or_else(|| plain.clone(), |case| case.field(&plain));
        if member.is_named() && !name::is_name(&member.name) {
            member.refuse(format!("{}: choose one with `#[telemetry(rename = \"...\")]`", name::RULE), errors);
        }
    } else if let Some(name) = naming.nameless {
        name.clone_into(&mut member.name);
    } else if member.is_named() {
        member.refuse("a field without a name needs one: `#[telemetry(rename = \"...\")]`".to_owned(), errors);
    }
    member
}

impl Field<'_> {
    /// Reports an error in the name, and skips the field.
    fn refuse(&mut self, message: String, errors: &Errors) {
        errors.at(self.name_span, message);
        self.policy = Rc::new(Skip);
    }
}

fn check_duplicates(fields: &mut [Field<'_>], errors: &Errors) {
    for at in 0..fields.len() {
        let (before, rest) = fields.split_at_mut(at);
        let field = &mut rest[0];
        if field.is_named() && before.iter().any(|before| before.is_named() && before.name == field.name) {
            let name = &field.name;
            field.refuse(
                format!(
                    "another field is called `{name}` on the wire: choose one with `#[telemetry(rename = \"...\")]`"
                ),
                errors,
            );
        }
    }
}

/// `constructor(word, const { &[members] })`. The compiler reports duplicate names at a flattened type or at the key that asks for what is added.
pub(super) fn schema(constructor: &TokenStream, fields: &[Field<'_>], added: Added, word: Option<&str>) -> TokenStream {
    let (members, word) = (members(fields), word.into_iter());
    let counted = added.counted.map(|_| quote!(__telemetry::Field::counted())).into_iter();
    let context = added.context.map(|_| quote!(__telemetry::Field::context())).into_iter();
    let call = quote!(#constructor(#(#word,)* const { &[#(#members,)* #(#counted,)* #(#context)*] }));
    match flattened(fields).or(added.spans().last()) {
        Some(span) => at(span, call),
        None => call,
    }
}

/// The position of the last flattened type.
pub(super) fn flattened<'f>(fields: impl IntoIterator<Item = &'f Field<'f>>) -> Option<Span> {
    fields.into_iter().filter(|field| field.is_flattened()).last().map(|field| field.ty.span())
}

/// The same tokens with another span.
pub(super) fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let span = Span::call_site().located_at(span);
    let at_span = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    tokens.into_iter().map(at_span).collect()
}

fn members<'f>(fields: &'f [Field<'_>]) -> impl Iterator<Item = impl ToTokens + 'f> {
    fields.iter().filter(|field| !field.is_skipped()).map(|field| {
        Written(move |tokens: &mut TokenStream| {
            if field.is_flattened() {
                return field.kind().to_tokens(tokens);
            }
            tokens::field(tokens, &field.name, field.kind(), &field.purpose);
        })
    })
}

/// `{ a: telemetry_field0, b: _ }` or `(field0, _)`. Every field is named, so that a new one cannot be overlooked.
pub(super) fn pattern(fields: &[Field<'_>]) -> impl ToTokens {
    Written(move |tokens: &mut TokenStream| {
        let mut parts = TokenStream::new();
        for field in fields {
            if let Member::Named(ident) = &field.member {
                parts.append((*ident).clone());
                parts.append(Punct::new(':', Spacing::Alone));
            }
            parts.append(if field.is_skipped() { Ident::new("_", Span::call_site()) } else { field.binding() });
            parts.append(Punct::new(',', Spacing::Alone));
        }
        // Braces also match a tuple of nothing.
        let is_tuple = fields.iter().any(|field| matches!(field.member, Member::Index(_)));
        tokens.append(Group::new(if is_tuple { Delimiter::Parenthesis } else { Delimiter::Brace }, parts));
    })
}

/// The statements that record the fields.
pub(super) fn records<'f>(fields: &'f [Field<'_>], recorder: &'f Ident) -> impl Iterator<Item = impl ToTokens + 'f> {
    fields.iter().map(move |field| field.record(field.binding(), recorder))
}

/// The bits of the fields that have any.
pub(super) fn weights(fields: &[Field<'_>]) -> Vec<TokenStream> {
    fields.iter().filter_map(|field| field.policy.weight(field)).collect()
}
