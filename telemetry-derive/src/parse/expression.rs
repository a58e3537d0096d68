//! Expressions and closures among the arguments of an attribute.
//!
//! They are kept as tokens: the compiler checks them where the derive writes them, with the author's spans.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token, token};

/// An expression of the author, such as `10 * KIB`.
#[derive(Clone)]
pub(crate) struct Code {
    pub(crate) tokens: TokenStream,
    pub(crate) span: Span,
}

/// `|value| …`
#[derive(Clone)]
pub(crate) struct Closure {
    pub(crate) code: Code,
    /// Whether the author states the type of the parameter.
    pub(crate) is_typed: bool,
}

impl Code {
    /// An expression that ends with the argument. Nothing is consumed unless there is one.
    pub(crate) fn parse(input: ParseStream<'_>) -> Option<Self> {
        let (ahead, span) = (input.fork(), input.span());
        let mut tokens = TokenStream::new();
        // What the parser does not know: arrays and blocks.
        if ahead.peek(token::Brace) || ahead.peek(token::Bracket) || ahead.peek(Token![&]) {
            value(&ahead, &mut tokens).ok()?;
        } else {
            let expression: Expr = ahead.parse().ok()?;
            expression.to_tokens(&mut tokens);
        }
        ends_argument(&ahead).then(|| {
            input.advance_to(&ahead);
            Self { tokens, span }
        })
    }
}

impl Closure {
    pub(crate) fn peek(input: ParseStream<'_>) -> bool {
        input.peek(Token![|]) || input.peek(Token![||]) || input.peek(Token![move])
    }
}

impl Parse for Closure {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let span = input.span();
        let mut tokens = TokenStream::new();
        if input.peek(Token![move]) {
            tokens.extend([input.parse::<TokenTree>()?]);
        }
        if !input.peek(Token![|]) || input.peek(Token![||]) {
            return Err(input.error("the function of a field takes the field: `|value| …`"));
        }
        tokens.extend([input.parse::<TokenTree>()?]);
        let mut is_typed = false;
        while !input.peek(Token![|]) {
            is_typed |= input.peek(Token![:]);
            tokens.extend([input.parse::<TokenTree>()?]);
        }
        tokens.extend([input.parse::<TokenTree>()?]);
        if ends_argument(input) {
            return Err(input.error("expected the value that the closure gives"));
        }
        // The value of a closure that states its type is a block.
        if input.peek(Token![->]) {
            while !input.is_empty() && !input.peek(token::Brace) {
                tokens.extend([input.parse::<TokenTree>()?]);
            }
        }
        value(input, &mut tokens)?;
        Ok(Self { code: Code { tokens, span }, is_typed })
    }
}

/// An expression, up to the comma that ends the argument. A comma between angle brackets is part of it.
fn value(input: ParseStream<'_>, tokens: &mut TokenStream) -> syn::Result<()> {
    let (mut open, mut before) = (0_u32, None);
    while !input.is_empty() && (open > 0 || !input.peek(Token![,])) {
        let token: TokenTree = input.parse()?;
        match mark(&token) {
            Some('<') if open > 0 || opens_angle(before.as_ref()) => open += 1,
            // Not that of an arrow.
            Some('>') if open > 0 && before.as_ref().and_then(mark) != Some('-') => open -= 1,
            _ => {}
        }
        before = Some(token.clone());
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => tokens.extend(group.stream()),
            other => tokens.extend([other]),
        }
    }
    Ok(())
}

/// The character of a punctuation mark.
pub(crate) fn mark(token: &TokenTree) -> Option<char> {
    match token {
        TokenTree::Punct(punct) => Some(punct.as_char()),
        _ => None,
    }
}

/// Whether a `<` after this token opens `<…>`. After a value, it compares.
pub(crate) fn opens_angle(before: Option<&TokenTree>) -> bool {
    match before {
        None => true,
        Some(TokenTree::Punct(punct)) => !matches!(punct.as_char(), '?' | '<'),
        Some(TokenTree::Ident(word)) => {
            ["return", "break", "match", "if", "while", "in", "else", "move"].iter().any(|keyword| word == keyword)
        }
        Some(TokenTree::Group(_) | TokenTree::Literal(_)) => false,
    }
}

/// Whether an argument ends here.
pub(crate) fn ends_argument(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}
