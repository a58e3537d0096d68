//! The filter: what it is now, how to take parts of it away, and a form for more. A filter is an address, so a view can be linked.

use maud::{Markup, html};

use crate::ask::Filter;
use crate::ask::filter::{Condition, condition_text};
use crate::ask::report::{Choice, Count, EventReport, Values};

/// The address of a page with this filter, from the page itself.
pub(super) fn address(filter: &Filter) -> String {
    format!("?{filter}")
}

/// The address of the page with one more condition.
pub(super) fn with_condition(filter: &Filter, path: &str, value: &str) -> String {
    let mut more = filter.clone();
    let condition = Condition { path: path.to_owned(), value: value.to_owned() };
    if !more.conditions.contains(&condition) {
        more.conditions.push(condition);
    }
    address(&more)
}

/// A part of a filter, and the filter without it.
struct Part {
    said: Markup,
    rest: Filter,
}

fn parts(filter: &Filter) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(version) = &filter.version {
        parts.push(Part {
            said: html! { "version is " b { (version) } },
            rest: Filter { version: None, ..filter.clone() },
        });
    }
    if let Some(from) = filter.from {
        parts.push(Part { said: html! { "from " b { (from) } }, rest: Filter { from: None, ..filter.clone() } });
    }
    if let Some(until) = filter.until {
        parts.push(Part { said: html! { "until " b { (until) } }, rest: Filter { until: None, ..filter.clone() } });
    }
    for (at, Condition { path, value }) in filter.conditions.iter().enumerate() {
        let mut rest = filter.clone();
        rest.conditions.remove(at);
        let said = html! { (path) " is " b { (if value.is_empty() { "not sent" } else { value }) } };
        parts.push(Part { said, rest });
    }
    if let Some((rows, columns)) = &filter.cross {
        let said = html! { b { (rows) } " against " b { (columns) } };
        parts.push(Part { said, rest: Filter { cross: None, ..filter.clone() } });
    }
    parts
}

/// The filter and the form.
pub(super) fn form(report: &EventReport, filter: &Filter) -> Markup {
    let parts = parts(filter);
    let what = what(report);
    html! {
        section.filter aria-labelledby="filter" {
            h2 id="filter" { "Filter" }
            @if parts.is_empty() {
                p.note { "Everything is counted. A value below is a link that counts only the " (what) " which have it." }
            } @else {
                ul.parts {
                    @for Part { said, rest } in &parts {
                        li {
                            a href=(address(rest)) {
                                span.unseen { "Remove: " } (said) span.cross aria-hidden="true" { "\u{d7}" }
                            }
                        }
                    }
                    @if parts.len() > 1 { li { a.all href="?" { "Remove all" } } }
                }
            }
            details { summary { "Change the filter" } (inputs(report, filter)) }
        }
    }
}

/// What a condition is about.
const fn what(report: &EventReport) -> &'static str {
    if report.sums.is_some() { "events" } else { "installs" }
}

fn inputs(report: &EventReport, filter: &Filter) -> Markup {
    let (versions, fields) = (report.choices.first(), report.asked_fields());
    let crossed: Vec<&Choice> = fields.iter().filter(|choice| can_be_crossed(report, choice)).collect();
    let (rows, columns) = filter.cross.as_ref().map_or((None, None), |(rows, columns)| (Some(rows), Some(columns)));
    html! {
        form method="get" {
            @for Condition { path, value } in &filter.conditions { input type="hidden" name="where" value=(condition_text(path, value)); }
            @if let Some(versions) = versions {
                div {
                    label for="version" { "Version" }
                    select id="version" name="version" {
                        option value="" { "all" }
                        @for value in &versions.values { option value=(value) selected[filter.version.as_ref() == Some(value)] { (value) } }
                    }
                }
            }
            div {
                label for="from" { "From" }
                input id="from" name="from" type="date" value=[filter.from] max=(report.today);
            }
            div {
                label for="until" { "Until" }
                input id="until" name="until" type="date" value=[filter.until] max=(report.today);
            }
            div {
                label for="where" { "Only " (what(report)) " with" }
                select id="where" name="where" {
                    option value="" { "any value" }
                    @for choice in fields { (values(report, choice)) }
                }
            }
            fieldset {
                legend { "Two fields against each other" }
                (paths("rows", "Rows", &crossed, rows))
                (paths("columns", "Columns", &crossed, columns))
            }
            button { "Apply" }
        }
    }
}

/// Whether a field can be set against another.
fn can_be_crossed(report: &EventReport, choice: &Choice) -> bool {
    let field = report.fields.iter().find(|field| field.path == choice.path);
    field.is_none_or(|field| !matches!(field.values, Values::Versions { .. }))
}

/// The values of a field, and "not sent" if that occurs.
fn values(report: &EventReport, choice: &Choice) -> Markup {
    let field = report.fields.iter().find(|field| field.path == choice.path);
    let can_lack = field.is_none_or(|field| field.absent != Count::Shown(0));
    html! {
        optgroup label=(choice.path) {
            @for value in &choice.values { option value=(condition_text(&choice.path, value)) { (choice.path) ": " (value) } }
            @if can_lack { option value=(condition_text(&choice.path, "")) { (choice.path) ": not sent" } }
        }
    }
}

fn paths(name: &str, label: &str, fields: &[&Choice], chosen: Option<&String>) -> Markup {
    html! {
        div {
            label for=(name) { (label) }
            select id=(name) name=(name) {
                option value="" { "none" }
                @for field in fields { option value=(field.path) selected[chosen == Some(&field.path)] { (field.path) } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_filter_can_be_removed_alone() {
        let query = "version=1.2.0&from=2026-09-01&until=2026-09-30&where=a:x&where=b:&rows=a&columns=b";
        let filter = Filter::parse(query).unwrap();
        let rests: Vec<String> = parts(&filter).iter().map(|part| address(&part.rest)).collect();
        assert_eq!(rests.len(), 6);
        for (rest, gone) in rests.iter().zip(["version=", "from=", "until=", "where=a:", "where=b:", "rows="]) {
            assert!(!rest.contains(gone), "{rest}");
            assert_eq!(Filter::parse(&rest[1..]).map(|filter| parts(&filter).len()), Ok(5), "{rest}");
        }
        assert_eq!(with_condition(&filter, "a", "x"), address(&filter), "a condition is there once");
    }
}
