//! The variants of an enum with data.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Fields, LitStr};

use super::enumeration::Named;
use super::{Code, group, transparent, words};
use crate::errors::Errors;
use crate::model::{Field, Shape, Variant};

pub(super) fn check<'a>(named: Named<'a>, tag: Option<&LitStr>, errors: &Errors) -> Variant<'a> {
    let shape = match &named.variant.fields {
        Fields::Unit => Shape::Unit,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => value(&named, &fields.unnamed[0], tag, errors),
        fields => Shape::Group(group::check(fields, named.case, errors)),
    };
    if let (Some(tag), Shape::Group(fields)) = (tag, &shape) {
        check_tag(tag, fields, errors);
    }
    let is_bare = matches!(named.variant.fields, Fields::Unit);
    Variant { ident: &named.variant.ident, is_bare, word: named.word, shape }
}

fn value<'a>(named: &Named<'a>, field: &'a syn::Field, tag: Option<&LitStr>, errors: &Errors) -> Shape<'a> {
    let value = transparent::value(field, 0, errors);
    if value.is_skipped() {
        return Shape::Unit;
    }
    if tag.is_some() {
        errors.at(
            named.variant.ident.span(),
            "under `tag` every variant is an object, so a value needs a name: write `Variant { name: Type }`, or use `untagged`",
        );
        return Shape::Unit;
    }
    Shape::Value(value)
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

pub(super) fn expand(tag: Option<&str>, variants: &[Variant<'_>], recorder: &Ident) -> Code {
    Code {
        consts: consts(tag, variants),
        record: record(variants, recorder),
        nested: None,
        weight: Some(weight(variants)),
    }
}

fn consts(tag: Option<&str>, variants: &[Variant<'_>]) -> TokenStream {
    let all = variants.iter().map(|variant| {
        let word = &variant.word;
        match &variant.shape {
            Shape::Unit => quote!(__telemetry::Variant::unit(#word)),
            Shape::Value(value) => {
                let kind = value.kind();
                quote!(__telemetry::Variant::value(#word, #kind))
            }
            Shape::Group(fields) => group::schema(&quote!(__telemetry::Variant::group), fields, None, Some(word)),
        }
    });
    let kind = match tag {
        Some(tag) => {
            let words = words::table(variants.iter().map(|variant| &variant.word));
            let tag = quote!(__telemetry::Field::new(#tag, __telemetry::tag(#words, true)));
            let kind = quote!(__telemetry::Kind::tagged(&#tag, &[#(#all),*]));
            match group::flattened(variants.iter().flat_map(Variant::fields)) {
                Some(span) => group::at(span, kind),
                None => kind,
            }
        }
        None => quote!(__telemetry::Kind::variants(&[#(#all),*])),
    };
    quote!(const SCHEMA: __telemetry::Schema = __telemetry::variants(#kind);)
}

fn record(variants: &[Variant<'_>], recorder: &Ident) -> TokenStream {
    let arms = variants.iter().zip(0_usize..).map(|(variant, index)| {
        let ident = variant.ident;
        if matches!(variant.shape, Shape::Unit) {
            let rest = (!variant.is_bare).then(|| quote!({ .. }));
            return quote!(Self::#ident #rest => #recorder.variant(#index, |_| {}));
        }
        let fields = variant.fields();
        let (pattern, records) = (group::pattern(fields), group::records(fields, recorder));
        let parameter = if fields.iter().all(Field::is_skipped) { quote!(_) } else { quote!(#recorder) };
        quote!(Self::#ident #pattern => #recorder.variant(#index, |#parameter| { #(#records)* }))
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
        let count = weights.len();
        quote!(__telemetry::sum(&[__telemetry::variant::<Self>(#index, #count), #(#weights),*]))
    });
    quote!(__telemetry::richest::<Self>(&[#(#all),*]))
}
