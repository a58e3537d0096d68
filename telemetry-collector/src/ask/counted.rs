//! Which events are counted events: each stands for as many equal ones of one day as its member `count` says.

use std::sync::Arc;

use telemetry::schema::Released;
use telemetry::schema::walk::{Part, Place, Value, Visitor};
use telemetry_spec::counted::{COUNT, COUNT_UNIT, MAX_COUNT};

use super::catalogue::Stored;
use crate::check::{Column, ColumnKind, KnownSchema};

/// Whether events of some release are counted events. Those of other releases happened once each.
pub(super) fn is_counted(schemas: &[Arc<KnownSchema>]) -> bool {
    schemas.iter().any(|schema| has_count(schema))
}

/// Whether a column of a counted event can hold the count.
pub(super) fn is_count(column: &Column) -> bool {
    column.path == COUNT && column.kind == ColumnKind::Integer
}

/// An expression of SQL for how often the event of a row happened. A release whose file was removed is taken for one of a counted event.
pub(super) fn times(schemas: &[Arc<KnownSchema>], stored: &Stored) -> String {
    let column = stored.column(COUNT, ColumnKind::Integer).unwrap_or("NULL");
    let once = schemas.iter().filter(|schema| !has_count(schema)).filter_map(|schema| stored.number_of(schema));
    let once: Vec<String> = once.map(|number| number.to_string()).collect();
    if once.is_empty() {
        return format!("coalesce({column}, 1)");
    }
    format!("CASE WHEN _schema IN ({}) THEN 1 ELSE coalesce({column}, 1) END", once.join(", "))
}

fn has_count(schema: &KnownSchema) -> bool {
    schema.columns().iter().any(|column| is_count(column) && column.is_required) && Finder::has_count(schema.schema())
}

/// Looks for the member that the client adds.
struct Finder(bool);

impl Finder {
    fn has_count(schema: &Released) -> bool {
        let mut finder = Self(false);
        schema.walk(&mut finder);
        finder.0
    }
}

impl<'s> Visitor<'s> for Finder {
    fn value(&mut self, place: &Place<'_, 's>, value: Value<'s>) {
        let Value::Number { min, max, unit, .. } = value else { return };
        let is_bounded = (min, max, unit) == (1, MAX_COUNT.into(), COUNT_UNIT);
        self.0 |= is_bounded && place.parts() == [Part::Member(COUNT)];
    }
}

#[cfg(test)]
mod tests {
    use telemetry::schema::{Field, Kind, Schema};

    use super::*;

    fn is_counted_event(schema: &Schema) -> bool {
        let schema = KnownSchema::new("command", "1.0.0", "2026-01-01", Released::of(schema));
        is_counted(&[Arc::new(schema)])
    }

    #[test]
    fn a_counted_event_is_known_by_the_member_that_the_client_adds() {
        const FLAG: Field = Field::new("by_hand", Kind::flag());
        const LIKE: Kind = Kind::number(1, 1_000_000).unit("events");
        const COUNTED: Schema = Schema::group(&[FLAG, Field::counted()]);
        const WITH_CONTEXT: Schema = Schema::group(&[FLAG, Field::counted(), Field::context()]);
        assert!(is_counted_event(&COUNTED) && is_counted_event(&WITH_CONTEXT));
        const OTHERS: [Schema; 5] = [
            Schema::group(&[FLAG]),
            Schema::group(&[Field::new("count", LIKE)]),
            Schema::group(&[Field::new("count", Kind::number(1, 999).unit("events")).required()]),
            Schema::group(&[Field::new("count", Kind::number(1, 1_000_000)).required()]),
            Schema::group(&[Field::new("counts", LIKE).required()]),
        ];
        for (at, other) in OTHERS.iter().enumerate() {
            assert!(!is_counted_event(other), "{at}");
        }
    }
}
