//! Fields that the application adds to tables. Telemetry counts them and does not look at one.

use serde::Deserialize;
use serde_json::Value;

use super::callback::Callback;

/// A field that the application adds to a table.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldAttribute {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether there must be a value; yes unless it is said.
    pub required: Option<bool>,
    /// Whether it is given out.
    pub returned: Option<bool>,
    /// Whether users may set it.
    pub input: Option<bool>,
    /// Whether no two rows may have the same value.
    pub unique: Option<bool>,
    /// Whether numbers are of 64 bits.
    pub bigint: Option<bool>,
    /// Whether rows are sorted by it.
    pub sortable: Option<bool>,
    /// Whether the column has an index.
    pub index: Option<bool>,
    /// The column, when it has another name than the field.
    pub field_name: Option<String>,
    /// What a new row holds when nothing is said.
    pub default_value: Option<DefaultValue>,
    /// Makes the new value when a row is changed.
    #[serde(skip)]
    pub on_update: Option<Callback<(), Value>>,
    /// What is done to values on their way in and out.
    #[serde(skip)]
    pub transform: Transform,
    /// What is asked of values on their way in and out.
    #[serde(skip)]
    pub validator: Validator,
    /// The row of another table that it names.
    pub references: Option<Reference>,
}

/// What a field holds.
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
    /// A date and a time.
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

/// What a new row holds when nothing is said.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum DefaultValue {
    /// This value.
    Fixed(Value),
    /// What this gives.
    #[serde(skip)]
    Computed(Callback<(), Value>),
}

/// What is done to values on their way in and out.
#[derive(Clone, Default)]
pub struct Transform {
    /// On the way into the database.
    pub input: Option<Callback<Value, Value>>,
    /// On the way out of it.
    pub output: Option<Callback<Value, Value>>,
}

/// What is asked of values on their way in and out.
#[derive(Clone, Default)]
pub struct Validator {
    /// On the way into the database.
    pub input: Option<Callback<Value, bool>>,
    /// On the way out of it.
    pub output: Option<Callback<Value, bool>>,
}

/// The row of another table.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Reference {
    /// The table.
    pub model: String,
    /// The column.
    pub field: String,
    /// What becomes of this row when that one goes: `no action`, `restrict`, `cascade`, `set null` or `set default`.
    pub on_delete: Option<String>,
}
