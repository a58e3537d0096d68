use serde_path_to_error::{Path, Segment};

/// Where a mistake is. It holds no value, and no name that is not one of an option.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The text is not JSON, or not an object.
    #[error("column {column}: this is not a JSON object; look for a missing quote, bracket or comma")]
    NotJson {
        /// Where the parser stopped, counted from 1.
        column: usize,
    },
    /// A value is not one that the option takes.
    #[error("{path}: the value is not one that this option takes")]
    Unfit {
        /// The path, as in `options.socialProviders.*.scope[0]`; names that the user chose are a star.
        path: String,
    },
}

/// What has names of the user's choice as keys.
pub(super) const CHOSEN: [&str; 6] =
    ["socialProviders", "fields", "additionalFields", "cookies", "customRules", "plugins"];

impl DecodeError {
    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        Self::NotJson { column: error.column().max(1) }
    }

    pub(super) fn at(path: &str) -> Self {
        Self::Unfit { path: path.to_owned() }
    }

    pub(super) fn unfit(root: &str, path: &Path) -> Self {
        let mut written = root.to_owned();
        let mut is_chosen = false;
        for segment in path {
            match segment {
                Segment::Seq { index } => written.push_str(&format!("[{index}]")),
                Segment::Map { .. } if is_chosen => written.push_str(".*"),
                Segment::Map { key } => written.push_str(&format!(".{key}")),
                Segment::Enum { .. } | Segment::Unknown => {}
            }
            is_chosen = matches!(segment, Segment::Map { key } if CHOSEN.contains(&key.as_str()));
        }
        Self::Unfit { path: written }
    }
}
