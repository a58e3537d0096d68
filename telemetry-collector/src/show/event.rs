//! The page of an event.

use maud::{Markup, html};

use super::activity::{activity, figures, has_activity};
use super::chart::{cohorts, cross};
use super::counted::Days;
use super::field::{Context, field};
use super::form::form;
use super::html::{Frame, Place, breakable, date, nothing, page};
use super::number::{self, Of, percent_of};
use super::sums;
use crate::ask::Filter;
use crate::ask::report::{Count, EventReport};

/// `filter` is what the report was made with; `None` where pages have no filters.
pub(super) fn event(place: Place, report: &EventReport, filter: Option<&Filter>) -> String {
    // An event can have come before the week whose events are published, or on days whose rows were deleted.
    let is_empty = report.events == Count::Shown(0) && !has_activity(&report.activity);
    let is_filtered = filter.is_some_and(|filter| *filter != Filter::default());
    let content = html! {
        nav.crumbs aria-label="Where you are" { a href=(place.home()) { "All events" } }
        h1.path { (breakable(&report.event)) }
        @if !is_empty { (Days::of(report).lead(place)) (head(report, place)) }
        @if let Some(filter) = filter.filter(|_| is_filtered || !is_empty) { (form(report, filter)) }
        @if is_empty { (no_event(report, is_filtered)) } @else { (numbers(report, filter)) }
    };
    let title = format!("{} \u{b7} Telemetry", report.event);
    let query = filter.map(ToString::to_string).unwrap_or_default();
    let json = Some(place.event_json(&report.event, &query));
    page(&Frame { place, title: &title, json, least: report.least }, &content)
}

/// Why a counted event is told like any other.
const UNTOLD: &str = "How often it happened is not told where small counts are hidden: a sum over many installs can be that of one. What follows \
                      is about installs. The latest event of one is any of its events of its last day.";

fn head(report: &EventReport, place: Place) -> Markup {
    html! {
        dl.figures {
            @if !Days::of(report).are_deleted() { (totals(report, place)) }
            (figures(&report.activity))
        }
    }
}

/// What is counted over rows, in large figures.
fn totals(report: &EventReport, place: Place) -> Markup {
    html! {
        @if let Some(sums) = &report.sums { (sums::figures(&sums.all)) }
        // What is published is of the last complete week, of which the figures tell the installs.
        @if !place.is_published { div { dt { "Installs" } dd { strong { (number::count(report.installs)) } } } }
        div {
            dt { @if place.is_published { "Events in the last complete week" } @else if report.is_counted { "Events, one a day for equal ones" } @else { "Events" } }
            dd {
                strong { (number::count(report.events)) }
                @if report.ephemeral != Count::Shown(0) {
                    span.when {
                        (number::text(report.ephemeral)) " of them ephemeral"
                        @if let Some(percent) = percent_of(report.ephemeral, report.events) { ", " (percent) }
                    }
                }
            }
        }
    }
}

fn numbers(report: &EventReport, filter: Option<&Filter>) -> Markup {
    if Days::of(report).are_deleted() {
        return html! { h2 { "Installs over time" } (activity(&report.activity)) };
    }
    let paths = report.asked_fields().iter().map(|choice| choice.path.as_str()).collect();
    let context = Context {
        filter: filter.map(|filter| (filter, paths)),
        whole: report.sums.as_ref().map_or(report.installs, |sums| Count::Shown(sums.all.times)),
        of: if report.sums.is_some() { Of::Times } else { Of::Installs },
        weeks: &report.activity.weeks,
    };
    html! {
        @if let Some(found) = &report.cross {
            h2 { (found.row_path) " against " (found.column_path) }
            section.card {
                p.note { (context.of.heading()) ", and their share of the row." }
                @let name = format!("{} against {}", found.row_path, found.column_path);
                (cross(&name, found, (absent(report, &found.row_path), absent(report, &found.column_path))))
            }
        }
        @if let Some(sums) = &report.sums {
            h2 { "How often" }
            (sums::over_time(sums))
        } @else if report.is_counted {
            p.note { (UNTOLD) }
        }
        h2 { "Installs over time" }
        (activity(&report.activity))
        (retention(report))
        @if !report.fields.is_empty() {
            h2 { "Fields" }
            p.note { (latest(report, filter)) }
            (contents(report))
            div.grid.fields { @for one in &report.fields { (field(&context, one)) } }
        }
    }
}

/// What stands beside those who sent none of a field, where those whose release does not have it are among them.
fn absent(report: &EventReport, path: &str) -> &'static str {
    let is_partial = report.fields.iter().any(|field| field.path == path && field.without != Count::Shown(0));
    if is_partial { "not sent or release without it" } else { "not sent" }
}

/// Which events the fields are counted over.
fn latest(report: &EventReport, filter: Option<&Filter>) -> Markup {
    let has_conditions = filter.is_some_and(|filter| !filter.conditions.is_empty());
    html! {
        @if report.sums.is_some() {
            "All events " @if has_conditions { "that have these values" } @else { "that pass the filter" } ", each as often as it happened."
        } @else if filter.is_none() {
            "The latest event of each install in the week from " (date(report.counted_since)) " to " (date(report.until)) "."
        } @else if has_conditions {
            "The latest event of each install, if it has these values. Above, every event that has them counts."
        } @else {
            "The latest event of each install."
        }
    }
}

fn retention(report: &EventReport) -> Markup {
    if report.retention.is_empty() {
        return nothing();
    }
    html! {
        h2 { "Retention" }
        section.card {
            p.note { "Of the installs whose first event came in a week: the share that was active so many weeks later." }
            (cohorts("Retention by week of the first event", &report.retention))
        }
    }
}

/// Links to the fields, if there are many.
fn contents(report: &EventReport) -> Markup {
    if report.fields.len() < 7 {
        return nothing();
    }
    html! {
        details.contents {
            summary { (report.fields.len()) " fields" }
            nav aria-label="Fields" {
                ul { @for field in &report.fields { li { a href=(format!("#field-{}", field.path)) { (breakable(&field.path)) } } } }
            }
        }
    }
}

fn no_event(report: &EventReport, is_filtered: bool) -> Markup {
    let days = Days::of(report);
    html! {
        section.card.teach {
            @if days.are_deleted() {
                h2 { "Deleted" }
                p { (days.deleted()) " What is left of these days is how many installs were active, whatever values they sent." }
                @if is_filtered { p { a href="?" { "Remove the filter" } ", or a part of it above." } }
            } @else if is_filtered {
                h2 { "No event passes the filter" }
                p { a href="?" { "Remove the filter" } ", or a part of it above." }
            } @else {
                h2 { "No event has come yet" }
                p { "The schema is known, so events of it are taken. " code { "telemetry-collector rejects" } " says if some did not fit it." }
            }
        }
    }
}
