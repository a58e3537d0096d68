//! A store of a test. With the address of an engine in the environment, it is two: each gets the same arrivals, and must give the same answers.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use telemetry_collector::arrival::{Arrival, Day, Fate};
use telemetry_collector::ask::report::{EventReport, Overview};
use telemetry_collector::ask::{self, AskError, Filter, Published, Source};
use telemetry_collector::check::Known;
use telemetry_collector::receive::{Keep, Later};
use telemetry_collector::store::{Quarantined, Retained, Store, Writer};

#[cfg(feature = "clickhouse")]
use super::engine::Engine;

/// A file, and a database of the engine if there is one.
pub(crate) struct Both {
    pub(crate) store: Store,
    #[cfg(feature = "clickhouse")]
    engine: Option<Engine>,
}

impl Both {
    pub(crate) fn open(path: &Path) -> Self {
        Self {
            store: Store::open(path).unwrap(),
            #[cfg(feature = "clickhouse")]
            engine: Engine::of_the_environment(&path.with_extension("beside")),
        }
    }

    /// The arguments of a command that works on the engine, if there is one.
    #[cfg_attr(not(feature = "clickhouse"), allow(clippy::unused_self, reason = "there is no engine"))]
    pub(crate) fn engine_arguments(&self) -> Option<Vec<String>> {
        #[cfg(feature = "clickhouse")]
        if let Some(engine) = &self.engine {
            return Some(engine.arguments());
        }
        None
    }

    /// What a receiver hands arrivals to.
    pub(crate) fn keep(&self) -> Arc<dyn Keep> {
        Arc::new(Kept {
            file: self.store.writer(),
            #[cfg(feature = "clickhouse")]
            engine: self.engine.as_ref().map(|engine| engine.clickhouse.writer()),
        })
    }

    pub(crate) fn write(&self, arrivals: Vec<Arrival>) -> Vec<Fate> {
        wait(self.keep().keep(arrivals)).unwrap()
    }

    pub(crate) fn retain(&self, today: Day, days: u16) -> Retained {
        let retained = wait(self.store.writer().retain(today, days)).unwrap();
        #[cfg(feature = "clickhouse")]
        if let Some(engine) = &self.engine {
            assert_eq!(wait(engine.clickhouse.writer().retain(today, days)).unwrap(), retained);
        }
        retained
    }

    pub(crate) fn event(
        &self,
        known: &Known,
        name: &str,
        filter: &Filter,
        today: Day,
        least: u64,
    ) -> Result<Option<EventReport>, AskError> {
        self.ask(|source| ask::event(source, known, name, filter, today, least))
    }

    pub(crate) fn overview(&self, known: &Known, today: Day, least: u64) -> Overview {
        self.ask(|source| ask::overview(source, known, today, least)).unwrap()
    }

    pub(crate) fn published(&self, known: &Known, today: Day, retention_days: u16, least: u64) -> Published {
        self.ask(|source| ask::published(source, known, today, retention_days, least)).unwrap()
    }

    fn ask<T: PartialEq + std::fmt::Debug>(
        &self,
        ask: impl Fn(Source<'_>) -> Result<T, AskError>,
    ) -> Result<T, AskError> {
        let of_file = ask(Source::from(&self.store.reader().unwrap()));
        #[cfg(feature = "clickhouse")]
        if let Some(engine) = &self.engine {
            let of_engine = ask(Source::from(&engine.clickhouse.readers().open().unwrap()));
            match (&of_engine, &of_file) {
                (Ok(of_engine), Ok(of_file)) => assert_eq!(of_engine, of_file, "the engine and the file"),
                (of_engine, of_file) => assert_eq!(format!("{of_engine:?}"), format!("{of_file:?}")),
            }
        }
        of_file
    }
}

/// Hands arrivals to both.
struct Kept {
    file: Writer,
    #[cfg(feature = "clickhouse")]
    engine: Option<telemetry_collector::clickhouse::Writer>,
}

impl Keep for Kept {
    fn keep(&self, arrivals: Vec<Arrival>) -> Later<'_, Vec<Fate>> {
        Box::pin(async move {
            #[cfg(feature = "clickhouse")]
            if let Some(engine) = &self.engine {
                let again = arrivals.iter().map(copy).collect();
                let fates = self.file.write(arrivals).await?;
                assert_eq!(engine.write(again).await?, fates, "the engine and the file");
                return Ok(fates);
            }
            self.file.write(arrivals).await
        })
    }

    fn know(&self, known: Arc<Known>) -> Later<'_, ()> {
        Box::pin(async move {
            #[cfg(feature = "clickhouse")]
            if let Some(engine) = &self.engine {
                Keep::know(engine, Arc::clone(&known)).await?;
            }
            Keep::know(&self.file, known).await
        })
    }

    fn quarantined(&self) -> Quarantined {
        self.file.quarantined()
    }
}

#[cfg(feature = "clickhouse")]
pub(crate) fn copy(arrival: &Arrival) -> Arrival {
    match arrival {
        Arrival::Event { envelope, schema, cells } => {
            Arrival::Event { envelope: *envelope, schema: Arc::clone(schema), cells: cells.clone() }
        }
        Arrival::Unknown { envelope, schema, event, payload } => {
            Arrival::Unknown { envelope: *envelope, schema: *schema, event: event.clone(), payload: payload.clone() }
        }
        Arrival::Reject { day, schema, reason } => {
            Arrival::Reject { day: *day, schema: schema.clone(), reason: reason.clone() }
        }
        Arrival::Deletion { id, anonymous_id } => Arrival::Deletion { id: *id, anonymous_id: *anonymous_id },
    }
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
