//! What the ids of one client's events begin with, so that they differ from those of all others.

use data_encoding::HEXLOWER;

/// 16 random bytes, in hexadecimal.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}
