//! Fields that the application adds to tables. Telemetry counts them and reads none of them.

use serde::Deserialize;
use serde_json::Value;

use super::callback::Callback;

/// A field that the application adds to a table.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldAttribute {
    /// The type of its values.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether a value is required; by default it is.
    pub required: Option<bool>,
    /// Whether it is returned to clients.
    pub returned: Option<bool>,
    /// Whether users may set it.
    pub input: Option<bool>,
    /// Whether values must be unique.
    pub unique: Option<bool>,
    /// Whether numbers have 64 bits.
    pub bigint: Option<bool>,
    /// Whether rows can be sorted by it.
    pub sortable: Option<bool>,
    /// Whether the column has an index.
    pub index: Option<bool>,
    /// The name of the column, if it differs from the field's.
    pub field_name: Option<String>,
    /// The value of a new row that does not state one.
    pub default_value: Option<DefaultValue>,
    /// Computes the value when a row is changed.
    #[serde(skip)]
    pub on_update: Option<Callback<(), Value>>,
    /// How values are transformed.
    #[serde(skip)]
    pub transform: Transform,
    /// How values are validated.
    #[serde(skip)]
    pub validator: Validator,
    /// The row of another table that it refers to.
    pub references: Option<Reference>,
}

/// The type of a field's values.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// A text.
    #[default]
    String,
    /// A number.
    Number,
    /// Yes or no.
    Boolean,
    /// A date with a time.
    Date,
    /// Any JSON value.
    Json,
    /// A list of texts.
    #[serde(rename = "string[]")]
    Strings,
    /// A list of numbers.
    #[serde(rename = "number[]")]
    Numbers,
    /// One of these texts.
    #[serde(untagged)]
    OneOf(Vec<String>),
}

/// The value of a new row that does not state one.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum DefaultValue {
    /// A fixed value.
    Fixed(Value),
    /// A function that returns the value.
    #[serde(skip)]
    Computed(Callback<(), Value>),
}

/// How values are transformed.
#[derive(Clone, Default)]
pub struct Transform {
    /// Before a value is written to the database.
    pub input: Option<Callback<Value, Value>>,
    /// After a value is read from the database.
    pub output: Option<Callback<Value, Value>>,
}

/// How values are validated.
#[derive(Clone, Default)]
pub struct Validator {
    /// Before a value is written to the database.
    pub input: Option<Callback<Value, bool>>,
    /// After a value is read from the database.
    pub output: Option<Callback<Value, bool>>,
}

/// A reference to a row of another table.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reference {
    /// The table.
    pub model: String,
    /// The column.
    pub field: String,
    /// What happens to this row when that one is deleted: `no action`, `restrict`, `cascade`, `set null` or `set default`.
    pub on_delete: Option<String>,
}
