//! `flag`: yes or no.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::{Definition, without_arguments};
use crate::code::tokens::runtime;
use crate::model::{Field, Policy};

struct Flag;

pub(super) const DEFINITION: Definition = Definition {
    key: "flag",
    synonyms: &[],
    advice: "",
    options: &[],
    read: |key, args, errors| without_arguments(key, args, Flag, errors),
};

impl Policy for Flag {
    fn required_trait(&self) -> &'static str {
        "Flag"
    }

    fn kind(&self, _: &Field<'_>, tokens: &mut TokenStream) {
        runtime("FLAG").to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_flag"
    }
}
