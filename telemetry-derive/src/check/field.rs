//! Attributes of a field: its policy, and the keys that accompany it.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::LitStr;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use telemetry_spec::name;

use crate::check::keys;
use crate::check::names::{Foreign, Names};
use crate::errors::{Errors, list, nearest};
use crate::model::{Data, Field, Function, Place, Policy, Shape, With};
use crate::parse::attr::{self, Args, Entry, Value};
use crate::policies::{self, Merge, Natural, Skip};

/// The content of a field's attributes.
pub(crate) struct Attrs {
    pub(crate) policy: Box<dyn Policy>,
    /// The key that states the policy.
    pub(crate) key: Option<Ident>,
    pub(crate) with: Option<Box<With>>,
    pub(crate) rename: Option<LitStr>,
    /// The name that serde or clap gives it, which may not be one here.
    pub(crate) foreign_name: Option<LitStr>,
}

/// Reads a field's attributes. After an error the field is skipped, so that it causes no further errors.
pub(crate) fn attributes(field: &syn::Field, names: Names, errors: &Errors) -> Attrs {
    let before = errors.count();
    let entries = attr::read(&field.attrs, errors);
    let mut attrs = Attrs { policy: Box::new(Natural), key: None, with: None, rename: None, foreign_name: None };
    let mut seen = Vec::new();
    for entry in &entries {
        let Entry::Keyed { key, args, .. } = entry else {
            errors.at(entry.span(), format!("expected an attribute of a field: {}", list(&keys::field())));
            continue;
        };
        let name = key.unraw().to_string();
        if seen.contains(&name) {
            errors.at(key.span(), format!("`{name}` is written twice"));
            continue;
        }
        match beside_its_policy(&name, args, &entries) {
            Some(message) => errors.at(key.span(), message),
            None => attrs.take(&name, key, args, errors),
        }
        seen.push(name);
    }
    attrs.check_with(errors);
    attrs.add(names.of_field(&field.attrs), field.ident.as_ref(), errors);
    if errors.count() > before {
        attrs.policy = Box::new(Skip);
        attrs.with = None;
    }
    attrs
}

impl Attrs {
    fn take(&mut self, name: &str, key: &Ident, args: &Args, errors: &Errors) {
        if let Some(policy) = policies::ALL.iter().find(|policy| policy.key == name) {
            return self.take_policy(policy, key, args, errors);
        }
        match name {
            "with" => match args {
                Args::Value(Value::Path(path)) => self.with = Some(With::new(Function::Path(path.clone()))),
                Args::Value(Value::Closure(closure)) => {
                    self.with = Some(With::new(Function::Closure(closure.clone())));
                }
                _ => errors.at(
                    key.span(),
                    "`with` takes a function, as a path or a closure: \
                     `count, with = Self::origins`, `count, with = |text| text.lines().count()`",
                ),
            },
            "rename" => match args {
                Args::Value(Value::Text(text)) if name::is_name(&text.value()) => self.rename = Some(text.clone()),
                Args::Value(Value::Text(text)) => errors.at(text.span(), name::RULE),
                _ => errors.at(key.span(), "`rename` takes the name on the wire: `rename = \"maxAge\"`"),
            },
            "tag" if matches!(args, Args::Value(_)) => {
                errors.at(key.span(), keys::of_container(name, "a field"));
            }
            _ => errors.at(key.span(), unknown(name)),
        }
    }

    fn take_policy(&mut self, policy: &policies::Definition, key: &Ident, args: &Args, errors: &Errors) {
        if let Some(first) = &self.key {
            let first = first.unraw();
            errors.at(key.span(), format!("a field has one policy, and this one has `{first}` already"));
            return;
        }
        self.key = Some(key.clone());
        if let Some(policy) = (policy.read)(key, args, errors) {
            self.policy = policy;
        }
    }

    /// Adds what serde or clap says, unless it is stated here.
    fn add(&mut self, foreign: Foreign, field: Option<&Ident>, errors: &Errors) {
        if self.key.is_none() {
            if foreign.skip.is_some() && self.rename.is_none() {
                self.policy = Box::new(Skip);
            } else if foreign.flatten.is_some() && self.rename.is_none() {
                self.policy = Box::new(Merge);
            }
        }
        if self.rename.is_none() && self.policy.place() == Place::Member {
            foreign.report(errors);
            let sends_value = self.with.is_none() && self.key.as_ref().is_none_or(|key| key == "flag");
            if let Some(by) = foreign.set_false.as_ref().filter(|_| sends_value) {
                errors.at(by.at, foreign.told_upside_down(by, field));
            }
            self.foreign_name = foreign.rename;
        }
    }

    fn check_with(&self, errors: &Errors) {
        let Some(with) = &self.with else {
            if let (Some(key), Some(reason)) = (&self.key, self.policy.requires_with()) {
                errors.at(key.span(), reason);
            }
            return;
        };
        if self.key.is_none() {
            errors.at(
                with.function.span(),
                "`with` stands beside the policy that bounds what the function gives: `count, with = path`",
            );
        } else if let Some(reason) = self.policy.refuses_with() {
            errors.at(with.function.span(), reason);
        }
    }
}

/// A default value has fields of its own only if the item is a struct.
pub(crate) fn defaults(data: &mut Data<'_>, errors: &Errors) {
    let fields: Vec<&mut Field<'_>> = match data {
        Data::Nothing | Data::Words(_) | Data::Group(_) => return,
        Data::Transparent { fields, .. } => fields.iter_mut().collect(),
        Data::Variants { variants, .. } => variants
            .iter_mut()
            .flat_map(|variant| match &mut variant.shape {
                Shape::Unit => [].iter_mut(),
                Shape::Value(value) => std::slice::from_mut(value).iter_mut(),
                Shape::Group(fields) => fields.iter_mut(),
            })
            .collect(),
    };
    let mut is_refused = false;
    for field in fields.into_iter().filter(|field| field.policy.needs_default()) {
        errors.at(
            field.ty.span(),
            "`changed` compares with the default of a struct with several fields; here it needs the value to compare with: \
             `changed(from = DEFAULT)`",
        );
        field.policy = Rc::new(Skip);
        field.with = None;
        is_refused = true;
    }
    if is_refused && matches!(data, Data::Transparent { .. }) {
        *data = Data::Nothing;
    }
}

/// The message for an option that stands beside its policy instead of in it.
fn beside_its_policy(name: &str, args: &Args, entries: &[Entry]) -> Option<String> {
    entries.iter().find_map(|entry| {
        let Entry::Keyed { key, args: others, .. } = entry else { return None };
        let policy = policies::ALL.iter().find(|policy| key == policy.key && policy.options.contains(&name))?;
        let (key, option) = (policy.key, args.shape(name));
        let others = if matches!(others, Args::List(others) if !others.is_empty()) { "..., " } else { "" };
        Some(format!("`{name}` is an option of `{key}`: write it in the round brackets, `{key}({others}{option})`"))
    })
}

/// Words that people try but that have no policy.
const NO_POLICY: [(&[&str], &str); 4] = [
    (
        &["hash", "sha256"],
        "there is no such policy: whoever guesses a text can check the guess against its hash; \
         `presence` sends whether it is set, `one_of(\"a\", \"b\")` the matching word of a list",
    ),
    (
        &["text", "raw", "value", "string", "verbatim", "plain"],
        "there is no such policy: no text leaves as it is; \
         `presence` sends whether it is set, `one_of(\"a\", \"b\")` the matching word of a list",
    ),
    (
        &["bool", "boolean"],
        "a `bool` needs no attribute, and an `Option<bool>` needs `flag`; `presence` sends whether a field of another type is set",
    ),
    (&["snapshot", "group"], "no attribute is needed: a type that derives `TelemetrySnapshot` is sent as its snapshot"),
];

/// The message for an unknown key: where it belongs, its name here, or why it does not exist.
fn unknown(name: &str) -> String {
    let advice = policies::ALL.iter().map(|policy| (policy.synonyms, policy.advice)).chain(NO_POLICY);
    if let Some((_, advice)) = advice.into_iter().find(|(words, _)| words.contains(&name)) {
        return format!("`{name}`: {advice}");
    }
    if keys::CONTAINER.contains(&name) {
        return keys::of_container(name, "a field");
    }
    let keys = keys::field();
    let (nearest, keys) = (nearest(name, &keys), list(&keys));
    format!("there is no `{name}`{nearest}; a field takes {keys}")
}
