//! The options of Better Auth, out of this project's own source, with other derives.
//!
//! What telemetry skips is skipped by serde, too, and so are callbacks, of which serde can say nothing. Reading options from a file is left
//! out of all three.

use std::path::Path;
use std::{fs, io};

use quote::{ToTokens, format_ident};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Item, ItemEnum, ItemStruct, Visibility, parse_quote};

use super::{Derive, project};

pub(super) fn files(derive: Derive) -> io::Result<Vec<(String, String)>> {
    let source = project("telemetry").join("src/auth");
    let mut files = Vec::new();
    for entry in fs::read_dir(source.join("options"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        files.push((format!("auth/options/{name}"), with(derive, &source.join("options").join(&name))?));
    }
    // Imports of what is left out.
    let mut library = "#![allow(unused)]\n\npub mod auth {\n    pub mod options;\n".to_owned();
    if derive == Derive::Telemetry {
        files.push(("auth/vocabulary.rs".into(), fs::read_to_string(source.join("vocabulary.rs"))?));
        library += "    pub mod vocabulary;\n";
    }
    library += "}\n\npub use auth::options::AuthOptions;\n";
    if derive == Derive::Telemetry {
        // For what the options call by the name of their crate.
        library += "pub use telemetry::{TelemetrySnapshot, __private, schema, snapshot};\n";
    }
    files.push(("lib.rs".into(), library));
    Ok(files)
}

/// The file with these derives.
fn with(derive: Derive, path: &Path) -> io::Result<String> {
    let mut file = syn::parse_file(&fs::read_to_string(path)?).map_err(io::Error::other)?;
    file.items.retain(|item| !is_left_out(item, derive));
    Derived { derive, attribute: None }.visit_file_mut(&mut file);
    Ok(file.into_token_stream().to_string())
}

/// `Debug`, which takes a snapshot, and imports of what is not there.
fn is_left_out(item: &Item, derive: Derive) -> bool {
    match item {
        Item::Impl(item) => item.trait_.as_ref().is_some_and(|(path, _)| names(path, "Debug")),
        Item::Use(item) => {
            names(item, "Deserialize")
                || item.to_token_stream().to_string().contains("telemetry_derive")
                || (derive != Derive::Telemetry && (names(item, "crate") || names(item, "vocabulary")))
        }
        _ => false,
    }
}

/// Whether a word occurs in it.
pub(super) fn names(tokens: &impl ToTokens, word: &str) -> bool {
    tokens.to_token_stream().to_string().split(|letter: char| !letter.is_alphanumeric()).any(|part| part == word)
}

/// Whether the field has such an attribute with `skip`.
pub(super) fn is_skipped_by(attribute: &str, field: &Field) -> bool {
    field.attrs.iter().any(|found| found.path().is_ident(attribute) && names(&found.meta, "skip"))
}

/// Changes what is derived, an item at a time.
struct Derived {
    derive: Derive,
    /// The attribute that means something in this item.
    attribute: Option<&'static str>,
}

impl VisitMut for Derived {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        self.derive(&item.vis, &mut item.attrs);
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        self.derive(&item.vis, &mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        if self.attribute == Some("serde") && is_skipped_by("telemetry", field) && !is_skipped_by("serde", field) {
            field.attrs.push(parse_quote!(#[serde(skip)]));
        }
        visit_mut::visit_field_mut(self, field);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        attributes.retain(|attribute| {
            let is = |name| attribute.path().is_ident(name);
            self.attribute.is_some_and(is) || !(is("telemetry") || is("serde"))
        });
    }
}

impl Derived {
    /// What can be read is written by serde; but not a type whose only purpose is to be read.
    fn derive(&mut self, visibility: &Visibility, attributes: &mut [Attribute]) {
        self.attribute = None;
        for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
            let has = |word: &str| names(&attribute.meta, word);
            let kept =
                ["Clone", "Default"].into_iter().filter(|word| has(word)).map(|word| format_ident!("{word}").into());
            let mut derives: Vec<syn::Path> = kept.collect();
            match self.derive {
                Derive::Telemetry if has("TelemetrySnapshot") => {
                    derives.push(parse_quote!(::telemetry::TelemetrySnapshot));
                    self.attribute = Some("telemetry");
                }
                Derive::Serde if has("Deserialize") && matches!(visibility, Visibility::Public(_)) => {
                    derives.push(parse_quote!(::serde::Serialize));
                    self.attribute = Some("serde");
                }
                _ => {}
            }
            *attribute = parse_quote!(#[derive(#(#derives),*)]);
        }
    }
}
