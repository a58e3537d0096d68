//! The bounds on type parameters that the fields need.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Generics, Type, WherePredicate, parse_quote};

use crate::model::{Container, Data, Field};

/// The generics with a bound for each field whose type mentions a parameter, or with the bounds stated by the author.
pub(super) fn bounded(container: &Container<'_>) -> Generics {
    let mut generics = container.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.default = None;
    }
    let predicates = container.bound.clone().unwrap_or_else(|| inferred(container));
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

fn inferred(container: &Container<'_>) -> Vec<WherePredicate> {
    let fields = match &container.data {
        Data::Transparent { fields, at } => vec![&fields[*at]],
        data => data.fields(),
    };
    let generic = fields.into_iter().filter(|field| mentions_parameter(field.ty, container.generics));
    let mut bounds: Vec<WherePredicate> = generic.flat_map(|field| bounds_of(field, container)).collect();
    if container.is_generic() && container.needs_default() {
        let (ident, (_, generics, _)) = (container.ident, container.generics.split_for_impl());
        bounds.push(parse_quote!(#ident #generics: __telemetry::core::default::Default));
    }
    bounds
}

/// The traits that a type has only if what is in it has a snapshot.
const OF_SNAPSHOTS: [&str; 4] = ["TelemetrySnapshot", "Flattened", "Each", "EachEntry"];

/// `Type: Policy`. For a type that contains the container itself, a bound that asks for its snapshot would depend on itself, so its parameters
/// are bound instead. A type that chooses among functions finds one without a bound.
fn bounds_of(field: &Field<'_>, container: &Container<'_>) -> Vec<WherePredicate> {
    let (ty, Some(bound)) = (field.ty, field.bound()) else { return Vec::new() };
    let is_recursive = mentions(ty, container.ident);
    if is_recursive && field.dispatch().is_some() {
        return Vec::new();
    }
    if !is_recursive || !OF_SNAPSHOTS.contains(&field.policy.required_trait()) {
        return vec![parse_quote!(#ty: #bound)];
    }
    let used = container.generics.type_params().filter(|parameter| mentions(ty, &parameter.ident));
    used.map(|parameter| {
        let parameter = &parameter.ident;
        parse_quote!(#parameter: __telemetry::TelemetrySnapshot)
    })
    .collect()
}

/// Whether the type mentions one of the type parameters.
fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    generics.type_params().any(|parameter| mentions(ty, &parameter.ident))
}

/// Whether the type mentions `ident`, other than as a member of something else.
fn mentions(ty: &Type, ident: &Ident) -> bool {
    stream_mentions(ty.to_token_stream(), ident)
}

fn stream_mentions(tokens: TokenStream, ident: &Ident) -> bool {
    let mut after_colon = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(found) if found == ident && !after_colon => return true,
            TokenTree::Group(group) if stream_mentions(group.stream(), ident) => return true,
            _ => {}
        }
        after_colon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ':');
    }
    false
}
