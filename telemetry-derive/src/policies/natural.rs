//! No attribute: the type itself says what it sends.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::model::{Field, Policy};

pub(crate) struct Natural;

impl Policy for Natural {
    fn required_trait(&self) -> &'static str {
        "TelemetrySnapshot"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        field.of_policy("KIND").to_tokens(tokens);
        quote!(.kind()).to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_nested"
    }

    fn is_natural(&self) -> bool {
        true
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        Some(field.weigh())
    }

    fn record_absent(&self, field: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        let absent = field.of_policy("record_absent");
        Some(quote!(#absent(#recorder);))
    }
}
