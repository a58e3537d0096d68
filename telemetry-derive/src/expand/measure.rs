//! Writes what a type can reveal, in bits, and how long its values can be, in bytes, by the types of its fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, parse_quote};

use crate::expand::fields_of;
use crate::model::{Container, Data, Field};

/// The parameter, which says how many levels are still followed, makes the constant lazy, and recursive types need that.
pub(crate) fn implement(container: &Container<'_>, generics: &Generics) -> Option<TokenStream> {
    let value = match &container.data {
        Data::Words(_) => return None,
        Data::Nothing => quote!(__t::sum(&[])),
        Data::Group(fields) => {
            let mut weights = weights(fields);
            weights.extend(container.carries_context().then(|| quote!(__t::context_weight())));
            let count = weights.len();
            quote!(__t::sum(&[__t::own::<Self>(#count), #(#weights),*]))
        }
        Data::Transparent { fields, at } => {
            let weight = fields[*at].whole_weight().into_iter();
            quote!(__t::sum(&[#(#weight)*]))
        }
        Data::Variants { variants, .. } => {
            let all = variants.iter().zip(0_usize..).map(|(variant, index)| {
                let weights = weights(fields_of(std::slice::from_ref(variant)));
                let count = weights.len();
                quote!(__t::sum(&[__t::variant::<Self>(#index, #count), #(#weights),*]))
            });
            quote!(__t::richest::<Self>(&[#(#all),*]))
        }
    };
    let mut generics = generics.clone();
    generics.params.push(parse_quote!(__D: __t::Depth));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (ident, (_, ty_generics, _)) = (container.ident, container.generics.split_for_impl());
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics __t::Measure<__D> for #ident #ty_generics #where_clause {
            const WEIGHT: __t::Weight = #value;
        }
    })
}

/// What lies behind the fields, each of those that have something there.
fn weights<'f>(fields: impl IntoIterator<Item = &'f Field<'f>>) -> Vec<TokenStream> {
    fields.into_iter().filter_map(Field::weight).collect()
}
