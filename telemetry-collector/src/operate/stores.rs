//! The stores that the settings name: a file, or an engine with a file beside.

use std::sync::Arc;

use super::settings::Settings;
#[cfg(feature = "clickhouse")]
use super::settings::StoreKind;
use crate::arrival::{AnonymousId, Day, EventId};
use crate::ask::Readers;
#[cfg(feature = "clickhouse")]
use crate::clickhouse::{self, Address, ClickHouse, EngineError, Options};
use crate::receive::Keep;
use crate::store::{Deletion, OpenError, Retained, Store, Unavailable, Writer};

/// Why the stores cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoresError {
    /// The file cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The engine cannot be used.
    #[cfg(feature = "clickhouse")]
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// The stores that are open.
pub(super) struct Stores {
    // It writes what waits before the file beside is closed.
    #[cfg(feature = "clickhouse")]
    engine: Option<ClickHouse>,
    file: Store,
}

/// Writes to them.
#[derive(Clone)]
pub(super) enum StoresWriter {
    File(Writer),
    #[cfg(feature = "clickhouse")]
    Engine(clickhouse::Writer),
}

impl Stores {
    /// Opens them, and makes what is missing.
    pub(super) fn open(settings: &Settings) -> Result<Self, StoresError> {
        Self::with(settings, Store::open(&settings.database)?)
    }

    /// The same for a command, which makes no empty file to work on. An engine may have been written from other machines.
    pub(super) fn open_existing(settings: &Settings) -> Result<Self, StoresError> {
        #[cfg(feature = "clickhouse")]
        if settings.store == StoreKind::ClickHouse {
            return Self::open(settings);
        }
        Self::with(settings, Store::open_existing(&settings.database)?)
    }

    #[cfg(feature = "clickhouse")]
    fn with(settings: &Settings, file: Store) -> Result<Self, StoresError> {
        let engine = match settings.store {
            StoreKind::Sqlite => None,
            StoreKind::ClickHouse => Some(ClickHouse::open(&address(settings)?, &file, options(settings))?),
        };
        Ok(Self { engine, file })
    }

    #[cfg(not(feature = "clickhouse"))]
    #[allow(clippy::unnecessary_wraps, reason = "with other features, it can fail")]
    fn with(_: &Settings, file: Store) -> Result<Self, StoresError> {
        Ok(Self { file })
    }

    pub(super) fn writer(&self) -> StoresWriter {
        #[cfg(feature = "clickhouse")]
        if let Some(engine) = &self.engine {
            return StoresWriter::Engine(engine.writer());
        }
        StoresWriter::File(self.file.writer())
    }

    pub(super) fn readers(&self) -> Readers {
        #[cfg(feature = "clickhouse")]
        if let Some(engine) = &self.engine {
            return engine.readers().into();
        }
        self.file.readers().into()
    }

    /// What was received is kept before this returns.
    pub(super) fn close(self) {
        #[cfg(feature = "clickhouse")]
        drop(self.engine);
        self.file.close();
    }
}

/// Where the engine is.
#[cfg(feature = "clickhouse")]
pub(super) fn address(settings: &Settings) -> Result<Address, EngineError> {
    // The setting was checked.
    let password = settings.store_password.as_ref().map(super::settings::Password::text).unwrap_or_default();
    Address::new(&settings.url, &settings.store_user, password).ok_or(EngineError::Setup)
}

#[cfg(feature = "clickhouse")]
pub(super) fn options(settings: &Settings) -> Options {
    Options { retention_days: settings.retention_days, ..Options::default() }
}

impl StoresWriter {
    pub(super) fn keep(&self) -> Arc<dyn Keep> {
        match self {
            Self::File(writer) => Arc::new(writer.clone()),
            #[cfg(feature = "clickhouse")]
            Self::Engine(writer) => Arc::new(writer.clone()),
        }
    }

    pub(super) async fn retain(&self, today: Day, days: u16) -> Result<Retained, Unavailable> {
        match self {
            Self::File(writer) => writer.retain(today, days).await,
            #[cfg(feature = "clickhouse")]
            Self::Engine(writer) => writer.retain(today, days).await,
        }
    }

    /// The same, unless another collector that writes to the same store does it.
    pub(super) async fn retain_in_turn(&self, today: Day, days: u16) -> Result<Retained, Unavailable> {
        match self {
            Self::File(writer) => writer.retain(today, days).await,
            #[cfg(feature = "clickhouse")]
            Self::Engine(writer) => writer.retain_in_turn(today, days).await,
        }
    }

    pub(super) async fn delete(&self, id: EventId, anonymous_id: AnonymousId) -> Result<Deletion, Unavailable> {
        match self {
            Self::File(writer) => writer.delete(id, anonymous_id).await,
            #[cfg(feature = "clickhouse")]
            Self::Engine(writer) => writer.delete(id, anonymous_id).await,
        }
    }
}
