//! `forward`.

use std::io::Write;

use super::stored::StoredError;
use crate::clickhouse;
use crate::operate::settings::Settings;
use crate::operate::stores::{StoresError, address, options};
use crate::store::Store;

/// Takes over the file into the engine.
pub(super) fn forward(settings: &Settings, out: &mut impl Write) -> Result<(), StoredError> {
    let store = Store::open_existing(&settings.database)?;
    let address = address(settings).map_err(StoresError::from)?;
    let rows = clickhouse::forward(&address, store.readers(), options(settings))?;
    store.close();
    writeln!(out, "{rows} events were taken over. Those that had been taken over before were passed over.")?;
    Ok(())
}
