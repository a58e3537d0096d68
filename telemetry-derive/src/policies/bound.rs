//! Integers that are a literal, or an expression that the compiler evaluates.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, LitInt};
use telemetry_spec::limit;

use crate::errors::Errors;
use crate::parse::arguments::{Arguments, refuse};
use crate::parse::attr::{Args, Entry, Value};
use crate::parse::expression::Code;

/// The bound of a number, or an edge of a bucket.
pub(super) enum Bound {
    Literal(i64, Span),
    Constant(Code),
}

const RULE: &str = "a number lies within -(2^53 - 1) and 2^53 - 1, so that every JSON reader keeps it exactly";

impl Bound {
    /// The option `name`. `None` after an error; `Some(None)` if the option is missing.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(super) fn read(name: &str, arguments: &Arguments<'_>, errors: &Errors) -> Option<Option<Self>> {
        let bound = Self::option(name, arguments, errors)?;
        match &bound {
            Some(Self::Literal(value, span)) if value.abs() > limit::NUMBER => refuse(*span, RULE, errors),
            _ => Some(bound),
        }
    }

    /// The option `name`, whatever its value.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    fn option(name: &str, arguments: &Arguments<'_>, errors: &Errors) -> Option<Option<Self>> {
        let Some((key, args)) = arguments.option(name) else { return Some(None) };
        let bound = match args {
            Args::Value(value) => Self::of(value),
            _ => None,
        };
        let Some(bound) = bound else {
            let span = if let Args::Value(value) = args { value.span() } else { key.span() };
            let message = format!("`{name}` takes an integer, or a constant: `{name} = 100`, `{name} = LIMIT`");
            return refuse(span, message, errors);
        };
        Some(Some(bound))
    }

    /// An edge of a bucket.
    pub(super) fn edge(entry: &Entry) -> Option<Self> {
        match entry {
            Entry::Value(value) => Self::of(value),
            Entry::Keyed { call: Some(call), .. } => Some(Self::Constant(call.clone())),
            Entry::Keyed { .. } => entry.path().map(Self::path),
        }
    }

    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(integer) => Some(Self::Literal(integer.value(), integer.literal.span())),
            Value::Path(path) => Some(Self::path(path.clone())),
            Value::Code(code) => Some(Self::Constant(code.clone())),
            _ => None,
        }
    }

    fn path(path: ExprPath) -> Self {
        let span = path.path.segments.first().map_or_else(Span::call_site, |first| first.ident.span());
        Self::Constant(Code { tokens: path.to_token_stream(), span })
    }

    pub(super) fn literal(&self) -> Option<i64> {
        match self {
            Self::Literal(value, _) => Some(*value),
            Self::Constant(_) => None,
        }
    }

    pub(super) fn span(&self) -> Span {
        match self {
            Self::Literal(_, span) => *span,
            Self::Constant(code) => code.span,
        }
    }
}

/// Whether these are operators and literals without a type.
fn is_untyped(code: TokenStream) -> bool {
    code.into_iter().all(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Parenthesis && is_untyped(group.stream()),
        TokenTree::Ident(_) => false,
        TokenTree::Punct(_) => true,
        TokenTree::Literal(literal) => {
            syn::parse_str::<LitInt>(&literal.to_string()).is_ok_and(|literal| literal.suffix().is_empty())
        }
    })
}

fn is_group(code: &TokenStream) -> bool {
    let mut trees = code.clone().into_iter();
    matches!((trees.next(), trees.next()), (Some(TokenTree::Group(_)), None))
}

impl ToTokens for Bound {
    /// An expression of type `i64`.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(value, _) => value.to_tokens(tokens),
            // The type of the constant is the author's choice.
            Self::Constant(code) => {
                let value = widened(code);
                tokens.extend(quote!(__telemetry::bound(#value)));
            }
        }
    }
}

impl Bound {
    /// The check of the expression, whose value `bound` brings within the limits.
    pub(super) fn check(&self) -> Option<TokenStream> {
        let Self::Constant(code) = self else { return None };
        let (check, value) = (check_type(code), widened(code));
        Some(quote_spanned!(code.span=> #check __telemetry::check_bound(#value);))
    }
}

/// The option `max` of a list or a count.
pub(super) struct Max(Bound);

impl Max {
    pub(super) fn read(default: u32, arguments: &Arguments<'_>, errors: &Errors) -> Option<Self> {
        let bound = Bound::option("max", arguments, errors)?;
        let bound = bound.unwrap_or_else(|| Bound::Literal(default.into(), Span::call_site()));
        match bound {
            Bound::Literal(max, span) if !(1..=u32::MAX.into()).contains(&max) => {
                refuse(span, "`max` is 1 to 4_294_967_295", errors)
            }
            bound => Some(Self(bound)),
        }
    }

    /// The check of the expression, whose value `maximum` brings within the limits.
    pub(super) fn check(&self) -> Option<TokenStream> {
        let Bound::Constant(code) = &self.0 else { return None };
        let value = widened(code);
        let check = quote_spanned!(code.span=> __telemetry::check_maximum(#value));
        Some(match check_type(code) {
            Some(of_type) => quote_spanned!(code.span=> { #of_type #check }),
            None => check,
        })
    }
}

impl ToTokens for Max {
    /// An expression of type `u32`.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Bound::Literal(max, _) => u32::try_from(*max).unwrap_or(u32::MAX).to_tokens(tokens),
            Bound::Constant(code) => {
                let value = widened(code);
                tokens.extend(quote!(__telemetry::maximum(#value)));
            }
        }
    }
}

fn is_path(code: &TokenStream) -> bool {
    syn::parse2::<ExprPath>(code.clone()).is_ok()
}

/// The expression, of a type that holds every integer.
fn widened(Code { tokens, span }: &Code) -> TokenStream {
    // Literals alone would be of type `i32`, which `1 << 40` overflows; the parameter that they are for has the wide type.
    if is_untyped(tokens.clone()) {
        return tokens.clone();
    }
    // Beside a cast of a constant of another type, such as text, the compiler would tell a second error.
    if is_path(tokens) {
        return quote_spanned!(*span=> __telemetry::Integer::<_>::of(&#tokens).widened(#tokens));
    }
    let value = parenthesized(tokens, *span);
    quote!(#value as __telemetry::core::primitive::i128)
}

/// The check that the type of the expression is an integer: a cast would cut off a fraction.
fn check_type(Code { tokens, span }: &Code) -> Option<TokenStream> {
    if is_untyped(tokens.clone()) || is_path(tokens) {
        return None;
    }
    let value = parenthesized(tokens, *span);
    // A literal that a macro of the author writes is of type `i32` here, and of the wide type in the cast beside it.
    let allow = quote!(#[allow(overflowing_literals)]);
    Some(quote_spanned!(*span=> #allow __telemetry::Integer::<_>::check(&#value);))
}

fn parenthesized(code: &TokenStream, span: Span) -> TokenStream {
    // For a second pair of parentheses, a linter would blame the author.
    if is_group(code) { code.clone() } else { quote_spanned!(span=> (#code)) }
}

/// Whether the compiler must evaluate one of these.
pub(super) fn any_constant(bounds: &[Bound]) -> bool {
    bounds.iter().any(|bound| bound.literal().is_none())
}

/// `[edges]`
pub(super) fn array(bounds: &[Bound]) -> TokenStream {
    quote!([#(#bounds),*])
}
