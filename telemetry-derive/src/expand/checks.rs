//! Checks that the compiler must evaluate, besides the types.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use telemetry_spec::limit;

use crate::code::types::{innermost, last_segment};
use crate::model::{Container, Data, Field, Member};
use crate::shape::{transparent, variants};

/// The checks that are constants of their own, so that `cargo check` and editors show their errors. A generic item has none.
pub(super) fn eager(container: &Container<'_>) -> Vec<TokenStream> {
    if container.is_generic() {
        return Vec::new();
    }
    let mut checks = of_fields(container);
    checks.extend(of_event(container));
    checks.extend(of_budget(container));
    checks.into_iter().map(|check| without_self(container.ident, check)).collect()
}

/// The same for a place outside of an implementation, where `Self` does not stand for the type.
fn without_self(ident: &Ident, tokens: TokenStream) -> TokenStream {
    if !mentions_self(tokens.clone()) {
        return tokens;
    }
    let replace = |mut token: TokenTree| {
        if is_self(&token) {
            let span = token.span();
            token = ident.clone().into();
            token.set_span(span);
        } else if let TokenTree::Group(group) = token {
            let mut replaced = Group::new(group.delimiter(), without_self(ident, group.stream()));
            replaced.set_span(group.span());
            token = replaced.into();
        }
        token
    };
    tokens.into_iter().map(replace).collect()
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => mentions_self(group.stream()),
        token => is_self(&token),
    })
}

fn is_self(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == "Self")
}

/// The checks of a generic item, evaluated where it is recorded. Those of an event are in its budget, evaluated where it is published.
pub(super) fn lazy(container: &Container<'_>) -> Vec<TokenStream> {
    if !container.is_generic() {
        return Vec::new();
    }
    let mut checks = of_fields(container);
    if container.event.is_none() {
        checks.extend(of_budget(container));
    }
    checks
}

/// The constant `BUDGET_BITS` of an event, if it is not the default.
pub(super) fn budget(container: &Container<'_>) -> Option<TokenStream> {
    let stated = container.budget.as_ref().map(|budget| budget.bits);
    if !container.is_generic() {
        return stated.map(|bits| quote!(const BUDGET_BITS: __telemetry::u64 = #bits;));
    }
    let (bits, checks) = (stated.unwrap_or(limit::EVENT_BITS), [of_event(container), of_budget(container)]);
    let checks = checks.iter().flatten();
    Some(quote!(const BUDGET_BITS: __telemetry::u64 = { #(#checks;)* #bits };))
}

fn of_fields(container: &Container<'_>) -> Vec<TokenStream> {
    if !container.sound {
        return Vec::new();
    }
    let fields = container.data.fields();
    let mut checks: Vec<TokenStream> = fields.iter().filter_map(|field| field.policy.check(field)).collect();
    checks.extend(variants::checks(container));
    if fields.iter().any(|field| field.is_flattened()) {
        let ty = ty(container);
        checks.push(quote!({
            let _ = <#ty as __telemetry::TelemetrySnapshot>::SCHEMA;
        }));
    }
    checks
}

fn of_event(container: &Container<'_>) -> Option<TokenStream> {
    let event = container.event.as_ref().filter(|_| container.sound)?;
    let ty = ty(container);
    Some(quote_spanned!(event.name.span()=> __telemetry::check_event::<#ty>()))
}

fn of_budget(container: &Container<'_>) -> Option<TokenStream> {
    if !container.sound {
        return None;
    }
    let stated = container.budget.as_ref().map(|budget| (budget.bits, budget.span));
    let default = || container.event.as_ref().map(|event| (limit::EVENT_BITS, event.name.span()));
    let ((bits, span), ty) = (stated.or_else(default)?, ty(container));
    let fields = weights(container);
    let is_nested = match &container.data {
        Data::Group(fields) => fields.iter().any(|field| field.policy.weight(field).is_some()),
        Data::Transparent { fields, at } => fields[*at].policy.weight(&fields[*at]).is_some(),
        _ => false,
    };
    let depth = is_nested.then(|| {
        quote!(
            type __TelemetryDepth = __telemetry::All;
        )
    });
    let over = quote_spanned!(span=> __telemetry::over::<#ty>);
    // The weights are evaluated only for the message.
    Some(quote_spanned! {span=>
        if __telemetry::is_over::<#ty>(#bits) {
            #depth
            #over(#bits, &[#fields]);
        }
    })
}

/// The fields of a struct with the weights of what is nested in them.
fn weights(container: &Container<'_>) -> TokenStream {
    let fields = match &container.data {
        Data::Group(fields) => fields,
        Data::Transparent { fields, at } => return weight_of_value(&fields[*at]),
        _ => return TokenStream::new(),
    };
    let fields = fields.iter().filter(|field| !field.is_skipped()).map(|field| {
        let name = match field.member {
            Member::Named(ident) if !field.is_named() => ident.unraw().to_string(),
            _ if field.is_named() => field.name.clone(),
            _ => field.binding().to_string(),
        };
        let weight = field.policy.weight(field).unwrap_or_else(|| quote!(__telemetry::Weight::NOTHING));
        quote!((#name, #weight))
    });
    quote!(#(#fields),*)
}

/// The field that a struct is sent as, or its type if the field has no name, with the weight of the whole.
fn weight_of_value(field: &Field<'_>) -> TokenStream {
    let Some(weight) = transparent::weight(field) else { return TokenStream::new() };
    let name = match field.member {
        Member::Named(ident) => Some(ident),
        Member::Index(_) => last_segment(innermost(field.ty)).map(|last| &last.ident),
    };
    let name = name.map(|name| name.unraw().to_string());
    name.map(|name| quote!((#name, #weight))).unwrap_or_default()
}

fn ty(container: &Container<'_>) -> TokenStream {
    let (ident, (_, ty_generics, _)) = (container.ident, container.generics.split_for_impl());
    quote!(#ident #ty_generics)
}
