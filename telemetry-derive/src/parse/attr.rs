//! `#[telemetry(...)]` as it is written: keys with their spans, and what stands behind them.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ExprPath, Lit, LitInt, LitStr, Token, parenthesized, token};

use crate::check::errors::Errors;

/// One entry of an attribute's list.
pub(crate) enum Entry {
    /// `key`, `key = value` or `key(entries)`.
    Keyed { key: Ident, args: Args },
    /// A value of its own: a literal, or a path of more than one segment.
    Value(Value),
}

pub(crate) enum Args {
    None,
    Value(Value),
    List(Vec<Entry>),
}

pub(crate) enum Value {
    Text(LitStr),
    Integer { negative: bool, literal: LitInt },
    Path(ExprPath),
    Other(Lit),
}

impl Value {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span(),
            Self::Integer { literal, .. } => literal.span(),
            Self::Path(path) => path.path.segments.first().map_or_else(Span::call_site, |first| first.ident.span()),
            Self::Other(literal) => literal.span(),
        }
    }
}

impl Entry {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Keyed { key, .. } => key.span(),
            Self::Value(value) => value.span(),
        }
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            return Ok(Self::Integer { negative: true, literal: input.parse()? });
        }
        if input.peek(Lit) {
            return Ok(match input.parse()? {
                Lit::Str(text) => Self::Text(text),
                Lit::Int(literal) => Self::Integer { negative: false, literal },
                other => Self::Other(other),
            });
        }
        if input.peek(token::Crate) && !input.peek2(Token![::]) {
            return input.call(Ident::parse_any).map(syn::Path::from).map(|path| Self::Path(plain(path)));
        }
        if input.peek(Ident::peek_any) || input.peek(Token![::]) || input.peek(Token![<]) {
            return input.parse().map(Self::Path);
        }
        Err(input.error("expected a literal or a path"))
    }
}

fn plain(path: syn::Path) -> ExprPath {
    ExprPath { attrs: Vec::new(), qself: None, path }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_key = input.peek(Ident::peek_any) && !input.peek2(Token![::]) && !input.peek2(Token![<]);
        if !is_key {
            return input.parse().map(Self::Value);
        }
        let key = input.call(Ident::parse_any)?;
        let args = if input.peek(token::Paren) {
            let content;
            parenthesized!(content in input);
            Args::List(entries(&content)?)
        } else if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Args::Value(input.parse()?)
        } else {
            Args::None
        };
        Ok(Self::Keyed { key, args })
    }
}

fn entries(input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while !input.is_empty() {
        entries.push(input.parse()?);
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        } else if !input.is_empty() {
            return Err(input.error("expected `,`: a value is one literal or one path, and nothing is computed here"));
        }
    }
    Ok(entries)
}

/// The entries of all `#[telemetry(...)]` attributes; what cannot be parsed is an error and left out.
pub(crate) fn read(attributes: &[Attribute], errors: &Errors) -> Vec<Entry> {
    let mut all = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("telemetry")) {
        match attribute.parse_args_with(entries) {
            Ok(entries) => all.extend(entries),
            Err(error) => errors.push(error),
        }
    }
    all
}

/// The first sentence of the documentation, in one line.
pub(crate) fn purpose(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("doc")) {
        let syn::Meta::NameValue(meta) = &attribute.meta else { continue };
        let syn::Expr::Lit(syn::ExprLit { lit: Lit::Str(line), .. }) = &meta.value else { continue };
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
