//! Expressions and closures among the arguments of an attribute.
//!
//! They are kept as tokens: the compiler checks them where the derive writes them, with the author's spans.

use proc_macro2::{Delimiter, Group, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseBuffer, ParseStream};
use syn::{Expr, Path, Token, token};

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
        let span = input.span();
        let (ahead, tokens) = known(input).or_else(|| unknown(input))?;
        input.advance_to(&ahead);
        Some(Self { tokens: held_together(tokens), span })
    }
}

/// An expression of which the parser knows every part.
fn known<'a>(input: &ParseBuffer<'a>) -> Option<(ParseBuffer<'a>, TokenStream)> {
    let ahead = input.fork();
    let expression: Expr = ahead.parse().ok()?;
    ends_argument(&ahead).then(|| (ahead, expression.to_token_stream()))
}

/// An expression that is or contains what the parser does not know: arrays, references to them, blocks and closures.
fn unknown<'a>(input: &ParseBuffer<'a>) -> Option<(ParseBuffer<'a>, TokenStream)> {
    let (ahead, mut tokens) = (input.fork(), TokenStream::new());
    value(&ahead, &mut tokens).ok()?;
    let begins = input.peek(token::Brace) || input.peek(token::Bracket) || input.peek(Token![&]);
    (begins || syn::parse2::<Expr>(outline(tokens.clone())).is_ok()).then_some((ahead, tokens))
}

/// The same expression with another value in all brackets.
fn outline(tokens: TokenStream) -> TokenStream {
    let emptied = |token| match token {
        TokenTree::Group(group) => {
            let one = TokenTree::from(Literal::u8_unsuffixed(1));
            let inside = if group.delimiter() == Delimiter::Brace { TokenStream::new() } else { one.into() };
            Group::new(group.delimiter(), inside).into()
        }
        other => other,
    };
    tokens.into_iter().map(emptied).collect()
}

/// The same code, in which what `macro_rules` put in place of `$value` stays one value: the compiler forgets the invisible brackets around it,
/// so that an operator beside it would take a part of it.
fn held_together(tokens: TokenStream) -> TokenStream {
    if has_fragment(tokens.clone()) { tokens.into_iter().flat_map(held_as_one).collect() } else { tokens }
}

fn has_fragment(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::None || has_fragment(group.stream()),
        _ => false,
    })
}

fn held_as_one(token: TokenTree) -> TokenStream {
    let TokenTree::Group(group) = token else { return token.into() };
    let inside = held_together(group.stream());
    let (delimiter, span) = match group.delimiter() {
        Delimiter::None if is_one(&inside) => return inside,
        // With the author's span alone, the compiler would call the brackets needless.
        Delimiter::None => (Delimiter::Parenthesis, Span::mixed_site().located_at(group.span())),
        other => (other, group.span()),
    };
    let mut held = Group::new(delimiter, inside);
    held.set_span(span);
    TokenTree::from(held).into()
}

/// Whether no operator can take a part of it.
fn is_one(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().nth(1).is_none() || syn::parse2::<Path>(tokens.clone()).is_ok()
}

impl Closure {
    pub(crate) fn peek(input: ParseStream<'_>) -> bool {
        input.peek(Token![|]) || input.peek(Token![||]) || input.peek(Token![move])
    }
}

impl Parse for Closure {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if let Some(inside) = fragment(input) {
            return syn::parse2(inside);
        }
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
        Ok(Self { code: Code { tokens: held_together(tokens), span }, is_typed })
    }
}

/// What `macro_rules` put in place of `$value`, if that is next.
fn fragment(input: ParseStream<'_>) -> Option<TokenStream> {
    let ahead = input.fork();
    match ahead.parse() {
        Ok(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
            input.advance_to(&ahead);
            Some(group.stream())
        }
        _ => None,
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
        tokens.extend([token]);
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

#[cfg(test)]
mod tests {
    use syn::parse::Parser;

    use super::*;

    /// The expression at the beginning, and what follows it.
    fn read(text: &str) -> (Option<String>, String) {
        let parser = |input: ParseStream<'_>| {
            let code = Code::parse(input).map(|code| code.tokens.to_string());
            Ok((code, input.parse::<TokenStream>()?.to_string()))
        };
        parser.parse_str(text).unwrap()
    }

    fn spaced(text: &str) -> String {
        text.parse::<TokenStream>().unwrap().to_string()
    }

    #[test]
    fn what_the_parser_does_not_know_may_stand_in_brackets() {
        for text in [
            "10 * KIB",
            "SocketAddr::from(([127, 0, 0, 1], 8080))",
            "Some([1, 2])",
            "a.map(|b| b + 1)",
            "f(if a { 1 } else { 2 }, [b][0]) + 1",
            "LIMITS[match a { _ => 0 }]",
            "[1, 2].to_vec()",
            "&[1, 2]",
            "{ let a = 1; a }",
        ] {
            assert_eq!(read(&format!("{text}, max = 1")), (Some(spaced(text)), spaced(", max = 1")), "{text}");
        }
    }

    #[test]
    fn two_values_are_not_one() {
        for text in ["", ", a", "a b", "10 unit = \"s\"", "f([1]) 2", "f([1]) g(2)"] {
            assert_eq!(read(text), (None, spaced(text)), "{text}");
        }
    }
}
