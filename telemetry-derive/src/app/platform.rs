//! `[target.'cfg(...)'.dependencies]`: only the compiler knows the target, so the condition becomes a `cfg!` in the program.
//!
//! Such a `cfg!` consists of the options below. A condition with other options, or the name of a target, cannot be decided.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Expr, ExprLit, Lit, MacroDelimiter, Meta, MetaList, Token};

/// The options that have a value, and those of their values that all supported compilers know.
const OPTIONS: &[(&str, &[&str])] = &[
    ("target_arch", &["aarch64", "arm", "loongarch64", "powerpc64", "riscv64", "s390x", "wasm32", "x86", "x86_64"]),
    ("target_endian", &["big", "little"]),
    ("target_env", &["gnu", "msvc", "musl"]),
    ("target_family", &["unix", "wasm", "windows"]),
    (
        "target_os",
        &[
            "android",
            "dragonfly",
            "emscripten",
            "freebsd",
            "haiku",
            "illumos",
            "ios",
            "linux",
            "macos",
            "netbsd",
            "openbsd",
            "solaris",
            "wasi",
            "windows",
        ],
    ),
    ("target_pointer_width", &["16", "32", "64"]),
];

/// The maximum nesting of `all(any(not(...)))`.
const MAX_DEPTH: usize = 16;

/// The `cfg!` condition for the key of a table in `[target]`; `None` if it cannot be decided.
pub(crate) fn condition(key: &str) -> Option<TokenStream> {
    // The parser is recursive, so text that nests deeply must not reach it.
    if !key.bytes().all(is_expected) || depth(key) > MAX_DEPTH {
        return None;
    }
    let Meta::List(cfg) = syn::parse_str(key).ok()? else { return None };
    let [predicate] = predicates(&cfg)?.try_into().ok()?;
    cfg.path.is_ident("cfg").then_some(predicate)
}

/// Whether an option has this value.
#[cfg(any(fuzzing, test))]
pub(super) fn is_value(text: &str) -> bool {
    OPTIONS.iter().any(|(_, values)| values.contains(&text))
}

/// Whether a condition that can be decided may have this byte. Only `(` nests among them, and `"` always begins or ends a text.
fn is_expected(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_(),=\" \t\r\n".contains(&byte)
}

/// How deep brackets are nested outside of texts.
fn depth(key: &str) -> usize {
    let (mut depth, mut is_text) = (0_usize, false);
    let depths = key.bytes().map(|byte| {
        match byte {
            b'"' => is_text = !is_text,
            b'(' if !is_text => depth += 1,
            b')' if !is_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth
    });
    depths.max().unwrap_or_default()
}

fn predicates(list: &MetaList) -> Option<Vec<TokenStream>> {
    let MacroDelimiter::Paren(_) = list.delimiter else { return None };
    let predicates = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    predicates.iter().map(predicate).collect()
}

fn predicate(meta: &Meta) -> Option<TokenStream> {
    let name = meta.path().get_ident()?;
    match meta {
        Meta::Path(_) => (name == "unix" || name == "windows").then(|| quote!(#name)),
        Meta::List(list) => {
            let inner = predicates(list)?;
            let is_known = name == "all" || name == "any" || name == "not" && inner.len() == 1;
            is_known.then(|| quote!(#name(#(#inner),*)))
        }
        Meta::NameValue(meta) => {
            let Expr::Lit(ExprLit { lit: Lit::Str(value), .. }) = &meta.value else { return None };
            let (_, values) = OPTIONS.iter().find(|(option, _)| name == option)?;
            let value = values.iter().find(|known| **known == value.value())?;
            Some(quote!(#name = #value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_options_become_a_condition() {
        for (key, expected) in [
            ("cfg(unix)", "unix"),
            (" cfg ( windows ) ", "windows"),
            (r#"cfg(target_os = "linux")"#, r#"target_os = "linux""#),
            (r#"cfg(not(target_arch="wasm32"))"#, r#"not (target_arch = "wasm32")"#),
            ("cfg(all())", "all ()"),
            (
                r#"cfg(any(unix, all(windows, target_env = "gnu")))"#,
                r#"any (unix , all (windows , target_env = "gnu"))"#,
            ),
        ] {
            assert_eq!(condition(key).map(|tokens| tokens.to_string()).as_deref(), Some(expected), "{key}");
        }
    }

    #[test]
    fn other_conditions_are_not_decided() {
        let deep = |open: &str| format!("cfg({}unix", open.repeat(1_000_000));
        let [nots, lists, blocks, marks, minus, texts] = ["not(", "[", "{", "!", "-", r#"not(any(a="))","#].map(deep);
        for key in [
            "",
            "unix",
            "cfg",
            "cfg()",
            "cfg(unix",
            "cfg(unix))",
            "cfg(unix windows)",
            "cfg(unix, windows)",
            "cfg(any(unix windows))",
            "cfg(not())",
            "cfg(not(unix, windows))",
            "cfg(acme)",
            "cfg(unix = \"linux\")",
            "cfg(target_os)",
            "cfg(target_os = linux)",
            "cfg(target_os = \"acme\")",
            "cfg(target_os = \"linux)",
            "cfg[unix]",
            "cfg(unix(windows))",
            "cfg(not = \"unix\")",
            "cfg(std::unix)",
            "all(unix)",
            "cfg(feature = \"acme\")",
            "x86_64-unknown-linux-gnu",
            &nots,
            &lists,
            &blocks,
            &marks,
            &minus,
            &texts,
        ] {
            assert!(condition(key).is_none(), "{}", &key[..key.len().min(60)]);
        }
    }
}
