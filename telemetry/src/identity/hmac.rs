//! HMAC-SHA-256 (RFC 2104) with 32-byte keys.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// A MAC that has not consumed any data yet.
pub(crate) fn hmac(key: &[u8; 32]) -> HmacSha256 {
    // RFC 2104 pads a key with zeros to the block length. A key of exactly that length cannot have an invalid length.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    HmacSha256::new(&block.into())
}

/// Derives a key for a purpose, and for the values it is bound to.
pub(crate) fn derive(key: &[u8; 32], purpose: &str, bound_to: &[&str]) -> [u8; 32] {
    let mut mac = hmac(key);
    for part in std::iter::once(&purpose).chain(bound_to) {
        // The length prefix prevents ambiguity between the parts.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 4231, section 4.2, zero-padded as in RFC 2104, and the MAC of the message.
    #[test]
    fn a_short_key_is_padded_as_the_standard_says() {
        let mut key = [0; 32];
        key[..20].copy_from_slice(&[0x0b; 20]);
        let code = hmac(&key).chain_update(b"Hi There").finalize().into_bytes();
        assert_eq!(
            base16ct::lower::encode_string(&code),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    #[test]
    fn keys_differ_by_purpose_and_by_where_each_part_ends() {
        let key = |purpose, bound_to: &[&str]| derive(&[7; 32], purpose, bound_to);
        let keys = [
            key("spool", &["acme", "a"]),
            key("spool", &["acm", "ea"]),
            key("spool", &["acmea"]),
            key("id", &["acme", "a"]),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(one));
        }
    }
}
