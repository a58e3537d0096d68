//! `each`: a list of snapshots or of words. Maps are in `entries.rs`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use telemetry_spec::limit;

use super::bound::Max;
use super::natural::may_be_text;
use super::words::Words;
use super::{Definition, entries};
use crate::code::tokens::{call, runtime};
use crate::errors::Errors;
use crate::model::{Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};
use crate::parse::attr::{Args, Entry};

const USAGE: Usage = Usage {
    options: &["key", "one_of", "value", "max"],
    takes: "options",
    example: "`each(max = 16)`, `each(one_of(\"a\", \"b\"))`, `each(key = \"id\", one_of(\"a\", \"b\"))`",
    calls: false,
};

pub(super) const DEFINITION: Definition = Definition {
    key: "each",
    synonyms: &["items", "map"],
    advice: "write `each`: it sends a list of snapshots",
    options: USAGE.options,
    read,
};

fn read(key: &Ident, args: &Args, errors: &Errors) -> Option<Box<dyn Policy>> {
    entries::refuse_bare_policy(args, errors)?;
    refuse_policy_of_items(args, errors)?;
    let arguments = Arguments::read(key, args, &USAGE, errors)?;
    arguments.no_values(errors)?;
    let max = Max::read(limit::LIST_MAX, &arguments, errors)?;
    let words = match arguments.option("one_of") {
        Some((key, args)) => Some(Words::read(key, args, errors)?),
        None => None,
    };
    let Some(key) = arguments.text("key", errors)? else {
        if let Some((value, _)) = arguments.option("value") {
            return refuse(
                value.span(),
                "`value` is for maps: `each(key = \"id\", one_of(\"a\", \"b\"), value(flag))`",
                errors,
            );
        }
        return Some(match words {
            None => Box::new(Each { max }),
            Some(words) => Box::new(EachWord { words, max }),
        });
    };
    entries::read(&key, words, max, &arguments, errors)
}

/// Refuses a policy of the items other than `one_of`: each number of a list would reveal as much as a field.
fn refuse_policy_of_items(args: &Args, errors: &Errors) -> Option<()> {
    let Args::List(entries) = args else { return Some(()) };
    for entry in entries {
        if let Entry::Keyed { key, args, .. } = entry
            && let Some(policy) = entries::of_values(key)
        {
            let written = args.shape(policy);
            let message = format!(
                "items have no `{policy}` of their own: `count` sends how many there are; a newtype that derives \
                 `TelemetrySnapshot` has a policy, `struct Item(#[telemetry({written})] …);`, and so has its list: \
                 `each, with = |list| list.iter().cloned().map(Item).collect::<Vec<_>>()`, for items that are `Clone`"
            );
            return refuse(key.span(), message, errors);
        }
    }
    Some(())
}

/// A list of snapshots.
struct Each {
    max: Max,
}

impl Policy for Each {
    fn required_trait(&self) -> &'static str {
        "Each"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let max = &self.max;
        if field.with.is_some() {
            let function = field.function();
            return tokens.extend(quote!(__telemetry::computed_list(&#function, #max)));
        }
        let [item, is_set, required] = ["Item", "IS_SET", "REQUIRED"].map(|member| field.of_policy(member));
        quote!(__telemetry::list::<#item>(#max, #is_set, #required)).to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_each"
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        let (max, function) = (&self.max, field.function());
        Some(match field.with {
            None => items(field, max),
            Some(_) => quote!(__telemetry::computed_items::<_, _, _, __TelemetryDepth>(&#function, #max)),
        })
    }

    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        let checks: Vec<_> = self.max.check().into_iter().chain(check_items(field)).collect();
        (!checks.is_empty()).then(|| quote!({ #(#checks;)* }))
    }
}

/// The check that the items are not texts. Those that a function computes may be of any type.
fn check_items(field: &Field<'_>) -> Option<TokenStream> {
    if let Some(with) = &field.with {
        let function = field.function();
        return Some(
            quote_spanned!(with.function.span()=> __telemetry::check_natural(__telemetry::computed_item(&#function))),
        );
    }
    may_be_text(field).then(|| {
        let ty = field.of_policy("Item");
        let snapshot = Ident::new("TelemetrySnapshot", Span::call_site());
        let kind = field.at_type(|end| quote_spanned!(end=> <#ty as __telemetry::#snapshot>::KIND));
        quote_spanned!(field.ty.span()=> __telemetry::check_natural(#kind.kind()))
    })
}

/// The bits of `max` items.
fn items(field: &Field<'_>, max: &Max) -> TokenStream {
    let [ty, is_set] = ["Item", "IS_SET"].map(|member| field.of_policy(member));
    // With the author's span, the compiler would report an unnecessarily long path where the trait is in scope.
    let snapshot = Ident::new("TelemetrySnapshot", Span::call_site());
    let weight = field.at_type(|end| quote_spanned!(end=> <#ty as __telemetry::#snapshot>::weight::<__TelemetryDepth>));
    field.at_type(|end| quote_spanned!(end=> __telemetry::items::<#ty, _>(#weight, #max, #is_set)))
}

/// A list of words.
struct EachWord {
    words: Words,
    max: Max,
}

impl Policy for EachWord {
    fn required_trait(&self) -> &'static str {
        "EachText"
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let (words, max) = (self.words.expand(), &self.max);
        let (is_set, required) = (field.constant("IS_SET", "is_set"), field.required("required_each_text"));
        call(tokens, &runtime("tags"), quote!(#words, #max, #is_set, #required));
    }

    fn record(&self) -> &'static str {
        "record_words"
    }

    fn check(&self, _: &Field<'_>) -> Option<TokenStream> {
        self.max.check()
    }
}
