//! Attributes of a field: what was written becomes a policy, or an error at the key that is wrong.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, ExprPath, LitStr};

use crate::check::errors::{Errors, list, nearest};
use crate::model::{Policy, Words};
use crate::parse::arguments::Arguments;
use crate::parse::attr::{self, Args, Entry, Value};
use telemetry_spec::{limit, name, word};

/// The keys that are policies, and those that stand beside one.
const POLICIES: [&str; 10] =
    ["flag", "presence", "count", "number", "bucket", "one_of", "each", "version", "flatten", "skip"];
const KEYS: [&str; 12] =
    ["flag", "presence", "count", "number", "bucket", "one_of", "each", "version", "flatten", "skip", "with", "rename"];

/// What a field's attributes say.
pub(crate) struct Attrs {
    pub(crate) policy: Policy,
    /// The key that states the policy.
    pub(crate) key: Option<Ident>,
    pub(crate) with: Option<ExprPath>,
    pub(crate) rename: Option<LitStr>,
}

/// Reads them. After an error the field is skipped, so that nothing else is said about it.
pub(crate) fn attributes(attributes: &[Attribute], errors: &Errors) -> Attrs {
    let before = errors.count();
    let entries = attr::read(attributes, errors);
    let mut attrs = Attrs { policy: Policy::Natural, key: None, with: None, rename: None };
    let mut seen = Vec::new();
    for entry in &entries {
        let Entry::Keyed { key, args } = entry else {
            errors.at(entry.span(), format!("expected an attribute of a field: {}", list(&KEYS)));
            continue;
        };
        let name = key.unraw().to_string();
        if seen.contains(&name) {
            errors.at(key.span(), format!("`{name}` is written twice"));
            continue;
        }
        seen.push(name.clone());
        attrs.take(&name, key, args, errors);
    }
    attrs.check_with(errors);
    if errors.count() > before {
        attrs.policy = Policy::Skip;
        attrs.with = None;
    }
    attrs
}

impl Attrs {
    fn take(&mut self, name: &str, key: &Ident, args: &Args, errors: &Errors) {
        match name {
            "with" => match args {
                Args::Value(Value::Path(path)) => self.with = Some(path.clone()),
                _ => errors.at(key.span(), "`with` takes the path of a function: `count, with = Self::origin_count`"),
            },
            "rename" => match args {
                Args::Value(Value::Text(text)) if name::is_name(&text.value()) => self.rename = Some(text.clone()),
                Args::Value(Value::Text(text)) => errors.at(text.span(), name::RULE),
                _ => errors.at(key.span(), "`rename` takes the name on the wire: `rename = \"maxAge\"`"),
            },
            _ if POLICIES.contains(&name) => {
                if let Some(first) = &self.key {
                    let first = first.unraw();
                    errors.at(key.span(), format!("a field has one policy, and this one has `{first}` already"));
                    return;
                }
                self.key = Some(key.clone());
                if let Some(policy) = policy(name, key, args, errors) {
                    self.policy = policy;
                }
            }
            "tag" if matches!(args, Args::Value(_)) => errors.at(key.span(), of_container(name)),
            _ => errors.at(key.span(), unknown(name)),
        }
    }

    fn check_with(&self, errors: &Errors) {
        let Some(with) = &self.with else { return };
        let refused = match &self.key {
            None => "`with` stands beside the policy that bounds what the function yields: `count, with = path`",
            Some(_) if matches!(self.policy, Policy::Skip) => "`skip` never looks at the field, so `with` has no place",
            Some(_) if matches!(self.policy, Policy::Flatten) => {
                "`flatten` takes the field itself, so `with` has no place"
            }
            Some(_) => return,
        };
        errors.at(with.span(), refused);
    }
}

fn of_container(name: &str) -> String {
    format!("`{name}` belongs on the container, not on a field")
}

/// The message for a key that is none: where it belongs, what it is called here, or why there is no such thing.
fn unknown(name: &str) -> String {
    let redirect = match name {
        "secret" | "redact" | "redacted" | "sensitive" | "bool" | "is_some" | "set" => {
            "write `presence`: it sends whether the field is set, and nothing of what it holds"
        }
        "id" | "tag" | "word" | "words" | "oneof" | "enum" => {
            "write `one_of(\"a\", \"b\")`: it sends the matching word of a list"
        }
        "len" | "length" | "list" | "size" => {
            "write `count`: it sends how many there are; `each` sends a list of snapshots"
        }
        "hash" | "sha256" => {
            "there is no such policy: a hash of a text gives the text away to whoever guesses it; \
             `presence` sends whether it is set, `one_of(\"a\", \"b\")` the matching word of a list"
        }
        "text" | "raw" | "value" | "string" | "verbatim" | "plain" => {
            "there is no such policy: no text leaves as it is; \
             `presence` sends whether it is set, `one_of(\"a\", \"b\")` the matching word of a list"
        }
        "int" | "integer" | "max" | "min" | "unit" | "range" => {
            "write `number(max = 1_000)`: it sends the number within bounds; `bucket(10, 100)` sends its range"
        }
        "nested" | "snapshot" | "group" => {
            "no attribute is needed: a type that derives `TelemetrySnapshot` is sent as its snapshot"
        }
        "ignore" | "none" => "write `skip`: it sends nothing",
        "event" | "context" | "budget_bits" | "rename_all" | "untagged" | "transparent" | "crate" | "bound" => {
            return of_container(name);
        }
        _ => "",
    };
    if redirect.is_empty() {
        let (nearest, keys) = (nearest(name, &KEYS), list(&KEYS));
        return format!("there is no `{name}`{nearest}; a field takes {keys}");
    }
    format!("`{name}`: {redirect}")
}

fn policy(name: &str, key: &Ident, args: &Args, errors: &Errors) -> Option<Policy> {
    Some(match name {
        "flag" => plain(key, args, Policy::Flag, errors)?,
        "presence" => plain(key, args, Policy::Presence, errors)?,
        "version" => plain(key, args, Policy::Version, errors)?,
        "flatten" => plain(key, args, Policy::Flatten, errors)?,
        "skip" => match args {
            Args::None | Args::Value(Value::Text(_)) => Policy::Skip,
            _ => {
                errors.at(key.span(), "`skip` takes nothing, or the reason: `skip = \"why\"`");
                return None;
            }
        },
        "count" => {
            let arguments = Arguments::read(key, args, &["max"], errors)?;
            arguments.no_values("write `count(max = 500)`", errors)?;
            Policy::Count { max: arguments.max(limit::COUNT_MAX, errors)? }
        }
        "number" => number(&Arguments::read(key, args, &["min", "max", "unit"], errors)?, errors)?,
        "bucket" => bucket(&Arguments::read(key, args, &["unit"], errors)?, errors)?,
        "one_of" => Policy::OneOf(words(&Arguments::read(key, args, &["other"], errors)?, errors)?),
        _ => each(&Arguments::read(key, args, &["key", "one_of", "max"], errors)?, errors)?,
    })
}

fn plain(key: &Ident, args: &Args, policy: Policy, errors: &Errors) -> Option<Policy> {
    if matches!(args, Args::None) {
        return Some(policy);
    }
    errors.at(key.span(), format!("`{key}` takes no arguments"));
    None
}

fn number(arguments: &Arguments<'_>, errors: &Errors) -> Option<Policy> {
    arguments.no_values("write `number(max = 1_000)`", errors)?;
    let min = arguments.integer("min", errors)?;
    let Some((max, at)) = arguments.integer("max", errors)? else {
        errors.at(arguments.span(), "`number` needs the largest number that may leave: `number(max = 86_400)`");
        return None;
    };
    let unit = arguments.unit(errors)?;
    let (min, min_at) = min.unwrap_or((0, at));
    for (bound, at) in [(min, min_at), (max, at)] {
        if bound.abs() > limit::NUMBER {
            errors.at(at, "a number lies within -(2^53 - 1) and 2^53 - 1, so that every JSON reader keeps it exactly");
            return None;
        }
    }
    if min >= max {
        errors.at(at, format!("the `max` of a number is above its `min`, which is {min}"));
        return None;
    }
    Some(Policy::Number { min, max, unit })
}

fn bucket(arguments: &Arguments<'_>, errors: &Errors) -> Option<Policy> {
    const FORM: &str = "`bucket` takes the edges of its ranges, ascending integers: `bucket(10, 100, 1_000)`";
    let mut edges: Vec<i64> = Vec::new();
    for entry in arguments.values() {
        let Some(edge) = entry.integer() else {
            errors.at(entry.span(), FORM);
            return None;
        };
        if edge.abs() > limit::NUMBER {
            errors.at(entry.span(), "an edge lies within -(2^53 - 1) and 2^53 - 1");
            return None;
        }
        if let Some(before) = edges.last().filter(|before| **before >= edge) {
            errors.at(entry.span(), format!("the edges of a bucket are ascending, and this one follows {before}"));
            return None;
        }
        edges.push(edge);
    }
    if edges.is_empty() || edges.len() > limit::EDGES {
        let form = if edges.is_empty() { FORM } else { "a bucket has 1 to 64 edges" };
        errors.at(arguments.span(), form);
        return None;
    }
    Some(Policy::Bucket { edges, unit: arguments.unit(errors)? })
}

fn words(arguments: &Arguments<'_>, errors: &Errors) -> Option<Words> {
    const FORM: &str = "`one_of` takes words, or the path of a constant `Words`: `one_of(\"a\", \"b\", other = \"c\")`, `one_of(PROVIDERS)`";
    let other = arguments.text("other", errors)?;
    if let Some(other) = &other {
        check_word(other, errors)?;
    }
    let mut listed: Vec<LitStr> = Vec::new();
    let mut constant = None;
    for entry in arguments.values() {
        if let Entry::Value(Value::Text(word)) = entry {
            check_word(word, errors)?;
            if listed.iter().any(|before| before.value() == word.value()) {
                errors.at(word.span(), "this word is listed twice");
                return None;
            }
            listed.push(word.clone());
        } else if let (Some(path), None) = (entry.path(), &constant) {
            constant = Some(path);
        } else {
            errors.at(entry.span(), FORM);
            return None;
        }
    }
    match constant {
        Some(path) if listed.is_empty() => Some(Words::Constant { path, other }),
        None if (1..=limit::WORDS).contains(&listed.len()) => Some(Words::Listed { words: listed, other }),
        None if listed.len() > limit::WORDS => {
            refuse(arguments.span(), "a table of words holds at most 255 words", errors)
        }
        _ => refuse(arguments.span(), FORM, errors),
    }
}

fn refuse<T>(span: Span, message: &str, errors: &Errors) -> Option<T> {
    errors.at(span, message);
    None
}

fn check_word(word: &LitStr, errors: &Errors) -> Option<()> {
    if word::is_word(&word.value()) {
        return Some(());
    }
    refuse(word.span(), word::RULE, errors)
}

fn each(arguments: &Arguments<'_>, errors: &Errors) -> Option<Policy> {
    arguments.no_values("`each` takes `max`, `one_of` and `key`: `each(one_of(\"a\", \"b\"), max = 16)`", errors)?;
    let max = arguments.max(limit::LIST_MAX, errors)?;
    let of = match arguments.option("one_of") {
        Some((key, args)) => Some(words(&Arguments::read(key, args, &["other"], errors)?, errors)?),
        None => None,
    };
    let Some(key) = arguments.text("key", errors)? else {
        return Some(of.map_or(Policy::Each { max }, |words| Policy::EachOneOf { words, max }));
    };
    if !name::is_name(&key.value()) {
        return refuse(key.span(), name::RULE, errors);
    }
    let Some(words) = of else {
        let form = "say which words the keys may become: `each(key = \"id\", one_of(\"a\", \"b\"))`";
        return refuse(arguments.span(), form, errors);
    };
    Some(Policy::EachEntry { key: key.value(), words, max })
}
