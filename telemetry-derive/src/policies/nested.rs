//! `nested`: the snapshot of a value that a function computes.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::{Definition, without_arguments};
use crate::model::{Field, Policy};

struct Nested;

const WITHOUT_FUNCTION: &str = "`nested` sends the snapshot of what a function gives: `nested, with = |value| View::of(value)`; \
     a type that derives `TelemetrySnapshot` needs no attribute";

pub(super) const DEFINITION: Definition = Definition {
    key: "nested",
    synonyms: &["view", "computed"],
    advice: "write `nested, with = |value| View::of(value)`: it sends the snapshot of what the function gives",
    options: &[],
    read: |key, args, errors| without_arguments(key, args, Nested, errors),
};

impl Policy for Nested {
    fn required_trait(&self) -> &'static str {
        "TelemetrySnapshot"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let function = field.function();
        tokens.extend(quote!(__telemetry::computed_kind(&#function)));
    }

    fn record(&self) -> &'static str {
        "record_nested"
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        let function = field.function();
        Some(quote!(__telemetry::computed_weight::<_, _, _, __TelemetryDepth>(&#function)))
    }

    /// The check that it is not a text.
    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        let (with, function) = (field.with.as_ref()?, field.function());
        Some(quote_spanned!(with.function.span()=> __telemetry::check_natural(__telemetry::computed_kind(&#function))))
    }

    fn record_absent(&self, field: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        let function = field.function();
        Some(quote!(__telemetry::computed_absent(&#function, #recorder);))
    }

    fn requires_with(&self) -> Option<&'static str> {
        Some(WITHOUT_FUNCTION)
    }
}
