//! What the tokens of a field's type tell against its policy. The compiler would say the same at more length.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::spanned::Spanned;

use crate::code::types::is_itself;
use crate::errors::Errors;
use crate::model::{Data, Field};
use crate::policies::Skip;

/// Skips the fields that it refuses.
pub(crate) fn check(data: &mut Data<'_>, ident: &Ident, errors: &Errors) {
    let mut is_refused = false;
    for field in data.fields_mut() {
        let Some(reason) = reason(field, ident) else { continue };
        errors.at(field.ty.span(), reason);
        field.policy = Rc::new(Skip);
        is_refused = true;
    }
    if is_refused && matches!(data, Data::Transparent { .. }) {
        *data = Data::Nothing;
    }
}

fn reason(field: &Field<'_>, ident: &Ident) -> Option<&'static str> {
    if field.with.is_some() {
        return None;
    }
    if field.policy.required_trait() == "Flattened" && is_itself(field.ty, ident) {
        return Some("this is the type itself, whose members cannot stand among its own: take `flatten` out");
    }
    field.policy.refuses_type(field.ty)
}
