//! What is answered when there is nothing to show. Every text is fixed or of a schema: nothing else of a request comes back.

use axum::http::StatusCode;
use maud::html;
use serde_json::json;

use super::html::{Frame, Place, page};
use crate::ask::{AskError, FilterError};

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShowError {
    /// No schema of such an event is known.
    #[error("no event has this name")]
    NoEvent,
    /// The query is not a filter of this event.
    #[error(transparent)]
    Filter(FilterError),
    /// Too many reports are being made.
    #[error("too many reports are being made; try again in a few seconds")]
    Busy,
    /// The report takes too long.
    #[error("the report takes too long; ask for fewer days, or keep fewer by `retention-days`")]
    TooSlow,
    /// The database cannot be read.
    #[error("the database cannot be read; the log of the collector says why")]
    Unreadable,
}

impl From<AskError> for ShowError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Filter(error) => Self::Filter(error),
            AskError::Read(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
                Self::TooSlow
            }
            AskError::Read(error) => {
                tracing::error!("the database cannot be read: {}", crate::store::Unavailable::from(error));
                Self::Unreadable
            }
            #[cfg(feature = "clickhouse")]
            AskError::Engine(crate::clickhouse::EngineError::TimedOut) => Self::TooSlow,
            #[cfg(feature = "clickhouse")]
            AskError::Changing => Self::Busy,
            #[cfg(feature = "clickhouse")]
            AskError::Engine(error) => {
                tracing::error!("the database cannot be read: {error}");
                Self::Unreadable
            }
            AskError::Layout => {
                tracing::error!("{error}");
                Self::Unreadable
            }
        }
    }
}

impl ShowError {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::NoEvent => StatusCode::NOT_FOUND,
            Self::Filter(_) => StatusCode::BAD_REQUEST,
            Self::Busy | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unreadable => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    pub(super) fn json(&self) -> String {
        json!({ "error": self.to_string() }).to_string()
    }

    pub(super) fn page(&self, place: Place) -> String {
        let title = match self {
            Self::NoEvent => "There is no such event",
            Self::Filter(_) => "This is not a filter of the event",
            Self::Busy | Self::TooSlow => "Not now",
            Self::Unreadable => "The numbers cannot be read",
        };
        let content = html! {
            h1 { (title) }
            section.card.teach {
                p { (sentence(&self.to_string())) }
                p {
                    @if let Self::Filter(_) = self { a href="?" { "The event without a filter" } " \u{b7} " }
                    a href=(place.home()) { "All events" }
                }
            }
        };
        page(&Frame { place, title, json: None, least: 0 }, &content)
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
