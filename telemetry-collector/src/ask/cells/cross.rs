//! Hides counts of two fields against each other.
//!
//! The sums are those of the two fields. If one is hidden, the whole table is. Otherwise what is hidden is a rectangle of rows and columns, not
//! always neighbours, such that what each of its rows and columns holds in it is at least `least`. Of counts of which nothing but the sums of
//! rows and columns is known, each can be as much as the smaller one of its two sums, and so not small; and it can be less, since
//! another row and another column can take it.

use super::super::report::{Bar, Count, Cross, FieldReport, Values};
use super::partition::is_small;
use super::{hide_each, number};

/// Hides counts. All are shown. The fields are those of the report, in which counts are hidden.
pub(super) fn hide(table: &mut Cross, fields: &[FieldReport], least: u64) {
    let rows = sums(fields, &table.row_path, table.rows.len());
    let columns = sums(fields, &table.column_path, table.columns.len());
    let numbers: Vec<Vec<u64>> =
        table.cells.iter().map(|row| row.iter().map(|count| number(*count)).collect()).collect();
    let has_hidden = rows.contains(&true) || columns.contains(&true);
    let (in_rows, in_columns) = if has_hidden {
        (vec![true; rows.len()], vec![true; columns.len()])
    } else {
        rectangle(&numbers, columns.len(), least)
    };
    hide_each(table.row_sums.iter_mut(), &rows);
    hide_each(table.column_sums.iter_mut(), &columns);
    for (row, _) in table.cells.iter_mut().zip(in_rows).filter(|(_, is_in)| *is_in) {
        hide_each(row.iter_mut(), &in_columns);
    }
}

/// Hides the whole table.
pub(super) fn hide_all(table: &mut Cross) {
    let sums = table.row_sums.iter_mut().chain(&mut table.column_sums);
    sums.chain(table.cells.iter_mut().flatten()).for_each(|count| *count = Count::Hidden);
}

/// Which sums are hidden where the field is shown; all, if the field has other values.
fn sums(fields: &[FieldReport], path: &str, length: usize) -> Vec<bool> {
    let Some(field) = fields.iter().find(|field| field.path == path) else { return vec![true; length] };
    let of = |bars: &[Bar]| bars.iter().map(|bar| bar.count).collect();
    let mut counts: Vec<Count> = match &field.values {
        Values::Share { yes, no } => vec![*yes, *no],
        Values::Words { bars } | Values::Ranges { bars } => of(bars),
        _ => Vec::new(),
    };
    // "Not sent" is said here of both.
    let is_hidden = [field.absent, field.without].contains(&Count::Hidden);
    counts.push(if is_hidden { Count::Hidden } else { Count::Shown(number(field.absent) + number(field.without)) });
    if counts.len() == length {
        counts.iter().map(|count| *count == Count::Hidden).collect()
    } else {
        vec![true; length]
    }
}

/// The rows and the columns of what is hidden. Everything, if no smaller rectangle tells too little.
fn rectangle(cells: &[Vec<u64>], columns: usize, least: u64) -> (Vec<bool>, Vec<bool>) {
    let mut rows: Vec<bool> = cells.iter().map(|row| row.iter().any(|cell| is_small(*cell, least))).collect();
    let mut columns: Vec<bool> =
        (0..columns).map(|at| cells.iter().any(|row| row.get(at).is_some_and(|cell| is_small(*cell, least)))).collect();
    if !rows.contains(&true) {
        return (rows, columns);
    }
    let transposed: Vec<Vec<u64>> =
        (0..columns.len()).map(|at| cells.iter().map(|row| row.get(at).copied().unwrap_or(0)).collect()).collect();
    loop {
        let needs_columns = !holds(cells, &rows, &columns, least);
        let needs_rows = !holds(&transposed, &columns, &rows, least);
        let has_grown = (needs_columns && grow(&transposed, &mut columns, &rows))
            | (needs_rows && grow(cells, &mut rows, &columns));
        if !has_grown {
            let is_enough = !needs_columns && !needs_rows;
            return if is_enough { (rows, columns) } else { (vec![true; cells.len()], vec![true; transposed.len()]) };
        }
    }
}

/// Whether each of these lines holds at least `least` in the crossing ones, of which there are at least two.
fn holds(lines: &[Vec<u64>], are_in: &[bool], crossing: &[bool], least: u64) -> bool {
    crossing.iter().filter(|is_in| **is_in).count() >= 2
        && lines.iter().zip(are_in).filter(|(_, is_in)| **is_in).all(|(line, _)| sum(line, crossing) >= least)
}

/// Adds the line that holds least in the crossing ones, but something. Says whether there is one.
fn grow(lines: &[Vec<u64>], are_in: &mut [bool], crossing: &[bool]) -> bool {
    let outside = lines.iter().enumerate().filter(|(index, _)| !are_in.get(*index).copied().unwrap_or(true));
    let candidates = outside.map(|(index, line)| (sum(line, crossing), index)).filter(|(sum, _)| *sum > 0);
    match candidates.min().and_then(|(_, index)| are_in.get_mut(index)) {
        Some(slot) => {
            *slot = true;
            true
        }
        None => false,
    }
}

fn sum(line: &[u64], crossing: &[bool]) -> u64 {
    line.iter().zip(crossing).filter(|(_, is_in)| **is_in).map(|(cell, _)| *cell).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of counts of which only the sums of rows and columns are known, each can be as much as the smaller one of its two sums.
    #[test]
    fn no_table_of_six_cells_tells_a_small_one() {
        let least = 3;
        for code in 0..4_u64.pow(6) {
            let cell = |at: u32| code / 4_u64.pow(at) % 4;
            let cells: Vec<Vec<u64>> =
                (0..2).map(|row| (0..3).map(|column| cell(row * 3 + column)).collect()).collect();
            let (rows, columns) = rectangle(&cells, 3, least);
            let row_sum = |row: usize| sum(&cells[row], &columns);
            let column_sum =
                |column: usize| -> u64 { (0..2).filter(|row| rows[*row]).map(|row| cells[row][column]).sum() };
            let all: u64 = cells.iter().flatten().sum();
            let sums = (0..2).map(|row| cells[row].iter().sum()).chain((0..3).map(|at| cells[0][at] + cells[1][at]));
            // Other tables are hidden as a whole, since a sum is.
            if all < least || sums.into_iter().any(|sum| is_small(sum, least)) {
                continue;
            }
            for (row, column) in (0..6).map(|at| (at / 3, at % 3)) {
                if is_small(cells[row][column], least) {
                    assert!(rows[row] && columns[column], "{cells:?}");
                    let is_all = rows.iter().chain(&columns).all(|is_in| *is_in);
                    let most = row_sum(row).min(column_sum(column));
                    assert!(most >= least || is_all, "{cells:?} {rows:?} {columns:?}");
                }
            }
        }
    }
}
