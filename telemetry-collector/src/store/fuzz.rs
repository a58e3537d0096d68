//! Payloads that wait in quarantine for their schema.

use super::veil;
use crate::check::{Fault, Found, envelope};
use crate::fuzz::all;

/// The first byte chooses a schema. A payload that waited for it is judged as if the schema had been known.
pub(crate) fn quarantine(bytes: &[u8]) {
    let Some((first, payload)) = bytes.split_first() else { return };
    let Some(schema) = all().get(usize::from(*first) % all().len()) else { return };
    if envelope::well_formed(payload).is_err() {
        return;
    }
    let revealed = veil::reveal(&veil::hide(payload, b"id"), b"id", schema);
    let check = |payload| schema.check(payload).map_err(|reason| (without_length(reason.fault), reason.path));
    assert_eq!(check(payload), check(&revealed));
}

/// The length of a text that the schema does not have is not kept, neither while it waits nor once it is rejected.
fn without_length(fault: Fault) -> Fault {
    let text = Found::Text { bytes: 0 };
    match fault {
        Fault::Kind { found: Found::Text { .. } } => Fault::Kind { found: text },
        Fault::NoVariant { found: Found::Text { .. } } => Fault::NoVariant { found: text },
        Fault::NotAWord { .. } => Fault::NotAWord { bytes: 0 },
        Fault::NotAVersion { .. } => Fault::NotAVersion { bytes: 0 },
        Fault::UnknownMember { .. } => Fault::UnknownMember { bytes: 0 },
        fault => fault,
    }
}
