//! `presence`: whether something is set.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::{Definition, without_arguments};
use crate::code::field::value;
use crate::code::tokens::runtime;
use crate::model::{Computed, Dispatch, Field, Policy};

struct Presence;

pub(super) const DEFINITION: Definition = Definition {
    key: "presence",
    synonyms: &["secret", "redact", "redacted", "sensitive", "bool", "is_some", "set"],
    advice: "write `presence`: it sends whether the field is set, and nothing of what it holds",
    read: |key, args, errors| without_arguments(key, args, Presence, errors),
};

impl Policy for Presence {
    fn required_trait(&self) -> &'static str {
        "Presence"
    }

    fn kind(&self, _: &Field<'_>, tokens: &mut TokenStream) {
        runtime("PRESENCE").to_tokens(tokens);
    }

    /// The type chooses: what is set or not by itself is asked, any other `Option` is set if it is `Some`.
    fn dispatch(&self) -> Option<Dispatch> {
        Some(Dispatch { on: "SetOrNot", fallback: "AnyOption" })
    }

    fn computed(&self) -> Computed {
        let value = value();
        Computed::Flag(quote! {
            use __telemetry::{IsSet as _, IsSome as _};
            (&__telemetry::Given(&#value)).is_set()
        })
    }

    fn record(&self) -> &'static str {
        "record_presence"
    }

    /// An absent value is recorded as not set.
    fn record_absent(&self, _: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        Some(quote!(#recorder.flag(false);))
    }
}
