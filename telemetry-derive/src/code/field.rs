//! The code that is written for a field, whatever its policy.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, format_ident, quote};

use crate::code::tokens::{Tokens, Written, call, runtime};

use crate::model::{Computed, Dispatch, Field, Member, Place, With};

/// The variable of a value that the author's code cannot name.
pub(crate) fn value() -> Ident {
    Ident::new("value", Span::mixed_site())
}

impl Field<'_> {
    pub(crate) fn is_skipped(&self) -> bool {
        self.policy.place() == Place::Nowhere
    }

    pub(crate) fn is_flattened(&self) -> bool {
        self.policy.place() == Place::Flattened
    }

    /// Whether it is a member with a name of its own.
    pub(crate) fn is_named(&self) -> bool {
        self.policy.place() == Place::Member
    }

    /// The variable that a pattern binds the field to.
    pub(crate) fn binding(&self) -> Ident {
        match self.member {
            // An expression or a constant of the author does not have this name. The span is what errors show.
            Member::Named(ident) => format_ident!("telemetry_field{}", self.at, span = ident.span()),
            Member::Index(at) => format_ident!("field{at}", span = Span::mixed_site()),
        }
    }

    /// The field in an expression, after a dot.
    pub(crate) fn index(&self) -> TokenStream {
        match self.member {
            Member::Named(ident) => ident.to_token_stream(),
            Member::Index(at) => Literal::usize_unsuffixed(at).into_token_stream(),
        }
    }

    /// The policy's trait as a bound; `None` if the value is not read or a function computes it.
    pub(crate) fn bound(&self) -> Option<TokenStream> {
        if self.is_skipped() || self.with.is_some() {
            return None;
        }
        Some(self.policy.bound().unwrap_or_else(|| self.required_trait()))
    }

    /// The policy's trait.
    pub(crate) fn required_trait(&self) -> TokenStream {
        let required = format_ident!("{}", self.policy.required_trait());
        quote!(__telemetry::#required)
    }

    /// The path of the generated function that computes the value. Without one it is never evaluated.
    pub(crate) fn function(&self) -> TokenStream {
        self.with.as_deref().map(With::path).unwrap_or_default()
    }

    /// The call of the function that computes the value, if there is one.
    pub(crate) fn call_with(&self, argument: &TokenStream) -> Option<TokenStream> {
        let function = self.with.as_ref()?.path();
        Some(quote!(#function(#argument)))
    }

    /// Whether the type chooses the function that records the value.
    pub(crate) fn dispatch(&self) -> Option<Dispatch> {
        if self.with.is_some() { None } else { self.policy.dispatch() }
    }

    /// `<Type as Trait>::member` of the policy's trait. Its span is that of the type, so that the compiler merges errors at the same place.
    pub(crate) fn of_policy(&self, member: &str) -> Tokens {
        let (start, end) = self.ends();
        let mut tokens = Tokens::with_capacity(self.tokens.len() + 10);
        tokens.punct("<", start);
        tokens.extend(&self.tokens);
        tokens.ident("as", start);
        tokens.ident("__telemetry", start);
        tokens.punct("::", start);
        tokens.ident(self.policy.asked_trait(self.ty), Span::call_site());
        tokens.punct(">", start);
        tokens.punct("::", end);
        tokens.ident(member, end);
        tokens
    }

    /// `Dispatch::<Type>(PhantomData).member`
    fn of_dispatch(&self, dispatch: &Dispatch, member: &str) -> Tokens {
        let (start, end) = self.ends();
        let mut tokens = Tokens::with_capacity(self.tokens.len() + 12);
        tokens.ident("__telemetry", start);
        tokens.punct("::", start);
        tokens.ident(dispatch.on, Span::call_site());
        tokens.punct("::", start);
        tokens.punct("<", start);
        tokens.extend(&self.tokens);
        tokens.punct(">", start);
        tokens.group(Delimiter::Parenthesis, runtime("PhantomData").to_token_stream());
        tokens.punct(".", end);
        tokens.ident(member, end);
        tokens
    }

    /// The first and the last span of the type. Both are needed to cover the whole type, since a macro cannot join spans.
    fn ends(&self) -> (Span, Span) {
        let start = self.tokens.first().map_or_else(Span::call_site, TokenTree::span);
        (start, self.tokens.last().map_or(start, TokenTree::span))
    }

    /// Code that spans the whole type, given the span of the type's end.
    pub(crate) fn at_type(&self, code: impl FnOnce(Span) -> TokenStream) -> TokenStream {
        let (start, end) = self.ends();
        let mut tokens = code(end).into_iter();
        let first = tokens.next().map(|mut first| {
            first.set_span(start);
            first
        });
        first.into_iter().chain(tokens).collect()
    }

    /// The bits of the value, in addition to its kind.
    pub(crate) fn weigh(&self) -> TokenStream {
        let mut weight = self.of_policy("weight");
        let (start, end) = self.ends();
        for punct in ["::", "<"] {
            weight.punct(punct, end);
        }
        weight.ident("__TelemetryDepth", end);
        weight.punct(">", end);
        let mut arguments = Group::new(Delimiter::Parenthesis, weight.to_token_stream());
        arguments.set_span(end);
        let mut tokens = Tokens::with_capacity(4);
        tokens.ident("__telemetry", start);
        tokens.punct("::", end);
        tokens.ident("weigh", end);
        let mut tokens = tokens.to_token_stream();
        tokens.append(arguments);
        tokens
    }

    /// The kind of value in the schema.
    pub(crate) fn kind(&self) -> impl ToTokens {
        Written(|tokens: &mut TokenStream| self.policy.kind(self, tokens))
    }

    /// Whether there is always a value. For a value that `with` computes, `function` gives the answer.
    pub(crate) fn required(&self, function: &str) -> Tokens {
        self.constant("REQUIRED", function)
    }

    /// A constant of the policy's trait for the type. For a value that `with` computes, `function` gives the constant.
    pub(crate) fn constant(&self, member: &str, function: &str) -> Tokens {
        match &self.with {
            None => self.of_policy(member),
            Some(with) => {
                let (constant, function) = (runtime(function), with.path());
                quote!(#constant(&#function)).into()
            }
        }
    }

    /// The statement that records the value of `binding`; empty for a skipped field.
    pub(crate) fn record(&self, binding: Ident, recorder: &Ident) -> impl ToTokens {
        Written(move |tokens: &mut TokenStream| {
            if self.is_skipped() {
                return;
            }
            match &self.with {
                None => self.record_in_place(&binding, recorder, tokens),
                Some(with) => self.record_computed(with, &binding, recorder, tokens),
            }
            tokens.append(Punct::new(';', Spacing::Alone));
        })
    }

    fn record_in_place(&self, binding: &Ident, recorder: &Ident, tokens: &mut TokenStream) {
        let function = self.policy.record();
        match self.dispatch() {
            None => self.of_policy(function).to_tokens(tokens),
            Some(dispatch) => self.of_dispatch(&dispatch, function).to_tokens(tokens),
        }
        let mut arguments = Group::new(Delimiter::Parenthesis, self.arguments(binding, recorder));
        // What the function takes depends on the type, so an error in it is about the type.
        arguments.set_span(self.ends().1);
        tokens.append(arguments);
    }

    fn record_computed(&self, with: &With, binding: &Ident, recorder: &Ident, tokens: &mut TokenStream) {
        let path = with.path();
        let value = quote!(#path(#binding));
        match self.policy.computed(Span::call_site()) {
            Computed::Bounded => {
                let (required, function) = (self.required_trait(), format_ident!("{}", self.policy.record()));
                call(tokens, &quote!(#required::#function), self.arguments(quote!(&#value), recorder));
            }
            Computed::Flag(_) => tokens.extend(quote!(#recorder.flag(#value))),
        }
    }

    /// The arguments of the function that records the value.
    fn arguments(&self, value: impl ToTokens, recorder: &Ident) -> TokenStream {
        let unit = self.policy.unit().map(|unit| format_ident!("{unit:?}")).into_iter();
        let given = self.policy.arguments(self, recorder).into_iter();
        quote!(#value, #(__telemetry::Unit::#unit,)* #(#given,)* #recorder)
    }
}
