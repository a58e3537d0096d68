//! An enum without data: a word for each variant.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Code;
use crate::model::Word;

pub(super) fn expand(words: &[Word<'_>], recorder: &Ident) -> Code {
    let table = table(words.iter().map(|word| &word.word));
    let arms = words.iter().zip(0_usize..).map(|(Word { ident, is_bare, .. }, index)| {
        let rest = (!is_bare).then(|| quote!({ .. }));
        quote!(Self::#ident #rest => #index)
    });
    Code {
        consts: quote! {
            const SCHEMA: __telemetry::Schema = __telemetry::Schema::of(__telemetry::tag(#table, true));
            const KIND: __telemetry::Natural<Self> = __telemetry::Natural::EAGER;
        },
        record: quote! {
            #recorder.tag(match self {
                #(#arms),*
            });
        },
        nested: Some(quote! {
            #[inline]
            fn record_nested(&self, #recorder: &mut __telemetry::Recorder<'_>) {
                <Self as __telemetry::TelemetrySnapshot>::record(self, #recorder);
            }
        }),
        weight: None,
    }
}

/// A table of all words that can occur.
pub(super) fn table<'w>(words: impl ExactSizeIterator<Item = &'w String>) -> TokenStream {
    let count = words.len();
    quote!(__telemetry::words(&[#(#words),*], "", #count))
}
