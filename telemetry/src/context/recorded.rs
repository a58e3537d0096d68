use super::Context;
use crate::snapshot::write_into;

/// The context as JSON, as it goes into the payloads of events.
#[derive(Debug, Default)]
pub(crate) struct RecordedContext {
    object: Vec<u8>,
}

impl RecordedContext {
    pub(crate) fn of(context: &Context) -> Self {
        Self { object: write_into(context, Vec::new()).unwrap_or_default() }
    }

    /// Its members, separated by commas.
    pub(crate) fn members(&self) -> &[u8] {
        self.object.strip_prefix(b"{").and_then(|object| object.strip_suffix(b"}")).unwrap_or_default()
    }
}
