//! Derive macros of the `telemetry` crate, which documents them.
//!
//! A derive goes through four stages, a file each: `attr` reads the attributes with the
//! spans of their keys, `check` judges them and collects all errors, `model` is what is left, in which illegal
//! states cannot be written down, and `expand` writes the implementation and cannot fail.

#[cfg(feature = "app")]
mod app;
mod check;
mod expand;
#[cfg(test)]
mod expansions;
mod model;
mod parse;
mod policies;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Derives the redacted view of a configuration type.
#[proc_macro_derive(TelemetrySnapshot, attributes(telemetry))]
pub fn derive_snapshot(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput), check::Derive::Snapshot).into()
}

/// Derives an event: a redacted view with a name, `#[telemetry(event = "name")]`.
#[proc_macro_derive(TelemetryEvent, attributes(telemetry))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput), check::Derive::Event).into()
}

/// What was known of the application when it was compiled; `telemetry::app!()` hands over its own path.
#[cfg(feature = "app")]
#[proc_macro]
pub fn app(krate: TokenStream) -> TokenStream {
    app::expand(&krate.into()).into()
}

/// What was wrong is reported as errors; the implementation of all that was right follows, so that no error causes another.
fn derive(input: &DeriveInput, derive: check::Derive) -> proc_macro2::TokenStream {
    let (container, errors) = check::container(input, derive);
    let errors = errors.into_iter().map(|error| error.to_compile_error());
    let code = expand::container(&container);
    quote::quote!(#(#errors)* #code)
}
