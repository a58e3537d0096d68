//! The requirements for an event.

use syn::DeriveInput;
use telemetry_spec::counted::COUNT;

use crate::check::container::{Attrs, nameless_event};
use crate::errors::Errors;
use crate::model::Data;

/// Checks the keys of an event against the item's shape. If the derive of events finds no name, it reports an error and assigns one.
pub(crate) fn check(
    attrs: &mut Attrs,
    data: &Data<'_>,
    input: &DeriveInput,
    must_be_event: bool,
    is_broken: bool,
    errors: &Errors,
) {
    let added = [("context", &attrs.context), ("counted", &attrs.counted)];
    let added = added.into_iter().filter_map(|(key, at)| Some((key, at.as_ref()?.span())));
    if attrs.event.is_none() && !is_broken && !must_be_event {
        for (key, at) in added.clone() {
            errors.at(at, format!("`{key}` is for an event: write `event = \"name\"` beside it"));
        }
    }
    if let Some(event) = &attrs.event {
        if matches!(data, Data::Words(_) | Data::Variants { .. }) {
            let message = "an event is an object: derive it on a struct, and make this enum one of its fields";
            errors.at(event.span(), message);
        } else if matches!(data, Data::Transparent { .. }) {
            for (key, at) in added {
                let what = if key == "context" { "context" } else { "count" };
                let message =
                    format!("the {what} goes beside named fields: make the one field `#[telemetry(flatten)]` instead");
                errors.at(at, message);
            }
        }
        if let (Some(_), Data::Group(fields)) = (&attrs.counted, data) {
            for field in fields.iter().filter(|field| field.is_named() && field.name == COUNT) {
                let message = format!(
                    "a counted event has a member called `{COUNT}`, which the client adds: choose another name with \
                     `rename = \"...\"`"
                );
                errors.at(field.name_span, message);
            }
        }
    } else if must_be_event {
        if !is_broken {
            errors.at(input.ident.span(), "an event needs its name: `#[telemetry(event = \"name\")]`");
        }
        attrs.event = Some(nameless_event(input.ident.span()));
    }
}
