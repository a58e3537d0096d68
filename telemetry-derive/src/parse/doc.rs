//! Doc comments, which state the purpose of a field.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The first sentence of the doc comment, on one line.
pub(crate) fn purpose(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &meta.value else { continue };
        let line = line.value();
        for line in line.lines().map(str::trim) {
            if line.is_empty() && !text.is_empty() {
                return text;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
            if let Some(end) = text.find(". ") {
                text.truncate(end + 1);
                return text;
            }
            if text.ends_with('.') {
                return text;
            }
        }
    }
    text
}
