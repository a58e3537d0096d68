//! What the receiver needs of a store.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::arrival::{Arrival, Fate};
use crate::check::Known;
use crate::store::{Quarantined, Unavailable, Writer};

/// What a store answers later.
pub type Later<'k, T> = Pin<Box<dyn Future<Output = Result<T, Unavailable>> + Send + 'k>>;

/// Keeps what was received.
pub trait Keep: Send + Sync + 'static {
    /// Keeps all of them, or none. It answers with their fates in their order, when they are on disk.
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>>;

    /// Takes in what waited for these schemas.
    fn know(&self, known: Arc<Known>) -> Later<'_, ()>;

    /// What waits for schemas that are not known. A store that lets nothing wait needs no answer of its own.
    fn quarantined(&self) -> Quarantined {
        Quarantined::default()
    }
}

impl Keep for Writer {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        Box::pin(self.write(arrivals))
    }

    fn know(&self, known: Arc<Known>) -> Later<'_, ()> {
        let schemas = known.events().flat_map(|(_, schemas)| schemas).cloned().collect();
        Box::pin(async { self.adopt(schemas).await.map(|_| ()) })
    }

    fn quarantined(&self) -> Quarantined {
        self.quarantined()
    }
}
