//! Versions of fields by week: of each installation the last one in the week.

use std::collections::BTreeMap;

use super::AskError;
use super::catalogue::Stored;
use super::fields::{Field, Shape};
use super::latest::column;
use super::report::{Bar, Count, FieldReport, Values};
use super::rows::Rows;
use super::source::{Source, Value};
use crate::arrival::Day;
use crate::store::version;

/// Where the versions are.
pub(super) struct Columns<'c> {
    pub(super) source: Source<'c>,
    /// The event, if it is in the file.
    pub(super) stored: Option<&'c Stored>,
    pub(super) fields: &'c [Field],
}

/// Adds the versions by week to the reports of the fields. `weekly` has the last row of each installation in each week.
///
/// Versions that no latest row has any more become bars with 0.
pub(super) fn add(
    reports: &mut [FieldReport],
    columns: &Columns<'_>,
    weekly: &mut [(i64, Day)],
    weeks: &[Day],
) -> Result<(), AskError> {
    let counts = columns.count(weekly, weeks)?;
    let with_versions = reports.iter_mut().filter_map(|report| match &mut report.values {
        Values::Versions { bars, weeks } => Some((bars, weeks)),
        _ => None,
    });
    for ((bars, by_week), counts) in with_versions.zip(&counts) {
        fill(bars, by_week, counts, weeks.len());
    }
    Ok(())
}

impl Columns<'_> {
    /// For each field with versions: how many installations have each in each week.
    fn count(&self, weekly: &mut [(i64, Day)], weeks: &[Day]) -> Result<Vec<BTreeMap<i64, Vec<u64>>>, AskError> {
        let with_versions: Vec<&Field> =
            self.fields.iter().filter(|field| matches!(field.shape, Shape::Version)).collect();
        let mut counts: Vec<BTreeMap<i64, Vec<u64>>> = vec![BTreeMap::new(); with_versions.len()];
        let Some(stored) = self.stored.filter(|_| !with_versions.is_empty()) else { return Ok(counts) };
        let columns: String = with_versions.iter().map(|field| column(stored, field)).collect();
        // In the order in which they are stored.
        weekly.sort_unstable_by_key(|(number, _)| *number);
        let numbers: Vec<i64> = weekly.iter().map(|(number, _)| *number).collect();
        let rows = Rows { source: self.source, table: &stored.table, columns: &columns };
        rows.each(&numbers, |at, row| {
            let week = weekly.get(at).and_then(|(_, week)| weeks.binary_search(week).ok());
            let Some(week) = week else { return Ok(()) };
            for (index, counts) in counts.iter_mut().enumerate() {
                let Value::Integer(packed) = row.value(index + 1)? else { continue };
                let by_week = counts.entry(packed).or_insert_with(|| vec![0; weeks.len()]);
                by_week.get_mut(week).into_iter().for_each(|count| *count += 1);
            }
            Ok(())
        })?;
        Ok(counts)
    }
}

fn fill(bars: &mut Vec<Bar>, by_week: &mut Vec<Vec<Count>>, counts: &BTreeMap<i64, Vec<u64>>, weeks: usize) {
    let now: BTreeMap<String, Count> = bars.drain(..).map(|bar| (bar.label, bar.count)).collect();
    let mut all: BTreeMap<i64, String> = counts.keys().map(|packed| (*packed, version::text(*packed))).collect();
    // Rows of the latest versions can be older than the weeks.
    for label in now.keys() {
        if let Some(packed) = version::packed(label) {
            all.entry(packed).or_insert_with(|| label.clone());
        }
    }
    *by_week = vec![Vec::with_capacity(all.len()); weeks];
    for (packed, label) in all {
        let count = now.get(&label).copied().unwrap_or(Count::Shown(0));
        bars.push(Bar { label, count });
        for (week, row) in by_week.iter_mut().enumerate() {
            let count = counts.get(&packed).and_then(|weeks| weeks.get(week)).copied().unwrap_or(0);
            row.push(Count::Shown(count));
        }
    }
}
