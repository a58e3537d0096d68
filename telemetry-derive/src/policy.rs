//! What each policy of a field becomes: its kind in the schema, the call that records it, and what it asks of the type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
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
    fn policy_trait(&self) -> Ident {
        let name = match &self.policy {
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
        };
        Ident::new(name, proc_macro2::Span::call_site())
    }

    /// The trait as a bound; none when the value is not looked at or a function computes it.
    pub(crate) fn bound(&self) -> Option<TokenStream> {
        let bound = self.policy_trait();
        (!self.is_skipped() && self.with.is_none()).then(|| quote!(__t::#bound))
    }

    /// `<Type as Trait>::member`, which begins and ends where the type does: the compiler merges errors of one place.
    pub(crate) fn of_policy(&self, member: &str) -> TokenStream {
        let (ty, policy) = (self.ty, self.policy_trait());
        let (start, end) = self.span();
        let member = Ident::new(member, end);
        let qualified = quote_spanned!(start=> <#ty as __t::#policy>);
        quote_spanned!(end=> #qualified::#member)
    }

    /// Where the type begins and ends. Only the two together are the whole type: a macro cannot join them.
    fn span(&self) -> (Span, Span) {
        let mut tokens = self.ty.to_token_stream().into_iter();
        let start = tokens.next().map_or_else(Span::call_site, |token| token.span());
        let end = tokens.last().map_or(start, |token| token.span());
        (start, end)
    }

    /// The kind of value in the schema.
    pub(crate) fn kind(&self) -> TokenStream {
        let kind = match &self.policy {
            Policy::Natural | Policy::Flatten | Policy::Skip => return self.of_policy("KIND"),
            Policy::Flag => return quote!(__t::Kind::flag().always()),
            Policy::Presence => return quote!(__t::Kind::presence().always()),
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
                quote!(__t::Kind::entries::<#value>(&#key, #max))
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
        let (function, value) = match &self.with {
            Some(with) => {
                let (policy, function) = (self.policy_trait(), format_ident!("{function}"));
                (quote!(__t::#policy::#function), quote_spanned!(with.span()=> &#with(#binding)))
            }
            None => (self.of_policy(function), quote!(#binding)),
        };
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
        matches!(self.policy, Policy::Natural | Policy::Flatten).then(|| self.of_policy("SIZE"))
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

impl Words {
    fn expand(&self) -> TokenStream {
        let (table, other) = match self {
            Self::Listed { words, other } => (quote!(__t::Words::new(&[#(#words),*])), other),
            Self::Constant { path, other } => (quote!(#path), other),
        };
        let other = other.iter();
        quote!(#table #(.other(#other))*)
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
