//! The prefix of the ids of one client's events, which distinguishes them from the events of all other clients.

use data_encoding::HEXLOWER;

/// 16 random bytes, in hexadecimal.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}
