//! A struct: an object, unless it is sent as its one field.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{DataStruct, DeriveInput, Fields, LitStr};

use super::{Code, group, transparent};
use crate::check::container::Attrs;
use crate::errors::Errors;
use crate::model::{Added, Data, Field};

pub(super) fn check<'a>(input: &'a DeriveInput, data: &'a DataStruct, attrs: &Attrs, errors: &Errors) -> Data<'a> {
    let of_enums = [
        ("tag", attrs.tag.as_ref().map(LitStr::span)),
        ("content", attrs.content.as_ref().map(LitStr::span)),
        ("untagged", attrs.untagged),
    ];
    for (key, span) in of_enums {
        if let Some(span) = span {
            errors.at(span, format!("`{key}` is for enums"));
        }
    }
    let is_newtype = matches!(&data.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1);
    if is_newtype || attrs.transparent.is_some() {
        let at = attrs.transparent.unwrap_or_else(|| input.ident.span());
        return transparent::check(&data.fields, at, attrs.names, errors);
    }
    let naming = group::Naming { names: attrs.names, case: attrs.rename_all, nameless: None };
    Data::Group(group::check(&data.fields, naming, errors))
}

pub(super) fn expand(fields: &[Field<'_>], added: Added, recorder: &Ident) -> Code {
    // The macro has compared all names, unless it does not know some of them.
    let is_compared = added.is_nothing() && !fields.iter().any(Field::is_flattened);
    let constructor = if is_compared { quote!(__telemetry::members) } else { quote!(__telemetry::Schema::group) };
    let schema = group::schema(&constructor, fields, added, None);
    let mut weights = group::weights(fields);
    weights.extend(added.counted.map(|_| quote!(__telemetry::count_weight())));
    weights.extend(added.context.map(|_| quote!(__telemetry::context_weight())));
    let count = weights.len();
    Code {
        consts: quote!(const SCHEMA: __telemetry::Schema = #schema;),
        record: record(fields, added, recorder),
        nested: None,
        weight: Some(quote!(__telemetry::sum(&[__telemetry::own::<Self>(#count), #(#weights),*]))),
    }
}

fn record(fields: &[Field<'_>], added: Added, recorder: &Ident) -> TokenStream {
    // The client adds the count and the context once they are known.
    let absent = added.spans().map(|_| quote!(#recorder.absent();));
    let ignored = quote!(let _ = #recorder;);
    if fields.is_empty() {
        return if added.is_nothing() { ignored } else { absent.collect() };
    }
    let (pattern, records) = (group::pattern(fields), group::records(fields, recorder));
    let unused = (added.is_nothing() && fields.iter().all(Field::is_skipped)).then_some(ignored);
    quote! {
        let Self #pattern = self;
        #unused
        #(#records)*
        #(#absent)*
    }
}
