//! The numbers of a chart.

use maud::{Markup, html};

use crate::ask::report::Count;
use crate::show::number;

/// A table whose first column names the rows.
pub(in crate::show) struct Table {
    pub(in crate::show) caption: String,
    /// The headings of all columns.
    pub(in crate::show) head: Vec<String>,
    pub(in crate::show) rows: Vec<(String, Vec<Option<Count>>)>,
}

impl Table {
    fn markup(&self) -> Markup {
        html! {
            table {
                caption.unseen { (self.caption) }
                thead { tr { @for name in &self.head { th scope="col" { (name) } } } }
                tbody {
                    @for (name, cells) in &self.rows {
                        tr {
                            th scope="row" { (name) }
                            @for cell in cells {
                                td { @match cell { Some(count) => (number::count(*count)), None => "not known" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A table that is unfolded on demand.
pub(in crate::show) fn folded(table: &Table) -> Markup {
    numbers(&table.caption, &table.markup())
}

/// The same of a table that is already written.
pub(in crate::show) fn numbers(caption: &str, table: &Markup) -> Markup {
    html! {
        details.numbers {
            summary { "Numbers" span.unseen { ": " (caption) } }
            // It may be wider than a narrow page, and is moved with the keys then.
            div.wide tabindex="0" role="region" aria-label=(caption) { (table) }
        }
    }
}
