//! No attribute: the type itself says what it sends.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::code::tokens::call;
use crate::code::types::{innermost, is_one_of, last_segment};
use crate::model::{Field, Policy};

pub(crate) struct Natural;

impl Policy for Natural {
    fn required_trait(&self) -> &'static str {
        "TelemetrySnapshot"
    }

    fn asked_trait(&self, ty: &Type) -> &'static str {
        if needs_attribute(ty) { "NeedsNoAttribute" } else { self.required_trait() }
    }

    fn kind(&self, field: &Field<'_>, tokens: &mut TokenStream) {
        let mut kind = field.of_policy("KIND");
        kind.punct(".", Span::call_site());
        kind.ident("kind", Span::call_site());
        call(tokens, &kind, TokenStream::new());
    }

    fn record(&self) -> &'static str {
        "record_nested"
    }

    fn is_natural(&self) -> bool {
        true
    }

    fn weight(&self, field: &Field<'_>) -> Option<TokenStream> {
        Some(field.weigh())
    }

    fn check(&self, field: &Field<'_>) -> Option<TokenStream> {
        may_be_text(field).then(|| {
            let kind = field.of_policy("KIND");
            quote_spanned!(field.ty.span()=> __telemetry::check_natural(#kind.kind()))
        })
    }

    fn record_absent(&self, field: &Field<'_>, recorder: &Ident) -> Option<TokenStream> {
        let absent = field.of_policy("record_absent");
        Some(quote!(#absent(#recorder);))
    }
}

/// The names of the types for which the library has an advice in place of a policy.
#[rustfmt::skip]
const ADVISED: [&str; 43] = [
    "str", "String", "char", "Path", "PathBuf", "OsStr", "OsString", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "Wrapping", "Saturating", "Duration", "SystemTime", "Instant", "IpAddr", "Ipv4Addr", "Ipv6Addr",
    "SocketAddr", "SocketAddrV4", "SocketAddrV6", "Value", "Range", "RangeFrom", "RangeInclusive", "Bound", "Mutex", "RwLock", "RefCell",
    "PhantomData", "Counter", "Gauge",
];

/// Whether the type has no policy of its own, as far as its name tells. Then the compiler is asked about it through a trait with
/// a single implementation: it would list those of `TelemetrySnapshot`.
fn needs_attribute(ty: &Type) -> bool {
    match innermost(ty) {
        Type::Array(_) => true,
        Type::Tuple(tuple) => tuple.elems.len() <= 4,
        ty => last_segment(ty).is_some_and(|last| is_advised(&last.ident.to_string())),
    }
}

fn is_advised(name: &str) -> bool {
    const PREFIXES: [&str; 4] = ["NonZero", "AtomicU", "AtomicI", "Lazy"];
    ADVISED.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether a value of the field's type may be a list of bytes or characters, whose length is not sent unless the author says so. A check is
/// written only where the type mentions such items; a schema that holds them under another name is refused when it is used.
pub(super) fn may_be_text(field: &Field<'_>) -> bool {
    mentions_text(field.tokens.iter().cloned())
}

/// Whether a type mentions bytes or characters.
fn mentions_text(tokens: impl IntoIterator<Item = TokenTree>) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => is_one_of(&ident, &["u8", "i8", "NonZeroU8", "NonZeroI8", "char", "c_char"]),
        TokenTree::Group(group) => mentions_text(group.stream()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;

    /// The types in the tables of advice of the library.
    #[test]
    fn the_types_with_an_advice_are_told_by_their_names() {
        let table = include_str!("../../../telemetry/src/snapshot/advice.rs");
        let counters = include_str!("../../../telemetry/src/counters/advice.rs");
        let mut count = 0;
        for row in
            table.lines().chain(counters.lines()).filter_map(|line| line.strip_prefix("never!(")?.strip_suffix(");"))
        {
            let types =
                row.split_once(" for ").map_or_else(|| row.split_once(", such as ").unwrap().1, |(_, types)| types);
            for ty in types.split(", ") {
                assert!(needs_attribute(&parse_str(ty).unwrap()), "{ty}");
                let inside = format!("Option<std::sync::Arc<{ty}>>");
                assert!(needs_attribute(&parse_str(&inside).unwrap()), "{inside}");
                count += 1;
            }
        }
        assert!(count > 60, "{count}");
        for ty in ["bool", "AtomicBool", "Vec<String>", "Option<Level>", "Box<Inner>", "Section<String>"] {
            assert!(!needs_attribute(&parse_str(ty).unwrap()), "{ty}");
        }
    }
}
