//! A field, drawn by its kind.

use maud::{Markup, html};

use super::activity::{labels, versions_over_time};
use super::chart::{Kind, Row, Table, bars, columns, folded, share};
use super::form::with_condition;
use super::html::{breakable, nothing, one_line};
use super::number::{self, Of, percent_of};
use crate::ask::Filter;
use crate::ask::report::{Active, Bar, Count, FieldReport, Values, Within};

/// What the cards of all fields need.
pub(super) struct Context<'a> {
    /// The filter that a value is added to, and the paths that can be filtered by. `None` where pages have no filters.
    pub(super) filter: Option<(&'a Filter, Vec<&'a str>)>,
    /// All that the fields are counted over.
    pub(super) whole: Count,
    pub(super) of: Of,
    pub(super) weeks: &'a [Active],
}

impl Context<'_> {
    fn link(&self, path: &str, value: &str) -> Option<String> {
        let (filter, paths) = self.filter.as_ref()?;
        paths.contains(&path).then(|| with_condition(filter, path, value))
    }

    fn rows(&self, path: &str, bars: &[Bar]) -> Vec<Row> {
        bars.iter().map(|bar| Row { link: self.link(path, &bar.label), ..Row::new(bar) }).collect()
    }
}

/// The card of a field.
pub(super) fn field(context: &Context<'_>, field: &FieldReport) -> Markup {
    html! {
        // What is in a list needs the whole width.
        @let class = if matches!(field.values, Values::Items { .. }) { "card broad" } else { "card" };
        section class=(class) id=(format!("field-{}", field.path)) {
            h3.path { (breakable(&field.path)) }
            @if !field.purpose.is_empty() { p.purpose dir="auto" { (one_line(&field.purpose)) } }
            p.kind { (field.kind) @if let Some(unit) = &field.unit { ", in " (unit) } (sent(context, field)) }
            (values(context, field))
        }
    }
}

/// How many sent a value, unless all did. Installs whose release lacks the field do not count as ones that could have sent it.
fn sent(context: &Context<'_>, field: &FieldReport) -> Markup {
    let is_partial = field.without != Count::Shown(0);
    let is_everywhere = field.absent == Count::Shown(0) && !is_partial;
    let whole = whole(context, field);
    html! {
        @if !is_everywhere {
            " \u{b7} sent " @if context.of == Of::Installs { "by " } (context.of.said(field.sent))
            @if let Some(percent) = percent_of(field.sent, whole) {
                " (" (percent) @if is_partial { " of " (number::text(whole)) " of a release that has it" } ")"
            }
        }
        @if is_partial { " \u{b7} " (WITHOUT) ": " (number::text(field.without)) }
    }
}

/// What stands beside those whose release does not have a field.
const WITHOUT: &str = "release without it";

/// All that could have sent a value.
fn whole(context: &Context<'_>, field: &FieldReport) -> Count {
    match (field.without, number::shown(field.sent), number::shown(field.absent)) {
        (Count::Shown(0), ..) => context.whole,
        (_, Some(sent), Some(absent)) => Count::Shown(sent.saturating_add(absent)),
        _ => Count::Hidden,
    }
}

fn values(context: &Context<'_>, field: &FieldReport) -> Markup {
    let path = field.path.as_str();
    match &field.values {
        Values::Share { yes, no } => flag(context, field, *yes, *no),
        Values::Words { bars } => self::words(context, field, bars),
        Values::Sets { bars: all } => html! {
            p.note { (if context.of == Of::Installs { "An install" } else { "An event" }) " can have several." }
            (bars(path, "Value", &most_frequent_first(context.rows(path, all)), field.sent, context.of))
        },
        Values::Ranges { bars } => ranges(path, bars, context.of),
        Values::Versions { bars: all, weeks } => html! {
            (bars(path, "Version", &newest_first(context.rows(path, all)), field.sent, context.of))
            @if !weeks.is_empty() {
                (versions_over_time(&format!("{path}, by week of activity"), context.weeks, &labels(all), weeks))
            }
        },
        Values::Items { lengths, within, .. } => html! {
            div.grid.within {
                @if !lengths.is_empty() {
                    div {
                        h4 { "Number of items" }
                        (ranges(&format!("Number of items in {path}"), lengths, context.of))
                    }
                }
                @for within in within {
                    @let name = name_within(&within.path, !lengths.is_empty());
                    div { (self::within(path, &name, within, field.sent, context.of)) }
                }
            }
        },
    }
}

fn flag(context: &Context<'_>, field: &FieldReport, yes: Count, no: Count) -> Markup {
    let path = field.path.as_str();
    let of =
        |value: &str, count| Row { label: value.to_owned(), link: context.link(path, value), count, kind: Kind::Value };
    let said = percent_of(yes, field.sent).unwrap_or_else(|| "a hidden share".to_owned());
    html! {
        (share(&format!("{path}: {said} true"), yes, no))
        table.parts {
            caption.unseen { (path) }
            thead { tr { @for name in ["Value", context.of.heading(), "Share"] { th scope="col" { span.unseen { (name) } } } } }
            tbody {
                @for (class, row) in [("value", of("true", yes)), ("track", of("false", no))] {
                    tr {
                        th scope="row" {
                            svg aria-hidden="true" focusable="false" width="12" height="12" { rect class=(class) width="12" height="12" rx="2" {} }
                            " " @match &row.link { Some(link) => a href=(link) { (row.label) }, None => (row.label) }
                        }
                        td { (number::count(row.count)) }
                        td.percent { (percent_of(row.count, field.sent).unwrap_or_default()) }
                    }
                }
            }
        }
    }
}

fn words(context: &Context<'_>, field: &FieldReport, all: &[Bar]) -> Markup {
    let path = field.path.as_str();
    let mut rows = most_frequent_first(context.rows(path, all));
    if field.absent != Count::Shown(0) {
        let label = "not sent".to_owned();
        rows.push(Row { label, link: context.link(path, ""), count: field.absent, kind: Kind::Absent });
    }
    if field.without != Count::Shown(0) {
        rows.push(Row { label: WITHOUT.to_owned(), link: None, count: field.without, kind: Kind::Outside });
    }
    let whole = if field.absent == Count::Shown(0) { field.sent } else { whole(context, field) };
    bars(path, "Value", &rows, whole, context.of)
}

/// Those that are hidden keep their order, so that it tells nothing of them.
fn most_frequent_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| match row.count {
        Count::Shown(0) => (2, 0),
        Count::Shown(count) => (0, u64::MAX - count),
        Count::Hidden => (1, 0),
    });
    rows
}

fn newest_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.reverse();
    rows
}

fn ranges(name: &str, bars: &[Bar], of: Of) -> Markup {
    let most =
        bars.iter().filter_map(|bar| Some((number::shown(bar.count)?, &bar.label))).max_by_key(|(count, _)| *count);
    let said = most.filter(|(count, _)| *count > 0).map_or_else(
        || format!("{name}: no count is shown"),
        |(count, label)| {
            let often = of.said(Count::Shown(count));
            match of {
                Of::Installs => format!("{name}: most often {label}, by {often}"),
                Of::Times => format!("{name}: most often {label} ({often})"),
            }
        },
    );
    if bars.is_empty() {
        return nothing();
    }
    let rows = bars.iter().map(|bar| (bar.label.clone(), vec![Some(bar.count)])).collect();
    let head = vec!["Range".to_owned(), of.heading().to_owned()];
    html! { (columns(&said, bars)) (folded(&Table { caption: name.to_owned(), head, rows })) }
}

/// What is at a path within a list; without one, within a value that can be a list.
fn name_within(path: &str, is_list: bool) -> String {
    let of_item = if is_list { Some(path) } else { path.strip_prefix("[]") };
    match of_item.map(|path| path.strip_prefix('.').unwrap_or(path)) {
        Some("") => "Items".to_owned(),
        Some(path) => format!("{path} of an item"),
        None if path.is_empty() => "Values".to_owned(),
        None => path.to_owned(),
    }
}

fn within(path: &str, name: &str, within: &Within, whole: Count, of: Of) -> Markup {
    let rows: Vec<Row> = within.bars.iter().map(Row::new).collect();
    html! {
        h4 { (name) }
        (bars(&format!("{name} in {path}"), "Value", &rows, whole, of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_is_named_by_where_it_is() {
        for (path, is_list, name) in [
            ("", true, "Items"),
            ("name", true, "name of an item"),
            ("[].name", true, "[].name of an item"),
            ("", false, "Values"),
            ("tls", false, "tls"),
            ("[]", false, "Items"),
            ("[].fast", false, "fast of an item"),
        ] {
            assert_eq!(name_within(path, is_list), name, "{path}");
        }
    }
}
