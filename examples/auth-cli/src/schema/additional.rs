//! The fields that the application adds to a table.

use serde_json::Value;
use telemetry::auth::{DefaultValue, FieldAttribute, FieldType};

use super::table_options::TableOptions;
use super::{Column, Index, Kind, Literal, OnDelete, Reference, SchemaError};

impl TableOptions<'_> {
    pub(super) fn additional(
        &self,
        name: &str,
        attribute: &FieldAttribute,
        all: &[Self],
        id: Kind,
    ) -> Result<Column, SchemaError> {
        let references = self.references(name, attribute, all)?;
        let names_an_id = attribute.references.as_ref().is_some_and(|reference| reference.field == "id");
        let kind = if names_an_id { id } else { kind(attribute) };
        let is_required = attribute.required != Some(false);
        let index = index(attribute);
        // SQLite cannot add a column that references another and has a default, and rows cannot share a unique default.
        let has_default = references.is_none() && (is_required || index != Some(Index::Unique));
        Ok(Column {
            name: attribute.field_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(name).to_owned(),
            kind,
            is_key: false,
            is_required,
            index,
            default: attribute.default_value.as_ref().filter(|_| has_default).and_then(|value| literal(kind, value)),
            references,
        })
    }

    fn references(
        &self,
        name: &str,
        attribute: &FieldAttribute,
        all: &[Self],
    ) -> Result<Option<Reference>, SchemaError> {
        let Some(reference) = &attribute.references else { return Ok(None) };
        let on_delete = match reference.on_delete.as_deref() {
            None | Some("cascade") => OnDelete::Cascade,
            Some("no action") => OnDelete::NoAction,
            Some("restrict") => OnDelete::Restrict,
            Some("set null") => OnDelete::SetNull,
            Some("set default") => OnDelete::SetDefault,
            Some(_) => return Err(SchemaError::NoSuchAction { model: self.model.name, field: name.to_owned() }),
        };
        Ok(Some(Self::reference(all, &reference.model, &reference.field, on_delete)))
    }
}

fn kind(attribute: &FieldAttribute) -> Kind {
    match attribute.kind {
        FieldType::Number if attribute.bigint == Some(true) => Kind::BigNumber,
        FieldType::Number => Kind::Number,
        FieldType::Boolean => Kind::Boolean,
        FieldType::Date => Kind::Date,
        // Lists and objects are stored as JSON text.
        FieldType::String | FieldType::Json | FieldType::Strings | FieldType::Numbers | FieldType::OneOf(_) => {
            Kind::Text
        }
    }
}

fn index(attribute: &FieldAttribute) -> Option<Index> {
    match (attribute.unique, attribute.index) {
        (Some(true), _) => Some(Index::Unique),
        (_, Some(true)) => Some(Index::Plain),
        _ => None,
    }
}

/// The default in SQL. Computed values, lists and dates are left to the library.
fn literal(kind: Kind, value: &DefaultValue) -> Option<Literal> {
    let DefaultValue::Fixed(value) = value else { return None };
    match (kind, value) {
        (Kind::Text, Value::String(text)) => Some(Literal::Text(text.clone())),
        (Kind::Number | Kind::BigNumber, Value::Number(number)) => Some(Literal::Number(number.to_string())),
        (Kind::Boolean, Value::Bool(is_true)) => Some(Literal::Boolean(*is_true)),
        _ => None,
    }
}
