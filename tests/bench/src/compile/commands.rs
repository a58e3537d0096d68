//! The command line of a tool for databases, out of this project's own tests, with other derives. clap reads it in all three.

use std::{fs, io};

use quote::{ToTokens, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Item, ItemEnum, ItemStruct, Path, parse_quote};

use super::options::{is_skipped_by, names};
use super::{Derive, project};

pub(super) fn files(derive: Derive) -> io::Result<Vec<(String, String)>> {
    let mut file =
        syn::parse_file(&fs::read_to_string(project("tests/it/real/command_line.rs"))?).map_err(io::Error::other)?;
    file.items.retain(|item| !is_left_out(item));
    Derived(derive).visit_file_mut(&mut file);
    Ok(vec![("lib.rs".into(), file.into_token_stream().to_string())])
}

/// The test, and what only the test imports.
fn is_left_out(item: &Item) -> bool {
    match item {
        Item::Fn(function) => function.attrs.iter().any(|attribute| attribute.path().is_ident("test")),
        Item::Use(item) => names(item, "json") || names(item, "TelemetrySnapshot"),
        _ => false,
    }
}

/// Changes what is derived. Every type is public, so that none counts as unused.
struct Derived(Derive);

impl VisitMut for Derived {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        item.vis = parse_quote!(pub);
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        item.vis = parse_quote!(pub);
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        if self.0 == Derive::Serde && is_skipped_by("telemetry", field) {
            field.attrs.push(parse_quote!(#[serde(skip)]));
        }
        visit_mut::visit_field_mut(self, field);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| {
            let is = |name| attribute.path().is_ident(name);
            !is("expect") && (self.0 == Derive::Telemetry || !is("telemetry"))
        });
        for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
            let kept = ["Clone", "Copy", "Parser", "Args", "Subcommand", "ValueEnum"];
            let kept = kept.into_iter().filter(|word| names(&attribute.meta, word));
            let mut derives: Vec<Path> = kept.map(|word| format_ident!("{word}").into()).collect();
            match self.0 {
                Derive::Nothing => {}
                Derive::Telemetry => derives.push(parse_quote!(::telemetry::TelemetrySnapshot)),
                Derive::Serde => derives.push(parse_quote!(::serde::Serialize)),
            }
            *attribute = parse_quote!(#[derive(#(#derives),*)]);
        }
    }
}
