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
            const SCHEMA: __t::Schema = __t::Schema::of(__t::tag(#table, true));
            const KIND: __t::Natural<Self> = __t::Natural::EAGER;
        },
        record: quote! {
            #recorder.tag(match self {
                #(#arms),*
            });
        },
        nested: Some(quote! {
            #[inline]
            fn record_nested(&self, #recorder: &mut __t::Recorder<'_>) {
                <Self as __t::TelemetrySnapshot>::record(self, #recorder);
            }
        }),
        weight: None,
    }
}

/// A table of all the words that can occur.
pub(super) fn table<'w>(words: impl ExactSizeIterator<Item = &'w String>) -> TokenStream {
    let count = words.len();
    quote!(__t::words(&[#(#words),*], "", #count))
}
