//! The sentences for the names of faults in the database, which have no lengths.

use crate::check::{Fault, Found};
use crate::store::rejects::name;

const FOUND: [Found; 6] =
    [Found::Null, Found::Flag, Found::Number, Found::Text { bytes: 0 }, Found::List, Found::Object];

const OTHERS: [Fault; 26] = [
    Fault::TooLong { bytes: 0 },
    Fault::Malformed,
    Fault::TooDeep,
    Fault::WhiteSpace,
    Fault::Escape,
    Fault::NumberForm,
    Fault::NotAWord { bytes: 0 },
    Fault::NotAVersion { bytes: 0 },
    Fault::OutOfBounds,
    Fault::TooExact,
    Fault::TooMany { max: 0 },
    Fault::NotASet,
    Fault::Missing,
    Fault::Incomplete,
    Fault::UnknownMember { bytes: 0 },
    Fault::Repeated,
    Fault::Misplaced,
    Fault::Envelope,
    Fault::EventName,
    Fault::OtherEvent,
    Fault::AnonymousId,
    Fault::EventId,
    Fault::SchemaHash,
    Fault::Age,
    Fault::Kind { found: Found::Null },
    Fault::NoVariant { found: Found::Null },
];

/// The sentence for a name; the name itself if a newer collector wrote it.
pub(super) fn sentence(fault: &str) -> String {
    let kinds = FOUND.into_iter().flat_map(|found| [Fault::Kind { found }, Fault::NoVariant { found }]);
    let known = OTHERS.into_iter().chain(kinds).find(|known| name(*known) == fault);
    known.map_or_else(|| fault.to_owned(), without_length)
}

fn without_length(fault: Fault) -> String {
    if let Fault::TooMany { .. } = fault {
        return "too many items".to_owned();
    }
    [": 0 bytes", ", with a name of 0 bytes", " of 0 bytes"]
        .iter()
        .fold(fault.to_string(), |text, length| text.replace(length, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_sentences_without_lengths() {
        for (name, expected) in [
            ("Kind Text", "cannot be a text"),
            ("NoVariant Object", "an object that fits none of the variants"),
            ("NotAWord", "a text that is none of the words"),
            ("TooLong", "longer than any event"),
            ("TooMany", "too many items"),
            ("UnknownMember", "a member that the schema does not have"),
            ("Envelope", "the object around the payload is not that of an event"),
            ("Newer", "Newer"),
        ] {
            assert_eq!(sentence(name), expected);
        }
        assert!(OTHERS.iter().all(|fault| !sentence(&name(*fault)).contains("0 bytes")));
    }
}
