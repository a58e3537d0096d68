//! Payloads that wait in quarantine for their schema.

use super::veil;
use crate::check::{Fault, envelope};
use crate::fuzz::all;

/// The first byte chooses a schema. A payload that waited for it is judged as if it had come later, and what waits holds no text.
pub(crate) fn quarantine(bytes: &[u8]) {
    let Some((first, payload)) = bytes.split_first() else { return };
    let Some(schema) = all().get(usize::from(*first) % all().len()) else { return };
    if envelope::well_formed(payload).is_err() {
        return;
    }
    let hidden = veil::hide(payload, b"id");
    assert!(is_hidden(&hidden), "{}", String::from_utf8_lossy(&hidden));
    let (now, later) = (schema.check(payload), schema.check(&veil::reveal(&hidden, b"id", schema)));
    match (now, later) {
        (Ok(now), later) => assert_eq!(later, Ok(now)),
        // White space is not kept, and nothing else is lost.
        (Err(_), Ok(later)) => assert_eq!(schema.check(&without_space(payload)), Ok(later)),
        (Err(now), Err(later)) => assert!(
            now.fault == later.fault || has_space(payload) || has_escape(payload) || is_of_length(now.fault),
            "{now} {later}"
        ),
    }
}

/// Whether all texts are hashes or versions.
fn is_hidden(hidden: &[u8]) -> bool {
    hidden.split(|byte| *byte == b'"').enumerate().all(|(at, part)| match (at % 2, part) {
        (0, part) => part
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"{}[]:,-+.eE".contains(byte) || b"truefalsn".contains(byte)),
        (_, [b'#', digits @ ..]) => {
            digits.len() == 26 && digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        }
        (_, version) => crate::check::is_version(version),
    })
}

/// A longer number becomes a text, and of a long text only 255 bytes are told.
const fn is_of_length(fault: Fault) -> bool {
    matches!(
        fault,
        Fault::NotAWord { .. }
            | Fault::NotAVersion { .. }
            | Fault::Kind { .. }
            | Fault::NoVariant { .. }
            | Fault::UnknownMember { .. }
            | Fault::NumberForm
            | Fault::OutOfBounds
            | Fault::TooExact
            | Fault::TooLong { .. }
    )
}

fn without_space(payload: &[u8]) -> Vec<u8> {
    let (mut is_text, mut is_escaped) = (false, false);
    let mut kept = payload.to_vec();
    kept.retain(|byte| {
        if is_text {
            is_text = *byte != b'"' || is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            return true;
        }
        is_text = *byte == b'"';
        !byte.is_ascii_whitespace()
    });
    kept
}

fn has_space(payload: &[u8]) -> bool {
    without_space(payload).len() < payload.len()
}

fn has_escape(payload: &[u8]) -> bool {
    payload.contains(&b'\\')
}
