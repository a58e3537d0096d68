//! A struct that is sent as its one field.

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Fields;
use syn::spanned::Spanned;

use super::{Code, group};
use crate::check::field;
use crate::check::names::Names;
use crate::code::types::last_segment;
use crate::errors::Errors;
use crate::model::{Data, Field, Member};
use crate::policies::{Natural, Skip};

pub(super) fn check<'a>(fields: &'a Fields, at: Span, names: Names, errors: &Errors) -> Data<'a> {
    let before = errors.count();
    let mut fields: Vec<Field<'a>> =
        fields.iter().enumerate().map(|(at, field)| value(field, at, names, errors)).collect();
    // A marker beside what is sent.
    if fields.iter().filter(|field| !field.is_skipped()).count() > 1 {
        let is_marker = |field: &&mut Field<'_>| {
            field.policy.is_natural() && last_segment(field.ty).is_some_and(|last| last.ident == "PhantomData")
        };
        fields.iter_mut().filter(is_marker).for_each(|field| field.policy = Rc::new(Skip));
    }
    let mut sent = fields.iter().enumerate().filter(|(_, field)| !field.is_skipped()).map(|(at, _)| at);
    match (sent.next(), sent.next()) {
        (Some(at), None) => Data::Transparent { at, fields },
        _ => {
            if errors.count() == before {
                errors.at(at, "a transparent struct is sent as its one field: exactly one field must not be skipped");
            }
            Data::Nothing
        }
    }
}

/// A field whose value is sent as the whole struct, without a name of its own.
pub(super) fn value<'a>(field: &'a syn::Field, at: usize, names: Names, errors: &Errors) -> Field<'a> {
    let attrs = field::attributes(field, names, errors);
    let mut value = Field {
        at,
        member: field.ident.as_ref().map_or(Member::Index(at), Member::Named),
        ty: &field.ty,
        tokens: field.ty.to_token_stream().into_iter().collect(),
        name: String::new(),
        name_span: field.ty.span(),
        is_renamed: false,
        purpose: String::new(),
        policy: attrs.policy.into(),
        with: attrs.with,
    };
    if let Some(rename) = &attrs.rename {
        errors.at(rename.span(), "this value stands for the whole, so it has no name of its own");
        value.policy = Rc::new(Skip);
    }
    if value.is_flattened() {
        if let Some(key) = &attrs.key {
            errors.at(key.span(), "this value stands for the whole already: `flatten` is not needed");
            value.policy = Rc::new(Skip);
        } else {
            value.policy = Rc::new(Natural);
        }
    }
    value
}

pub(super) fn expand(fields: &[Field<'_>], at: usize, recorder: &Ident) -> Code {
    let field = &fields[at];
    let weight = weight(field).into_iter();
    Code {
        consts: consts(field),
        record: record(fields, field, recorder, "record"),
        nested: Some(nested(fields, field, recorder)),
        weight: Some(quote!(__telemetry::sum(&[#(#weight)*]))),
    }
}

/// The bits of the value. They include those of its kind if the type itself says what it sends.
pub(crate) fn weight(field: &Field<'_>) -> Option<TokenStream> {
    if !field.policy.is_natural() {
        return field.policy.weight(field);
    }
    let (kind, weight) = (field.kind(), field.of_policy("weight"));
    let whole = |end| quote_spanned!(end=> __telemetry::whole(#kind, #weight::<__TelemetryDepth>));
    Some(field.at_type(whole))
}

fn consts(field: &Field<'_>) -> TokenStream {
    if field.policy.is_natural() {
        let schema = field.of_policy("SCHEMA");
        return quote! {
            const SCHEMA: __telemetry::Schema = #schema;
            const KIND: __telemetry::Natural<Self> = __telemetry::Natural::VALUE;
        };
    }
    let kind = field.kind();
    quote! {
        const SCHEMA: __telemetry::Schema = __telemetry::Schema::of(#kind);
        const KIND: __telemetry::Natural<Self> = __telemetry::Natural::EAGER;
    }
}

/// Records the value, with `method` if its type says what it sends.
fn record(fields: &[Field<'_>], field: &Field<'_>, recorder: &Ident, method: &str) -> TokenStream {
    let (pattern, binding) = (group::pattern(fields), field.binding());
    let record = if field.policy.is_natural() {
        let method = field.of_policy(method);
        quote!(#method(#binding, #recorder);)
    } else {
        field.record(binding, recorder).to_token_stream()
    };
    quote! {
        let Self #pattern = self;
        #record
    }
}

/// Records a single value directly, without a group.
fn nested(fields: &[Field<'_>], field: &Field<'_>, recorder: &Ident) -> TokenStream {
    let record = record(fields, field, recorder, "record_nested");
    let absent = field.policy.record_absent(field, recorder).map(|absent| {
        quote! {
            fn record_absent(#recorder: &mut __telemetry::Recorder<'_>) {
                #absent
            }
        }
    });
    quote! {
        #[inline]
        fn record_nested(&self, #recorder: &mut __telemetry::Recorder<'_>) {
            #record
        }

        #absent
    }
}
