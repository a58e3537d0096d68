//! The form in which events are sent over HTTP: that of this crate, or that of another protocol.

#[cfg(any(feature = "otlp", feature = "posthog"))]
use std::borrow::Cow;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::Outgoing;
#[cfg(feature = "otlp")]
use super::otlp::{self, Otlp};
#[cfg(feature = "posthog")]
use super::posthog::{self, PostHog};
#[cfg(any(feature = "otlp", feature = "posthog"))]
use crate::clock::DAY;

/// The form of requests and of their answers. It is a setting of the author, and part of an uploader's task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// `{"type":…,"payload":…,"anonymousId":…}`, with headers or, in a batch, with members before its own.
    #[default]
    Own,
    /// Log records of OpenTelemetry.
    #[cfg(feature = "otlp")]
    Otlp { service: Option<Cow<'static, str>> },
    /// PostHog's batches.
    #[cfg(feature = "posthog")]
    PostHog { token: Cow<'static, str> },
}

#[cfg(feature = "otlp")]
impl From<Otlp> for Form {
    fn from(otlp: Otlp) -> Self {
        Self::Otlp { service: otlp.service().map(Cow::Borrowed) }
    }
}

#[cfg(feature = "posthog")]
impl From<PostHog> for Form {
    fn from(posthog: PostHog) -> Self {
        Self::PostHog { token: Cow::Borrowed(posthog.token()) }
    }
}

/// The number of whole days, in UTC.
#[cfg(any(feature = "otlp", feature = "posthog"))]
pub(super) fn days_since_1970(now: SystemTime) -> u64 {
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs() / DAY.as_secs()
}

#[cfg_attr(not(feature = "otlp"), allow(unused_variables, reason = "not every form needs them"))]
impl Form {
    pub(crate) const fn is_own(&self) -> bool {
        matches!(self, Self::Own)
    }

    /// What events on disk are bound to. Receivers of one address are told apart by what each request says of them. No address has a space.
    #[cfg(feature = "http")]
    pub(crate) fn binding(&self, address: &str) -> String {
        match self {
            Self::Own => address.to_owned(),
            #[cfg(feature = "otlp")]
            Self::Otlp { service } => format!("otlp {} {address}", service.as_deref().unwrap_or_default()),
            #[cfg(feature = "posthog")]
            Self::PostHog { token } => format!("posthog {token} {address}"),
        }
    }

    /// The body of a request with these events; `None` in the form of this crate, whose requests have headers that say more.
    pub(crate) fn encode(&self, events: &[Outgoing], now: SystemTime) -> Option<String> {
        match self {
            Self::Own => None,
            #[cfg(feature = "otlp")]
            Self::Otlp { service } => Some(otlp::encode(events, service.as_deref(), now)),
            #[cfg(feature = "posthog")]
            Self::PostHog { token } => Some(posthog::encode(events, token, now)),
        }
    }

    /// The body as it goes over the wire, and its `Content-Encoding`. `None` if it goes as it is.
    #[cfg(feature = "http")]
    pub(crate) fn compress(&self, body: &str) -> Option<(Vec<u8>, &'static str)> {
        match self {
            Self::Own => None,
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => Some((otlp::gzip(body)?, otlp::ENCODING)),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => None,
        }
    }

    /// How the page calls the encoding of requests.
    pub(crate) const fn encoding(&self) -> Option<&'static str> {
        match self {
            Self::Own => None,
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => Some("`gzip`"),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => None,
        }
    }

    /// What the event's name and the anonymous id are called in a request.
    pub(crate) const fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Own => ("type", "anonymousId"),
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => ("eventName", otlp::ANONYMOUS_ID),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => ("event", "distinct_id"),
        }
    }

    /// How a page for users tells what a request holds; empty for the form of this crate.
    pub(crate) fn on_the_page(&self, code: fn(&str) -> String) -> String {
        match self {
            Self::Own => String::new(),
            #[cfg(feature = "otlp")]
            Self::Otlp { service } => otlp::on_the_page(service.as_deref(), code),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => posthog::on_the_page(),
        }
    }

    /// Whether the same request may succeed later, as the protocol says of this status.
    #[cfg(feature = "http")]
    pub(crate) fn is_temporary(&self, status: u16) -> bool {
        match self {
            Self::Own => matches!(status, 408 | 429) || (500..600).contains(&status),
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => otlp::RETRYABLE.contains(&status),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => Self::Own.is_temporary(status),
        }
    }

    /// How many events the receiver has refused, by the body of its answer to a request that succeeded.
    #[cfg(feature = "http")]
    pub(crate) fn rejected(&self, answer: &[u8]) -> usize {
        match self {
            Self::Own => 0,
            #[cfg(feature = "otlp")]
            Self::Otlp { .. } => otlp::rejected(answer),
            #[cfg(feature = "posthog")]
            Self::PostHog { .. } => posthog::rejected(answer),
        }
    }
}
