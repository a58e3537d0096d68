//! What each policy of a field becomes: its kind in the schema, the call that records it, and what it asks of the type.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, format_ident, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;
use telemetry_spec::bucket::Range;
use telemetry_spec::time::Unit;

use crate::model::{Field, Policy, Words};

impl Field<'_> {
    pub(crate) fn is_skipped(&self) -> bool {
        matches!(self.policy, Policy::Skip)
    }

    pub(crate) fn is_flattened(&self) -> bool {
        matches!(self.policy, Policy::Flatten)
    }

    /// The trait that the type has to implement.
    fn policy_trait(&self) -> &'static str {
        match &self.policy {
            Policy::Natural | Policy::Flatten | Policy::Skip => "TelemetrySnapshot",
            Policy::Flag => "Flag",
            Policy::Presence => "Presence",
            Policy::Count { .. } => "Count",
            Policy::Number { unit, .. } => {
                if time(unit).is_some() {
                    "TimeNumber"
                } else {
                    "Number"
                }
            }
            Policy::Bucket { unit, .. } => {
                if time(unit).is_some() {
                    "TimeBucket"
                } else {
                    "Bucket"
                }
            }
            Policy::OneOf(_) | Policy::Version => "Text",
            Policy::Each { .. } => "Each",
            Policy::EachOneOf { .. } => "EachText",
            Policy::EachEntry { .. } => "EachEntry",
        }
    }

    /// The trait as a bound; none when the value is not looked at or a function computes it.
    pub(crate) fn bound(&self) -> Option<TokenStream> {
        let bound = format_ident!("{}", self.policy_trait());
        (!self.is_skipped() && self.with.is_none()).then(|| quote!(__t::#bound))
    }

    /// `<Type as Trait>::member`, which begins and ends where the type does: the compiler merges errors of one place.
    pub(crate) fn of_policy(&self, member: &str) -> Tokens {
        self.of_trait(self.policy_trait(), member)
    }

    fn of_trait(&self, name: &str, member: &str) -> Tokens {
        // Only the two together are the whole type: a macro cannot join them.
        let start = self.tokens.first().map_or_else(Span::call_site, TokenTree::span);
        let end = self.tokens.last().map_or(start, TokenTree::span);
        let mut tokens = Tokens(Vec::with_capacity(self.tokens.len() + 10));
        tokens.punct("<", start);
        tokens.0.extend(self.tokens.iter().cloned());
        tokens.ident("as", start);
        tokens.ident("__t", start);
        tokens.punct("::", start);
        tokens.ident(name, Span::call_site());
        tokens.punct(">", start);
        tokens.punct("::", end);
        tokens.ident(member, end);
        tokens
    }

    /// The members of the type, in the place of this field.
    pub(crate) fn members(&self) -> Tokens {
        self.of_trait("Flattened", "MEMBERS")
    }

    /// The kind of value in the schema.
    pub(crate) fn kind(&self) -> impl ToTokens {
        Written(|tokens: &mut TokenStream| match &self.policy {
            Policy::Natural | Policy::Flatten | Policy::Skip => {
                self.of_policy("KIND").to_tokens(tokens);
                quote!(.kind()).to_tokens(tokens);
            }
            Policy::Flag => runtime("FLAG").to_tokens(tokens),
            Policy::Presence => runtime("PRESENCE").to_tokens(tokens),
            Policy::Version => runtime("VERSION").to_tokens(tokens),
            Policy::Count { max } => {
                let required = self.required();
                call(tokens, &runtime("count"), quote!(#max, #required));
            }
            Policy::Number { min, max, unit } => {
                let (unit, required) = (unit.as_deref().unwrap_or_default(), self.required());
                call(tokens, &runtime("number"), quote!(#min, #max, #unit, #required));
            }
            Policy::Bucket { edges, unit } => {
                let (labels, unit, required) = (labels(edges), unit.as_deref().unwrap_or_default(), self.required());
                let arguments = quote!(&[#(#edges),*], &[#(#labels),*], #unit, #required);
                call(tokens, &runtime("bucket"), arguments);
            }
            Policy::OneOf(words) => {
                let (words, required) = (words.expand(), self.required());
                call(tokens, &runtime("tag"), quote!(#words, #required));
            }
            Policy::Each { max } => {
                let (item, required) = (self.of_policy("Item"), self.required());
                quote!(__t::list::<#item>(#max, #required)).to_tokens(tokens);
            }
            Policy::EachOneOf { words, max } => {
                let (words, is_set, required) = (words.expand(), self.of_computed("IS_SET", "is_set"), self.required());
                call(tokens, &runtime("tags"), quote!(#words, #max, #is_set, #required));
            }
            Policy::EachEntry { max, .. } => {
                let (value, key, required) = (self.of_policy("Value"), self.entry_key(), self.required());
                quote!(__t::entries::<#value>(&const { #key }, #max, #required)).to_tokens(tokens);
            }
        })
    }

    /// Whether there is always a value.
    fn required(&self) -> TokenStream {
        let function = match self.policy_trait() {
            "Count" => "required_count",
            "Number" => "required_number",
            "TimeNumber" => "required_time_number",
            "Bucket" => "required_bucket",
            "TimeBucket" => "required_time_bucket",
            "EachText" => "required_each_text",
            _ => "required_text",
        };
        self.of_computed("REQUIRED", function)
    }

    /// A constant of the policy's trait, of the type itself or of what a function computes.
    fn of_computed(&self, member: &str, function: &str) -> TokenStream {
        match &self.with {
            None => self.of_policy(member).to_token_stream(),
            Some(with) => {
                let (function, ty) = (runtime(function), self.ty);
                quote_spanned!(with.span()=> #function::<#ty, _, _>(&|value| #with(value)))
            }
        }
    }

    /// The statement that records the value of `binding`.
    pub(crate) fn record(&self, binding: Ident, recorder: &Ident) -> impl ToTokens {
        Written(move |tokens: &mut TokenStream| {
            let (function, unit) = match &self.policy {
                Policy::Natural | Policy::Flatten => ("record_nested", None),
                Policy::Flag => ("record_flag", None),
                Policy::Presence => ("record_presence", None),
                Policy::Count { .. } => ("record_count", None),
                Policy::Number { unit, .. } => timed("record_number", "record_number_in", unit),
                Policy::Bucket { unit, .. } => timed("record_bucket", "record_bucket_in", unit),
                Policy::OneOf(_) => ("record_word", None),
                Policy::Version => ("record_version", None),
                Policy::Each { .. } => ("record_each", None),
                Policy::EachOneOf { .. } => ("record_words", None),
                Policy::EachEntry { .. } => ("record_entries", None),
                Policy::Skip => return,
            };
            let with = self.with.as_ref().map(|with| {
                let [policy, function] = [self.policy_trait(), function].map(|name| format_ident!("{name}"));
                (quote!(__t::#policy::#function), quote_spanned!(with.span()=> &#with(#binding)))
            });
            match with {
                None => call(tokens, &self.of_policy(function), quote!(#binding, #unit #recorder)),
                Some((function, value)) => call(tokens, &function, quote!(#value, #unit #recorder)),
            }
            tokens.append(Punct::new(';', Spacing::Alone));
        })
    }

    /// What lies behind the kind.
    pub(crate) fn weight(&self) -> Option<TokenStream> {
        match &self.policy {
            Policy::Natural | Policy::Flatten => {
                let weight = self.of_policy("weight");
                Some(quote!(__t::weigh(#weight::<__D>)))
            }
            Policy::Each { max } => Some(items(&self.of_policy("Item"), *max)),
            Policy::EachEntry { max, .. } => Some(items(&self.of_policy("Value"), *max)),
            _ => None,
        }
    }

    /// The same with the kind, for a value that stands for the whole and whose kind is that of its type.
    pub(crate) fn whole_weight(&self) -> Option<TokenStream> {
        if !matches!(self.policy, Policy::Natural) {
            return self.weight();
        }
        let (weight, ty) = (self.of_policy("weight"), self.ty);
        Some(quote!(__t::whole::<#ty, _>(#weight::<__D>)))
    }

    /// What has to hold beyond the types.
    pub(crate) fn check(&self) -> Option<TokenStream> {
        match &self.policy {
            Policy::EachEntry { .. } => {
                let (value, key) = (self.of_policy("Value"), self.entry_key());
                Some(quote_spanned!(self.ty.span()=> __t::check_entry::<#value>(&#key)))
            }
            Policy::Flatten => {
                let members = self.members();
                Some(quote_spanned!(self.ty.span()=> __t::check_flattened(&#members)))
            }
            _ => None,
        }
    }

    fn entry_key(&self) -> Option<TokenStream> {
        let Policy::EachEntry { key, words, .. } = &self.policy else { return None };
        let words = words.expand();
        Some(quote!(__t::Field::new(#key, __t::tag(#words, true))))
    }
}

/// What is written into the stream around it: streams within streams take the compiler's time, and most of an expansion is this.
pub(crate) struct Written<F>(pub(crate) F);

impl<F: Fn(&mut TokenStream)> ToTokens for Written<F> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        (self.0)(tokens);
    }
}

/// What so many items weigh, whose type this is.
fn items(ty: &Tokens, max: u32) -> TokenStream {
    quote!(__t::items::<#ty, _>(<#ty as __t::TelemetrySnapshot>::weight::<__D>, #max))
}

/// `function(arguments)`
pub(crate) fn call(tokens: &mut TokenStream, function: &impl ToTokens, arguments: TokenStream) {
    function.to_tokens(tokens);
    tokens.append(Group::new(Delimiter::Parenthesis, arguments));
}

/// `__t::name`
pub(crate) fn runtime(name: &str) -> Tokens {
    let (mut tokens, span) = (Tokens(Vec::with_capacity(4)), Span::call_site());
    tokens.ident("__t", span);
    tokens.punct("::", span);
    tokens.ident(name, span);
    tokens
}

/// Tokens that are written one by one.
pub(crate) struct Tokens(Vec<TokenTree>);

impl Tokens {
    fn ident(&mut self, name: &str, span: Span) {
        self.0.push(Ident::new(name, span).into());
    }

    fn punct(&mut self, text: &str, span: Span) {
        for (at, character) in text.chars().enumerate() {
            let spacing = if at + 1 < text.len() { Spacing::Joint } else { Spacing::Alone };
            let mut punct = Punct::new(character, spacing);
            punct.set_span(span);
            self.0.push(punct.into());
        }
    }
}

impl ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}

impl Words {
    fn expand(&self) -> TokenStream {
        match self {
            Self::Listed { words, other } => {
                let other = other.as_ref().map_or_else(|| "other".to_owned(), LitStr::value);
                let other_at = words.iter().position(|word| word.value() == other).unwrap_or(words.len());
                quote!(__t::words(&[#(#words),*], #other, #other_at))
            }
            Self::Constant { path, other } => {
                let other = other.iter();
                quote!(#path #(.other(#other))*)
            }
        }
    }
}

/// The function, and the unit if it takes one.
fn timed(plain: &'static str, timed: &'static str, unit: &Option<String>) -> (&'static str, Option<TokenStream>) {
    time(unit).map_or((plain, None), |unit| (timed, Some(quote!(__t::Unit::#unit,))))
}

/// The unit of time, in which a `Duration` can be measured.
fn time(unit: &Option<String>) -> Option<Ident> {
    Unit::from_word(unit.as_deref()?).map(|unit| format_ident!("{unit:?}"))
}

/// The text of the ranges between the edges.
fn labels(edges: &[i64]) -> Vec<String> {
    Range::all(edges).map(|range| range.to_string()).collect()
}
