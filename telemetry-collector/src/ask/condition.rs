//! A condition of a filter as an expression of SQL.

use super::AskError;
use super::catalogue::Stored;
use super::fields::{Field, Shape};
use super::filter::{Filter, FilterError};
use super::source::Source;
use crate::store::version;

/// Which rows of a table are counted.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The expression that rows of the asked version fulfil.
    pub(super) version: Option<String>,
    /// The expression that rows with the asked values fulfil.
    pub(super) values: Option<String>,
}

/// Checks a filter against the fields of an event.
pub(super) fn check(filter: &Filter, fields: &[Field], versions: &[String]) -> Result<(), FilterError> {
    if filter.version.as_ref().is_some_and(|version| !versions.contains(version)) {
        return Err(FilterError::UnknownVersion);
    }
    for condition in &filter.conditions {
        let field = field(fields, &condition.path, "where")?;
        if !is_value(&field.shape, &condition.value) {
            let values = field.shape.labels().unwrap_or_default();
            return Err(FilterError::UnknownValue { path: field.path.clone(), values });
        }
    }
    if let Some((rows, columns)) = &filter.cross {
        for (key, path) in [("rows", rows), ("columns", columns)] {
            if field(fields, path, key)?.shape.labels().is_none() {
                return Err(FilterError::Uncrossable { key });
            }
        }
    }
    Ok(())
}

/// The field that a filter names.
pub(super) fn field<'f>(fields: &'f [Field], path: &str, key: &'static str) -> Result<&'f Field, FilterError> {
    fields.iter().find(|field| field.path == path && field.can_be_asked()).ok_or(FilterError::UnknownField { key })
}

fn is_value(shape: &Shape, value: &str) -> bool {
    let labels = || shape.labels().is_some_and(|labels| labels.iter().any(|label| label == value));
    value.is_empty()
        || match shape {
            Shape::Flag => flag(value).is_some(),
            Shape::Version => version::packed(value).is_some(),
            _ => labels(),
        }
}

/// A flag, as the page calls it or as the [report](super::report::Values::Share) does.
fn flag(value: &str) -> Option<bool> {
    match value {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

/// The expressions of a filter that was checked.
pub(super) fn rows(source: Source<'_>, filter: &Filter, fields: &[Field], stored: &Stored) -> Result<Rows, AskError> {
    let version = filter.version.as_ref().map(|version| {
        let numbers: Vec<String> = stored.numbers(version).iter().map(i64::to_string).collect();
        format!("_schema IN ({})", numbers.join(", "))
    });
    let mut values = Vec::new();
    for condition in &filter.conditions {
        let field = field(fields, &condition.path, "where")?;
        let column = stored.column(&field.column.0, field.column.1).unwrap_or("NULL");
        values.push(if condition.value.is_empty() {
            not_sent(&is_sent(source, field, column)?, &field.without)
        } else {
            expression(source, &field.shape, column, &condition.value)?
        });
    }
    Ok(Rows { version, values: (!values.is_empty()).then(|| values.join(" AND ")) })
}

/// Rows of a release that has the field, without a value of it.
fn not_sent(is_sent: &str, without: &[i64]) -> String {
    let without: Vec<String> = without.iter().map(i64::to_string).collect();
    match without.as_slice() {
        [] => format!("(NOT {is_sent})"),
        without => format!("(NOT {is_sent} AND _schema NOT IN ({}))", without.join(", ")),
    }
}

/// Rows with a value of the field, which a known release has. The expression is never `NULL`.
fn is_sent(source: Source<'_>, field: &Field, column: &str) -> Result<String, AskError> {
    match &field.shape {
        Shape::Words { texts, .. } if field.is_of_removed => source.is_one_of(column, texts),
        Shape::Numbers(ranges) if field.is_of_removed => Ok(is_between(column, ranges.all())),
        _ => Ok(format!("({column} IS NOT NULL)")),
    }
}

fn is_between(column: &str, (low, high): (i64, i64)) -> String {
    format!("(coalesce({column} BETWEEN {low} AND {high}, 0))")
}

/// The expression is never `NULL`. It holds numbers, and words of the schema.
fn expression(source: Source<'_>, shape: &Shape, column: &str, value: &str) -> Result<String, AskError> {
    let equals = |number: i64| format!("(coalesce({column} = {number}, 0))");
    let never = || "(0)".to_owned();
    Ok(match shape {
        Shape::Flag => flag(value).map_or_else(never, |flag| equals(flag.into())),
        Shape::Words { .. } => source.is_word(column, value)?,
        Shape::Numbers(ranges) => {
            let index = ranges.labels().iter().position(|label| label == value);
            let bounds = index.and_then(|index| ranges.bounds(index));
            bounds.map_or_else(never, |bounds| is_between(column, bounds))
        }
        Shape::Version => version::packed(value).map_or_else(never, equals),
        Shape::Set(_) | Shape::Items { .. } => never(),
    })
}
