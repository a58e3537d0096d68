//! The value of a variant beside the tag: the members of a group, or any other value as a member.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

use super::natural::may_be_text;
use crate::model::{Field, Place, Policy};

pub(crate) struct Beside;

/// The check that a value that is not a group is not a text either.
pub(super) fn check(field: &Field<'_>) -> Option<TokenStream> {
    may_be_text(field).then(|| {
        let value = field.of_policy("BESIDE");
        quote_spanned!(field.ty.span()=> __telemetry::check_beside(&#value))
    })
}

impl Policy for Beside {
    fn required_trait(&self) -> &'static str {
        "Flattened"
    }

    fn place(&self) -> Place {
        Place::Flattened
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        field.of_policy("BESIDE").to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_beside"
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        Some(field.weigh())
    }

    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        check(field)
    }
}
