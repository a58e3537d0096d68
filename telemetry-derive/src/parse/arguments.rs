//! The arguments of a policy: options by name, and values.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::{ExprPath, LitStr};

use crate::errors::{Errors, list, nearest};
use crate::parse::attr::{Args, Entry, Value};

/// The syntax of a policy, as its error messages show it.
pub(crate) struct Usage {
    /// The policy's options.
    pub(crate) options: &'static [&'static str],
    /// The values that the policy takes.
    pub(crate) takes: &'static str,
    /// An example of such values.
    pub(crate) example: &'static str,
    /// Whether a call may be a value.
    pub(crate) calls: bool,
}

/// An integer and its span.
pub(crate) type Integer = (i64, Span);

pub(crate) struct Arguments<'a> {
    key: &'a Ident,
    usage: &'static Usage,
    options: Vec<(String, &'a Ident, &'a Args)>,
    values: Vec<&'a Entry>,
}

impl<'a> Arguments<'a> {
    /// Separates options from values. An unknown or repeated option is an error.
    pub(crate) fn read(key: &'a Ident, args: &'a Args, usage: &'static Usage, errors: &Errors) -> Option<Self> {
        let mut arguments = Self { key, usage, options: Vec::new(), values: Vec::new() };
        let entries = match args {
            Args::None => return Some(arguments),
            Args::List(entries) => entries,
            Args::Value(value) => {
                errors.at(value.span(), arguments.usage());
                return None;
            }
        };
        let before = errors.count();
        for entry in entries {
            match entry {
                Entry::Keyed { key: option, args, call }
                    if usage.has(option) || !matches!(args, Args::None) && (call.is_none() || !usage.calls) =>
                {
                    arguments.add(option, args, errors);
                }
                value => arguments.values.push(value),
            }
        }
        (errors.count() == before).then_some(arguments)
    }

    fn add(&mut self, option: &'a Ident, args: &'a Args, errors: &Errors) {
        let name = option.unraw().to_string();
        if self.option(&name).is_some() {
            errors.at(option.span(), format!("`{name}` is written twice"));
        } else if self.usage.has(option) {
            self.options.push((name, option, args));
        } else if matches!(args, Args::List(_)) {
            // A call is not an option.
            errors.at(option.span(), self.usage());
        } else {
            let (key, options) = (self.key, self.usage.options);
            let (nearest, options) = (nearest(&name, options), list(options));
            errors.at(option.span(), format!("`{key}` has no option `{name}`{nearest}; it takes {options}"));
        }
    }

    /// The policy's syntax, as a message.
    pub(crate) fn usage(&self) -> String {
        let (key, Usage { takes, example, .. }) = (self.key, self.usage);
        format!("`{key}` takes {takes}: {example}")
    }

    pub(crate) fn span(&self) -> Span {
        self.key.span()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &'a Entry> {
        self.values.iter().copied()
    }

    /// Reports an error for a value if the policy takes only options.
    pub(crate) fn no_values(&self, errors: &Errors) -> Option<()> {
        let Some(value) = self.values.first() else { return Some(()) };
        errors.at(value.span(), self.usage());
        None
    }

    pub(crate) fn option(&self, name: &str) -> Option<(&'a Ident, &'a Args)> {
        self.options.iter().find(|(option, ..)| option == name).map(|(_, key, args)| (*key, *args))
    }

    /// `None` after an error; `Some(None)` if the option is missing.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(crate) fn integer(&self, name: &str, errors: &Errors) -> Option<Option<Integer>> {
        let Some((key, args)) = self.option(name) else { return Some(None) };
        match args {
            Args::Value(Value::Integer(integer)) => Some(Some((integer.value(), integer.literal.span()))),
            Args::Value(value) => {
                errors.at(value.span(), format!("`{name}` is an integer literal, so that a reviewer sees it here"));
                None
            }
            _ => {
                errors.at(key.span(), format!("`{name}` takes an integer: `{name} = 100`"));
                None
            }
        }
    }

    /// Like `integer`, for text.
    #[expect(clippy::option_option, reason = "the outer one is the error that has been reported")]
    pub(crate) fn text(&self, name: &str, errors: &Errors) -> Option<Option<LitStr>> {
        let Some((key, args)) = self.option(name) else { return Some(None) };
        if let Args::Value(Value::Text(text)) = args {
            return Some(Some(text.clone()));
        }
        errors.at(key.span(), format!("`{name}` takes a text: `{name} = \"...\"`"));
        None
    }
}

impl Usage {
    fn has(&self, option: &Ident) -> bool {
        self.options.contains(&option.unraw().to_string().as_str())
    }
}

impl Entry {
    /// A path. A path of a single segment looks like a key.
    pub(crate) fn path(&self) -> Option<ExprPath> {
        match self {
            Self::Keyed { key, args: Args::None, .. } => {
                Some(ExprPath { attrs: Vec::new(), qself: None, path: key.clone().into() })
            }
            Self::Value(Value::Path(path)) => Some(path.clone()),
            _ => None,
        }
    }
}

/// Reports an error in place of a value, and returns `None`.
pub(crate) fn refuse<T>(span: Span, message: impl std::fmt::Display, errors: &Errors) -> Option<T> {
    errors.at(span, message);
    None
}
