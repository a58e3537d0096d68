//! The words that a text is compared with.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ExprPath, LitStr};
use telemetry_spec::{limit, word};

use crate::errors::Errors;
use crate::parse::arguments::{Arguments, Usage, refuse};
use crate::parse::attr::{Args, Entry, Value};

/// A table of words, and the word that stands for any other text.
pub(super) struct Words {
    table: Table,
    other: Option<LitStr>,
}

enum Table {
    Listed(Vec<LitStr>),
    Constant(ExprPath),
}

pub(super) const USAGE: Usage = Usage {
    options: &["other"],
    takes: "words, or the path of a constant `Words`",
    example: "`one_of(\"a\", \"b\", other = \"c\")`, `one_of(PROVIDERS)`",
    calls: false,
};

impl Words {
    /// Reads the arguments of `one_of`.
    pub(super) fn read(key: &Ident, args: &Args, errors: &Errors) -> Option<Self> {
        let arguments = Arguments::read(key, args, &USAGE, errors)?;
        let other = arguments.text("other", errors)?;
        if let Some(other) = &other {
            check(other, errors)?;
        }
        let mut entries = arguments.values().peekable();
        let constant = entries.peek().and_then(|first| first.path());
        let table = match constant {
            Some(path) => {
                entries.next();
                if let Some(second) = entries.next() {
                    return refuse(second.span(), arguments.usage(), errors);
                }
                Table::Constant(path)
            }
            None => Table::Listed(listed(&arguments, errors)?),
        };
        Some(Self { table, other })
    }

    /// The table, as an expression.
    pub(super) fn expand(&self) -> TokenStream {
        match &self.table {
            Table::Listed(words) => {
                let other = self.other.as_ref().map_or_else(|| "other".to_owned(), LitStr::value);
                let other_at = words.iter().position(|word| word.value() == other).unwrap_or(words.len());
                quote!(__telemetry::words(&[#(#words),*], #other, #other_at))
            }
            Table::Constant(path) => {
                let other = self.other.iter();
                quote_spanned!(path.span()=> __telemetry::words_of(&#path).words(#path) #(.other(#other))*)
            }
        }
    }
}

fn listed(arguments: &Arguments<'_>, errors: &Errors) -> Option<Vec<LitStr>> {
    let mut listed: Vec<LitStr> = Vec::new();
    for entry in arguments.values() {
        let Entry::Value(Value::Text(word)) = entry else {
            return refuse(entry.span(), arguments.usage(), errors);
        };
        check(word, errors)?;
        if listed.iter().any(|before| before.value() == word.value()) {
            return refuse(word.span(), "this word is listed twice", errors);
        }
        listed.push(word.clone());
    }
    match listed.len() {
        0 => refuse(arguments.span(), arguments.usage(), errors),
        1..=limit::WORDS => Some(listed),
        _ => refuse(arguments.span(), format!("a table of words holds at most {} words", limit::WORDS), errors),
    }
}

fn check(text: &LitStr, errors: &Errors) -> Option<()> {
    if word::is_word(&text.value()) { Some(()) } else { refuse(text.span(), word::RULE, errors) }
}
