//! Names for printed statements. Databases take several names for one, which differ in case or after so many bytes, and keep some for themselves.

use std::collections::BTreeSet;

/// Beginnings of names that SQLite, PostgreSQL and DuckDB keep for themselves or look up among their own first.
const RESERVED: [&str; 4] = ["sqlite_", "pg_", "duckdb_", "pragma_"];

/// Names that are taken.
pub(super) struct Names {
    taken: BTreeSet<String>,
    /// So many bytes of a name tell it from others.
    longest: usize,
}

impl Names {
    pub(super) const fn new(longest: usize) -> Self {
        Self { taken: BTreeSet::new(), longest }
    }

    /// The name of what belongs to an event, of which `event` is the name and `what` the rest.
    pub(super) fn of_event(&mut self, event: &str, what: &str) -> String {
        let is_reserved = |start: &str| event.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
        let wanted = if RESERVED.into_iter().any(is_reserved) { format!("event_{event}") } else { event.to_owned() };
        self.free(&wanted, what)
    }

    /// A name with this end that is not taken yet. One that is gets a number, and the beginning of one that is too long is cut off at its end.
    pub(super) fn free(&mut self, begin: &str, end: &str) -> String {
        let mut number = 1_u32;
        loop {
            let end = if number == 1 { end.to_owned() } else { format!("{end}#{number}") };
            let mut kept = begin.len().min(self.longest.saturating_sub(end.len()));
            while !begin.is_char_boundary(kept) {
                kept -= 1;
            }
            let name = format!("{}{end}", begin.get(..kept).unwrap_or_default());
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_a_database_takes_for_one_are_numbered() {
        let mut names = Names::new(usize::MAX);
        let events = ["RUN", "Run", "run_latest", "sqlite_x", "PG_class"].map(|event| names.of_event(event, ""));
        assert_eq!(events, ["RUN", "Run#2", "run_latest", "event_sqlite_x", "event_PG_class"]);
        assert_eq!(names.of_event("RUN", "_latest"), "RUN_latest#2");
        assert_eq!(names.of_event("Run#2", "_latest"), "Run#2_latest");
    }

    #[test]
    fn a_long_name_keeps_its_end() {
        let mut names = Names::new(10);
        let all = [("aaaaaaaaaaaa", "_b"), ("aaaaaaaaaaaa", "_c"), ("aaaaaaaaaaa", "_b"), ("aaaaaa\u{e9}\u{e9}", "")]
            .map(|(begin, end)| names.free(begin, end));
        assert_eq!(all, ["aaaaaaaa_b", "aaaaaaaa_c", "aaaaaa_b#2", "aaaaaa\u{e9}\u{e9}"]);
        assert_eq!(names.free("aaaaaa\u{e9}\u{e9}", ""), "aaaaaa\u{e9}#2");
    }
}
