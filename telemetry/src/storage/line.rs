//! A line of JSON whose last member is a body, kept byte for byte.
//!
//! `serde_json::value::RawValue` does the same, behind a feature that makes every serializer of the whole program larger.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

const BODY: &str = r#","body":"#;

/// The JSON of `head`, which has at least one member, with the body as one more; no line ending.
///
/// # Errors
///
/// If the body is not JSON, or the head cannot be serialized.
pub(crate) fn write(head: &impl Serialize, body: &str) -> serde_json::Result<String> {
    serde_json::from_str::<IgnoredAny>(body)?;
    let mut line = serde_json::to_string(head)?;
    line.pop();
    line.extend([BODY, body, "}"]);
    Ok(line)
}

/// The head and the body of a line.
pub(crate) fn read<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Option<(T, &'a str)> {
    let line = str::from_utf8(line).ok()?;
    // In a string of the head, its quotes would be escaped.
    let (_, body) = line.split_once(BODY)?;
    let body = body.strip_suffix('}')?;
    serde_json::from_str::<IgnoredAny>(body).ok()?;
    // Deserializing the whole line skips the body.
    Some((serde_json::from_str(line).ok()?, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq, Serialize)]
    struct Head {
        at: u64,
        id: String,
    }

    fn head() -> Head {
        Head { at: 17, id: r#"","body":{"#.into() }
    }

    #[test]
    fn a_body_is_kept_byte_for_byte() {
        for body in [r#"{"x":1.50, "y" : [ ]}"#, r#"{"z":"\u0041","body":{"body":{}}}"#, "17", "null"] {
            let line = write(&head(), body).unwrap();
            assert_eq!(read(line.as_bytes()), Some((head(), body)));
            assert_eq!(serde_json::from_str::<serde_json::Value>(&line).unwrap()["at"], 17);
        }
    }

    #[test]
    fn a_body_that_is_not_json_is_neither_written_nor_read() {
        for body in ["", "{", "{}}", "{}\n{}", r#"{},"at":18"#] {
            assert!(write(&head(), body).is_err(), "{body}");
            assert_eq!(read::<Head>(format!(r#"{{"at":17,"id":"","body":{body}}}"#).as_bytes()), None, "{body}");
        }
        assert_eq!(read::<Head>(br#"{"at":17,"id":""}"#), None);
    }
}
