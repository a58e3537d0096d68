//! `changed`: whether the value differs from the default.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::Definition;
use crate::code::field::value;
use crate::code::tokens::runtime;
use crate::code::types::{is_number, is_one_of, last_segment};
use crate::errors::Errors;
use crate::model::{Computed, Field, Policy};
use crate::parse::arguments::{Arguments, Usage, refuse};
use crate::parse::attr::{Args, Range, Value};
use crate::parse::expression::Code;

struct Changed {
    /// What it is compared with; the field of the struct's default value if `None`.
    from: Option<Code>,
    /// Whether that is a literal, and one of a text.
    literal: Option<Literal>,
}

#[derive(Clone, Copy, PartialEq)]
enum Literal {
    Text,
    Other,
}

const USAGE: Usage = Usage {
    options: &["from"],
    takes: "nothing, or the value to compare with",
    example: "`changed`, `changed(from = DEFAULT_PORT)`",
    calls: false,
};

pub(super) const DEFINITION: Definition = Definition {
    key: "changed",
    synonyms: &["default", "differs", "modified", "customized", "is_default"],
    advice: "write `changed`: it sends whether the field differs from that of `Self::default()`",
    options: USAGE.options,
    read: |key, args, errors| {
        let arguments = Arguments::read(key, args, &USAGE, errors)?;
        arguments.no_values(errors)?;
        Some(Box::new(Changed { from: from(&arguments, errors)?, literal: literal(&arguments) }))
    },
};

fn literal(arguments: &Arguments<'_>) -> Option<Literal> {
    let (_, Args::Value(value)) = arguments.option("from")? else { return None };
    match value {
        Value::Text(_) => Some(Literal::Text),
        Value::Integer(_) | Value::Other(_) => Some(Literal::Other),
        _ => None,
    }
}

/// `None` after an error; `Some(None)` if the option is missing.
#[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
fn from(arguments: &Arguments<'_>, errors: &Errors) -> Option<Option<Code>> {
    let Some((key, args)) = arguments.option("from") else { return Some(None) };
    let Args::Value(value) = args else { return refuse(key.span(), arguments.usage(), errors) };
    let span = value.span();
    let tokens = match value {
        Value::Text(text) => text.to_token_stream(),
        Value::Integer(integer) => integer.to_token_stream(),
        Value::Path(path) => path.to_token_stream(),
        Value::Range(Range { code, .. }) | Value::Code(code) => code.tokens.clone(),
        Value::Other(literal) => literal.to_token_stream(),
        Value::Closure(_) => return refuse(span, arguments.usage(), errors),
    };
    Some(Some(Code { tokens, span }))
}

/// Whether a function makes the values of the type with this name, as no literal is of it.
fn is_made(name: &str) -> bool {
    const MADE: [&str; 6] = ["Duration", "Instant", "SystemTime", "IpAddr", "SocketAddr", "Version"];
    MADE.contains(&name) || name.starts_with("NonZero") || name.starts_with("Atomic")
}

/// The type behind a reference.
fn borrowed(ty: &Type) -> &Type {
    match ty {
        Type::Reference(reference) => borrowed(&reference.elem),
        ty => ty,
    }
}

/// The variable that holds the default value of the struct. No field can shadow it.
pub(crate) fn default_value() -> Ident {
    Ident::new("default", Span::mixed_site())
}

impl Policy for Changed {
    fn required_trait(&self) -> &'static str {
        "Changed"
    }

    fn kind(&self, _: &Field<'_>, tokens: &mut TokenStream) {
        runtime("CHANGED").to_tokens(tokens);
    }

    fn record(&self) -> &'static str {
        "record_changed"
    }

    fn arguments(&self, field: &Field<'_>, _: &Ident) -> Option<TokenStream> {
        let Some(Code { tokens, span }) = &self.from else {
            let (default, member) = (default_value(), field.index());
            let theirs = quote!(&#default.#member);
            return Some(match field.call_with(&theirs) {
                Some(computed) => quote!(&#computed),
                None => theirs,
            });
        };
        match field.with {
            // The generated function has compared it already.
            Some(_) => None,
            None => Some(quote_spanned!(*span=> &(#tokens))),
        }
    }

    fn needs_default(&self) -> bool {
        self.from.is_none()
    }

    fn bound(&self) -> Option<TokenStream> {
        Some(quote!(__telemetry::core::cmp::PartialEq))
    }

    /// A literal that no field of such a type can be compared with.
    fn refuses_type(&self, ty: &Type) -> Option<&'static str> {
        let (literal, ty) = (self.literal?, borrowed(ty));
        let name = &last_segment(ty)?.ident;
        if name == "Option" {
            return Some(
                "an `Option` is compared with an `Option`: `changed(from = Some(8080))`, `changed(from = Some(\"x\".into()))`",
            );
        }
        if literal == Literal::Text && is_one_of(name, &["PathBuf", "Path"]) {
            return Some("a path is compared with a path: `changed(from = std::path::Path::new(\"/x\"))`");
        }
        if is_one_of(name, &["Box", "Rc", "Arc", "Pin", "Cell"]) {
            return Some(
                "`from` has another type than the field: a function gives what the field holds, `changed(from = ...), with = |value| ...`",
            );
        }
        let is_text = is_one_of(name, &["String", "str", "OsString", "OsStr"]);
        let is_of_another_type = match literal {
            Literal::Text => is_number(ty) || name == "bool" || is_made(&name.to_string()),
            Literal::Other => is_text || is_made(&name.to_string()),
        };
        is_of_another_type.then_some(
            "`from` has another type than the field: `changed(from = ...)` takes a value of the field's type, such as a constant",
        )
    }

    fn computed(&self, _: Span) -> Computed {
        match &self.from {
            None => Computed::Bounded,
            Some(Code { tokens, span }) => {
                let mut value = value();
                value.set_span(value.span().located_at(*span));
                Computed::Flag(quote_spanned!(*span=> __telemetry::differs(&#value, &(#tokens))))
            }
        }
    }
}
