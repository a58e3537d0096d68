//! The prefix of the ids of one client's events, which distinguishes them from the events of all other clients.

/// 16 random bytes, in hexadecimal.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(base16ct::lower::encode_string(&bytes))
}
