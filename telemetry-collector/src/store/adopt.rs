//! Takes events out of quarantine once their schema is known.

use std::sync::Arc;

use super::failure::Failure;
use super::keeper::Keeper;
use super::quarantine::{self, Waiting};
use super::veil;
use crate::check::{Fault, KnownSchema, Reason};

/// As many events are taken at a time; arrivals are written in between.
const MOST_AT_ONCE: usize = 500;

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
    let waiting = quarantine::take(keeper.connection, schema, MOST_AT_ONCE)?;
    for event in &waiting {
        move_in(keeper, schema, event, adopted)?;
    }
    keeper.quarantine.count(keeper.connection)?;
    Ok(waiting.len() == MOST_AT_ONCE)
}

fn move_in(
    keeper: &mut Keeper<'_>,
    schema: &Arc<KnownSchema>,
    waiting: &Waiting,
    adopted: &mut Adopted,
) -> Result<(), Failure> {
    let row = super::table::Row {
        day: waiting.day,
        install: waiting.install,
        is_ephemeral: waiting.is_ephemeral,
        id: &waiting.id,
    };
    let payload = veil::reveal(&waiting.payload, &waiting.id, schema);
    let stored = schema.check(&payload).map(|cells| match keeper.table(schema)?.add(&row, &cells) {
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
