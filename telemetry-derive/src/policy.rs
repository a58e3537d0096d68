//! What each policy of a field becomes: its kind in the schema, the call that records it, and what it asks of the type.

use proc_macro2::{Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::LitStr;
use syn::spanned::Spanned;

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
        // Only the two together are the whole type: a macro cannot join them.
        let start = self.tokens.first().map_or_else(Span::call_site, TokenTree::span);
        let end = self.tokens.last().map_or(start, TokenTree::span);
        let mut tokens = Tokens(Vec::with_capacity(self.tokens.len() + 10));
        tokens.punct("<", start);
        tokens.0.extend(self.tokens.iter().cloned());
        tokens.ident("as", start);
        tokens.ident("__t", start);
        tokens.punct("::", start);
        tokens.ident(self.policy_trait(), Span::call_site());
        tokens.punct(">", start);
        tokens.punct("::", end);
        tokens.ident(member, end);
        tokens
    }

    /// The kind of value in the schema.
    pub(crate) fn kind(&self) -> TokenStream {
        let kind = match &self.policy {
            Policy::Natural | Policy::Flatten | Policy::Skip => return self.of_policy("KIND").into_token_stream(),
            Policy::Flag => return quote!(__t::FLAG),
            Policy::Presence => return quote!(__t::PRESENCE),
            Policy::Version => return quote!(__t::Kind::version()),
            Policy::Count { max } => quote!(__t::Kind::count(#max)),
            Policy::Number { min, max, unit } => {
                let unit = unit_of(unit);
                quote!(__t::Kind::number(#min, #max)#unit)
            }
            Policy::Bucket { edges, unit } => {
                let (unit, labels) = (unit_of(unit), labels(edges));
                quote!(__t::Kind::labelled(&[#(#edges),*], &[#(#labels),*])#unit)
            }
            Policy::OneOf(words) => {
                let words = words.expand();
                quote!(__t::Kind::tag(#words))
            }
            Policy::Each { max } => {
                let item = self.of_policy("Item");
                quote!(__t::Kind::list::<#item>(#max))
            }
            Policy::EachOneOf { words, max } => {
                let words = words.expand();
                quote!(__t::Kind::tags(#words, #max))
            }
            Policy::EachEntry { max, .. } => {
                let (value, key) = (self.of_policy("Value"), self.entry_key());
                quote!(__t::Kind::entries::<#value>(&const { #key }, #max))
            }
        };
        if self.with.is_some() {
            return kind;
        }
        let required = self.of_policy("REQUIRED");
        quote!(#kind.required_if(#required))
    }

    /// The statement that records the value of `binding`.
    pub(crate) fn record(&self, binding: &Ident, recorder: &Ident) -> TokenStream {
        let (function, unit) = match &self.policy {
            Policy::Natural | Policy::Flatten => ("record_nested", None),
            Policy::Flag => ("flag", None),
            Policy::Presence => ("is_present", None),
            Policy::Count { .. } => ("record_count", None),
            Policy::Number { unit, .. } => match time(unit) {
                Some(unit) => ("record_number_in", Some(quote!(__t::Unit::#unit,))),
                None => ("record_number", None),
            },
            Policy::Bucket { unit, .. } => match time(unit) {
                Some(unit) => ("record_bucket_in", Some(quote!(__t::Unit::#unit,))),
                None => ("record_bucket", None),
            },
            Policy::OneOf(_) => ("record_word", None),
            Policy::Version => ("record_version", None),
            Policy::Each { .. } => ("record_each", None),
            Policy::EachOneOf { .. } => ("record_words", None),
            Policy::EachEntry { .. } => ("record_entries", None),
            Policy::Skip => return TokenStream::new(),
        };
        let Some(with) = &self.with else { return self.call(&self.of_policy(function), binding, unit, recorder) };
        let [policy, function] = [self.policy_trait(), function].map(|name| format_ident!("{name}"));
        self.call(&quote!(__t::#policy::#function), &quote_spanned!(with.span()=> &#with(#binding)), unit, recorder)
    }

    fn call(
        &self,
        function: &impl ToTokens,
        value: &impl ToTokens,
        unit: Option<TokenStream>,
        recorder: &Ident,
    ) -> TokenStream {
        match &self.policy {
            Policy::Flag | Policy::Presence => quote!(#recorder.flag(#function(#value));),
            _ => quote!(#function(#value, #unit #recorder);),
        }
    }

    /// Bits beyond what the kind shows.
    pub(crate) fn bits(&self) -> Option<TokenStream> {
        match &self.policy {
            Policy::Natural | Policy::Flatten => {
                let weight = self.of_policy("weight");
                Some(quote!(__t::weigh(#weight)))
            }
            Policy::Each { max } => {
                let item = self.of_policy("Item");
                Some(quote!(__t::items::<#item>(#max)))
            }
            Policy::EachEntry { max, .. } => {
                let value = self.of_policy("Value");
                Some(quote!(__t::items::<#value>(#max)))
            }
            _ => None,
        }
    }

    /// Bytes beyond what the kind shows.
    pub(crate) fn size(&self) -> Option<TokenStream> {
        (matches!(self.policy, Policy::Natural | Policy::Flatten) && !self.is_plain()).then(|| {
            let weight = self.of_policy("weight");
            quote!(__t::size(#weight))
        })
    }

    /// Whether the type is called as one that nests nothing. Only the size of a buffer follows from it.
    fn is_plain(&self) -> bool {
        let mut idents = self.tokens.iter().filter_map(|token| match token {
            TokenTree::Ident(ident) => Some(ident),
            _ => None,
        });
        let outermost = idents.find(|ident| *ident != "Option");
        outermost.is_some_and(|ident| {
            ["bool", "Vec", "HashMap", "HashSet", "BTreeMap", "BTreeSet"].iter().any(|plain| ident == plain)
        })
    }

    /// What has to hold beyond the types.
    pub(crate) fn check(&self) -> Option<TokenStream> {
        let span = self.ty.span();
        match &self.policy {
            Policy::EachEntry { .. } => {
                let (value, key) = (self.of_policy("Value"), self.entry_key());
                Some(quote_spanned!(span=> __t::check_entry::<#value>(&#key)))
            }
            Policy::Flatten => {
                let members = self.of_policy("MEMBERS");
                Some(quote_spanned!(span=> __t::check_flattened(&#members)))
            }
            _ => None,
        }
    }

    fn entry_key(&self) -> Option<TokenStream> {
        let Policy::EachEntry { key, words, .. } = &self.policy else { return None };
        let words = words.expand();
        Some(quote!(__t::Field::new(#key, __t::Kind::tag(#words).always())))
    }
}

/// Tokens that are written one by one: most of an expansion are these, and streams within streams take time.
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
                quote!(__t::Words::derived(&[#(#words),*], #other, #other_at))
            }
            Self::Constant { path, other } => {
                let other = other.iter();
                quote!(#path #(.other(#other))*)
            }
        }
    }
}

/// The variant of `Unit` for a unit of time, in which a `Duration` can be measured.
fn time(unit: &Option<String>) -> Option<Ident> {
    let variant = match unit.as_deref()? {
        "ns" => "Nanoseconds",
        "us" => "Microseconds",
        "ms" => "Milliseconds",
        "s" => "Seconds",
        "min" => "Minutes",
        "h" => "Hours",
        "d" => "Days",
        _ => return None,
    };
    Some(format_ident!("{variant}"))
}

/// The text of the ranges between the edges: below the first, from each to before the next, and from the last on.
fn labels(edges: &[i64]) -> Vec<String> {
    let mut labels: Vec<String> = edges.first().map(|first| format!("<{first}")).into_iter().collect();
    for pair in edges.windows(2) {
        let [from, next] = [pair[0], pair[1]];
        labels.push(if next - from > 1 { format!("{from}-{}", next - 1) } else { from.to_string() });
    }
    labels.extend(edges.last().map(|last| format!("{last}+")));
    labels
}

fn unit_of(unit: &Option<String>) -> Option<TokenStream> {
    unit.as_ref().map(|unit| quote!(.unit(#unit)))
}
