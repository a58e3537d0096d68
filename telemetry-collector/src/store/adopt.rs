//! Takes events out of quarantine once their schema is known.

use std::sync::Arc;

use super::failure::Failure;
use super::keeper::Keeper;
use super::quarantine::{self, Waiting};
use super::table::Row;
use super::{rewrite, veil};
use crate::check::{Fault, KnownSchema, Reason};

/// What became of the events that waited for schemas.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// They fit, and were stored.
    pub stored: u64,
    /// They did not fit, and were counted as rejected.
    pub rejected: u64,
    /// They were there already.
    pub duplicates: u64,
}

/// Takes some of the events that wait for a schema. Says whether there may be more.
pub(super) fn adopt(
    keeper: &mut Keeper<'_>,
    schema: &Arc<KnownSchema>,
    adopted: &mut Adopted,
) -> Result<bool, Failure> {
    // The table is made even if nothing waits, so that the view is there from the start.
    keeper.table(schema)?;
    let waiting = quarantine::take(keeper.connection, schema)?;
    for event in &waiting {
        move_in(keeper, schema, event, adopted)?;
    }
    if !waiting.is_empty() {
        // The anonymous ids are in another table now. They may be deleted there.
        rewrite::must(keeper.connection, rewrite::Table::Quarantine)?;
        keeper.must_rewrite = true;
        keeper.quarantine.count()?;
    }
    Ok(!waiting.is_empty())
}

fn move_in(
    keeper: &mut Keeper<'_>,
    schema: &Arc<KnownSchema>,
    waiting: &Waiting,
    adopted: &mut Adopted,
) -> Result<(), Failure> {
    let Waiting { id, day, install, is_ephemeral, hidden, .. } = waiting;
    let row = Row { day: *day, install: *install, is_ephemeral: *is_ephemeral, id };
    let stored = schema.check(&veil::reveal(hidden, id, schema)).map(|cells| match keeper.add(schema, &row, &cells) {
        Err(Failure::Store(reason)) => Err(Failure::Store(reason)),
        added => Ok(added.ok()),
    });
    match stored {
        Ok(added) => match added? {
            Some(true) => adopted.stored += 1,
            Some(false) => adopted.duplicates += 1,
            None => reject(keeper, schema, waiting, &Reason { fault: Fault::Malformed, path: String::new() }, adopted)?,
        },
        Err(reason) => reject(keeper, schema, waiting, &reason, adopted)?,
    }
    Ok(())
}

fn reject(
    keeper: &mut Keeper<'_>,
    schema: &Arc<KnownSchema>,
    waiting: &Waiting,
    reason: &Reason,
    adopted: &mut Adopted,
) -> Result<(), Failure> {
    let number = keeper.table(schema)?.number();
    let most = keeper.limits.reject_rows;
    keeper.rejects.add(waiting.day, number, reason, most)?;
    adopted.rejected += 1;
    Ok(())
}
