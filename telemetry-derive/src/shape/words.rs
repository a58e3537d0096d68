//! An enum without data: a word for each variant.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Code;

pub(super) fn expand(words: &[(&Ident, String)], recorder: &Ident) -> Code {
    let table = table(words.iter().map(|(_, word)| word));
    let (variants, indices) = (words.iter().map(|(ident, _)| ident), 0_usize..);
    let arms = variants.zip(indices).map(|(ident, index)| quote!(Self::#ident => #index));
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
