//! `each(key = "...")`: a map, whose keys become words.

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{LitStr, Type, parse_quote};
use telemetry_spec::name;

use super::ALL;
use super::bound::Max;
use super::words::Words;
use crate::code::tokens;
use crate::code::types::{innermost, last_argument};
use crate::errors::{Errors, list};
use crate::model::{Field, Member, Policy};
use crate::parse::arguments::{Arguments, refuse};
use crate::parse::attr::{Args, Entry};

/// A map: a list of objects, which begin with the key.
pub(super) struct Entries {
    key: String,
    /// The words of the keys, if the type of the keys does not have them.
    words: Option<Words>,
    /// The policy of the values, if their type has none.
    value: Option<Rc<dyn Policy>>,
    max: Max,
}

pub(super) fn read(
    key: &LitStr,
    words: Option<Words>,
    max: Max,
    arguments: &Arguments<'_>,
    errors: &Errors,
) -> Option<Box<dyn Policy>> {
    if !name::is_name(&key.value()) {
        return refuse(key.span(), name::RULE, errors);
    }
    let value = match arguments.option("value") {
        Some((option, args)) => Some(Rc::from(value_policy(option, args, errors)?)),
        None => None,
    };
    if value.is_some() && key.value() == name::VALUE {
        return refuse(key.span(), "the values are called `value`: choose another `key`", errors);
    }
    Some(Box::new(Entries { key: key.value(), words, value, max }))
}

/// The policy in `value(policy)`.
fn value_policy(option: &Ident, args: &Args, errors: &Errors) -> Option<Box<dyn Policy>> {
    let definition = |key: &Ident| ALL.into_iter().find(|definition| key == definition.key);
    if let Args::List(entries) = args
        && let [Entry::Keyed { key, args, .. }] = entries.as_slice()
        && let Some(definition) = definition(key)
        && !NOWHERE.contains(&definition.key)
    {
        return (definition.read)(key, args, errors);
    }
    let keys: Vec<&str> = ALL.iter().map(|definition| definition.key).filter(|key| !NOWHERE.contains(key)).collect();
    let message = format!("`value` takes the policy of the map's values, `value(number(max = 100))`: {}", list(&keys));
    refuse(option.span(), message, errors)
}

/// Refuses the policy of the values that stands beside `key`.
pub(super) fn refuse_bare_policy(args: &Args, errors: &Errors) -> Option<()> {
    let Args::List(entries) = args else { return Some(()) };
    let is_key = |entry: &Entry| matches!(entry, Entry::Keyed { key, .. } if key == "key");
    for entry in entries.iter().filter(|_| entries.iter().any(is_key)) {
        if let Entry::Keyed { key, args, .. } = entry
            && of_values(key).is_some()
        {
            let policy = args.shape(key);
            let message = format!("the policy of a map's values stands in `value`: `value({policy})`");
            return refuse(key.span(), message, errors);
        }
    }
    Some(())
}

/// The policy with this key, if it is one of a map's values; `one_of` is that of its keys.
pub(super) fn of_values(key: &Ident) -> Option<&'static str> {
    ALL.iter().map(|definition| definition.key).find(|name| key == name && key != "one_of" && !NOWHERE.contains(name))
}

/// The policies that give no value of their own, compare with a default or need a function.
const NOWHERE: [&str; 4] = ["changed", "flatten", "nested", "skip"];

impl Entries {
    /// The key, as a field of the schema.
    fn key(&self, field: &Field<'_>) -> TokenStream {
        let (key, function) = (&self.key, field.function());
        let kind = match (&self.words, &field.with) {
            (Some(words), with) => {
                let (words, text) = (words.expand(), of_key(field, "TextKey", "REQUIRED"));
                let text = with.as_ref().map_or(text, |_| quote!(__telemetry::required_key(&#function)));
                quote!(__telemetry::tag(#words, #text))
            }
            (None, None) => of_key(field, "MapKey", "WORD"),
            (None, Some(_)) => quote!(__telemetry::computed_key(&#function)),
        };
        quote!(__telemetry::Field::new(#key, #kind))
    }

    /// The check that the values are not texts and that none of their members has the name of the key.
    fn check_key(&self, field: &Field<'_>) -> TokenStream {
        let (key, function) = (self.key(field), field.function());
        if let Some(with) = &field.with {
            return quote_spanned!(with.function.span()=> __telemetry::check_computed_entry(&#function, &#key));
        }
        let value = of(field, "Value", "MapValue", "BESIDE");
        quote_spanned!(field.ty.span()=> __telemetry::check_entry(&#value, &#key))
    }

    /// The values, as a field of their own.
    fn value<'f>(&self, field: &Field<'_>, ty: &'f Type) -> Option<Field<'f>> {
        Some(Field {
            at: 0,
            member: Member::Index(0),
            ty,
            tokens: ty.to_token_stream().into_iter().collect(),
            name: name::VALUE.to_owned(),
            name_span: field.name_span,
            is_renamed: false,
            purpose: String::new(),
            policy: Rc::clone(self.value.as_ref()?),
            with: None,
        })
    }
}

/// `<<Map as EachEntry>::Key as trait>::member`
fn of_key(field: &Field<'_>, required_trait: &str, member: &str) -> TokenStream {
    of(field, "Key", required_trait, member)
}

fn of(field: &Field<'_>, part: &str, required_trait: &str, member: &str) -> TokenStream {
    let part = field.of_policy(part);
    let required_trait = Ident::new(required_trait, Span::call_site());
    field.at_type(|end| {
        let member = Ident::new(member, end);
        quote_spanned!(end=> <#part as __telemetry::#required_trait>::#member)
    })
}

impl Policy for Entries {
    fn required_trait(&self) -> &'static str {
        "EachEntry"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (key, max, required) = (self.key(field), &self.max, field.required("required_entries"));
        let ty = value_type(field);
        let kind = match self.value(field, &ty) {
            Some(value) => {
                let value = tokens::plain_field(name::VALUE, value.kind());
                quote!(__telemetry::entries_of_kind(&const { #key }, &const { #value }, #max, #required))
            }
            None => {
                let function = field.function();
                let values = match &field.with {
                    None => of(field, "Value", "MapValue", "VALUES"),
                    Some(_) => quote!(__telemetry::computed_values(&#function)),
                };
                quote!(__telemetry::entries(&const { #key }, &#values, #max, #required))
            }
        };
        kind.to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_entries"
    }

    fn arguments(&self, field: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        if field.with.is_some() {
            let key = if self.words.is_some() { quote!(TextKey::record_key_word) } else { quote!(MapKey::record_key) };
            return Some(quote!(__telemetry::#key, __telemetry::MapValue::record_value));
        }
        let key = match &self.words {
            Some(_) => of_key(field, "TextKey", "record_key_word"),
            None => of_key(field, "MapKey", "record_key"),
        };
        let ty = value_type(field);
        let value = match self.value(field, &ty) {
            Some(value) => {
                // An error about the value is one about the type of the map.
                let binding = Ident::new("value", Span::mixed_site().located_at(field.ty.span()));
                let record = value.record(binding.clone(), recorder);
                quote!(|#binding, #recorder: &mut __telemetry::Recorder<'_>| { #record })
            }
            None => of(field, "Value", "MapValue", "record_value"),
        };
        Some(quote!(#key, #value))
    }

    fn bound(&self) -> Option<TokenStream> {
        let of_key = if self.words.is_some() { quote!(TextKey) } else { quote!(MapKey) };
        let of_value = match &self.value {
            None => quote!(__telemetry::TelemetrySnapshot),
            Some(policy) => policy.bound().unwrap_or_else(|| {
                let required = format_ident!("{}", policy.required_trait());
                quote!(__telemetry::#required)
            }),
        };
        Some(quote!(__telemetry::EachEntry<Key: __telemetry::#of_key, Value: #of_value>))
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        let (ty, max, function) = (value_type(field), &self.max, field.function());
        if field.with.is_some() {
            return Some(quote!(__telemetry::weigh_values::<_, _, _, __TelemetryDepth>(&#function, #max)));
        }
        if let Some(value) = self.value(field, &ty) {
            let weight = value.policy.weight(&value)?;
            return Some(quote!(__telemetry::repeated(#weight, #max)));
        }
        let [weight, beside] = ["weight", "BESIDE"].map(|member| of(field, "Value", "MapValue", member));
        Some(
            field.at_type(|end| quote_spanned!(end=> __telemetry::values(&#beside, #weight::<__TelemetryDepth>, #max))),
        )
    }

    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        let (ty, max) = (value_type(field), self.max.check());
        let value = match self.value(field, &ty) {
            Some(value) => value.policy.check(&value),
            None => Some(self.check_key(field)),
        };
        let checks: Vec<_> = max.into_iter().chain(value).collect();
        (!checks.is_empty()).then(|| quote!({ #(#checks;)* }))
    }

    fn fallbacks(&self) -> &'static [&'static str] {
        self.value.as_ref().map(|value| value.fallbacks()).unwrap_or_default()
    }

    fn refuses_type(&self, ty: &Type) -> Option<&'static str> {
        self.value.as_ref()?.refuses_type(last_argument(innermost(ty))?)
    }

    fn refuses_with(&self) -> Option<&'static str> {
        self.value.as_ref().map(|_| {
            "`with` computes the whole map, so `value` does not apply: let the function give values that have a snapshot"
        })
    }
}

/// The type of the map's values.
fn value_type(field: &Field<'_>) -> Type {
    let ty = field.of_policy("Value");
    parse_quote!(#ty)
}
