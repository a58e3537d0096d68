//! No attribute: the type itself says what it sends.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

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

    /// The length of a text is not sent unless the author says so. The check is written only where the type mentions such items; a schema
    /// that holds them under another name is refused when it is used.
    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        let ty = field.ty;
        mentions_text(ty.to_token_stream()).then(|| {
            let kind = field.of_policy("KIND");
            quote_spanned!(ty.span()=> __telemetry::check_natural(#kind.kind()))
        })
    }

    fn record_absent(&self, field: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        let absent = field.of_policy("record_absent");
        Some(quote!(#absent(#recorder);))
    }
}

/// Whether a type mentions bytes or characters.
fn mentions_text(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ["u8", "i8", "char", "c_char"].iter().any(|name| ident == name),
        TokenTree::Group(group) => mentions_text(group.stream()),
        _ => false,
    })
}
