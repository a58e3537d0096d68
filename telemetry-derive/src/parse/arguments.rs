//! What stands in the parentheses behind a policy: options by name, and values.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{ExprPath, LitStr};

use crate::check::errors::{Errors, list, nearest};
use crate::parse::attr::{Args, Entry, Value};

/// A span, and an integer that stands there.
pub(crate) type Integer = (i64, Span);

pub(crate) struct Arguments<'a> {
    key: &'a Ident,
    options: Vec<(String, &'a Ident, &'a Args)>,
    values: Vec<&'a Entry>,
}

impl<'a> Arguments<'a> {
    /// Sorts them; an option that is not `known`, or stands there twice, is an error.
    pub(crate) fn read(key: &'a Ident, args: &'a Args, known: &[&str], errors: &Errors) -> Option<Self> {
        let mut arguments = Self { key, options: Vec::new(), values: Vec::new() };
        let entries = match args {
            Args::None => return Some(arguments),
            Args::List(entries) => entries,
            Args::Value(value) => {
                errors.at(value.span(), format!("`{key}` takes its arguments in parentheses: `{key}(...)`"));
                return None;
            }
        };
        let before = errors.count();
        for entry in entries {
            match entry {
                Entry::Keyed { key: option, args }
                    if !matches!(args, Args::None) || known.contains(&option.to_string().as_str()) =>
                {
                    arguments.add(option, args, known, errors);
                }
                value => arguments.values.push(value),
            }
        }
        (errors.count() == before).then_some(arguments)
    }

    fn add(&mut self, option: &'a Ident, args: &'a Args, known: &[&str], errors: &Errors) {
        let name = option.unraw().to_string();
        if !known.contains(&name.as_str()) {
            let key = self.key;
            let (nearest, known) = (nearest(&name, known), list(known));
            errors.at(option.span(), format!("`{key}` has no option `{name}`{nearest}; it takes {known}"));
        } else if self.option(&name).is_some() {
            errors.at(option.span(), format!("`{name}` is written twice"));
        } else {
            self.options.push((name, option, args));
        }
    }

    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Entry> {
        self.values.iter().copied()
    }

    pub(crate) fn no_values(&self, instead: &str, errors: &Errors) -> Option<()> {
        let Some(value) = self.values.first() else { return Some(()) };
        let key = self.key;
        errors.at(value.span(), format!("`{key}` takes options by name: {instead}"));
        None
    }

    pub(crate) fn option(&self, name: &str) -> Option<(&'a Ident, &'a Args)> {
        self.options.iter().find(|(option, ..)| option == name).map(|(_, key, args)| (*key, *args))
    }

    /// `None` after an error; `Some(None)` when the option is not there.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(crate) fn integer(&self, name: &str, errors: &Errors) -> Option<Option<Integer>> {
        let Some((key, args)) = self.option(name) else { return Some(None) };
        match args {
            Args::Value(value) if value.integer().is_some() => {
                Some(value.integer().map(|integer| (integer, value.span())))
            }
            Args::Value(value) => {
                errors
                    .at(value.span(), format!("`{name}` is an integer, written out, so that a reviewer sees it here"));
                None
            }
            _ => {
                errors.at(key.span(), format!("`{name}` takes an integer: `{name} = 100`"));
                None
            }
        }
    }

    /// As `integer`, for text.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(crate) fn text(&self, name: &str, errors: &Errors) -> Option<Option<LitStr>> {
        let Some((key, args)) = self.option(name) else { return Some(None) };
        if let Args::Value(Value::Text(text)) = args {
            return Some(Some(text.clone()));
        }
        errors.at(key.span(), format!("`{name}` takes a text: `{name} = \"...\"`"));
        None
    }

    /// The option `max` of a list or count.
    pub(crate) fn max(&self, default: u32, errors: &Errors) -> Option<u32> {
        let Some((max, at)) = self.integer("max", errors)? else { return Some(default) };
        let max = u32::try_from(max).ok().filter(|max| *max > 0);
        if max.is_none() {
            errors.at(at, "`max` is 1 to 4_294_967_295");
        }
        max
    }

    /// The option `unit`, an identifier-like word for the disclosure.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(crate) fn unit(&self, errors: &Errors) -> Option<Option<String>> {
        let Some(unit) = self.text("unit", errors)? else { return Some(None) };
        if !telemetry_spec::word::is_word(&unit.value()) {
            errors.at(unit.span(), telemetry_spec::word::RULE);
            return None;
        }
        Some(Some(unit.value()))
    }
}

impl Value {
    fn integer(&self) -> Option<i64> {
        let Self::Integer { negative, literal } = self else { return None };
        // One that is too large for any bound stays too large.
        let value: i64 = literal.base10_parse().unwrap_or(i64::MAX);
        Some(if *negative { -value } else { value })
    }
}

impl Entry {
    pub(crate) fn integer(&self) -> Option<i64> {
        match self {
            Self::Value(value) => value.integer(),
            Self::Keyed { .. } => None,
        }
    }

    /// A path; one of a single segment looks like a key.
    pub(crate) fn path(&self) -> Option<ExprPath> {
        match self {
            Self::Keyed { key, args: Args::None } => {
                Some(ExprPath { attrs: Vec::new(), qself: None, path: key.clone().into() })
            }
            Self::Value(Value::Path(path)) => Some(path.clone()),
            _ => None,
        }
    }
}
