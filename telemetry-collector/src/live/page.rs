//! The page of the last minutes, and the same as JSON.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderName;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use maud::{Markup, html};

use super::{Arrived, Live, Value};
use crate::arrival::Fate;
use crate::show::{Frame, Place, breakable, page, protect};

/// How often the page is loaded again, in seconds. The header does what the element `meta` does, and needs no script.
const REFRESH: (HeaderName, &str) = (HeaderName::from_static("refresh"), "3");

/// The query of a page that stays as it is, for those who read slowly.
const STILL: &str = "still";

/// What is shown.
#[derive(Clone)]
struct Shown {
    live: Arc<Live>,
    /// The least number of installations that is shown. An arrival is of one, so that its values are shown only if this hides nothing.
    least: u64,
}

impl Shown {
    const fn has_values(&self) -> bool {
        self.least <= 1
    }

    fn look(&self) -> Vec<Arrived> {
        let mut arrived = self.live.look();
        if !self.has_values() {
            arrived.iter_mut().for_each(|one| one.values = None);
        }
        arrived
    }
}

/// `GET /live` and `GET /api/v1/live`. `least` is the least number of installations that is shown.
pub(crate) fn router(live: Arc<Live>, least: u64) -> Router {
    Router::new()
        .route("/live", get(live_page))
        .route("/api/v1/live", get(json))
        .layer(middleware::map_response(protect))
        .with_state(Shown { live, least })
}

async fn json(State(shown): State<Shown>) -> Response {
    Json(shown.look()).into_response()
}

async fn live_page(State(shown): State<Shown>, RawQuery(query): RawQuery) -> Response {
    let is_still = query.as_deref() == Some(STILL);
    let content = content(&shown, is_still);
    let frame =
        Frame { place: Place::ROOT, title: "Live \u{b7} Telemetry", json: Some("api/v1/live".to_owned()), least: 0 };
    let page = Html(page(&frame, &content));
    if is_still { page.into_response() } else { ([REFRESH], page).into_response() }
}

fn content(shown: &Shown, is_still: bool) -> Markup {
    let arrived = shown.look();
    html! {
        nav.crumbs aria-label="Where you are" { a href="./" { "All events" } }
        h1 { "What has just arrived" }
        p.lead {
            "The last 10 minutes, at most 200 arrivals. "
            @if is_still {
                a href="live" { "Load the page again every 3 seconds" }
            } @else {
                a href=(format!("?{STILL}")) { "Stop the page" }
                ", which is loaded again every 3 seconds"
            }
            "."
        }
        @if !shown.has_values() {
            p.note { "Values are not shown, since counts of fewer than " (shown.least) " installs are hidden." }
        }
        @if arrived.is_empty() {
            p { "Nothing has arrived. Start your application with telemetry switched on, and with this collector as its endpoint." }
        }
        @for one in &arrived { (card(one)) }
    }
}

fn card(arrived: &Arrived) -> Markup {
    let ago = arrived.seconds_ago;
    html! {
        section.card.arrived {
            h2.path {
                @match &arrived.event {
                    Some(event) => (breakable(event)),
                    None => (what(arrived)),
                }
                @if let Some(version) = &arrived.version { " " (version) }
            }
            p.kind {
                (fate(arrived.fate)) " \u{b7} " (ago) @if ago == 1 { " second ago" } @else { " seconds ago" }
                @if let Some(day) = arrived.day { " \u{b7} published on " (day) }
                @if arrived.is_ephemeral { " \u{b7} ephemeral id" }
            }
            @if let Some(hash) = &arrived.unknown_schema {
                p { "No released schema of this event has the hash " code { (breakable(hash)) } ". Is its file in the directory of schemas?" }
            }
            @if let Some(fault) = &arrived.fault {
                p {
                    @if let Some(path) = arrived.path.as_ref().filter(|path| !path.is_empty()) {
                        code { (breakable(path)) } ": "
                    }
                    (fault)
                }
            }
            @if let Some(sent) = &arrived.values { (values(sent)) }
        }
    }
}

/// What an arrival without a name is.
const fn what(arrived: &Arrived) -> &'static str {
    match arrived.fate {
        Fate::Deleted => "A request for deletion",
        _ => "An event",
    }
}

const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Stored => "stored",
        Fate::Duplicate => "came again, and counts once",
        Fate::Quarantined => "waits for its schema",
        Fate::Rejected => "rejected",
        Fate::Deleted => "deleted",
        Fate::Refused => "not kept: its sender should try again later",
    }
}

fn values(values: &[Value]) -> Markup {
    html! {
        table.values {
            thead { tr { th scope="col" { "Field" } th scope="col" { "Value" } } }
            tbody {
                @for Value { path, value } in values {
                    tr { th scope="row" { (breakable(path)) } td { code { (value) } } }
                }
            }
        }
    }
}
