//! `flatten` of serde or clap: the members of a group, or any other value, such as a map of what else was configured, under the
//! name of the field.

use proc_macro2::TokenStream;
use telemetry_spec::name;

use super::beside;
use super::flatten::Flatten;
use crate::code::tokens;
use crate::model::{Field, Place, Policy};

pub(crate) struct Merge;

impl Policy for Merge {
    fn required_trait(&self) -> &'static str {
        "Flattened"
    }

    fn place(&self) -> Place {
        Place::Flattened
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        if !name::is_name(&field.name) {
            return Flatten.kind(field, tokens);
        }
        tokens::merged(tokens, &field.name, field.of_policy("BESIDE"), &field.purpose);
    }

    fn record(&self) -> &'static str {
        "record_flattened"
    }

    /// Without a name that can be sent, only members can be sent.
    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        if name::is_name(&field.name) { beside::check(field) } else { Flatten.check(field) }
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        Some(field.weigh())
    }
}
