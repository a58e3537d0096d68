//! `one_of`: the word that a text matches.

use proc_macro2::TokenStream;
use quote::quote;

use super::Definition;
use super::words::{self, Words};
use crate::code::tokens::{call, runtime};
use crate::model::{Field, Policy};

struct OneOf(Words);

pub(super) const DEFINITION: Definition = Definition {
    key: "one_of",
    synonyms: &["id", "tag", "word", "words", "oneof", "enum"],
    advice: "write `one_of(\"a\", \"b\")`: it sends the matching word of a list",
    options: words::USAGE.options,
    read: |key, args, errors| Some(Box::new(OneOf(Words::read(key, args, errors)?))),
};

impl Policy for OneOf {
    fn required_trait(&self) -> &'static str {
        "Text"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (words, required) = (self.0.expand(), field.required("required_text"));
        call(tokens, &runtime("tag"), quote!(#words, #required));
    }

    fn record(&self) -> &'static str {
        "record_word"
    }
}
