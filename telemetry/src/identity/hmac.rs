//! HMAC-SHA-256, as in RFC 2104, for keys of 32 bytes.

use sha2::{Digest, Sha256};

/// Derives a key for a purpose, and for whatever that is bound to.
pub(crate) fn derive(key: &[u8; 32], purpose: &str, bound_to: &[&str]) -> [u8; 32] {
    let mut mac = Hmac::new(key);
    for part in std::iter::once(&purpose).chain(bound_to) {
        // With its length before it, no part can pass for the end of another.
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    mac.finalize()
}

#[derive(Clone)]
pub(crate) struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    /// A code that has read nothing yet.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let padded = |padding: u8| {
            let mut block = [padding; 64];
            for (byte, key) in block.iter_mut().zip(key) {
                *byte ^= key;
            }
            Sha256::new_with_prefix(block)
        };
        Self { inner: padded(0x36), outer: padded(0x5c) }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    pub(crate) fn chain_update(mut self, bytes: &[u8]) -> Self {
        self.update(bytes);
        self
    }

    pub(crate) fn finalize(mut self) -> [u8; 32] {
        self.outer.update(self.inner.finalize());
        self.outer.finalize().into()
    }

    /// Whether this is the code. How long it takes does not tell how much of it is right.
    pub(crate) fn verify(self, code: &[u8]) -> bool {
        let right = self.finalize();
        let difference = right.iter().zip(code).fold(0, |difference, (right, given)| difference | (right ^ given));
        code.len() == right.len() && std::hint::black_box(difference) == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    /// A key, padded with zeros as RFC 2104 does.
    fn key(text: &[u8]) -> [u8; 32] {
        let mut key = [0; 32];
        key[..text.len()].copy_from_slice(text);
        key
    }

    /// RFC 4231, sections 4.2, 4.3 and 4.4.
    #[test]
    fn the_codes_of_the_standard() {
        let cases: [(&[u8], &[u8], &str); 3] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ];
        for (text, message, code) in cases {
            let mac = || Hmac::new(&key(text)).chain_update(message);
            assert_eq!(hex::encode(&mac().finalize()), code);
            let mut code = hex::decode(code.as_bytes()).unwrap();
            assert!(mac().verify(&code));
            assert!(!mac().verify(&code[..31]));
            code[31] ^= 1;
            assert!(!mac().verify(&code));
            code.push(0);
            assert!(!mac().verify(&code));
        }
    }
}
