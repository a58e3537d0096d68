//! Writes tokens one by one. Most of an expansion is written in this way: each stream that is put into another one takes a message to the
//! compiler and back.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use telemetry_spec::key;

/// A function that writes into the surrounding stream.
pub(crate) struct Written<F>(pub(crate) F);

impl<F: Fn(&mut TokenStream)> ToTokens for Written<F> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        (self.0)(tokens);
    }
}

/// `function(arguments)`
pub(crate) fn call(tokens: &mut TokenStream, function: &impl ToTokens, arguments: TokenStream) {
    function.to_tokens(tokens);
    tokens.append(Group::new(Delimiter::Parenthesis, arguments));
}

/// A call that constructs the field called `name`. A short name is passed as the bytes of its key and their number, a long one as text. The
/// compiler spends time on each argument, so a field without a purpose has a constructor of its own.
pub(crate) fn field(tokens: &mut TokenStream, name: &str, kind: impl ToTokens, purpose: &str) {
    let key = key::Key::new(name);
    let Some(bytes) = key.bytes() else {
        return call(tokens, &runtime("long_field"), quote!(#name, #kind, #purpose));
    };
    let (bytes, len) = (Literal::byte_string(&bytes), key.len() as u8);
    if purpose.is_empty() {
        call(tokens, &runtime("field"), quote!(#bytes, #len, #kind));
    } else {
        call(tokens, &runtime("described"), quote!(#bytes, #len, #kind, #purpose));
    }
}

/// The same call for a field without a purpose, as tokens.
pub(crate) fn plain_field(name: &str, kind: impl ToTokens) -> TokenStream {
    let mut tokens = TokenStream::new();
    field(&mut tokens, name, kind, "");
    tokens
}

/// The same for a field that is replaced by its members if its type is an object, which the compiler decides.
pub(crate) fn merged(tokens: &mut TokenStream, name: &str, members: impl ToTokens, purpose: &str) {
    let key = key::Key::new(name);
    match key.bytes() {
        Some(bytes) => {
            let (bytes, len) = (Literal::byte_string(&bytes), key.len() as u8);
            call(tokens, &runtime("merged"), quote!(#bytes, #len, #members, #purpose));
        }
        None => call(tokens, &runtime("long_merged"), quote!(#name, #members, #purpose)),
    }
}

/// `__telemetry::name`
pub(crate) fn runtime(name: &str) -> Tokens {
    let (mut tokens, span) = (Tokens::with_capacity(4), Span::call_site());
    tokens.ident("__telemetry", span);
    tokens.punct("::", span);
    tokens.ident(name, span);
    tokens
}

#[derive(Default)]
pub(crate) struct Tokens(Vec<TokenTree>);

impl Tokens {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    pub(crate) fn ident(&mut self, name: &str, span: Span) {
        self.0.push(Ident::new(name, span).into());
    }

    pub(crate) fn punct(&mut self, text: &str, span: Span) {
        for (at, character) in text.chars().enumerate() {
            let spacing = if at + 1 < text.len() { Spacing::Joint } else { Spacing::Alone };
            let mut punct = Punct::new(character, spacing);
            punct.set_span(span);
            self.0.push(punct.into());
        }
    }

    pub(crate) fn group(&mut self, delimiter: Delimiter, tokens: TokenStream) {
        self.0.push(Group::new(delimiter, tokens).into());
    }

    pub(crate) fn extend(&mut self, tokens: &[TokenTree]) {
        self.0.extend(tokens.iter().cloned());
    }
}

impl From<TokenStream> for Tokens {
    fn from(tokens: TokenStream) -> Self {
        Self(tokens.into_iter().collect())
    }
}

impl ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.0.iter().cloned());
    }
}
