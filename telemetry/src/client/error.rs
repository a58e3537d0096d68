use serde::{Serialize, Serializer};

#[cfg(feature = "http")]
use crate::sink::http::{EndpointError, HeaderError};

/// Why a client has nowhere to send events. It never contains an address, name or value from the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Neither an endpoint nor a sink was given.
    #[error("there is nowhere to send events; call `endpoint` or `sink` on the builder")]
    NoEndpoint,
    /// A sink whose events are kept on disk does not name its destination, see [`Sink::destination`](crate::Sink::destination).
    #[error(
        "events are kept on disk for a sink that does not name its destination; implement `Sink::destination`, or call \
         `.to(\"…\")` on a function"
    )]
    SinkWithoutDestination,
    /// The endpoint is not a valid address.
    #[error("the endpoint is not an https address; give one such as https://telemetry.acme.dev/v1/events")]
    EndpointInvalid,
    /// The endpoint is an `http` address on another machine.
    #[error("the endpoint is not encrypted; use https, or http to localhost, 127.0.0.0/8 or [::1]")]
    EndpointNotSecure,
    /// The endpoint contains a user name or a password.
    #[error("the endpoint holds credentials; give them in a header, with `header` on the builder")]
    EndpointCredentials,
    /// The endpoint is an `https` address, but the crate was built without TLS.
    #[error("the endpoint needs encryption; switch on the feature `rustls` or `native-tls` of telemetry")]
    NoTls,
    /// A header's name or value contains characters that HTTP does not allow.
    #[error("a header's name or value is not allowed in HTTP; names are tokens, values one line of visible characters")]
    HeaderInvalid,
    /// The header is one that the client sets itself.
    #[error("the header {0} is set by telemetry itself; choose another name")]
    HeaderReserved(&'static str),
    /// The name of the service for a receiver of OpenTelemetry is empty, too long, or contains other characters than printable ASCII.
    #[error("the name of the service cannot be used; give 1 to 64 printable characters of ASCII")]
    ServiceNameInvalid,
    /// The application [asks for deletion](crate::Consent::with_deletion_request), and sends events in a form of another protocol, such as
    /// OpenTelemetry's or PostHog's, in which nothing can be asked for.
    ///
    /// Once `with_deletion_request` is left out, nobody is asked to delete what earlier versions have sent. The ids that these have written
    /// down stay on the machine until the user says no, and are deleted then.
    #[error("the receiver cannot be asked to delete anything in this form; leave out `with_deletion_request`")]
    DeletionImpossible,
    /// The key of [`AnonymousId::PerProject`](super::AnonymousId) is too short or too regular to contain 128 random bits.
    #[error(
        "the project's key is too short or too regular to hold 128 random bits; make one with `openssl rand -base64 32`"
    )]
    ProjectKeyWeak,
    /// This process was forked from the one that created the client. The worker exists only in the original process.
    #[error("the client was made by the process that this one was forked from; call `after_fork` to go on here")]
    Forked,
    /// The system provided no random bytes, so events could not get ids.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

/// Serializes as the error's sentence.
impl Serialize for ConfigError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "http")]
impl From<EndpointError> for ConfigError {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::Invalid => Self::EndpointInvalid,
            EndpointError::NotSecure => Self::EndpointNotSecure,
            EndpointError::Credentials => Self::EndpointCredentials,
            EndpointError::NoTls => Self::NoTls,
        }
    }
}

#[cfg(feature = "http")]
impl From<HeaderError> for ConfigError {
    fn from(error: HeaderError) -> Self {
        match error {
            HeaderError::Invalid => Self::HeaderInvalid,
            HeaderError::Reserved(name) => Self::HeaderReserved(name),
        }
    }
}
