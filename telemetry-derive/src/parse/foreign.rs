//! The attributes of serde and clap, as far as names are concerned.
//!
//! Their macros report what is wrong with them; here, anything that is not understood is left out.

use crate::parse::expression::{mark, opens_angle};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::{Attribute, Data, DeriveInput, Fields, LitStr, Meta};

/// One entry in the list of an attribute: `key`, `key = value` or `key(entries)`.
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
    /// The last name in it, which says what an expression such as `ArgAction::SetFalse` is.
    pub(crate) last: Option<Ident>,
}

pub(crate) enum Value {
    None,
    Text(LitStr),
    List(Vec<Entry>),
    /// An expression, at this position.
    Expression(Span),
}

impl Value {
    pub(crate) fn text(&self) -> Option<&LitStr> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The entries of all attributes with one of these names.
pub(crate) fn read(attributes: &[Attribute], names: &[&str]) -> Vec<Entry> {
    let lists = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::List(list) if names.iter().any(|name| list.path.is_ident(name)) => Some(list.tokens.clone()),
        _ => None,
    });
    lists.flat_map(entries).collect()
}

/// Whether the item, one of its variants or one of its fields has an attribute with one of these names.
pub(crate) fn is_carried_by(item: &DeriveInput, names: &[&str]) -> bool {
    has_attribute(item, |attribute| names.iter().any(|name| attribute.path().is_ident(name)))
}

/// Whether the item has a deprecated part, or its author uses deprecated items in it. Then the generated code may use them, too.
pub(crate) fn allows_deprecated(item: &DeriveInput) -> bool {
    let is_deprecated = |token: TokenTree| matches!(token, TokenTree::Ident(name) if name == "deprecated");
    has_attribute(item, |attribute| match &attribute.meta {
        Meta::List(list) if ["allow", "expect"].iter().any(|name| list.path.is_ident(name)) => {
            list.tokens.clone().into_iter().any(is_deprecated)
        }
        meta => meta.path().is_ident("deprecated"),
    })
}

fn has_attribute(item: &DeriveInput, is_it: impl Fn(&Attribute) -> bool) -> bool {
    let on = |attributes: &[Attribute]| attributes.iter().any(&is_it);
    let on_fields = |fields: &Fields| fields.iter().any(|field| on(&field.attrs));
    let inside = match &item.data {
        Data::Struct(data) => on_fields(&data.fields),
        Data::Enum(data) => data.variants.iter().any(|variant| on(&variant.attrs) || on_fields(&variant.fields)),
        Data::Union(_) => false,
    };
    inside || on(&item.attrs)
}

fn entries(tokens: TokenStream) -> Vec<Entry> {
    split(tokens).into_iter().filter_map(entry).collect()
}

fn last_name(token: &TokenTree) -> Option<Ident> {
    match token {
        TokenTree::Ident(ident) => Some(ident.clone()),
        TokenTree::Group(group) => last_name(&group.stream().into_iter().last()?),
        _ => None,
    }
}

fn entry(tokens: Vec<TokenTree>) -> Option<Entry> {
    let last = tokens.last().and_then(last_name);
    let mut tokens = tokens.into_iter();
    let Some(TokenTree::Ident(key)) = tokens.next() else { return None };
    let value = match tokens.next() {
        None => Value::None,
        Some(TokenTree::Punct(equals)) if equals.as_char() == '=' => value(tokens.collect())?,
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            match syn::parse2(group.stream()) {
                Ok(text) => Value::Text(text),
                Err(_) => Value::List(entries(group.stream())),
            }
        }
        Some(_) => return None,
    };
    Some(Entry { key, value, last })
}

fn value(tokens: TokenStream) -> Option<Value> {
    let span = tokens.clone().into_iter().next()?.span();
    Some(syn::parse2(tokens).map_or(Value::Expression(span), Value::Text))
}

/// The tokens between commas. Commas between angle brackets do not count.
fn split(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut parts, mut part, mut angles) = (Vec::new(), Vec::new(), 0_u32);
    for token in tokens {
        match mark(&token) {
            Some('<') if angles > 0 || opens_angle(part.last()) => angles += 1,
            Some('>') if angles > 0 && part.last().and_then(mark) != Some('-') => angles -= 1,
            Some(',') if angles == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(token);
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn keys(attribute: Attribute) -> Vec<String> {
        read(&[attribute], &["arg"]).iter().map(|entry| entry.key.to_string()).collect()
    }

    #[test]
    fn expressions_are_left_out_whatever_they_contain() {
        let attribute = parse_quote!(#[arg(
            short = 'x', long, default_value_t = Map::<A, B>::new(a, b), value_parser = <A as B<C, D>>::f, num_args = 1..,
            value_parser = |text: &str| -> Result<A, B> { f(a < b, c) }, id = "x",
        )]);
        let found = keys(attribute);
        assert_eq!(found.first().map(String::as_str), Some("short"));
        for expected in ["long", "default_value_t", "num_args", "id"] {
            assert!(found.iter().any(|key| key == expected), "{expected}: {found:?}");
        }
    }

    #[test]
    fn shifts_and_comparisons_open_no_brackets() {
        let attribute = parse_quote!(#[arg(default_value_t = 1 << 20, long = "cache", hide = 1 < 2, default_value_t = <<A as B>::C as D<E, F>>::g(), id = "x")]);
        assert_eq!(keys(attribute), ["default_value_t", "long", "hide", "default_value_t", "id"]);
    }

    #[test]
    fn a_path_of_a_trait_may_follow_any_operator() {
        let attribute = parse_quote!(#[arg(value_parser = |x| &<T as F<A, B>>::f(x), default_value_t = 1 - <A as B<C, D>>::E, id = "x")]);
        assert_eq!(keys(attribute), ["value_parser", "default_value_t", "id"]);
    }

    #[test]
    fn a_text_is_a_value_or_the_only_argument() {
        for attribute in [parse_quote!(#[arg(long = "x")]), parse_quote!(#[arg(long("x"))])] {
            let entries = read(&[attribute], &["arg"]);
            assert_eq!(entries[0].value.text().map(LitStr::value).as_deref(), Some("x"));
        }
        assert!(matches!(read(&[parse_quote!(#[arg(long = NAME)])], &["arg"])[0].value, Value::Expression(_)));
        assert!(matches!(
            read(&[parse_quote!(#[serde(rename(serialize = "x"))])], &["serde"])[0].value,
            Value::List(_)
        ));
    }

    #[test]
    fn the_last_name_says_what_an_expression_is() {
        for attribute in [
            parse_quote!(#[arg(action = clap::ArgAction::SetFalse)]),
            parse_quote!(#[arg(action(ArgAction::SetFalse))]),
            parse_quote!(#[arg(action = SetFalse)]),
        ] {
            let last = read(&[attribute], &["arg"])[0].last.clone();
            assert_eq!(last.as_ref().map(Ident::to_string).as_deref(), Some("SetFalse"));
        }
        assert!(read(&[parse_quote!(#[arg(long = "SetFalse")])], &["arg"])[0].last.is_none());
    }

    #[test]
    fn other_attributes_have_no_entries() {
        assert!(read(&[parse_quote!(#[serde(rename = "x")]), parse_quote!(#[arg])], &["arg"]).is_empty());
    }
}
