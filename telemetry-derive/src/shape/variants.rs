//! The variants of an enum with data.

use std::rc::Rc;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Fields, LitStr};
use telemetry_spec::name;

use super::enumeration::Named;
use super::group::Naming;
use super::{Code, group, transparent, words};
use crate::check::container::Attrs;
use crate::code::tokens::plain_field;
use crate::code::types::is_itself;
use crate::errors::Errors;
use crate::model::{Added, Container, Data, Field, Member, Shape, Variant};
use crate::policies::Beside;

/// The enum around a variant.
#[derive(Clone, Copy)]
pub(super) struct Enum<'e> {
    pub(super) ident: &'e Ident,
    pub(super) attrs: &'e Attrs,
}

pub(super) fn check<'a>(named: Named<'a>, around: Enum<'_>, errors: &Errors) -> Variant<'a> {
    let naming = |nameless| Naming { names: around.attrs.names, case: named.case, nameless };
    let shape = match &named.variant.fields {
        _ if named.is_skipped => Shape::Unit,
        Fields::Unit => Shape::Unit,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = &fields.unnamed[0];
            match (&around.attrs.tag, &around.attrs.content) {
                (None, _) => value(transparent::value(field, 0, around.attrs.names, errors)),
                (Some(_), None) => beside(field, around, naming(Some(name::VALUE)), errors),
                (Some(_), Some(content)) => contents(group::member(field, 0, naming(Some(&content.value())), errors)),
            }
        }
        fields => Shape::Group(group::check(fields, naming(None), errors)),
    };
    if let (Some(tag), None, Shape::Group(fields)) = (&around.attrs.tag, &around.attrs.content, &shape) {
        check_tag(tag, fields, errors);
    }
    let is_bare = named.is_bare();
    Variant { ident: &named.variant.ident, is_bare, word: named.word, shape }
}

/// The value in place of the variant.
fn value(value: Field<'_>) -> Shape<'_> {
    if value.is_skipped() { Shape::Unit } else { Shape::Value(value) }
}

/// The value as the member that holds what a variant contains.
fn contents(value: Field<'_>) -> Shape<'_> {
    if value.is_skipped() { Shape::Unit } else { Shape::Group(vec![value]) }
}

/// The value beside the tag: under its name if it has one, or else as its type decides.
fn beside<'a>(field: &'a syn::Field, around: Enum<'_>, naming: Naming<'_>, errors: &Errors) -> Shape<'a> {
    let mut value = group::member(field, 0, naming, errors);
    if value.policy.is_natural() && !value.is_renamed {
        if is_itself(&field.ty, around.ident) {
            errors.at(
                value.name_span,
                "this is the enum itself, whose members cannot stand beside its own tag: name it with `rename = \"...\"`",
            );
            return Shape::Unit;
        }
        value.policy = Rc::new(Beside);
    }
    contents(value)
}

fn check_tag(tag: &LitStr, fields: &[Field<'_>], errors: &Errors) {
    for field in fields.iter().filter(|field| field.is_named() && field.name == tag.value()) {
        let name = &field.name;
        errors.at(
            field.name_span,
            format!("the tag is called `{name}` already: choose another name with `rename = \"...\"`"),
        );
    }
}

pub(super) fn expand(tag: Option<&str>, content: Option<&str>, variants: &[Variant<'_>], recorder: &Ident) -> Code {
    Code {
        consts: consts(tag, content, variants),
        record: record(content, variants, recorder),
        nested: None,
        weight: Some(weight(variants)),
    }
}

/// Checks that no flattened member has the name of the tag.
pub(crate) fn checks(container: &Container<'_>) -> Vec<TokenStream> {
    let Data::Variants { tag: Some(tag), content: None, variants } = &container.data else { return Vec::new() };
    let flattened = variants.iter().flat_map(Variant::fields).filter(|field| field.is_flattened());
    flattened
        .map(|field| {
            let members = field.kind();
            quote_spanned! {field.ty.span()=>
                __telemetry::check_tag(&[#members], &__telemetry::Field::new(#tag, __telemetry::FLAG))
            }
        })
        .collect()
}

fn consts(tag: Option<&str>, content: Option<&str>, variants: &[Variant<'_>]) -> TokenStream {
    let all = variants.iter().map(|variant| {
        let word = &variant.word;
        match &variant.shape {
            Shape::Unit => quote!(__telemetry::Variant::unit(#word)),
            Shape::Value(value) => {
                let kind = value.kind();
                quote!(__telemetry::Variant::value(#word, #kind))
            }
            Shape::Group(fields) => match content.filter(|content| is_nested(fields, content)) {
                Some(content) => {
                    let members = group::schema(&quote!(__telemetry::object), fields, Added::default(), None);
                    let field = plain_field(content, members);
                    quote!(__telemetry::Variant::group(#word, const { &[#field] }))
                }
                None => group::schema(&quote!(__telemetry::Variant::group), fields, Added::default(), Some(word)),
            },
        }
    });
    let kind = match tag {
        Some(tag) => {
            let words = words::table(variants.iter().map(|variant| &variant.word));
            let tag = quote!(__telemetry::Field::new(#tag, __telemetry::tag(#words, true)));
            quote!(__telemetry::tagged(&#tag, &[#(#all),*]))
        }
        None => quote!(__telemetry::Kind::variants(&[#(#all),*])),
    };
    quote!(const SCHEMA: __telemetry::Schema = __telemetry::variants(#kind);)
}

/// Whether these are the members of an object under `content`, not one value that is called so.
fn is_nested(fields: &[Field<'_>], content: &str) -> bool {
    !matches!(fields, [value @ Field { member: Member::Index(0), .. }] if value.name == content && !value.is_flattened())
}

fn record(content: Option<&str>, variants: &[Variant<'_>], recorder: &Ident) -> TokenStream {
    let arms = variants.iter().zip(0_usize..).map(|(variant, index)| {
        let ident = variant.ident;
        if matches!(variant.shape, Shape::Unit) {
            let rest = (!variant.is_bare).then(|| quote!({ .. }));
            return quote!(Self::#ident #rest => #recorder.variant(#index, |_| {}));
        }
        let fields = variant.fields();
        let (pattern, records) = (group::pattern(fields), group::records(fields, recorder));
        let is_nested_in = content.is_some_and(|content| is_nested(fields, content));
        let parameter =
            if fields.iter().all(Field::is_skipped) && !is_nested_in { quote!(_) } else { quote!(#recorder) };
        let records = if is_nested_in {
            let inner = if fields.iter().all(Field::is_skipped) { quote!(_) } else { quote!(#recorder) };
            quote!(#recorder.object(|#inner| { #(#records)* }))
        } else {
            quote!(#(#records)*)
        };
        quote!(Self::#ident #pattern => #recorder.variant(#index, |#parameter| { #records }))
    });
    quote! {
        match self {
            #(#arms),*
        }
    }
}

/// The bits of the variant that has the most.
fn weight(variants: &[Variant<'_>]) -> TokenStream {
    let all = variants.iter().zip(0_usize..).map(|(variant, index)| {
        let weights = group::weights(variant.fields());
        quote!(__telemetry::variant::<Self>(#index, &[#(#weights),*]))
    });
    quote!(__telemetry::richest::<Self>(&[#(#all),*]))
}
