//! Writes what a type can reveal, in bits, and how large its values can be, in bytes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Generics, parse_quote};

use crate::expand::fields_of;
use crate::model::{Container, Data, Field};

/// How many bits the type reveals, and how many bytes it takes; the extra parameter makes the constant lazy, which recursive types need.
pub(crate) fn implement(container: &Container<'_>, generics: &Generics) -> Option<TokenStream> {
    let bits = match &container.data {
        Data::Words(_) => return None,
        Data::Nothing => quote!(0),
        Data::Group(fields) => {
            let context = container.carries_context().then(|| quote!(__t::context_bits()));
            let bits = fields.iter().filter_map(Field::bits).chain(context);
            quote!(__t::sum(&[__t::own_bits::<Self>(), #(#bits),*]))
        }
        Data::Transparent { fields, at } => {
            let bits = fields[*at].bits();
            let bits = bits.iter();
            quote!(__t::sum(&[#(#bits),*]))
        }
        Data::Variants { variants, .. } => {
            let all = variants.iter().zip(0_usize..).map(|(variant, index)| {
                let bits = fields_of(std::slice::from_ref(variant)).filter_map(Field::bits);
                quote!(__t::sum(&[__t::variant_bits::<Self>(#index), #(#bits),*]))
            });
            quote!(__t::richest::<Self>(&[#(#all),*]))
        }
    };
    let size = match &container.data {
        Data::Words(_) | Data::Nothing => quote!(0),
        Data::Transparent { fields, at } => fields[*at].size().unwrap_or_else(|| quote!(0)),
        Data::Group(fields) => sizes(fields),
        Data::Variants { variants, .. } => sizes(fields_of(variants)),
    };
    let mut generics = generics.clone();
    generics.params.push(parse_quote!(__D));
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let (ident, (_, ty_generics, _)) = (container.ident, container.generics.split_for_impl());
    Some(quote! {
        #[automatically_derived]
        impl #impl_generics __t::Measure<__D> for #ident #ty_generics #where_clause {
            const BITS: u64 = #bits;
            const SIZE: usize = #size;
        }
    })
}

fn sizes<'f>(fields: impl IntoIterator<Item = &'f Field<'f>>) -> TokenStream {
    let sizes = fields.into_iter().filter_map(Field::size);
    quote!(__t::own_size::<Self>() #(+ #sizes)*)
}
