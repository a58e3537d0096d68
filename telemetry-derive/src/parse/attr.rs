//! The entries of `#[telemetry(...)]`: keys with their spans, and their arguments.

use std::fmt::Display;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ExprPath, Lit, LitInt, LitStr, Token, parenthesized, token};

use crate::errors::Errors;
use crate::parse::expression::{Closure, Code, ends_argument, mark};

/// One entry in an attribute's list.
pub(crate) enum Entry {
    /// `key`, `key = value` or `key(entries)`. The last may be a call.
    Keyed { key: Ident, args: Args, call: Option<Code> },
    /// A standalone value: a literal, a path of more than one segment, or an expression.
    Value(Value),
}

pub(crate) enum Args {
    None,
    Value(Value),
    List(Vec<Entry>),
}

pub(crate) enum Value {
    Text(LitStr),
    Integer(Integer),
    Path(ExprPath),
    /// `0..=10`. Where bounds are expected, the error shows how to write them.
    Range(Range),
    Closure(Closure),
    /// A constant expression.
    Code(Code),
    Other(Lit),
}

pub(crate) struct Integer {
    pub(crate) negative: bool,
    pub(crate) literal: LitInt,
}

pub(crate) struct Range {
    pub(crate) min: Option<i64>,
    /// Inclusive.
    pub(crate) max: Option<i64>,
    pub(crate) code: Code,
}

impl Integer {
    /// The integer's value. A value that is too large for any bound stays too large.
    pub(crate) fn value(&self) -> i64 {
        let value = self.literal.base10_parse().unwrap_or(i64::MAX);
        if self.negative { -value } else { value }
    }
}

impl Value {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span(),
            Self::Integer(integer) => integer.literal.span(),
            Self::Range(range) => range.code.span,
            Self::Path(path) => path.path.segments.first().map_or_else(Span::call_site, |first| first.ident.span()),
            Self::Closure(closure) => closure.code.span,
            Self::Code(code) => code.span,
            Self::Other(literal) => literal.span(),
        }
    }
}

impl Args {
    /// How a message writes this key with its arguments.
    pub(crate) fn shape(&self, key: impl Display) -> String {
        match self {
            Self::None => key.to_string(),
            Self::Value(_) => format!("{key} = ..."),
            Self::List(_) => format!("{key}(...)"),
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
        if Closure::peek(input) {
            return input.parse().map(Self::Closure);
        }
        let ahead = input.fork();
        if let Ok(value) = Self::plain(&ahead)
            && ends_argument(&ahead)
        {
            input.advance_to(&ahead);
            return Ok(value);
        }
        match Code::parse(input) {
            Some(code) => Ok(Self::Code(code)),
            // The error is about what is usual.
            None => Self::plain(input),
        }
    }
}

impl Value {
    /// A literal, a path or a range.
    fn plain(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Token![..]) {
            return range(None, input);
        }
        if input.peek(Token![-]) || input.peek(LitInt) {
            let integer = input.parse()?;
            return if input.peek(Token![..]) { range(Some(integer), input) } else { Ok(Self::Integer(integer)) };
        }
        if input.peek(Lit) {
            return Ok(match input.parse()? {
                Lit::Str(text) => Self::Text(text),
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

impl ToTokens for Integer {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (minus, literal) = (self.negative.then(|| quote!(-)), &self.literal);
        tokens.extend(quote!(#minus #literal));
    }
}

impl Parse for Integer {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let minus: Option<Token![-]> = input.parse()?;
        Ok(Self { negative: minus.is_some(), literal: input.parse()? })
    }
}

fn range(from: Option<Integer>, input: ParseStream<'_>) -> syn::Result<Value> {
    let span = from.as_ref().map_or_else(|| input.span(), |from| from.literal.span());
    let is_inclusive = input.peek(Token![..=]);
    let dots = if is_inclusive {
        input.parse::<Token![..=]>()?.to_token_stream()
    } else {
        input.parse::<Token![..]>()?.to_token_stream()
    };
    let to: Option<Integer> = if ends_argument(input) { None } else { Some(input.parse()?) };
    let code = Code { tokens: quote!(#from #dots #to), span };
    let max = to.map(|to| to.value() - i64::from(!is_inclusive));
    Ok(Value::Range(Range { min: from.map(|from| from.value()), max, code }))
}

fn plain(path: syn::Path) -> ExprPath {
    ExprPath { attrs: Vec::new(), qself: None, path }
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_key = input.peek(Ident::peek_any) && !input.peek2(Token![::]) && !input.peek2(Token![<]);
        if !is_key || Closure::peek(input) {
            return input.parse().map(Self::Value);
        }
        if !input.peek2(Token![=]) && !input.peek2(token::Paren) && !input.peek2(Token![,]) {
            refuse_other_brackets(input)?;
            // `LIMIT * 2`
            let ahead = input.fork();
            let is_alone = ahead.call(Ident::parse_any).is_ok() && ahead.is_empty();
            if let Some(code) = if is_alone { None } else { Code::parse(input) } {
                return Ok(Self::Value(Value::Code(code)));
            }
        }
        let call = if input.peek2(token::Paren) { Code::parse(&input.fork()) } else { None };
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
        Ok(Self::Keyed { key, args, call })
    }
}

/// Refuses arguments in square or curly brackets, but takes an index, as in `LIMITS[0]`.
fn refuse_other_brackets(input: ParseStream<'_>) -> syn::Result<()> {
    let ahead = input.fork();
    // `const { ... }` is an expression, as is all that begins with a keyword.
    let Ok(key) = ahead.parse::<Ident>() else { return Ok(()) };
    if let Ok(TokenTree::Group(group)) = ahead.parse()
        && group.delimiter() != Delimiter::Parenthesis
        && ends_argument(&ahead)
    {
        let is_list = |token: TokenTree| mark(&token) == Some(',') || syn::parse2::<LitStr>(token.into()).is_ok();
        if group.delimiter() == Delimiter::Brace || group.stream().into_iter().any(is_list) {
            let arguments = Args::List(Vec::new()).shape(&key);
            let message = format!("the arguments of `{key}` stand in round brackets: `{arguments}`");
            return Err(syn::Error::new(group.span(), message));
        }
    }
    Ok(())
}

fn entries(input: ParseStream<'_>) -> syn::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    while !input.is_empty() {
        entries.push(input.parse()?);
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
        } else if !input.is_empty() {
            return Err(input.error(missing(entries.last(), input)));
        }
    }
    Ok(entries)
}

/// What stands beside a policy, not in its brackets.
const BESIDE: [&str; 2] = ["with", "rename"];

/// What is missing between an entry and what follows it.
fn missing(before: Option<&Entry>, input: ParseStream<'_>) -> String {
    let Some(Entry::Keyed { key, args: Args::None, .. }) = before else { return "expected `,`".to_owned() };
    if input.peek(Token![:]) {
        return format!("an option is stated with `=`: `{key} = ...`");
    }
    let next = input.fork().call(Ident::parse_any).ok();
    match next {
        Some(next) if input.peek2(Token![=]) && !BESIDE.iter().any(|option| next == option) => {
            format!("the arguments of `{key}` stand in round brackets: `{key}({next} = ...)`")
        }
        Some(next) => format!("expected `,` between `{key}` and `{next}`"),
        None if input.peek(Lit) => format!("the arguments of `{key}` stand in round brackets: `{key}(...)`"),
        None => "expected `,`".to_owned(),
    }
}

/// The entries of all `#[telemetry(...)]` attributes. An attribute that cannot be parsed is an error and has no entries.
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
