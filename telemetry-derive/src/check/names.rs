//! Names, and what goes with them, from the attributes of serde or clap: unasked where a type carries those of one of them, or as
//! `names = "serde"`, `names = "clap"` and `names = "rust"` say.

use proc_macro2::{Ident, Span};
use syn::{Attribute, DeriveInput, LitStr};

use crate::check::case::Case;
use crate::check::clap_case::ClapCase;
use crate::errors::Errors;
use crate::parse::foreign::{self, Entry, Value};

/// Where names come from.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Source {
    /// The names in the source, with what attributes of this crate say.
    #[default]
    Rust,
    Serde,
    Clap,
}

/// Where the names of a container come from.
#[derive(Clone, Copy, Default)]
pub(crate) struct Names {
    pub(crate) source: Source,
    /// Whether an attribute of this crate says so. Then whatever cannot be taken over is an error.
    is_stated: bool,
}

/// How names are written on the wire.
#[derive(Clone, Copy)]
pub(crate) enum Casing {
    Serde(Case),
    Clap(ClapCase),
}

impl Casing {
    /// Converts the name of a field.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Self::Serde(case) => case.field(name),
            Self::Clap(case) => case.convert(name),
        }
    }

    /// Converts the name of a variant.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Self::Serde(case) => case.variant(name),
            Self::Clap(case) => case.convert(name),
        }
    }
}

/// What attributes of serde or clap say of a container, a variant or a field.
#[derive(Default)]
pub(crate) struct Foreign {
    pub(crate) rename: Option<LitStr>,
    pub(crate) rename_all: Option<Casing>,
    /// The case of the fields of all variants.
    pub(crate) rename_all_fields: Option<Casing>,
    pub(crate) tag: Option<LitStr>,
    pub(crate) content: Option<LitStr>,
    pub(crate) untagged: Option<Span>,
    pub(crate) transparent: Option<Span>,
    pub(crate) flatten: Option<Span>,
    pub(crate) skip: Option<Span>,
    /// Why the name of the flag tells the opposite of the field's value.
    pub(crate) set_false: Option<SetFalse>,
    /// What has no counterpart here. An explicit `rename` replaces it.
    refused: Vec<(Span, String)>,
    /// Whether the names are taken over because the author asked for it.
    is_asked: bool,
}

impl Names {
    pub(crate) const ALL: [&str; 3] = ["serde", "clap", "rust"];

    pub(crate) fn parse(text: &str) -> Option<Self> {
        let source = match text {
            "serde" => Source::Serde,
            "clap" => Source::Clap,
            "rust" => Source::Rust,
            _ => return None,
        };
        Some(Self { source, is_stated: true })
    }

    /// The names of the crate whose attributes the item carries. With those of both, the author has to decide.
    pub(crate) fn unasked(item: &DeriveInput, errors: &Errors) -> Self {
        let serde = foreign::is_carried_by(item, &SERDE);
        let clap = foreign::is_carried_by(item, &CLAP) || foreign::is_carried_by(item, &CLAP_GROUP);
        if serde && clap {
            errors.at(
                item.ident.span(),
                "this type carries attributes of serde and of clap; say which names to send: `#[telemetry(names = \"serde\")]`, \
                 `#[telemetry(names = \"clap\")]`, or `#[telemetry(names = \"rust\")]` for those in the source",
            );
        }
        let source = match (serde, clap) {
            (true, false) => Source::Serde,
            (false, true) => Source::Clap,
            _ => Source::Rust,
        };
        Self { source, is_stated: false }
    }

    /// The case of names that nothing else is said about.
    pub(crate) const fn casing(self) -> Option<Casing> {
        match self.source {
            Source::Rust | Source::Serde => None,
            Source::Clap => Some(Casing::Clap(ClapCase::DEFAULT)),
        }
    }

    pub(crate) fn of_container(self, attributes: &[Attribute]) -> Foreign {
        self.read(attributes, Foreign::of_container, |theirs, entry| {
            if entry.key == "rename_all" {
                theirs.rename_all = clap_case(entry);
            }
        })
    }

    pub(crate) fn of_variant(self, attributes: &[Attribute]) -> Foreign {
        self.read(attributes, Foreign::of_variant, |theirs, entry| match entry.key.to_string().as_str() {
            key @ ("name" | "id") => theirs.take_name(key, entry),
            "rename_all" => theirs.rename_all = clap_case(entry),
            "skip" => theirs.skip = Some(entry.key.span()),
            "flatten" => theirs.refuse(
                entry.key.span(),
                "`flatten` on a variant cannot be taken over, since each variant has its own word here: \
                 name it with `#[telemetry(rename = \"...\")]`",
            ),
            _ => {}
        })
    }

    pub(crate) fn of_field(self, attributes: &[Attribute]) -> Foreign {
        let mut theirs =
            self.read(attributes, Foreign::of_field, |theirs, entry| match entry.key.to_string().as_str() {
                "id" | "name" => theirs.take_name("id", entry),
                "skip" => theirs.skip = Some(entry.key.span()),
                "flatten" => theirs.flatten = Some(entry.key.span()),
                _ => {}
            });
        if self.source == Source::Clap {
            let entries = foreign::read(attributes, &CLAP);
            theirs.take_long_name(&entries);
            theirs.set_false = set_false(&entries);
        }
        theirs
    }

    fn read(
        self,
        attributes: &[Attribute],
        serde: fn(&mut Foreign, &Entry),
        clap: fn(&mut Foreign, &Entry),
    ) -> Foreign {
        let mut theirs = Foreign { is_asked: self.is_stated, ..Foreign::default() };
        match self.source {
            Source::Rust => {}
            Source::Serde => foreign::read(attributes, &SERDE).iter().for_each(|entry| serde(&mut theirs, entry)),
            Source::Clap => foreign::read(attributes, &CLAP).iter().for_each(|entry| clap(&mut theirs, entry)),
        }
        theirs
    }
}

const SERDE: [&str; 1] = ["serde"];

/// The attributes of clap that say something of their item, `clap` being the name of all of them in older versions.
const CLAP: [&str; 4] = ["arg", "command", "value", "clap"];

/// The attribute of clap for the group that the arguments of an item form. Its `id` and its `skip` are those of the group.
const CLAP_GROUP: [&str; 1] = ["group"];

/// What sets a field to `false` when its flag is given, as a flag's name that is not the field's own alone tells the opposite.
pub(crate) struct SetFalse {
    pub(crate) at: Span,
    /// How it is written.
    cause: &'static str,
}

fn set_false(entries: &[Entry]) -> Option<SetFalse> {
    let is_named = entries.iter().any(|entry| ["long", "id", "name"].iter().any(|key| entry.key == key));
    let last = |key: &str| entries.iter().rfind(|entry| entry.key == key);
    let action = last("action").and_then(|entry| entry.last.as_ref()).filter(|action| *action == "SetFalse");
    let action = action.map(|action| SetFalse { at: action.span(), cause: "SetFalse" });
    let missing = || {
        let text = last("default_missing_value")?.value.text().filter(|text| text.value() == "false")?;
        Some(SetFalse { at: text.span(), cause: "default_missing_value = \"false\"" })
    };
    // Of clap 3.
    let negated = || {
        let Value::List(parsers) = &last("parse")?.value else { return None };
        let function = parsers.iter().rfind(|parser| parser.key == "from_flag")?.last.as_ref();
        let not = function.filter(|function| *function == "not")?;
        Some(SetFalse { at: not.span(), cause: "parse(from_flag = Not::not)" })
    };
    action.or_else(missing).or_else(negated).filter(|_| is_named)
}

fn clap_case(entry: &Entry) -> Option<Casing> {
    ClapCase::parse(&entry.value.text()?.value()).map(Casing::Clap)
}

impl Foreign {
    fn of_container(&mut self, entry: &Entry) {
        let (key, span) = (entry.key.to_string(), entry.key.span());
        match key.as_str() {
            "rename_all" => self.rename_all = serde_case(&entry.value),
            "rename_all_fields" => self.rename_all_fields = serde_case(&entry.value),
            "tag" => self.tag = entry.value.text().cloned(),
            "content" => self.content = entry.value.text().cloned(),
            "untagged" => self.untagged = Some(span),
            "transparent" => self.transparent = Some(span),
            "from" | "try_from" if self.is_asked => self.refuse(
                span,
                &format!(
                    "`{key}` cannot be taken over, since it stands for another type, whose names users write: \
                     leave out `names = \"serde\"`, and `rename` what this type calls otherwise"
                ),
            ),
            _ => {}
        }
    }

    fn of_variant(&mut self, entry: &Entry) {
        match entry.key.to_string().as_str() {
            "rename" => self.rename = read_side(&entry.value).cloned(),
            "rename_all" => self.rename_all = serde_case(&entry.value),
            "skip" | "skip_deserializing" => self.skip = Some(entry.key.span()),
            "untagged" if self.is_asked => self.refuse(
                entry.key.span(),
                "`untagged` on a variant cannot be taken over, since each variant has its own word here: \
                 name it with `#[telemetry(rename = \"...\")]`",
            ),
            _ => {}
        }
    }

    fn of_field(&mut self, entry: &Entry) {
        match entry.key.to_string().as_str() {
            "rename" => self.rename = read_side(&entry.value).cloned(),
            "skip" | "skip_deserializing" => self.skip = Some(entry.key.span()),
            "flatten" => self.flatten = Some(entry.key.span()),
            _ => {}
        }
    }

    fn take_name(&mut self, key: &str, entry: &Entry) {
        match &entry.value {
            Value::Text(text) => self.rename = Some(text.clone()),
            Value::Expression(span) => self.refuse(
                *span,
                &format!(
                    "`{key}` is an expression, whose value no macro knows: \
                     write the name beside it, `#[telemetry(rename = \"...\")]`"
                ),
            ),
            Value::None | Value::List(_) => {}
        }
    }

    /// Users write the long name, so it goes before the id. A `long` without a value has the id that is stated before it, or the field's name.
    fn take_long_name(&mut self, entries: &[Entry]) {
        let Some(at) = entries.iter().rposition(|entry| entry.key == "long") else { return };
        let is_id = |entry: &&Entry| entry.key == "id" || entry.key == "name";
        let names = match &entries[at] {
            Entry { value: Value::None, .. } => entries[..at].iter().rfind(is_id).map(|id| ("id", id)),
            long => Some(("long", long)),
        };
        (self.rename, self.refused) = (None, Vec::new());
        if let Some((key, entry)) = names {
            self.take_name(key, entry);
        }
    }

    fn refuse(&mut self, span: Span, message: &str) {
        self.refused.push((span, message.to_owned()));
    }

    /// Why the name of a flag that sets the field to `false` is not taken over.
    pub(crate) fn told_upside_down(&self, by: &SetFalse, field: Option<&Ident>) -> String {
        let field = field.map_or_else(|| "value".to_owned(), Ident::to_string);
        let (name, flag) = (field.trim_start_matches("r#"), self.rename.as_ref().map(LitStr::value));
        let given = format!("`flag, with = |{field}| !{field}` sends whether the flag is given");
        let cause = by.cause;
        let why = format!(
            "`{cause}` makes the field `false` when the flag is given, so the flag's name would tell the opposite"
        );
        if flag.is_none_or(|flag| flag.replace('-', "_") == name) {
            return format!("{why}: {given}; `rename = \"...\"` names what the field says");
        }
        format!("{why}: `rename = \"{name}\"` sends the field under its own name; {given}")
    }

    /// Reports what cannot be taken over.
    pub(crate) fn report(&self, errors: &Errors) {
        self.refused.iter().for_each(|(span, message)| errors.at(*span, message));
    }
}

/// The text that serde reads: users write it into their configuration.
fn read_side(value: &Value) -> Option<&LitStr> {
    match value {
        Value::Text(text) => Some(text),
        Value::List(sides) => sides.iter().find(|side| side.key == "deserialize")?.value.text(),
        _ => None,
    }
}

fn serde_case(value: &Value) -> Option<Casing> {
    Case::parse(&read_side(value)?.value()).map(Casing::Serde)
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    /// How what sets the field to `false` is written.
    fn cause(attribute: Attribute) -> Option<&'static str> {
        set_false(&foreign::read(&[attribute], &CLAP)).map(|set_false| set_false.cause)
    }

    #[test]
    fn a_flag_that_clap_3_negates_sets_its_field_to_false() {
        let negated = Some("parse(from_flag = Not::not)");
        assert_eq!(cause(parse_quote!(#[clap(long = "no-verify", parse(from_flag = std::ops::Not::not))])), negated);
        assert_eq!(cause(parse_quote!(#[clap(parse(from_flag = not), long = "no-verify")])), negated);
        assert_eq!(cause(parse_quote!(#[clap(short = 'n', parse(from_flag = std::ops::Not::not))])), None);
        assert_eq!(cause(parse_quote!(#[clap(long, parse(from_flag = verified))])), None);
        assert_eq!(cause(parse_quote!(#[clap(long, parse(from_flag))])), None);
        assert_eq!(cause(parse_quote!(#[clap(long, parse(from_occurrences))])), None);
    }
}
