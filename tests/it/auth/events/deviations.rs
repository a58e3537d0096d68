//! The list of deliberate differences from the original, and whether each still occurs.

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
    /// The part of a vector's name before the first slash.
    family: String,
    /// The rest of the names; a star matches any text. By default the whole family.
    #[serde(default = "all")]
    vectors: Vec<String>,
    /// Names that these patterns do not match.
    #[serde(default)]
    except: Vec<String>,
    path: String,
    /// Our value at that path; by default none.
    ours: Option<Value>,
    reason: String,
    /// Which of `vectors` have occurred.
    #[serde(skip)]
    occurred: Vec<bool>,
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

pub(super) struct Deviations {
    list: Vec<Deviation>,
}

impl Deviations {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let List { deviations: mut list } = toml::from_str(text).map_err(|error| error.to_string())?;
        for deviation in &mut list {
            if deviation.family.contains(['/', '*']) || deviation.family.is_empty() || deviation.reason.len() < 20 {
                return Err(format!("{}: an entry needs one family and a reason", deviation.family));
            }
            deviation.occurred = vec![false; deviation.vectors.len()];
        }
        Ok(Self { list })
    }

    /// Whether the difference is listed. Remembers the entry that occurred.
    pub(super) fn list(&mut self, name: &str, difference: &Difference) -> bool {
        let mut is_listed = false;
        for deviation in &mut self.list {
            if deviation.path == difference.path && deviation.ours.clone().unwrap_or_default() == difference.ours {
                is_listed |= deviation.occurs(name);
            }
        }
        is_listed
    }

    /// The names and patterns that have not occurred. For another file, whose names are given, only whole names count.
    pub(super) fn stale(&self, names: Option<&[&str]>) -> Vec<String> {
        let mut stale = Vec::new();
        for deviation in &self.list {
            for (pattern, _) in deviation.vectors.iter().zip(&deviation.occurred).filter(|(_, occurred)| !**occurred) {
                let name = format!("{}/{pattern}", deviation.family);
                if names.is_none_or(|names| names.contains(&name.as_str())) {
                    stale.push(format!("{name} {}", deviation.path));
                }
            }
        }
        stale
    }
}

impl Deviation {
    /// Whether the entry applies to the vector. Remembers the pattern that occurred.
    fn occurs(&mut self, name: &str) -> bool {
        let Some((family, rest)) = name.split_once('/') else { return false };
        if family != self.family || self.except.iter().any(|pattern| matches(pattern, rest)) {
            return false;
        }
        let mut is_for = false;
        for (pattern, occurred) in self.vectors.iter().zip(&mut self.occurred) {
            if matches(pattern, rest) {
                (is_for, *occurred) = (true, true);
            }
        }
        is_for
    }
}

/// Whether a text matches a pattern, in which a star matches any text.
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
    fn an_entry_applies_to_its_family_names_and_value() {
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

        let mut of_all = Deviations::read(&LIST.replace(r#"vectors = ["TEST-*"]"#, "")).unwrap();
        assert_eq!(of_all.stale(None), ["test/* sent"]);
        assert!(of_all.list("test/late", &sent(false)) && of_all.stale(None).is_empty());
    }

    #[test]
    fn every_name_and_every_pattern_of_an_entry_must_occur() {
        let mut several = Deviations::read(&LIST.replace("\"TEST-*\"", "\"TEST-2\", \"TEST-*\", \"late-*\"")).unwrap();
        assert!(several.list("test/TEST-3", &sent(false)));
        assert_eq!(several.stale(None), ["test/TEST-2 sent", "test/late-* sent"]);
        assert!(several.list("test/TEST-2", &sent(false)));
        assert_eq!(several.stale(None), ["test/late-* sent"]);
    }

    #[test]
    fn an_entry_has_one_family_and_a_reason() {
        assert!(Deviations::read(&LIST.replace("\"test\"", "\"*\"")).is_err());
        assert!(Deviations::read(&LIST.replace("\"test\"", "\"test/x\"")).is_err());
        assert!(Deviations::read(&LIST.replace("what is no number is no yes", "")).is_err());
        assert!(Deviations::read(&LIST.replace("except", "but")).is_err());
    }

    #[test]
    fn a_star_matches_any_text() {
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
