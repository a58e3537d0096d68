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

/// `GET /live` and `GET /api/v1/live`.
pub(crate) fn router(live: Arc<Live>) -> Router {
    Router::new()
        .route("/live", get(live_page))
        .route("/api/v1/live", get(json))
        .layer(middleware::map_response(protect))
        .with_state(live)
}

async fn json(State(live): State<Arc<Live>>) -> Response {
    Json(live.look()).into_response()
}

async fn live_page(State(live): State<Arc<Live>>, RawQuery(query): RawQuery) -> Response {
    let is_still = query.as_deref() == Some(STILL);
    let content = content(&live.look(), is_still);
    let frame =
        Frame { place: Place::ROOT, title: "Live \u{b7} Telemetry", json: Some("api/v1/live".to_owned()), least: 0 };
    let shown = Html(page(&frame, &content));
    if is_still { shown.into_response() } else { ([REFRESH], shown).into_response() }
}

fn content(arrived: &[Arrived], is_still: bool) -> Markup {
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
        @if arrived.is_empty() {
            p { "Nothing has arrived. Start your application with telemetry switched on, and with this collector as its endpoint." }
        }
        @for one in arrived { (card(one)) }
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
