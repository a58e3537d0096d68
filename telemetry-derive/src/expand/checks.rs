//! What the compiler has to prove besides the types.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use telemetry_spec::limit;

use crate::model::Container;

/// The checks that stand on their own, so that `cargo check` and editors show what they find.
pub(super) fn eager(container: &Container<'_>) -> Vec<TokenStream> {
    if container.generics.params.is_empty() { all(container) } else { Vec::new() }
}

/// The checks that wait until the parameters are known.
pub(super) fn lazy(container: &Container<'_>) -> Vec<TokenStream> {
    if container.generics.params.is_empty() { Vec::new() } else { all(container) }
}

fn all(container: &Container<'_>) -> Vec<TokenStream> {
    if !container.sound {
        return Vec::new();
    }
    let fields = container.data.fields();
    let mut checks: Vec<TokenStream> = fields.iter().filter_map(|field| field.policy.check(field)).collect();
    let (ident, (_, ty_generics, _)) = (container.ident, container.generics.split_for_impl());
    let ty = quote!(#ident #ty_generics);
    if fields.iter().any(|field| field.is_flattened()) {
        checks.push(quote!({
            let _ = <#ty as __telemetry::TelemetrySnapshot>::SCHEMA;
        }));
    }
    let event = container.event.as_ref();
    if let Some(event) = event {
        checks.push(quote_spanned!(event.name.span()=> __telemetry::check_event::<#ty>()));
    }
    let stated = container.budget.as_ref().map(|budget| (budget.bits, budget.span));
    if let Some((bits, span)) = stated.or(event.map(|event| (limit::EVENT_BITS, event.name.span()))) {
        checks.push(quote_spanned!(span=> __telemetry::check_budget::<#ty>(#bits)));
    }
    checks
}
