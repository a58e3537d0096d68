//! The first page: all events.

use maud::{Markup, html};

use super::activity::{activity, figures, has_activity};
use super::chart::{Kind, Row};
use super::counted::Days;
use super::html::{Frame, Place, breakable, date, nothing, page};
use super::number;
use crate::ask::report::{Count, EventSummary, Overview};
use crate::receive::PATH;

pub(super) fn overview(place: Place, overview: &Overview) -> String {
    // Events can have come before the week whose events are published, or on days whose rows were deleted.
    let has_events =
        overview.events.iter().any(|event| event.events != Count::Shown(0)) || has_activity(&overview.activity);
    let content = html! {
        h1 { "All events" }
        @if has_events {
            (Days::of_all(overview).lead(place))
            dl.figures { (figures(&overview.activity)) }
            (events(place, overview))
            h2 { "Installs over time" }
            (activity(&overview.activity))
        } @else if overview.events.is_empty() {
            (no_schema())
        } @else {
            (no_event(place))
            (events(place, overview))
        }
    };
    let json = Some(place.overview_json());
    page(&Frame { place, title: "Telemetry", json, least: overview.least }, &content)
}

fn events(place: Place, overview: &Overview) -> Markup {
    let all = &overview.events;
    let row = |event: &EventSummary| Row {
        label: event.event.clone(),
        link: Some(place.event(&event.event)),
        count: event.installs,
        kind: Kind::Value,
    };
    let rows: Vec<Row> = all.iter().map(row).collect();
    let total = all.iter().map(|event| number::shown(event.events)).sum::<Option<u64>>();
    html! {
        h2 { "Events" }
        @if place.is_published { p.note { "From " (date(overview.counted_since)) " to " (date(overview.until)) ", the last complete week." } }
        section.card {
            table.list {
                caption.unseen { "Events" }
                thead { tr { th scope="col" { "Event" } th scope="col" { "Installs" } th scope="col" { "Events" } th scope="col" { "Latest version" } } }
                tbody {
                    @for (event, row) in all.iter().zip(&rows) {
                        tr {
                            th scope="row" { a href=[row.link.as_ref()] { (breakable(&event.event)) } @if event.is_counted { " (counted by day)" } }
                            td { (number::count(event.installs)) }
                            td { (number::count(event.events)) }
                            td { (event.versions.last().map_or("", String::as_str)) }
                        }
                    }
                }
                @if let Some(total) = total.filter(|_| all.len() > 1) {
                    tfoot { tr { th scope="row" { "All" } td {} td { (number::thousands(total)) } td {} } }
                }
            }
        }
    }
}

/// What to do before the first schema is there.
fn no_schema() -> Markup {
    html! {
        section.card.teach {
            h2 { "No schema is known yet" }
            p { "The collector takes only what a released schema can send, so it needs those of your application." }
            ol {
                li {
                    "Let a test of the application write them: "
                    code { "telemetry::testing::assert_schemas(disclosure().scope(), \"telemetry/schemas\")" }
                    ", run once with " code { "TELEMETRY_UPDATE=1" } "."
                }
                li { "Add them: " code { "telemetry-collector schemas add telemetry/schemas/*.json" } ". A running collector sees them within two seconds." }
            }
        }
    }
}

/// What to do before the first event is there.
fn no_event(place: Place) -> Markup {
    if place.is_published {
        return nothing();
    }
    html! {
        section.card.teach {
            h2 { "No event has come yet" }
            ol {
                li { "Let the application send to this collector: " code { "Telemetry::builder(CONSENT).endpoint(\"http://127.0.0.1:8787" (PATH) "\")" } ", with the address that the collector printed." }
                li { "Say yes: nothing is sent before a user has agreed." }
                li { "Publish an event, and load this page again." }
            }
            p {
                "If nothing comes: " code { "telemetry-collector rejects" } " says what did not fit its schema, and "
                code { "status" } " of the application says what it sent, keeps, or lost."
            }
        }
    }
}
