//! What each policy of a field becomes: its kind in the schema, the call that records it, and what it asks of the type.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::model::{Field, Policy, Words};

impl Field<'_> {
    pub(crate) fn is_skipped(&self) -> bool {
        matches!(self.policy, Policy::Skip)
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

    /// `<Type as Trait>`, spanned on the type: an error about it stands there.
    pub(crate) fn as_policy(&self) -> TokenStream {
        let (ty, policy) = (self.ty, self.policy_trait());
        quote_spanned!(ty.span()=> <#ty as __t::#policy>)
    }

    /// The kind of value in the schema.
    pub(crate) fn kind(&self) -> TokenStream {
        let kind = match &self.policy {
            Policy::Natural | Policy::Flatten | Policy::Skip => {
                let policy = self.as_policy();
                return quote_spanned!(self.ty.span()=> #policy::KIND);
            }
            Policy::Flag => return quote!(__t::Kind::flag().always()),
            Policy::Presence => return quote!(__t::Kind::presence().always()),
            Policy::Count { max } => quote!(__t::Kind::count(#max)),
            Policy::Number { min, max, unit } => {
                let unit = unit_of(unit);
                quote!(__t::Kind::number(#min, #max)#unit)
            }
            Policy::Bucket { edges, unit } => {
                let unit = unit_of(unit);
                quote!(__t::Kind::bucket(&[#(#edges),*])#unit)
            }
            Policy::OneOf(words) => {
                let words = words.expand();
                quote!(__t::Kind::tag(#words))
            }
            Policy::Version => return quote!(__t::Kind::version()),
            Policy::Each { max } => {
                let policy = self.as_policy();
                quote!(__t::Kind::list::<#policy::Item>(#max))
            }
            Policy::EachOneOf { words, max } => {
                let words = words.expand();
                quote!(__t::Kind::tags(#words, #max))
            }
            Policy::EachEntry { max, .. } => {
                let (policy, key) = (self.as_policy(), self.entry_key());
                quote!(__t::Kind::entries::<#policy::Value>(&#key, #max))
            }
        };
        if self.with.is_some() {
            return kind;
        }
        let policy = self.as_policy();
        quote!(#kind.required_if(#policy::REQUIRED))
    }

    /// The statement that records the value of `binding`.
    pub(crate) fn record(&self, binding: &Ident, recorder: &Ident) -> TokenStream {
        let computed = self.with.as_ref().map(|with| quote_spanned!(with.span()=> &#with(#binding)));
        let value = computed.clone().unwrap_or_else(|| quote!(#binding));
        let policy = match &computed {
            Some(_) => {
                let policy = self.policy_trait();
                quote!(__t::#policy)
            }
            None => self.as_policy(),
        };
        let call = match &self.policy {
            Policy::Natural | Policy::Flatten => quote!(#policy::record_nested(#value, #recorder)),
            Policy::Flag => quote!(#recorder.flag(#policy::flag(#value))),
            Policy::Presence => quote!(#recorder.flag(#policy::is_present(#value))),
            Policy::Count { .. } => quote!(#policy::record_count(#value, #recorder)),
            Policy::Number { unit, .. } => match time(unit) {
                Some(unit) => quote!(#policy::record_number_in(#value, __t::Unit::#unit, #recorder)),
                None => quote!(#policy::record_number(#value, #recorder)),
            },
            Policy::Bucket { unit, .. } => match time(unit) {
                Some(unit) => quote!(#policy::record_bucket_in(#value, __t::Unit::#unit, #recorder)),
                None => quote!(#policy::record_bucket(#value, #recorder)),
            },
            Policy::OneOf(_) => quote!(#policy::record_word(#value, #recorder)),
            Policy::Version => quote!(#policy::record_version(#value, #recorder)),
            Policy::Each { .. } => quote!(#policy::record_each(#value, #recorder)),
            Policy::EachOneOf { .. } => quote!(#policy::record_words(#value, #recorder)),
            Policy::EachEntry { .. } => quote!(#policy::record_entries(#value, #recorder)),
            Policy::Skip => return TokenStream::new(),
        };
        quote!(#call;)
    }

    /// Bits beyond what the kind shows.
    pub(crate) fn bits(&self) -> Option<TokenStream> {
        let policy = self.as_policy();
        match &self.policy {
            Policy::Natural | Policy::Flatten => Some(quote!(__t::weigh(#policy::weight))),
            Policy::Each { max } => Some(quote!(__t::items::<#policy::Item>(#max))),
            Policy::EachEntry { max, .. } => Some(quote!(__t::items::<#policy::Value>(#max))),
            _ => None,
        }
    }

    /// Bytes beyond what the kind shows.
    pub(crate) fn size(&self) -> Option<TokenStream> {
        let policy = self.as_policy();
        matches!(self.policy, Policy::Natural | Policy::Flatten).then(|| quote!(#policy::SIZE))
    }

    /// What has to hold beyond the types.
    pub(crate) fn check(&self) -> Option<TokenStream> {
        let Policy::EachEntry { .. } = &self.policy else { return None };
        let (policy, key) = (self.as_policy(), self.entry_key());
        Some(quote_spanned!(self.ty.span()=> __t::check_entry::<#policy::Value>(&#key)))
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

fn unit_of(unit: &Option<String>) -> Option<TokenStream> {
    unit.as_ref().map(|unit| quote!(.unit(#unit)))
}
