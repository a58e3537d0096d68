//! `flatten`: the members of a group, in the group around it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

use super::{Definition, without_arguments};
use crate::model::{Field, Place, Policy};

pub(crate) struct Flatten;

pub(super) const DEFINITION: Definition = Definition {
    key: "flatten",
    synonyms: &["inline"],
    advice: "write `flatten`: it sends the members of a nested snapshot beside those of this one",
    options: &[],
    read: |key, args, errors| without_arguments(key, args, Flatten, errors),
};

impl Policy for Flatten {
    fn required_trait(&self) -> &'static str {
        "Flattened"
    }

    fn place(&self) -> Place {
        Place::Flattened
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        field.of_policy("MEMBERS").to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_flattened"
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        Some(field.weigh())
    }

    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        let members = field.of_policy("MEMBERS");
        Some(quote_spanned!(field.ty.span()=> __telemetry::check_flattened(&#members)))
    }

    fn refuses_with(&self) -> Option<&'static str> {
        Some("`flatten` takes the field itself, so no function can give its value")
    }
}
