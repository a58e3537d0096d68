#![doc = include_str!("../README.md")]
//!
//! A derive has four stages: `parse` reads attributes with the spans of their keys, `check` validates them and collects all
//! errors, `model` is the item after its checks, and `expand` writes the implementation. Each policy has one file in
//! `policies`, and each shape of item has one file in `shape`.

#[cfg(feature = "app")]
mod app;
mod check;
mod code;
mod errors;
mod expand;
#[cfg(test)]
mod expansions;
mod model;
mod parse;
mod policies;
mod shape;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input, parse_quote};

use crate::check::{container, event};
use crate::errors::Errors;
use crate::model::{Added, Container, Event};

/// Derives the redacted view of a configuration type.
#[proc_macro_derive(TelemetrySnapshot, attributes(telemetry))]
pub fn derive_snapshot(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput), Derive::Snapshot).into()
}

/// Derives an event: a redacted view with a name, `#[telemetry(event = "name")]`.
#[proc_macro_derive(TelemetryEvent, attributes(telemetry))]
pub fn derive_event(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput), Derive::Event).into()
}

/// The facts about the application that are known at compile time; `telemetry::app!()` passes its own path.
#[cfg(feature = "app")]
#[proc_macro]
pub fn app(krate: TokenStream) -> TokenStream {
    app::expand(&krate.into()).into()
}

#[derive(Clone, Copy, PartialEq)]
enum Derive {
    Snapshot,
    Event,
}

/// The errors, and the implementation of all valid parts, so that no error causes another.
fn derive(input: &DeriveInput, derive: Derive) -> proc_macro2::TokenStream {
    let (container, errors) = check(input, derive);
    let errors = errors.into_iter().map(|error| error.to_compile_error());
    let code = expand::container(&container);
    quote::quote!(#(#errors)* #code)
}

fn check(input: &DeriveInput, derive: Derive) -> (Container<'_>, Vec<syn::Error>) {
    let errors = Errors::default();
    let mut attrs = container::attributes(input, &errors);
    let is_broken = errors.count() > 0;
    let mut data = shape::check(input, &attrs, is_broken, &errors);
    check::field::defaults(&mut data, &errors);
    check::types::check(&mut data, &input.ident, &errors);
    event::check(&mut attrs, &data, input, derive == Derive::Event, is_broken, &errors);
    let mut container = Container {
        ident: &input.ident,
        generics: &input.generics,
        krate: attrs.krate.unwrap_or_else(|| parse_quote!(::telemetry)),
        data,
        event: attrs.event.map(|name| {
            let [counted, context] = [attrs.counted, attrs.context].map(|key| key.map(|key| key.span()));
            Event { name, added: Added { counted, context } }
        }),
        budget: attrs.budget,
        allows_deprecated: parse::foreign::allows_deprecated(input),
        bound: attrs.bound,
        sound: errors.count() == 0,
    };
    container.name_functions();
    (container, errors.into_vec())
}
