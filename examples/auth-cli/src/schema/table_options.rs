//! The options of each table.

use std::collections::BTreeMap;

use telemetry::auth::{AuthOptions, FieldAttribute, IndexMap};

use super::models::{ACCOUNT, Field, Model, SESSION, USER, VERIFICATION};
use super::{Column, Kind, Literal, OnDelete, Reference, SchemaError, Table};

pub(super) struct TableOptions<'a> {
    pub(super) model: &'static Model,
    name: &'a Option<String>,
    renamed: &'a Option<BTreeMap<String, String>>,
    additional: &'a Option<IndexMap<String, FieldAttribute>>,
}

impl<'a> TableOptions<'a> {
    pub(super) fn all(options: &'a AuthOptions) -> [Self; 4] {
        let AuthOptions { user, session, account, verification, .. } = options;
        [
            Self { model: &USER, name: &user.model_name, renamed: &user.fields, additional: &user.additional_fields },
            Self {
                model: &SESSION,
                name: &session.model_name,
                renamed: &session.fields,
                additional: &session.additional_fields,
            },
            Self {
                model: &ACCOUNT,
                name: &account.model_name,
                renamed: &account.fields,
                additional: &account.additional_fields,
            },
            Self {
                model: &VERIFICATION,
                name: &verification.model_name,
                renamed: &verification.fields,
                additional: &verification.additional_fields,
            },
        ]
    }

    /// The table, with an id of this kind.
    pub(super) fn table(&self, all: &[Self], id: Kind) -> Result<Table, SchemaError> {
        self.check_renamed()?;
        let mut columns = vec![Column {
            name: "id".to_owned(),
            kind: id,
            is_key: true,
            is_required: true,
            index: None,
            default: None,
            references: None,
        }];
        columns.extend(self.model.fields.iter().map(|field| self.core(field, all, id)));
        for (name, attribute) in self.additional.iter().flatten() {
            columns.push(self.additional(name, attribute, all, id)?);
        }
        Ok(Table { name: self.table_name().to_owned(), columns })
    }

    /// The column that a field references. The name of an unknown table is used unchanged.
    pub(super) fn reference(all: &[Self], model: &str, field: &str, on_delete: OnDelete) -> Reference {
        let found = all.iter().find(|table| table.model.name == model || table.table_name() == model);
        let (table, column) = found.map_or((model, field), |table| (table.table_name(), table.column_name(field)));
        Reference { table: table.to_owned(), column: column.to_owned(), on_delete }
    }

    fn core(&self, field: &Field, all: &[Self], id: Kind) -> Column {
        Column {
            name: self.column_name(field.name).to_owned(),
            kind: if field.is_user { id } else { field.kind },
            is_key: false,
            is_required: field.is_required,
            index: field.index,
            default: field.default.map(Literal::Boolean),
            references: field.is_user.then(|| Self::reference(all, USER.name, "id", OnDelete::Cascade)),
        }
    }

    fn table_name(&self) -> &str {
        self.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(self.model.name)
    }

    fn column_name<'b>(&'b self, field: &'b str) -> &'b str {
        let renamed = self.renamed.as_ref().and_then(|renamed| renamed.get(field));
        let additional = self.additional.as_ref().and_then(|additional| additional.get(field)?.field_name.as_ref());
        renamed.or(additional).map(String::as_str).filter(|name| !name.is_empty()).unwrap_or(field)
    }

    fn check_renamed(&self) -> Result<(), SchemaError> {
        let is_field = |name: &str| self.model.fields.iter().any(|field| field.name == name);
        match self.renamed.iter().flatten().find(|(name, _)| !is_field(name)) {
            Some((field, _)) => Err(SchemaError::NoSuchField { model: self.model.name, field: field.clone() }),
            None => Ok(()),
        }
    }
}
