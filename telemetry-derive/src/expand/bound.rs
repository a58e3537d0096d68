//! The bounds that the fields need of the type parameters.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Generics, Type};

/// Whether the type mentions one of the type parameters.
pub(crate) fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    generics.type_params().any(|parameter| mentions(ty, &parameter.ident))
}

/// Whether the type mentions `ident`, not as a member of something else.
pub(crate) fn mentions(ty: &Type, ident: &Ident) -> bool {
    stream_mentions(ty.to_token_stream(), ident)
}

fn stream_mentions(tokens: TokenStream, ident: &Ident) -> bool {
    let mut after_colon = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(found) if found == ident && !after_colon => return true,
            TokenTree::Group(group) if stream_mentions(group.stream(), ident) => return true,
            _ => {}
        }
        after_colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
    }
    false
}
