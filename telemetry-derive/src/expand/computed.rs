//! One function for each value that a function of the author computes.
//!
//! The schema and `record` both name the generated function, so a mistake in that of the author is reported once.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Generics};

use crate::code::field::value;
use crate::model::{Computed, Container, Field, Function, With};

/// The functions, as those of the type itself, so that `Self` in an author's path is that type.
pub(super) fn functions(container: &Container<'_>, generics: &Generics) -> Option<TokenStream> {
    let fields = container.data.fields();
    let mut functions =
        fields.iter().filter_map(|field| Some(function(field, field.with.as_ref()?, container.generics))).peekable();
    functions.peek()?;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let ident = container.ident;
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics #ident #ty_generics #where_clause {
            #(#functions)*
        }
    })
}

fn function(field: &Field<'_>, with: &With, generics: &Generics) -> TokenStream {
    let (name, ty, value) = (with.name(), field.ty, value());
    let span = with.function.span();
    let compute = compute(&with.function);
    let (lifetime, result, body) = match field.policy.computed(span) {
        Computed::Bounded => {
            let required = field.policy.bound().unwrap_or_else(|| field.required_trait());
            let captured = captured(generics);
            // The compiler reports a value of another type here.
            let required = at(span, required);
            let lifetime = quote!('__telemetry);
            (Some(lifetime), quote_spanned!(span=> impl #required + use<'__telemetry, #captured>), compute)
        }
        Computed::Flag(flag) => (None, quote!(__telemetry::bool), quote!(let #value = #compute; #flag)),
    };
    let lifetime = lifetime.as_slice();
    quote! {
        #[inline]
        fn #name<#(#lifetime)*>(#value: &#(#lifetime)* #ty) -> #result {
            #body
        }
    }
}

/// The value. The function takes the field, or what is in it if it is an `Option`: the types decide.
fn compute(function: &Function) -> TokenStream {
    // No function of the author has these names.
    let at = Span::mixed_site().located_at(function.span());
    let (value, with) = (Ident::new("value", at), Ident::new("with", at));
    match function {
        Function::Closure(closure) if !closure.is_typed => {
            let code = &closure.code.tokens;
            quote!({
                use __telemetry::{OfAny as _, OfOption as _};
                (&__telemetry::Given(#value)).choose().apply(#code)
            })
        }
        function => {
            let code = function.tokens();
            quote!({
                use __telemetry::{TakesAny as _, TakesInside as _, TakesWhole as _};
                let #with = #code;
                (&&__telemetry::Applied(#value, &#with)).choose().apply(|#value| #with(#value))
            })
        }
    }
}

/// The generic parameters, all of which the result may use.
fn captured(generics: &Generics) -> TokenStream {
    let parameters = generics.params.iter().map(|parameter| match parameter {
        GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
        GenericParam::Type(ty) => ty.ident.to_token_stream(),
        GenericParam::Const(constant) => constant.ident.to_token_stream(),
    });
    quote!(#(#parameters),*)
}

fn at(span: Span, tokens: TokenStream) -> TokenStream {
    let span = Span::call_site().located_at(span);
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}
