//! Which events a report is about. A filter is the query of an address, so that a view can be linked.

use std::fmt;

use form_urlencoded::{byte_serialize, parse};
use thiserror::Error;

use crate::arrival::Day;

/// The most conditions of a filter.
pub const MOST_CONDITIONS: usize = 16;

/// The longest query, in bytes.
pub const LONGEST_QUERY: usize = 8 * 1_024;

/// Which events of one event's name are counted.
///
/// The number of events, activity and retention are about each event that has the version and the values. Fields, and the installations that
/// they are counted over, are about the latest event of each installation, of those of the days and the version, if it has the values: an
/// installation that moved from one value to another was active with both, and has the latter now.
///
/// ```
/// use telemetry_collector::ask::Filter;
///
/// let filter = Filter::parse("where=database.engine:postgres&from=2026-09-01")?;
/// assert_eq!(filter.conditions[0].path, "database.engine");
/// assert_eq!(filter.to_string(), "from=2026-09-01&where=database.engine:postgres");
/// # Ok::<(), telemetry_collector::ask::FilterError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this version of the schema only: `version=1.2.0`.
    pub version: Option<String>,
    /// From this day on: `from=2026-09-01`.
    pub from: Option<Day>,
    /// Up to this day, inclusive: `until=2026-11-27`.
    pub until: Option<Day>,
    /// With these values only: `where=database.engine:postgres`, up to [`MOST_CONDITIONS`] times. A colon of the path has a backslash before it:
    /// `where=command<db\:migrate>.fast:true`.
    pub conditions: Vec<Condition>,
    /// Two fields against each other: `rows=database.engine&columns=os`.
    pub cross: Option<(String, String)>,
}

/// A field has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The path of the field. No path has a backslash.
    pub path: String,
    /// A word, a label, a version, `true` (or `yes`) or `false` (or `no`), or nothing for "not sent" by a release that has the field.
    pub value: String,
}

/// So many values are listed where a field cannot have one that is asked for. The page and the JSON have all of them.
const MOST_LISTED: usize = 20;

/// Why a query is not a filter. It repeats nothing of the query but what is in a schema.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FilterError {
    /// A key has no meaning.
    #[error("a key is not known; there are `version`, `from`, `until`, `where`, `rows` and `columns`")]
    UnknownKey,
    /// A key that can be given once is given again.
    #[error("`{key}` is given twice")]
    Repeated {
        /// The key.
        key: &'static str,
    },
    /// A day is not a date.
    #[error("`{key}` is not a date such as 2026-11-27")]
    NotADay {
        /// The key.
        key: &'static str,
    },
    /// The first day comes after the last one.
    #[error("`from` is later than `until`")]
    Backwards,
    /// A condition has no colon.
    #[error("`where` is a field and a value with a colon between them, as in `where=os:linux`")]
    NotACondition,
    /// There are too many conditions.
    #[error("`where` is given more than {MOST_CONDITIONS} times")]
    TooManyConditions,
    /// The query is too long.
    #[error("the query has more than {LONGEST_QUERY} bytes")]
    TooLong,
    /// Only one of two fields is given.
    #[error("`rows` and `columns` are given together or not at all")]
    HalfACross,
    /// No release of the event has this version.
    #[error("`version` is not that of a release of this event")]
    UnknownVersion,
    /// The event has no such field, or it has several values at once.
    #[error("`{key}` names a field that this event does not have, or that has several values at once")]
    UnknownField {
        /// The key.
        key: &'static str,
    },
    /// The field has versions, which are not known beforehand.
    #[error("`{key}` names a field of versions, which cannot be set against another; `where` asks for one of them")]
    Uncrossable {
        /// The key.
        key: &'static str,
    },
    /// The field cannot have this value.
    #[error("`where` has a value that its field cannot have{}", listed(path, values))]
    UnknownValue {
        /// The path of the field.
        path: String,
        /// The values that it can have. Empty for a field with versions.
        values: Vec<String>,
    },
}

/// The values that a field can have, if they are few.
fn listed(path: &str, values: &[String]) -> String {
    match values {
        [] => String::new(),
        values if values.len() > MOST_LISTED => format!("; `{path}` has {} values, which the page lists", values.len()),
        values => format!("; `{path}` has `{}`, or nothing for \"not sent\"", values.join("`, `")),
    }
}

impl Filter {
    /// Reads the query of an address, without the question mark. An empty one lets everything through.
    ///
    /// Whether the event has such fields and values is checked when it is [asked](super::event).
    ///
    /// # Errors
    ///
    /// If a key or a value has no meaning, or there are too many.
    pub fn parse(query: &str) -> Result<Self, FilterError> {
        if query.len() > LONGEST_QUERY {
            return Err(FilterError::TooLong);
        }
        let mut filter = Self::default();
        let (mut rows, mut columns) = (None, None);
        for (key, value) in parse(query.as_bytes()) {
            match key.as_ref() {
                // A form sends the fields that were left empty, too.
                "version" | "from" | "until" | "rows" | "columns" | "where" if value.is_empty() => {}
                "version" => set(&mut filter.version, "version", value.into_owned())?,
                "from" => set(&mut filter.from, "from", day("from", &value)?)?,
                "until" => set(&mut filter.until, "until", day("until", &value)?)?,
                "rows" => set(&mut rows, "rows", value.into_owned())?,
                "columns" => set(&mut columns, "columns", value.into_owned())?,
                "where" => filter.add(&value)?,
                _ => return Err(FilterError::UnknownKey),
            }
        }
        if let (Some(from), Some(until)) = (filter.from, filter.until)
            && from > until
        {
            return Err(FilterError::Backwards);
        }
        filter.cross = match (rows, columns) {
            (Some(rows), Some(columns)) => Some((rows, columns)),
            (None, None) => None,
            _ => return Err(FilterError::HalfACross),
        };
        Ok(filter)
    }

    fn add(&mut self, condition: &str) -> Result<(), FilterError> {
        let condition = condition_of(condition).ok_or(FilterError::NotACondition)?;
        if self.conditions.contains(&condition) {
            return Ok(());
        }
        if self.conditions.len() >= MOST_CONDITIONS {
            return Err(FilterError::TooManyConditions);
        }
        self.conditions.push(condition);
        Ok(())
    }
}

/// The text of a condition. The word of a variant can have a colon, and stands in paths; no word and no name has a backslash.
pub(crate) fn condition_text(path: &str, value: &str) -> String {
    format!("{}:{value}", path.replace(':', "\\:"))
}

/// The condition with this text.
fn condition_of(text: &str) -> Option<Condition> {
    let mut splits = text.match_indices(':').filter_map(|(at, _)| text.split_at_checked(at));
    let (path, value) = splits.find(|(path, _)| !path.ends_with('\\'))?;
    Some(Condition { path: path.replace("\\:", ":"), value: value.strip_prefix(':')?.to_owned() })
}

fn set<T>(slot: &mut Option<T>, key: &'static str, value: T) -> Result<(), FilterError> {
    if slot.replace(value).is_some() { Err(FilterError::Repeated { key }) } else { Ok(()) }
}

fn day(key: &'static str, text: &str) -> Result<Day, FilterError> {
    text.parse().map_err(|_| FilterError::NotADay { key })
}

/// The query that is read as this filter: keys in one order, percent-encoded.
impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend(self.version.clone().map(|version| ("version", version)));
        pairs.extend(self.from.map(|day| ("from", day.to_string())));
        pairs.extend(self.until.map(|day| ("until", day.to_string())));
        pairs.extend(self.conditions.iter().map(|at| ("where", condition_text(&at.path, &at.value))));
        if let Some((rows, columns)) = &self.cross {
            pairs.extend([("rows", rows.clone()), ("columns", columns.clone())]);
        }
        for (index, (key, value)) in pairs.iter().enumerate() {
            // A colon may stand in a query as it is, and reads better.
            let value = byte_serialize(value.as_bytes()).collect::<String>().replace("%3A", ":");
            write!(formatter, "{}{key}={value}", if index == 0 { "" } else { "&" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_query_is_read() {
        let filter = Filter::parse(
            "version=1.2.0&from=2026-09-01&until=2026-11-27&where=os:linux&where=plan%3Cpro%3E.x:a%3Ab+c&where=db:&where=c%3Ca%5C:b%3E:d%5C:&rows=a&columns=b",
        )
        .unwrap();
        let at = |path: &str, value: &str| Condition { path: path.to_owned(), value: value.to_owned() };
        assert_eq!(filter.version.as_deref(), Some("1.2.0"));
        assert_eq!((filter.from.unwrap().to_string(), filter.until), ("2026-09-01".to_owned(), Some(Day(20_784))));
        assert_eq!(
            filter.conditions,
            [at("os", "linux"), at("plan<pro>.x", "a:b c"), at("db", ""), at("c<a:b>", "d\\:")]
        );
        assert_eq!(filter.cross, Some(("a".to_owned(), "b".to_owned())));
        assert_eq!(Filter::parse("").unwrap(), Filter::default());
        assert_eq!(Filter::parse("version=&from=&rows=&where=").unwrap(), Filter::default());
    }

    #[test]
    fn what_has_no_meaning_is_refused_without_being_repeated() {
        let many = "where=a:b&".repeat(3) + &(0..17).map(|n| format!("where=a:{n}&")).collect::<String>();
        let cases = [
            ("release=1", FilterError::UnknownKey),
            ("version=1&version=2", FilterError::Repeated { key: "version" }),
            ("from=yesterday", FilterError::NotADay { key: "from" }),
            ("until=2026-02-30", FilterError::NotADay { key: "until" }),
            ("from=2026-02-02&until=2026-02-01", FilterError::Backwards),
            ("where=secret", FilterError::NotACondition),
            ("where=secret%5C:x", FilterError::NotACondition),
            (many.as_str(), FilterError::TooManyConditions),
            ("rows=a", FilterError::HalfACross),
        ];
        for (query, error) in cases {
            assert_eq!(Filter::parse(query), Err(error), "{query}");
        }
        assert_eq!(Filter::parse(&"x".repeat(LONGEST_QUERY + 1)), Err(FilterError::TooLong));
        let said = Filter::parse("secret=1").unwrap_err().to_string();
        assert!(said.contains("`columns`") && !said.contains("secret"), "{said}");
    }

    proptest! {
        #[test]
        fn a_printed_filter_is_read_as_the_same(
            version in proptest::option::of("[^:]{1,6}"),
            days in (0_i32..30_000, 0_i32..30_000),
            conditions in proptest::collection::vec((r"(.{0,5}[^\\])?|[a:\\]{0,5}[a:]", ".{0,6}"), 0..MOST_CONDITIONS),
            cross in proptest::option::of((".{1,6}", ".{1,6}")),
        ) {
            let (from, until) = (Day(days.0.min(days.1)), Day(days.0.max(days.1)));
            let mut filter = Filter { version, from: Some(from), until: Some(until), conditions: Vec::new(), cross };
            for (path, value) in conditions {
                let condition = Condition { path, value };
                if !filter.conditions.contains(&condition) {
                    filter.conditions.push(condition);
                }
            }
            let printed = filter.to_string();
            prop_assert!(printed.is_ascii());
            prop_assert_eq!(Filter::parse(&printed), Ok(filter));
        }

        #[test]
        fn no_query_is_too_much(query in ".{0,200}") {
            let _ = Filter::parse(&query);
        }
    }
}
