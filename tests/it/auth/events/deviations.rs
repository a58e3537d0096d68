//! Where we differ from the original on purpose: the list, and whether it still holds.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::facts::Difference;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(rename = "deviation")]
    deviations: Vec<Deviation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Deviation {
    /// What comes before the first slash in a vector's name.
    family: String,
    /// The rest of the names; a star stands for any text. All of the family, when it is not given.
    #[serde(default)]
    vectors: Vec<String>,
    /// Names that these stars do not stand for.
    #[serde(default)]
    except: Vec<String>,
    path: String,
    /// What we give there; nothing, when it is not given.
    ours: Option<Value>,
    reason: String,
}

pub(super) struct Deviations {
    list: Vec<(Deviation, bool)>,
}

impl Deviations {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let List { deviations } = toml::from_str(text).map_err(|error| error.to_string())?;
        for deviation in &deviations {
            if deviation.family.contains(['/', '*']) || deviation.family.is_empty() || deviation.reason.len() < 20 {
                return Err(format!("{}: an entry has one family, and a reason", deviation.family));
            }
        }
        Ok(Self { list: deviations.into_iter().map(|deviation| (deviation, false)).collect() })
    }

    /// Whether the difference is listed, which is remembered.
    pub(super) fn list(&mut self, name: &str, difference: &Difference) -> bool {
        let mut is_listed = false;
        for (deviation, occurs) in &mut self.list {
            let is_it = deviation.is_for(name) && deviation.path == difference.path;
            if is_it && deviation.ours.clone().unwrap_or_default() == difference.ours {
                (is_listed, *occurs) = (true, true);
            }
        }
        is_listed
    }

    /// What is listed and has not occurred. Of another file, whose names are given, that is asked only where a vector is listed by name.
    pub(super) fn stale(&self, names: Option<&[&str]>) -> Vec<String> {
        let is_wanted = |deviation: &Deviation| {
            names.is_none_or(|names| deviation.lists_names() && names.iter().any(|name| deviation.is_for(name)))
        };
        let stale = self.list.iter().filter(|(deviation, occurs)| !occurs && is_wanted(deviation));
        stale.map(|(deviation, _)| deviation.to_string()).collect()
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:?} {}", self.family, self.vectors, self.path)
    }
}

impl Deviation {
    fn lists_names(&self) -> bool {
        !self.vectors.is_empty() && !self.vectors.iter().any(|pattern| pattern.contains('*'))
    }

    fn is_for(&self, name: &str) -> bool {
        let Some((family, rest)) = name.split_once('/') else { return false };
        let is_among = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, rest));
        family == self.family && (self.vectors.is_empty() || is_among(&self.vectors)) && !is_among(&self.except)
    }
}

/// Whether a text has the form of a pattern, in which a star stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|text| {
            let ends = text.char_indices().map(|(end, _)| end).chain([text.len()]);
            ends.into_iter().any(|end| matches(rest, &text[end..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::facts::{Difference, Event, differences};
    use super::*;

    const LIST: &str = r#"
        [[deviation]]
        family = "test"
        vectors = ["TEST-*"]
        except = ["TEST-1"]
        path = "sent"
        ours = false
        reason = "what is no number is no yes"
    "#;

    fn sent(ours: bool) -> Difference {
        let some = [Event::new(json!({"type": "init"}), Vec::new(), None)];
        let (theirs, ours) = if ours { (&[][..], &some[..]) } else { (&some[..], &[][..]) };
        differences(theirs, ours).remove(0)
    }

    #[test]
    fn an_entry_is_for_its_family_its_names_and_its_value() {
        let mut deviations = Deviations::read(LIST).unwrap();
        assert_eq!(deviations.stale(None).len(), 1);
        assert!(deviations.stale(Some(&["test/TEST-2"])).is_empty());
        for (name, ours) in
            [("test/TEST-1", false), ("test/NODE_ENV", false), ("enable/TEST-2", false), ("test/TEST-2", true)]
        {
            assert!(!deviations.list(name, &sent(ours)), "{name}");
        }
        assert_eq!(deviations.stale(None).len(), 1);
        assert!(deviations.list("test/TEST-2", &sent(false)));
        assert!(deviations.stale(None).is_empty());

        let by_name = Deviations::read(&LIST.replace("TEST-*", "TEST-2")).unwrap();
        assert_eq!(by_name.stale(Some(&["test/TEST-2"])).len(), 1);
        assert!(by_name.stale(Some(&["enable/TEST-2", "test/TEST-1"])).is_empty());
    }

    #[test]
    fn an_entry_spans_no_two_families_and_has_a_reason() {
        assert!(Deviations::read(&LIST.replace("\"test\"", "\"*\"")).is_err());
        assert!(Deviations::read(&LIST.replace("\"test\"", "\"test/x\"")).is_err());
        assert!(Deviations::read(&LIST.replace("what is no number is no yes", "")).is_err());
        assert!(Deviations::read(&LIST.replace("except", "but")).is_err());
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "a", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c*", "abc", true),
            ("*b", "abc", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
