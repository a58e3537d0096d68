//! Counts the values of the latest row of each installation; of counted events, those of all rows.

use std::collections::HashMap;

use super::AskError;
use super::catalogue::Stored;
use super::fields::Field;
use super::filter::{Filter, FilterError};
use super::report::{Count, Cross};
use super::rows::Rows;
use super::source::{Row, Source};
use super::tally::Tally;

/// The column of a row with the value of the first field.
pub(super) const FIRST_VALUE: usize = 2;

/// The counts of the fields over some rows.
#[derive(Debug)]
pub(super) struct Latest<'f> {
    pub(super) tallies: Vec<Tally<'f>>,
    pub(super) cross: Option<Crossing>,
    /// How many rows are of each schema, by its number.
    pub(super) releases: HashMap<i64, u64>,
}

impl<'f> Latest<'f> {
    pub(super) fn new(source: Source<'_>, fields: &'f [Field], filter: &Filter) -> Result<Self, AskError> {
        let tallies = fields.iter().map(|field| Tally::new(field, source)).collect::<Result<Vec<_>, _>>()?;
        let cross = filter.cross.as_ref().map(|paths| Crossing::new(paths, &tallies)).transpose()?;
        Ok(Self { tallies, cross, releases: HashMap::new() })
    }

    /// Counts the values of these rows.
    pub(super) fn read(&mut self, source: Source<'_>, stored: &Stored, rows: &mut [i64]) -> Result<(), AskError> {
        // In the order in which they are stored.
        rows.sort_unstable();
        let found = Rows { source, table: &stored.table, columns: &self.columns(stored) };
        found.each(rows, |_, row| self.add(row, 1))
    }

    /// What is counted of a row, each column after a comma.
    pub(super) fn columns(&self, stored: &Stored) -> String {
        let columns: String = self.tallies.iter().map(|tally| column(stored, tally.field)).collect();
        format!(", _schema{columns}")
    }

    /// Counts the values of a row as so many. Its [columns](Self::columns) begin with 1.
    pub(super) fn add(&mut self, row: &Row<'_>, times: u64) -> Result<(), AskError> {
        *self.releases.entry(row.integer(1)?).or_default() += times;
        for (index, tally) in self.tallies.iter_mut().enumerate() {
            tally.add(row.value(index + FIRST_VALUE)?, times);
        }
        if let Some(cross) = &mut self.cross {
            let slot = |at: usize| -> Result<Option<usize>, AskError> {
                let value = row.value(at + FIRST_VALUE)?;
                Ok(self.tallies.get(at).and_then(|tally| tally.slot(value)))
            };
            let (row, column) = (slot(cross.fields.0)?, slot(cross.fields.1)?);
            cross.add(row, column, times);
        }
        Ok(())
    }
}

/// The column of a field after a comma. Fields that came with a schema of which no event came have none yet.
pub(super) fn column(stored: &Stored, field: &Field) -> String {
    format!(", {}", stored.column(&field.column.0, field.column.1).unwrap_or("NULL"))
}

/// Counts two fields against each other.
#[derive(Debug)]
pub(super) struct Crossing {
    paths: (String, String),
    fields: (usize, usize),
    labels: (Vec<Option<String>>, Vec<Option<String>>),
    cells: Vec<Vec<u64>>,
}

impl Crossing {
    fn new((rows, columns): &(String, String), tallies: &[Tally<'_>]) -> Result<Self, FilterError> {
        let side = |path: &str, key| {
            let at = tallies.iter().position(|tally| tally.field.path == path && tally.field.can_be_asked());
            let at = at.ok_or(FilterError::UnknownField { key })?;
            let labels = tallies.get(at).and_then(|tally| tally.field.shape.labels());
            let labels = labels.ok_or(FilterError::Uncrossable { key })?;
            Ok((at, labels.into_iter().map(Some).chain([None]).collect::<Vec<_>>()))
        };
        let (row, row_labels) = side(rows, "rows")?;
        let (column, column_labels) = side(columns, "columns")?;
        Ok(Self {
            paths: (rows.clone(), columns.clone()),
            fields: (row, column),
            cells: vec![vec![0; column_labels.len()]; row_labels.len()],
            labels: (row_labels, column_labels),
        })
    }

    fn add(&mut self, row: Option<usize>, column: Option<usize>, times: u64) {
        let (rows, columns) = (self.labels.0.len(), self.labels.1.len());
        // "Not sent" is last.
        let row = row.unwrap_or(rows.saturating_sub(1));
        let column = column.unwrap_or(columns.saturating_sub(1));
        if let Some(count) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
            *count += times;
        }
    }

    pub(super) fn report(self) -> Cross {
        let columns = self.labels.1.len();
        let row_sums = self.cells.iter().map(|row| Count::Shown(row.iter().sum())).collect();
        let column_sums =
            (0..columns).map(|at| Count::Shown(self.cells.iter().filter_map(|row| row.get(at)).sum())).collect();
        let cells = self.cells.into_iter().map(|row| row.into_iter().map(Count::Shown).collect()).collect();
        let (row_path, column_path) = self.paths;
        let (rows, columns) = self.labels;
        Cross { row_path, column_path, rows, columns, cells, row_sums, column_sums }
    }
}
