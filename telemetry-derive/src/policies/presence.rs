//! `presence`: whether something is set.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use syn::Type;

use super::{Definition, without_arguments};
use crate::code::field::value;
use crate::code::tokens::runtime;
use crate::code::types::is_number;
use crate::model::{Computed, Dispatch, Field, Policy};

struct Presence;

pub(super) const DEFINITION: Definition = Definition {
    key: "presence",
    synonyms: &["secret", "redact", "redacted", "sensitive", "is_some", "set"],
    advice: "write `presence`: it sends whether the field is set, and nothing of what it holds",
    options: &[],
    read: |key, args, errors| without_arguments(key, args, Presence, errors),
};

impl Policy for Presence {
    fn required_trait(&self) -> &'static str {
        "Presence"
    }

    fn kind(&self, _: &Field<'_>, tokens: &mut TokenStream) {
        runtime("PRESENCE").to_tokens(tokens);
    }

    /// The type chooses: what is set or not by itself is asked, any other `Option` is set if it is `Some`, and any other pointer always.
    fn dispatch(&self) -> Option<Dispatch> {
        Some(Dispatch { on: "SetOrNot", fallbacks: &["AnyOption", "AnyPointer"] })
    }

    fn computed(&self, span: Span) -> Computed {
        let mut value = value();
        value.set_span(value.span().located_at(span));
        let is_set = quote_spanned!(span=> __telemetry::SetOrNot::of(&#value).was_set(&#value));
        Computed::Flag(quote! {
            use __telemetry::{AnyOption as _, AnyPointer as _};
            #is_set
        })
    }

    fn record(&self) -> &'static str {
        "record_presence"
    }

    fn refuses_type(&self, ty: &Type) -> Option<&'static str> {
        if is_number(ty) {
            return Some(
                "`presence` sends whether something is set, and a number always is: `bucket(10, 100)` sends its range",
            );
        }
        matches!(ty, Type::Path(path) if path.path.is_ident("bool")).then_some(
            "`presence` sends whether something is set, and a `bool` always is: without a policy it is sent as it is",
        )
    }

    /// An absent value is recorded as not set.
    fn record_absent(&self, _: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        Some(quote!(#recorder.flag(false);))
    }
}
