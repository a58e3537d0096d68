//! Attributes of a container and of its variants.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Fields, LitStr, Path, Token, WherePredicate};
use telemetry_spec::name;

use crate::check::case::{self, Case};
use crate::check::keys;
use crate::check::names::{Casing, Foreign, Names};
use crate::errors::{Errors, list, nearest};
use crate::model::Budget;
use crate::parse::attr::{self, Args, Entry, Integer, Value};

/// The content of a container's attributes.
#[derive(Default)]
pub(crate) struct Attrs {
    pub(crate) names: Names,
    pub(crate) rename_all: Option<Casing>,
    /// The case of the fields of all variants.
    pub(crate) rename_all_fields: Option<Casing>,
    pub(crate) event: Option<LitStr>,
    pub(crate) context: Option<Ident>,
    pub(crate) counted: Option<Ident>,
    pub(crate) budget: Option<Budget>,
    pub(crate) tag: Option<LitStr>,
    pub(crate) content: Option<LitStr>,
    /// Whether an attribute of this crate says that there is none.
    has_no_content: bool,
    pub(crate) untagged: Option<Span>,
    pub(crate) transparent: Option<Span>,
    pub(crate) krate: Option<Path>,
    pub(crate) bound: Option<Vec<WherePredicate>>,
}

pub(crate) fn attributes(item: &DeriveInput, errors: &Errors) -> Attrs {
    let (mut attrs, mut stated) = (Attrs::default(), None);
    each_once(&item.attrs, "a container", &keys::CONTAINER, errors, |name, key, args| match name {
        "names" => stated = Some(names(key, args, errors)),
        _ => attrs.take(name, key, args, errors),
    });
    attrs.names = stated.unwrap_or_else(|| Names::unasked(item, errors));
    attrs.add(attrs.names.of_container(&item.attrs), &item.data, errors);
    attrs
}

/// The content of a variant's attributes.
#[derive(Default)]
pub(crate) struct VariantAttrs {
    pub(crate) rename: Option<LitStr>,
    /// The case of its fields.
    pub(crate) rename_all: Option<Casing>,
    /// The position of `rename_all` in an attribute of this crate.
    pub(crate) rename_all_at: Option<Span>,
    /// Whether serde or clap never makes a value of it.
    pub(crate) is_skipped: bool,
    /// What serde or clap says of the case.
    pub(crate) foreign_case: Option<Casing>,
}

pub(crate) fn variant_attributes(attributes: &[Attribute], names: Names, errors: &Errors) -> VariantAttrs {
    let (mut attrs, before) = (VariantAttrs::default(), errors.count());
    each_once(attributes, "a variant", &keys::VARIANT, errors, |name, key, args| match (name, args) {
        ("rename_all", _) => {
            attrs.rename_all = rename_all(key, args, errors).map(Casing::Serde);
            attrs.rename_all_at = attrs.rename_all.map(|_| key.span());
        }
        (_, Args::Value(Value::Text(text))) => attrs.rename = Some(text.clone()),
        _ => errors.at(key.span(), "`rename` takes the word on the wire: `rename = \"lax\"`"),
    });
    let foreign = names.of_variant(attributes);
    if attrs.rename.is_none() {
        foreign.report(errors);
    }
    // After an error, what the variant contains may not be what the author meant.
    attrs.is_skipped = foreign.skip.is_some() || errors.count() > before;
    attrs.foreign_case = foreign.rename_all;
    attrs.rename = attrs.rename.or(foreign.rename);
    attrs.rename_all = attrs.rename_all.or(foreign.rename_all);
    attrs
}

/// Passes each known key to `take`. Unknown and repeated keys are errors.
fn each_once(
    attributes: &[Attribute],
    place: &str,
    known: &[&str],
    errors: &Errors,
    mut take: impl FnMut(&str, &Ident, &Args),
) {
    let mut seen = Vec::new();
    for entry in attr::read(attributes, errors) {
        let Entry::Keyed { key, args, .. } = &entry else {
            errors.at(entry.span(), format!("expected an attribute of {place}: {}", list(known)));
            continue;
        };
        let name = key.unraw().to_string();
        if seen.contains(&name) {
            errors.at(key.span(), format!("`{name}` is written twice"));
        } else if known.contains(&name.as_str()) {
            take(&name, key, args);
        } else if keys::field().contains(&name.as_str()) {
            let there =
                if place == "a variant" { format!(": `Variant(#[telemetry({name})] Type)`") } else { String::new() };
            let message = format!("`{name}` belongs on a field, not on {place}{there}; {place} takes {}", list(known));
            errors.at(key.span(), message);
        } else if keys::CONTAINER.contains(&name.as_str()) {
            errors.at(key.span(), keys::of_container(&name, place));
        } else {
            errors.at(
                key.span(),
                format!("there is no `{name}`{}; {place} takes {}", nearest(&name, known), list(known)),
            );
        }
        seen.push(name);
    }
}

impl Attrs {
    fn take(&mut self, name: &str, key: &Ident, args: &Args, errors: &Errors) {
        match (name, args) {
            ("rename_all", _) => self.rename_all = rename_all(key, args, errors).map(Casing::Serde),
            ("event", Args::Value(Value::Text(text))) if name::is_name(&text.value()) => {
                self.event = Some(text.clone())
            }
            ("event", args) => {
                match args {
                    Args::Value(Value::Text(text)) => errors.at(text.span(), name::RULE),
                    _ => errors.at(key.span(), "`event` takes the event's name: `event = \"cli_generate\"`"),
                }
                self.event = Some(nameless_event(key.span()));
            }
            ("tag", Args::Value(Value::Text(text))) if name::is_name(&text.value()) => self.tag = Some(text.clone()),
            ("tag", Args::Value(Value::Text(text))) => errors.at(text.span(), name::RULE),
            ("tag", _) => {
                errors.at(key.span(), "`tag` takes the name of the member that names the variant: `tag = \"type\"`")
            }
            ("content", Args::Value(Value::Text(text))) if name::is_name(&text.value()) => {
                self.content = Some(text.clone())
            }
            ("content", Args::Value(Value::Text(text))) if text.value().is_empty() => self.has_no_content = true,
            ("content", Args::Value(Value::Text(text))) => errors.at(text.span(), name::RULE),
            ("content", _) => errors.at(
                key.span(),
                "`content` takes the name of the member that holds what a variant contains: `content = \"data\"`",
            ),
            ("context", Args::None) => self.context = Some(key.clone()),
            ("counted", Args::None) => self.counted = Some(key.clone()),
            ("untagged", Args::None) => self.untagged = Some(key.span()),
            ("transparent", Args::None) => self.transparent = Some(key.span()),
            ("context" | "counted" | "untagged" | "transparent", _) => {
                errors.at(key.span(), format!("`{name}` takes no arguments"))
            }
            ("crate", Args::Value(Value::Path(path))) => self.krate = Some(path.path.clone()),
            ("crate", Args::Value(Value::Text(text))) if text.parse::<Path>().is_ok() => self.krate = text.parse().ok(),
            ("crate", _) => {
                errors.at(key.span(), "`crate` takes the path of the telemetry crate: `crate = my_crate::telemetry`")
            }
            ("bound", Args::Value(Value::Text(text))) => match predicates(text) {
                Ok(bound) => self.bound = Some(bound),
                Err(error) => errors.push(error),
            },
            ("bound", _) => errors.at(key.span(), "`bound` takes the where-clause: `bound = \"T: TelemetrySnapshot\"`"),
            _ => self.budget = budget(key, args, errors),
        }
    }

    /// Adds what serde or clap says, unless it is stated here.
    fn add(&mut self, foreign: Foreign, data: &Data, errors: &Errors) {
        foreign.report(errors);
        self.rename_all = self.rename_all.or(foreign.rename_all).or(self.names.casing());
        self.rename_all_fields = foreign.rename_all_fields;
        self.transparent = self.transparent.or(foreign.transparent);
        // Serde allows a tag on any type.
        let Data::Enum(data) = data else { return };
        if self.untagged.is_some() {
            return;
        }
        let has_data = data.variants.iter().any(|variant| !matches!(variant.fields, Fields::Unit));
        let is_taken = |key: &str, name: &LitStr| {
            let is_name = name::is_name(&name.value());
            // Without data, words tell variants apart as well.
            if !is_name && has_data {
                errors.at(name.span(), format!("{}: state another with `#[telemetry({key} = \"...\")]`", name::RULE));
            }
            is_name
        };
        // One of them can be replaced without the other.
        let content = foreign.content.filter(|_| has_data && self.content.is_none() && !self.has_no_content);
        self.content = self.content.take().or(content.filter(|content| is_taken("content", content)));
        if self.tag.is_none() {
            self.untagged = foreign.untagged;
            self.tag = foreign.tag.filter(|tag| is_taken("tag", tag));
        }
    }
}

fn names(key: &Ident, args: &Args, errors: &Errors) -> Names {
    let text = match args {
        Args::Value(Value::Text(text)) => text.value(),
        _ => String::new(),
    };
    Names::parse(&text).unwrap_or_else(|| {
        let near = nearest(&text, &Names::ALL);
        let message = format!(
            "`names` takes whose names are sent{near}: `names = \"serde\"` or `names = \"clap\"`, \
             or `names = \"rust\"` for those in the source"
        );
        errors.at(key.span(), message);
        Names::default()
    })
}

/// The name for an event whose name is invalid or missing. The item stays an event, so that its uses cause no further errors.
pub(crate) fn nameless_event(span: Span) -> LitStr {
    LitStr::new("event", span)
}

fn rename_all(key: &Ident, args: &Args, errors: &Errors) -> Option<Case> {
    let Args::Value(Value::Text(text)) = args else {
        errors.at(key.span(), format!("`rename_all` takes one of {}", list(&case::NAMES)));
        return None;
    };
    let case = Case::parse(&text.value());
    if case.is_none() {
        let near = nearest(&text.value(), &case::NAMES);
        errors.at(text.span(), format!("there is no such case{near}; `rename_all` takes {}", list(&case::NAMES)));
    }
    case
}

fn budget(key: &Ident, args: &Args, errors: &Errors) -> Option<Budget> {
    if let Args::Value(Value::Integer(Integer { negative: false, literal })) = args
        && let Ok(bits) = literal.base10_parse()
    {
        return Some(Budget { bits, span: literal.span() });
    }
    errors.at(key.span(), "`budget_bits` takes how many bits a snapshot may reveal: `budget_bits = 200`");
    None
}

fn predicates(text: &LitStr) -> syn::Result<Vec<WherePredicate>> {
    let parse = Punctuated::<WherePredicate, Token![,]>::parse_terminated;
    let predicates = text.parse_with(|input: syn::parse::ParseStream<'_>| parse(input))?;
    Ok(predicates.into_iter().collect())
}
