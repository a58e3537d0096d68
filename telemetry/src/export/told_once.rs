//! The rows of a schema for a reader: a group that occurs in several places is told once, and named at the others.

use super::rows::{PLAIN, Row, What, rows};
use crate::schema::walk::{AnySchema, Container, Part, Place, Step, Visitor};

/// A group of fewer rows is told again, which is easier to read than to look it up.
const FEWEST: usize = 3;

/// Like [`rows`](super::rows), but a group or an enum that can send the same as an earlier one is a single row.
pub(crate) fn rows_told_once<'s>(schema: impl AnySchema<'s>) -> Vec<Row<'s>> {
    let mut groups = Groups::default();
    schema.report(&mut groups);
    let (mut rows, mut told) = (rows(schema), Vec::<(String, Vec<Told>)>::new());
    // The outer ones come first, so that an inner one is only looked for where its outer one stays.
    for group in groups.found {
        let Some(start) = rows.iter().position(|row| row.parts.starts_with(&group.parts)) else { continue };
        let length = rows.iter().skip(start).take_while(|row| row.parts.starts_with(&group.parts)).count();
        let inside: Vec<Told> = rows.iter().skip(start).take(length).filter_map(|row| Told::of(row, &group)).collect();
        if inside.len() < FEWEST {
            continue;
        }
        match told.iter().find(|(_, before)| *before == inside) {
            Some((path, _)) => {
                rows.splice(start..start + length, [Row { what: What::SameAs(path.clone()), ..group }]);
            }
            None => told.push((group.path, inside)),
        }
    }
    rows
}

/// What a row says about a value in a group, wherever the group is.
#[derive(PartialEq)]
struct Told<'s> {
    parts: Vec<Part<'s>>,
    path: Vec<String>,
    phrase: String,
    bits: u64,
    purpose: &'s str,
}

impl<'s> Told<'s> {
    /// `None` for the row of the group itself, unless it tells the words of an enum.
    fn of(row: &Row<'s>, group: &Row<'s>) -> Option<Self> {
        let is_itself = row.path == group.path && row.parts == group.parts;
        if is_itself && matches!(row.what, What::Group) {
            return None;
        }
        // The path of members that are left out together is that of the first and that of the last.
        let within = |path: &str| path.strip_prefix(&*group.path).unwrap_or(path).to_owned();
        let phrase = match &row.what {
            What::SameAs(above) if *above == group.path => "the same as the group".to_owned(),
            what if is_itself => what.phrase(PLAIN),
            _ => row.phrase(PLAIN),
        };
        Some(Self {
            parts: row.parts.get(group.parts.len()..).unwrap_or_default().to_vec(),
            path: row.path.split(" … ").map(within).collect(),
            phrase,
            bits: if is_itself { 0 } else { row.bits },
            purpose: if is_itself { "" } else { row.purpose },
        })
    }
}

/// A row for each group and each enum below the root, with the bits of everything in it.
#[derive(Default)]
struct Groups<'s> {
    found: Vec<Row<'s>>,
    /// The number of open flattened groups that can be absent. A row names the first and the last of their members, so all are told.
    flattened: usize,
}

impl<'s> Visitor<'s> for Groups<'s> {
    fn enter(&mut self, place: &Place<'_, 's>, container: Container<'s>) -> Step {
        let parts = place.parts();
        self.flattened += usize::from(container == Container::Flatten);
        let is_one = matches!(container, Container::Group | Container::Variants { .. }) && !parts.is_empty();
        // The path of a variant whose word is never sent is that of the enum, so it names nothing.
        let is_named = !parts.iter().any(|part| matches!(part, Part::Alternative(_)));
        if is_one && is_named && self.flattened == 0 {
            self.found.push(Row {
                path: place.path().to_string(),
                what: What::Group,
                is_optional: !place.is_required(),
                bits: place.bits(),
                is_each: parts.iter().any(|part| !matches!(part, Part::Member(_))),
                purpose: place.purpose(),
                parts: parts.to_vec(),
            });
        }
        Step::Into
    }

    fn leave(&mut self, _: &Place<'_, 's>, container: Container<'s>) {
        self.flattened -= usize::from(container == Container::Flatten);
    }
}

#[cfg(test)]
mod tests {
    use telemetry_derive::TelemetrySnapshot;

    use super::*;
    use crate::schema::HasSchema;

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Listeners {
        /// The one for everybody.
        main: Listener,
        spare: Option<Listener>,
        #[telemetry(each(max = 2))]
        more: Vec<Listener>,
        pair: Pair,
        other: Other,
        either: Either,
        /// What can also be there as an alternative.
        limits: Limits,
        #[telemetry(flatten)]
        flat: Option<Flat>,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate, untagged)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Either {
        Off,
        On(Limits),
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Limits {
        time: bool,
        memory: bool,
        files: bool,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Flat {
        first: bool,
        last: Limits,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Listener {
        tls: bool,
        http2: bool,
        /// Whether it limits rates.
        limits: bool,
        auth: Auth,
        #[telemetry(each)]
        children: Vec<Listener>,
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate, tag = "type")]
    #[expect(dead_code, reason = "only its schema is looked at")]
    enum Auth {
        None,
        Token { expires: bool, is_signed: bool },
    }

    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Pair {
        first: Listener,
        auth: Auth,
    }

    /// The first flags of a listener, one of them with another purpose.
    #[derive(TelemetrySnapshot)]
    #[telemetry(crate = crate)]
    struct Other {
        tls: bool,
        http2: bool,
        /// Whether there are limits.
        limits: bool,
    }

    fn told() -> Vec<String> {
        let line = |row: &Row<'_>| {
            let each = if row.is_each { " each" } else { "" };
            format!("{}: {} [{}{each}] {}", row.path, row.phrase(PLAIN), row.bits, row.purpose)
        };
        rows_told_once(&<Listeners as HasSchema>::SCHEMA).iter().map(line).collect()
    }

    #[test]
    fn a_group_in_several_places_is_told_once_and_named() {
        let expected = [
            "main: group [0] The one for everybody.",
            "main.tls: yes or no [1] ",
            "main.http2: yes or no [1] ",
            "main.limits: yes or no [1] Whether it limits rates.",
            "main.auth: group whose type is one of None, Token [3] ",
            "main.auth<Token>.expires: yes or no [1 each] ",
            "main.auth<Token>.is_signed: yes or no [1 each] ",
            "main.children: list of at most 64 [524288] ",
            "main.children[]: the same as main [0 each] ",
            "spare: the same as main; or left out [524288] ",
            "more: list of at most 2 [524288] ",
            "more[]: the same as main [524288 each] ",
            "pair.first: the same as main [524288] ",
            "pair.auth: the same as main.auth [3] ",
            "other.tls: yes or no [1] ",
            "other.http2: yes or no [1] ",
            "other.limits: yes or no [1] Whether there are limits.",
            "either: one of Off, or of what follows [4] ",
            "either.time: yes or no [1 each] ",
            "either.memory: yes or no [1 each] ",
            "either.files: yes or no [1 each] ",
            "limits: group [0] What can also be there as an alternative.",
            "limits.time: yes or no [1] ",
            "limits.memory: yes or no [1] ",
            "limits.files: yes or no [1] ",
            "first … last.files: there, or left out together [1] ",
            "first: yes or no [1] ",
            "last.time: yes or no [1] ",
            "last.memory: yes or no [1] ",
            "last.files: yes or no [1] ",
        ];
        assert_eq!(told(), expected);
    }
}
