//! `[target.'cfg(...)'.dependencies]`: only the compiler knows what it compiles for, so the question is handed on to it.
//!
//! What is handed on is made of the words below. What asks for anything else, or names a target, cannot be decided.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

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

/// How deep `all(any(not(...)))` may go: nobody nests it deeper.
const MAX_DEPTH: usize = 16;

/// What `cfg!` takes, for the key of a table in `[target]`; nothing when it cannot be decided.
pub(crate) fn condition(key: &str) -> Option<TokenStream> {
    let predicate = key.trim().strip_prefix("cfg")?.trim_start().strip_prefix('(')?.strip_suffix(')')?;
    let mut reader = Reader { rest: predicate };
    let condition = reader.predicate(0)?;
    reader.rest.trim().is_empty().then_some(condition)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn predicate(&mut self, depth: usize) -> Option<TokenStream> {
        let word = self.word();
        match word {
            "unix" | "windows" => Some(name(word)),
            "all" | "any" | "not" if depth < MAX_DEPTH => self.predicates(word, depth + 1),
            _ => self.value(word),
        }
    }

    fn predicates(&mut self, word: &str, depth: usize) -> Option<TokenStream> {
        self.eat('(')?;
        let mut inner = Vec::new();
        while self.eat(')').is_none() {
            if !inner.is_empty() {
                self.eat(',')?;
            }
            inner.push(self.predicate(depth)?);
        }
        let word = (word != "not" || inner.len() == 1).then(|| name(word))?;
        Some(quote!(#word(#(#inner),*)))
    }

    fn value(&mut self, option: &str) -> Option<TokenStream> {
        let (option, values) = OPTIONS.iter().find(|(known, _)| *known == option)?;
        self.eat('=')?;
        self.eat('"')?;
        let (value, rest) = self.rest.split_once('"')?;
        self.rest = rest;
        let value = values.iter().find(|known| **known == value)?;
        let option = name(option);
        Some(quote!(#option = #value))
    }

    fn word(&mut self) -> &'a str {
        let text = self.rest.trim_start();
        let end = text.find(|letter: char| letter != '_' && !letter.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        word
    }

    fn eat(&mut self, expected: char) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(expected)?;
        Some(())
    }
}

fn name(word: &str) -> TokenStream {
    Ident::new(word, Span::call_site()).into_token_stream()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_compiler_knows_is_handed_on() {
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
    fn all_else_is_not_decided() {
        let deep = format!("cfg({}unix{})", "not(".repeat(1_000_000), ")".repeat(1_000_000));
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
            "cfg(feature = \"acme\")",
            "x86_64-unknown-linux-gnu",
            &deep,
        ] {
            assert!(condition(key).is_none(), "{}", &key[..key.len().min(60)]);
        }
    }
}
