//! Writes the implementation of a checked item. This step cannot fail.

mod bound;
mod checks;
mod computed;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Generics, parse_quote};

use crate::model::{Container, Data, Event};
use crate::policies::default_value;
use crate::shape::{self, Code};

pub(crate) fn container(container: &Container<'_>) -> TokenStream {
    let krate = &container.krate;
    let generics = bound::bounded(container);
    // No field can shadow this name.
    let recorder = Ident::new("recorder", Span::mixed_site());
    let code = shape::expand(container, &recorder);
    let snapshot = snapshot(container, &generics, &code, &recorder);
    let measure = code.weight.map(|weight| measure(container, &generics, &weight));
    let key = matches!(container.data, Data::Words(_)).then(|| implement_key(container, &generics, &recorder));
    let event = container.event.as_ref().map(|event| implement_event(container, event, &generics));
    let checks = checks::eager(container);
    let computed = computed::functions(container, &generics);
    let traits = traits(container);
    let allow = container.allows_deprecated.then(|| quote!(#[allow(deprecated)]));
    quote! {
        #allow
        const _: () = {
            use #krate::__private as __telemetry;
            #(use __telemetry::#traits as _;)*
            #snapshot
            #computed
            #measure
            #key
            #event
            #(const _: () = #checks;)*
        };
    }
}

/// The traits that must be in scope, so that a type chooses among functions.
fn traits(container: &Container<'_>) -> Vec<Ident> {
    let fields = container.data.fields();
    let mut traits: Vec<_> =
        fields.iter().filter(|field| field.with.is_none()).flat_map(|field| field.policy.fallbacks()).collect();
    traits.sort_unstable();
    traits.dedup();
    traits.into_iter().map(|name| Ident::new(name, Span::call_site())).collect()
}

fn snapshot(container: &Container<'_>, generics: &Generics, code: &Code, recorder: &Ident) -> TokenStream {
    let ident = container.ident;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let Code { consts, record, nested, weight } = code;
    let checks = checks::lazy(container);
    // A missing `Default` is an error of the field that is compared with it.
    let default = container.data.fields().into_iter().find(|field| field.policy.needs_default()).map(|field| {
        let default = default_value();
        let value = field.at_type(|end| quote_spanned!(end=> __telemetry::HasDefault::default_value()));
        quote!(let #default: Self = #value;)
    });
    let weight = if weight.is_some() {
        quote!(__telemetry::Measured::<Self, __TelemetryDepth>::new())
    } else {
        quote!(__telemetry::Nothing)
    };
    quote! {
        #[automatically_derived]
        impl #impl_generics __telemetry::TelemetrySnapshot for #ident #ty_generics #where_clause {
            #consts

            #[inline]
            fn record(&self, #recorder: &mut __telemetry::Recorder<'_>) {
                #(const { #checks };)*
                #default
                #record
            }

            #nested

            fn weight<__TelemetryDepth: __telemetry::Depth>() -> impl __telemetry::Weighed {
                #weight
            }
        }
    }
}

/// The bits that the type can reveal, and the maximum length of its values in bytes. The parameter limits how many levels are followed. It
/// also makes the constant lazy, which recursive types need.
fn measure(container: &Container<'_>, generics: &Generics, weight: &TokenStream) -> TokenStream {
    let mut generics = generics.clone();
    generics.params.push(parse_quote!(__TelemetryDepth: __telemetry::Depth));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (ident, (_, ty_generics, _)) = (container.ident, container.generics.split_for_impl());
    quote! {
        #[automatically_derived]
        impl #impl_generics __telemetry::DeriveOnlyOnce<__TelemetryDepth> for #ident #ty_generics #where_clause {
            const WEIGHT: __telemetry::Weight = #weight;
        }
    }
}

/// An enum without data can be the key of a map.
fn implement_key(container: &Container<'_>, generics: &Generics, recorder: &Ident) -> TokenStream {
    let ident = container.ident;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics __telemetry::EnumKey for #ident #ty_generics #where_clause {
            const WORD: __telemetry::Kind = <Self as __telemetry::TelemetrySnapshot>::KIND.kind();

            #[inline]
            fn record_key(&self, #recorder: &mut __telemetry::Recorder<'_>) {
                <Self as __telemetry::TelemetrySnapshot>::record(self, #recorder);
            }
        }
    }
}

fn implement_event(container: &Container<'_>, event: &Event, generics: &Generics) -> TokenStream {
    let ident = container.ident;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let name = &event.name;
    let budget = checks::budget(container);
    // In place of a value that is not an event, the compiler offers all events. Those of the library itself are of no use to its users.
    // Other crates may have `no_implicit_prelude`, under which the attribute is not found.
    let not_offered = container.krate.is_ident("crate").then(|| quote!(#[diagnostic::do_not_recommend]));
    quote! {
        #[automatically_derived]
        #not_offered
        impl #impl_generics __telemetry::TelemetryEvent for #ident #ty_generics #where_clause {
            const NAME: &'static __telemetry::str = #name;
            #budget
        }
    }
}
