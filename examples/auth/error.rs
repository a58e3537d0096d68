use serde_path_to_error::{Path, Segment};

/// Where a mistake is. It holds no values and no names except those of options.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The text is not JSON, or not an object.
    #[error("column {column}: this is not a JSON object; look for a missing quote, bracket or comma")]
    NotJson {
        /// Where the parser stopped, counted from 1.
        column: usize,
    },
    /// The option does not accept the value.
    #[error("{path}: the value is not one that this option takes")]
    Unfit {
        /// The path, such as `options.socialProviders.*.scope[0]`. Names that the user chose are written as a star.
        path: String,
    },
}

/// Options whose keys are names that the user chose.
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
