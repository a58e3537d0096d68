//! Structs and enums: the shape of an item, the checks for that shape, and its code.

mod enumeration;
mod group;
mod structure;
pub(crate) mod transparent;
pub(crate) mod variants;
mod words;

use proc_macro2::{Ident, TokenStream};
use syn::DeriveInput;

use crate::check::container::Attrs;
use crate::errors::Errors;
use crate::model::{Container, Data};

/// Checks the item's fields and variants. `is_broken` means that the item's own attributes have errors.
pub(crate) fn check<'a>(input: &'a DeriveInput, attrs: &Attrs, is_broken: bool, errors: &Errors) -> Data<'a> {
    match &input.data {
        syn::Data::Struct(data) => structure::check(input, data, attrs, errors),
        syn::Data::Enum(data) => enumeration::check(input, data, attrs, is_broken, errors),
        syn::Data::Union(data) => {
            errors.at(data.union_token.span, "a union cannot be sent: nothing says which of its fields is set");
            Data::Nothing
        }
    }
}

/// The parts of an implementation that depend on the shape.
pub(crate) struct Code {
    /// The constants of `TelemetrySnapshot`.
    pub(crate) consts: TokenStream,
    /// The body of `record`.
    pub(crate) record: TokenStream,
    /// `record_nested` and `record_absent`, if they are not the default.
    pub(crate) nested: Option<TokenStream>,
    /// The bits of the value; `None` for an enum of words, which has no such bits.
    pub(crate) weight: Option<TokenStream>,
}

pub(crate) fn expand(container: &Container<'_>, recorder: &Ident) -> Code {
    let added = container.added();
    match &container.data {
        Data::Nothing => {
            Code { weight: Some(quote::quote!(__telemetry::sum(&[]))), ..structure::expand(&[], added, recorder) }
        }
        Data::Group(fields) => structure::expand(fields, added, recorder),
        Data::Transparent { fields, at } => transparent::expand(fields, *at, recorder),
        Data::Words(words) => words::expand(words, recorder),
        Data::Variants { tag, content, variants } => {
            variants::expand(tag.as_deref(), content.as_deref(), variants, recorder)
        }
    }
}
