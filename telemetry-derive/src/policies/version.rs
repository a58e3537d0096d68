//! `version`: the numbers of a version.

use proc_macro2::TokenStream;
use quote::ToTokens;

use super::{Definition, without_arguments};
use crate::code::tokens::runtime;
use crate::model::{Field, Policy};

struct Version;

pub(super) const DEFINITION: Definition = Definition {
    key: "version",
    synonyms: &["semver"],
    advice: "write `version`: it sends the numbers of a version",
    options: &[],
    read: |key, args, errors| without_arguments(key, args, Version, errors),
};

impl Policy for Version {
    fn required_trait(&self) -> &'static str {
        "Versioned"
    }

    fn kind(&self, _: &Field<'_>, tokens: &mut TokenStream) {
        runtime("VERSION").to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_version"
    }
}
