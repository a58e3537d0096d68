use super::spool::Stored;
use super::waiting::{Content, Waiting};

/// What a client's events carry besides their payload.
#[derive(Default)]
pub(crate) struct Identity {
    pub(crate) anonymous_id: String,
    /// Drawn once, so that with an event's number it names the event.
    pub(crate) series: String,
}

impl Identity {
    /// The event as it is sent.
    pub(super) fn finish(&self, waiting: &Waiting) -> Stored {
        match &waiting.content {
            Content::Recovered(event) => event.clone(),
            Content::Fresh(draft) => Stored {
                id: format!("{}-{}", self.series, waiting.ticket),
                at: waiting.at,
                body: draft.finish(&self.anonymous_id),
            },
        }
    }
}
