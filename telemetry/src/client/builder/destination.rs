//! Where events go.

use crate::delivery::Durability;
use crate::sink::form::Form;
#[cfg(feature = "http")]
use crate::sink::http::Endpoint;
use crate::sink::{Guarded, Sink};

#[derive(Default)]
pub(super) enum Destination {
    #[default]
    None,
    #[cfg(feature = "http")]
    Endpoint(Endpoint),
    Sink(Guarded),
}

impl Destination {
    pub(super) fn again(&self) -> Self {
        match self {
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Self::Endpoint(endpoint.clone()),
            Self::None | Self::Sink(_) => Self::None,
        }
    }

    /// What may be shown of an endpoint.
    pub(super) fn authority(&self) -> Option<String> {
        match self {
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Some(endpoint.authority()),
            _ => None,
        }
    }

    /// The destination to which events on disk are bound, so that they are never sent elsewhere. `None` if events are not kept on disk.
    #[cfg_attr(not(feature = "http"), allow(unused_variables, reason = "without an address there is one form"))]
    pub(super) fn binding(&self, form: &Form, durability: Durability) -> Option<String> {
        match self {
            Self::None => None,
            #[cfg(feature = "http")]
            Self::Endpoint(endpoint) => Some(form.binding(endpoint.url().as_str())),
            Self::Sink(sink) if durability == Durability::WriteAhead => Some(format!("sink {}", sink.destination()?)),
            Self::Sink(_) => None,
        }
    }
}
