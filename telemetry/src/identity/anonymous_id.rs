//! The id under which a client's events are sent. It has one fixed form: 32 bytes as padded base64.

use std::fmt;
use std::path::Path;

use base64ct::{Base64, Encoding as _};
use sha2::{Digest, Sha256};

use crate::identity::hmac::derive;
use crate::identity::machine;
use crate::storage::StateDirectory;

/// Length of an id, in bytes.
pub(crate) const LENGTH: usize = 44;

/// Takes the place of the id when none may be created without consent.
pub(crate) const PLACEHOLDER: &str = "only-in-previews-since-no-consent-was-given=";

/// The purpose to which ids and keys are bound, so that they cannot be used for another.
const PURPOSE: &str = "anonymous id 1";
const PROJECT_KEY: &str = "project key 1";
const EPHEMERAL: &str = "ephemeral id 1";

/// Minimum length of a project's key, and minimum number of distinct characters: 128 random bits in base64, or in hexadecimal. A random key
/// with fewer distinct characters is practically impossible.
const MIN_BASE64: (usize, usize) = (22, 10);
const MIN_HEX: (usize, usize) = (32, 7);

/// The source of the anonymous id: it links the events of one installation or of one project, and reveals nothing else.
///
/// An id is 44 characters, the padded base64 of 32 bytes. For the first two kinds these are an HMAC-SHA-256 (RFC 2104), under a key that
/// the receiver does not have. Its input is the application's name, the [project's name](crate::client::Builder::project) and its [base
/// URL](crate::client::Builder::base_url), each prefixed with its length. Two clients with different inputs never share an id.
///
/// ```
/// use telemetry::client::AnonymousId;
/// use telemetry::{Consent, Telemetry};
///
/// // From the operator's configuration, made by `openssl rand -base64 32`.
/// let key = "kq3hTzBzG0uWZQ8r0vCw3m1mXyTq0bV5o5m3yQv3n1A=";
/// let telemetry = Telemetry::builder(Consent::new("ACME", "acme"))
///     .anonymous_id(AnonymousId::PerProject { key: key.into() })
///     .project("acme-shop")
///     .build();
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnonymousId {
    /// One id for each user of a machine, and for each [project](crate::client::Builder::project) if the application names several. With [`auth`](crate::auth), the directory names it. The key is derived from 32 random bytes, which are kept in the user's state directory (mode 0600)
    /// and never leave the machine. [`Consent::reset_id`](crate::Consent::reset_id) forgets them. If there is no such directory, the id is
    /// drawn for each process; the context says `"ephemeral": true` and requests have the header `Telemetry-Id: ephemeral`. The same holds while the file cannot be read or created, as in a
    /// shortage of space: a client tries again with each event, and its later events carry the lasting id.
    ///
    /// An id that needs the [project's name](crate::client::Builder::project) waits like this for it, if it has to be read from `package.json`
    /// and the disk does not answer in time.
    ///
    /// On Linux and BSD, the key also depends on the machine's own id (`/etc/machine-id` and the one that cloud-init keeps), if any user
    /// may read it, so that copies of a machine image get different ids.
    #[default]
    PerInstall,
    /// One id for each project, on any machine and in any container. The key comes from the operator's configuration, and has at least 128
    /// random bits. Without the key, the project cannot be inferred from the id.
    PerProject {
        /// At least 22 characters of base64, or 32 of hexadecimal; `openssl rand -base64 32` makes a good one.
        key: String,
    },
    /// One id for each project, without a key: the SHA-256 of base URL and name, concatenated, as in Better Auth. **Anyone who guesses both
    /// can verify the guess**, and names of public projects are easy to guess. Without name and base URL, the id is drawn for each process.
    PerProjectUnkeyed,
}

/// The key of a project is too short or too regular to contain 128 random bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WeakKey;

impl AnonymousId {
    pub(crate) fn check(&self) -> Result<(), WeakKey> {
        match self {
            Self::PerProject { key } if is_weak(key.trim()) => Err(WeakKey),
            _ => Ok(()),
        }
    }
}

fn is_weak(key: &str) -> bool {
    let (min_length, min_different) =
        if key.bytes().all(|byte| byte.is_ascii_hexdigit()) { MIN_HEX } else { MIN_BASE64 };
    let mut different: Vec<char> = key.chars().collect();
    let length = different.len();
    different.sort_unstable();
    different.dedup();
    length < min_length || different.len() < min_different
}

/// Omits the key.
impl fmt::Debug for AnonymousId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerInstall => f.write_str("PerInstall"),
            Self::PerProject { .. } => f.debug_struct("PerProject").finish_non_exhaustive(),
            Self::PerProjectUnkeyed => f.write_str("PerProjectUnkeyed"),
        }
    }
}

/// The inputs of a client's id.
#[derive(Default)]
pub(crate) struct Subject<'a> {
    pub(crate) application: &'a str,
    pub(crate) project: Option<&'a str>,
    pub(crate) base_url: Option<&'a str>,
    /// Differs from process to process.
    pub(crate) series: &'a str,
}

/// An id, and whether it persists.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ResolvedId {
    pub(crate) id: String,
    /// Whether the next process gets a different id.
    pub(crate) is_ephemeral: bool,
    /// Whether a later attempt may find a lasting id: there is a place for the salt, but it cannot be read or created now; or the name of
    /// the project is not known yet.
    pub(crate) is_provisional: bool,
}

impl ResolvedId {
    /// The id of a subject. `PerInstall` reads the salt, and creates it if it does not exist.
    pub(crate) fn of(kind: &AnonymousId, subject: &Subject<'_>, state: Option<&StateDirectory>) -> Self {
        Self::on_machine(Path::new("/"), kind, subject, state)
    }

    /// `root` is the directory that contains the machine's own files.
    fn on_machine(root: &Path, kind: &AnonymousId, subject: &Subject<'_>, state: Option<&StateDirectory>) -> Self {
        let bytes = match kind {
            AnonymousId::PerInstall => {
                let salt = state.and_then(|state| Some(state.salt().ok()?.of_machine(&machine::facts(root).ok()?)));
                salt.map(|salt| salt.key(PURPOSE, &subject.parts()))
            }
            AnonymousId::PerProject { key } => {
                let key = derive(&[0; 32], PROJECT_KEY, &[key.trim()]);
                Some(derive(&key, PURPOSE, &subject.parts()))
            }
            AnonymousId::PerProjectUnkeyed => subject.is_named().then(|| subject.plain_hash()),
        };
        match bytes {
            Some(bytes) => Self { id: Base64::encode_string(&bytes), is_ephemeral: false, is_provisional: false },
            None => Self::of_process(subject.series, *kind == AnonymousId::PerInstall && state.is_some()),
        }
    }

    /// An id that ends with the process, if no lasting one is found before.
    pub(crate) fn of_process(series: &str, is_provisional: bool) -> Self {
        let bytes = derive(&[0; 32], EPHEMERAL, &[series]);
        Self { id: Base64::encode_string(&bytes), is_ephemeral: true, is_provisional }
    }

    /// Takes the place of an id that may not be created.
    pub(crate) fn placeholder() -> Self {
        Self { id: PLACEHOLDER.to_owned(), is_ephemeral: false, is_provisional: false }
    }
}

impl<'a> Subject<'a> {
    /// An absent part differs from an empty one.
    fn parts(&self) -> [&'a str; 5] {
        let there = |part: Option<&'a str>| if part.is_some() { "1" } else { "0" };
        let (project, base_url) = (self.project.unwrap_or_default(), self.base_url.unwrap_or_default());
        [self.application, there(self.project), project, there(self.base_url), base_url]
    }

    fn is_named(&self) -> bool {
        [self.project, self.base_url].into_iter().flatten().any(|part| !part.is_empty())
    }

    fn plain_hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.base_url.unwrap_or_default());
        hash.update(self.project.unwrap_or_default());
        hash.finalize().into()
    }
}

#[cfg(test)]
mod tests;
