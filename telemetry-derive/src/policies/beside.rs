//! The value of a variant beside the tag: the members of a group, or any other value as a member.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::model::{Field, Place, Policy};

pub(crate) struct Beside;

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
}
