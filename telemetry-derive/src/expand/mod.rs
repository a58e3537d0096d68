//! Writes the implementation of a checked item. Nothing can fail here.

mod bound;
mod checks;
mod measure;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Generics, WherePredicate, parse_quote};
use telemetry_spec::key::Key;

use self::bound::{mentions, mentions_parameter};
use crate::model::{Container, Data, Event, Field, Member, Shape, Variant};
use crate::policies::{Written, call, runtime};

pub(crate) fn container(container: &Container<'_>) -> TokenStream {
    let krate = &container.krate;
    let generics = bounded(container);
    let snapshot = snapshot(container, &generics);
    let measure = measure::implement(container, &generics);
    let event = container.event.as_ref().map(|event| implement_event(container, event, &generics));
    let checks = checks::eager(container);
    quote! {
        const _: () = {
            use #krate::__private as __t;
            #snapshot
            #measure
            #event
            #(const _: () = #checks;)*
        };
    }
}

/// The name of the recorder, which no field can shadow.
fn recorder() -> Ident {
    Ident::new("recorder", Span::mixed_site())
}

fn snapshot(container: &Container<'_>, generics: &Generics) -> TokenStream {
    let ident = container.ident;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let recorder = recorder();
    let context = container.carries_context();
    let consts = match &container.data {
        Data::Nothing => group_consts(&[], context),
        Data::Group(fields) => group_consts(fields, context),
        Data::Transparent { fields, at } => transparent_consts(&fields[*at]),
        Data::Words(words) => words_consts(words),
        Data::Variants { tag, variants } => variants_consts(tag.as_deref(), variants),
    };
    let methods = match &container.data {
        Data::Nothing => record_group(&[], context, &recorder),
        Data::Group(fields) => record_group(fields, context, &recorder),
        Data::Transparent { fields, at } => record_one(fields, *at, &recorder),
        Data::Words(words) => record_words(words, &recorder),
        Data::Variants { variants, .. } => record_variants(variants, &recorder),
    };
    let lazy_checks = checks::lazy(container);
    let weight = match &container.data {
        Data::Words(_) => quote!(__t::Nothing),
        _ => quote!(__t::Measured::<Self, __D>::new()),
    };
    let nested = nested(&container.data, &recorder);
    quote! {
        #[automatically_derived]
        impl #impl_generics __t::TelemetrySnapshot for #ident #ty_generics #where_clause {
            #consts

            #[inline]
            fn record(&self, #recorder: &mut __t::Recorder<'_>) {
                #(const { #lazy_checks };)*
                #methods
            }

            #nested

            fn weight<__D: __t::Depth>() -> impl __t::Weighed {
                #weight
            }
        }
    }
}

fn group_consts(fields: &[Field<'_>], context: bool) -> TokenStream {
    // Names can occur twice only where a type is flattened, or with those of the context.
    let compared = !context && !fields.iter().any(Field::is_flattened);
    let constructor = if compared { quote!(__t::members) } else { quote!(__t::Schema::group) };
    let schema = group(&constructor, fields, context, None);
    quote!(const SCHEMA: __t::Schema = #schema;)
}

/// `constructor(word, &[members])`. Names can still occur twice where a type is flattened, so that is where the compiler says so.
fn group(constructor: &TokenStream, fields: &[Field<'_>], context: bool, word: Option<&str>) -> TokenStream {
    let (members, word) = (members(fields), word.into_iter());
    let context = context.then(|| quote!(__t::Field::context())).into_iter();
    let call = quote!(#constructor(#(#word,)* &const { [#(#members,)* #(#context)*] }));
    at_flattened(call, fields)
}

/// The same tokens, standing where a type is flattened.
fn at_flattened<'f>(tokens: TokenStream, fields: impl IntoIterator<Item = &'f Field<'f>>) -> TokenStream {
    let Some(field) = fields.into_iter().filter(|field| field.is_flattened()).last() else { return tokens };
    let span = Span::call_site().located_at(field.ty.span());
    let at_span = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    tokens.into_iter().map(at_span).collect()
}

fn members<'f>(fields: &'f [Field<'_>]) -> impl Iterator<Item = impl ToTokens + 'f> {
    fields.iter().filter(|field| !field.is_skipped()).map(|field| {
        Written(move |tokens: &mut TokenStream| {
            if field.is_flattened() {
                return field.members().to_tokens(tokens);
            }
            let ((key, len), kind, purpose) = (key(&field.name), field.kind(), &field.purpose);
            call(tokens, &runtime("field"), quote!(#key, #len, #kind, #purpose));
        })
    })
}

/// What stands in a snapshot before the value of a member, padded to 32 bytes unless it is longer, and its length.
fn key(name: &str) -> (String, u8) {
    let key = Key::new(name);
    (key.to_string(), key.len() as u8)
}

fn transparent_consts(field: &Field<'_>) -> TokenStream {
    if matches!(field.policy, crate::model::Policy::Natural) {
        let schema = field.of_policy("SCHEMA");
        return quote!(const SCHEMA: __t::Schema = #schema;);
    }
    let kind = field.kind();
    quote! {
        const SCHEMA: __t::Schema = __t::Schema::of(#kind);
        const KIND: __t::Natural<Self> = __t::Natural::EAGER;
    }
}

fn words_consts(words: &[(&Ident, String)]) -> TokenStream {
    let words = complete(words.iter().map(|(_, word)| word));
    quote! {
        const SCHEMA: __t::Schema = __t::Schema::of(__t::tag(#words, true));
        const KIND: __t::Natural<Self> = __t::Natural::EAGER;
    }
}

/// A table of all the words that there are.
fn complete<'w>(words: impl ExactSizeIterator<Item = &'w String>) -> TokenStream {
    let count = words.len();
    quote!(__t::words(&[#(#words),*], "", #count))
}

fn variants_consts(tag: Option<&str>, variants: &[Variant<'_>]) -> TokenStream {
    let all = variants.iter().map(|variant| {
        let word = &variant.word;
        match &variant.shape {
            Shape::Unit => quote!(__t::Variant::unit(#word)),
            Shape::Value(value) => {
                let kind = value.kind();
                quote!(__t::Variant::value(#word, #kind))
            }
            Shape::Group(fields) => group(&quote!(__t::Variant::group), fields, false, Some(word)),
        }
    });
    let kind = match tag {
        Some(tag) => {
            let words = complete(variants.iter().map(|variant| &variant.word));
            let tag = quote!(__t::Field::new(#tag, __t::tag(#words, true)));
            at_flattened(quote!(__t::Kind::tagged(&#tag, &[#(#all),*])), fields_of(variants))
        }
        None => quote!(__t::Kind::variants(&[#(#all),*])),
    };
    quote!(const SCHEMA: __t::Schema = __t::variants(#kind);)
}

pub(crate) fn fields_of<'v>(variants: &'v [Variant<'_>]) -> impl Iterator<Item = &'v Field<'v>> {
    variants.iter().flat_map(|variant| match &variant.shape {
        Shape::Unit => &[],
        Shape::Value(value) => std::slice::from_ref(value),
        Shape::Group(fields) => fields.as_slice(),
    })
}

/// `a, b: _` or `field0, _`: every field is named, so a new one cannot be overlooked.
fn pattern(fields: &[Field<'_>]) -> TokenStream {
    let named = fields.iter().any(|field| matches!(field.member, Member::Named(_)));
    let parts = fields.iter().map(|field| match (&field.member, field.is_skipped()) {
        (Member::Named(ident), true) => quote!(#ident: _),
        (Member::Index(_), true) => quote!(_),
        _ => {
            let binding = binding(field);
            quote!(#binding)
        }
    });
    if named { quote!({ #(#parts),* }) } else { quote!((#(#parts),*)) }
}

fn binding(field: &Field<'_>) -> Ident {
    match field.member {
        Member::Named(ident) => ident.clone(),
        Member::Index(at) => format_ident!("field{at}", span = Span::mixed_site()),
    }
}

fn records<'f>(fields: &'f [Field<'_>], recorder: &'f Ident) -> impl Iterator<Item = impl ToTokens + 'f> {
    fields.iter().map(move |field| field.record(binding(field), recorder))
}

fn record_group(fields: &[Field<'_>], context: bool, recorder: &Ident) -> TokenStream {
    // The client adds it, once it knows it.
    let context = context.then(|| quote!(#recorder.absent();));
    if fields.is_empty() {
        return context.unwrap_or_else(|| quote!(let _ = #recorder;));
    }
    let (pattern, records) = (pattern(fields), records(fields, recorder));
    let unused = (context.is_none() && fields.iter().all(Field::is_skipped)).then(|| quote!(let _ = #recorder;));
    quote! {
        let Self #pattern = self;
        #unused
        #(#records)*
        #context
    }
}

/// The value of a transparent struct, recorded by `method`.
fn record_value(fields: &[Field<'_>], at: usize, recorder: &Ident, method: &str) -> TokenStream {
    let (pattern, field) = (pattern(fields), &fields[at]);
    let record = if matches!(field.policy, crate::model::Policy::Natural) {
        let (method, binding) = (field.of_policy(method), binding(field));
        quote!(#method(#binding, #recorder);)
    } else {
        field.record(binding(field), recorder).to_token_stream()
    };
    quote! {
        let Self #pattern = self;
        #record
    }
}

fn record_one(fields: &[Field<'_>], at: usize, recorder: &Ident) -> TokenStream {
    record_value(fields, at, recorder, "record")
}

fn record_words(words: &[(&Ident, String)], recorder: &Ident) -> TokenStream {
    let (variants, indices) = (words.iter().map(|(ident, _)| ident), 0_usize..);
    let arms = variants.zip(indices).map(|(ident, index)| quote!(Self::#ident => #index));
    quote! {
        #recorder.tag(match self {
            #(#arms),*
        });
    }
}

fn record_variants(variants: &[Variant<'_>], recorder: &Ident) -> TokenStream {
    let arms = variants.iter().zip(0_usize..).map(|(variant, index)| {
        let ident = variant.ident;
        let fields = match &variant.shape {
            Shape::Unit => {
                let rest = (!variant.bare).then(|| quote!({ .. }));
                return quote!(Self::#ident #rest => #recorder.variant(#index, |_| {}));
            }
            Shape::Value(value) => std::slice::from_ref(value),
            Shape::Group(fields) => fields.as_slice(),
        };
        let (pattern, records) = (pattern(fields), records(fields, recorder));
        let parameter = if fields.iter().all(Field::is_skipped) { quote!(_) } else { quote!(#recorder) };
        quote!(Self::#ident #pattern => #recorder.variant(#index, |#parameter| { #(#records)* }))
    });
    quote! {
        match self {
            #(#arms),*
        }
    }
}

/// What stands for one value is recorded without the detour over a group.
fn nested(data: &Data<'_>, recorder: &Ident) -> Option<TokenStream> {
    let (body, absent) = match data {
        Data::Words(_) => (quote!(<Self as __t::TelemetrySnapshot>::record(self, #recorder);), None),
        Data::Transparent { fields, at } => {
            let field = &fields[*at];
            let absent = match field.policy {
                crate::model::Policy::Natural => {
                    let absent = field.of_policy("record_absent");
                    Some(quote!(#absent(#recorder);))
                }
                crate::model::Policy::Presence => Some(quote!(#recorder.flag(false);)),
                _ => None,
            };
            (record_value(fields, *at, recorder, "record_nested"), absent)
        }
        _ => return None,
    };
    let absent = absent.map(|absent| {
        quote! {
            fn record_absent(#recorder: &mut __t::Recorder<'_>) {
                #absent
            }
        }
    });
    Some(quote! {
        #[inline]
        fn record_nested(&self, #recorder: &mut __t::Recorder<'_>) {
            #body
        }

        #absent
    })
}

fn implement_event(container: &Container<'_>, event: &Event, generics: &Generics) -> TokenStream {
    let ident = container.ident;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let name = &event.name;
    let budget = container.budget.as_ref().map(|budget| budget.bits);
    let budget = budget.map(|bits| quote!(const BUDGET_BITS: __t::u64 = #bits;));
    quote! {
        #[automatically_derived]
        impl #impl_generics __t::TelemetryEvent for #ident #ty_generics #where_clause {
            const NAME: &'static __t::str = #name;
            #budget
        }
    }
}

/// The generics with a bound for each field whose type mentions a parameter.
fn bounded(container: &Container<'_>) -> Generics {
    let mut generics = container.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.default = None;
    }
    let predicates: Vec<WherePredicate> = match &container.bound {
        Some(bound) => bound.clone(),
        None => inferred(container),
    };
    if !predicates.is_empty() {
        generics.make_where_clause().predicates.extend(predicates);
    }
    generics
}

fn inferred(container: &Container<'_>) -> Vec<WherePredicate> {
    let fields: Vec<&Field<'_>> = match &container.data {
        Data::Group(fields) => fields.iter().collect(),
        Data::Transparent { fields, at } => vec![&fields[*at]],
        Data::Variants { variants, .. } => fields_of(variants).collect(),
        Data::Nothing | Data::Words(_) => Vec::new(),
    };
    let generic = fields.into_iter().filter(|field| mentions_parameter(field.ty, container.generics));
    generic.flat_map(|field| bounds_of(field, container)).collect()
}

/// `Type: Policy`. A type that contains the container itself would make the bound prove itself, so its parameters are bound instead.
fn bounds_of(field: &Field<'_>, container: &Container<'_>) -> Vec<WherePredicate> {
    let (ty, Some(bound)) = (field.ty, field.bound()) else { return Vec::new() };
    if !mentions(ty, container.ident) {
        return vec![parse_quote!(#ty: #bound)];
    }
    let used = container.generics.type_params().filter(|parameter| mentions(ty, &parameter.ident));
    used.map(|parameter| {
        let parameter = &parameter.ident;
        parse_quote!(#parameter: __t::TelemetrySnapshot)
    })
    .collect()
}
