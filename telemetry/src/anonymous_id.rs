//! The id under which a client's events are sent. It has one fixed form: 32 bytes as padded base64.

use crate::base64;

/// Length of an id, in bytes.
pub(crate) const LENGTH: usize = 44;

/// Stands for the id where none may be made, for want of consent.
pub(crate) const PLACEHOLDER: &str = "only-in-previews-since-no-consent-was-given=";

/// An id that says nothing: it is drawn anew for each client.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(base64::encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_placeholder_is_as_long_and_is_no_id() {
        assert_eq!(PLACEHOLDER.len(), LENGTH);
        assert!(PLACEHOLDER.contains('-'), "no id has such a character");
    }

    #[test]
    fn an_id_has_the_fixed_form_and_is_drawn_anew() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_ne!(one, other);
        for id in [one, other] {
            assert_eq!(id.len(), LENGTH);
            assert!(id.ends_with('=') && !id.ends_with("=="), "32 bytes have one character of padding: {id}");
        }
    }
}
