//! The routes of the pages and of the API.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use serde::Serialize;
use telemetry_spec::name::is_name;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::asker::Ask;
use super::failure::ShowError;
use super::html::{POLICY, Place};
use super::{STYLE, event, overview};
use crate::ask::Filter;

/// How many reports are made at once. A report keeps a processor busy, and events have to be taken meanwhile.
const REPORTS: usize = 2;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[derive(Clone)]
struct Shown {
    ask: Arc<dyn Ask>,
    turns: Arc<Semaphore>,
    patience: Duration,
}

/// The pages, the API and the stylesheet. Who may see them is decided by those who mount it.
pub fn router(ask: Arc<dyn Ask>) -> Router {
    let shown = Shown { ask, turns: Arc::new(Semaphore::new(REPORTS)), patience: PATIENCE };
    Router::new()
        .route("/", get(overview_page))
        .route("/events/{event}", get(event_page))
        .route("/api/v1/overview", get(overview_json))
        .route("/api/v1/events/{event}", get(event_json))
        .route("/assets/page.css", get(style))
        .layer(middleware::map_response(protect))
        .with_state(shown)
}

impl Shown {
    /// Runs a job on a thread that may block.
    async fn run<T: Send + 'static>(
        self,
        job: impl FnOnce(&dyn Ask) -> Result<T, ShowError> + Send + 'static,
    ) -> Result<T, ShowError> {
        let turn = timeout(self.patience, self.turns.acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(ShowError::Busy) };
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            job(self.ask.as_ref())
        });
        done.await.unwrap_or(Err(ShowError::Unreadable))
    }
}

async fn overview_page(State(shown): State<Shown>) -> Response {
    let page = shown.run(|ask| Ok(overview::overview(Place::ROOT, &ask.overview()?))).await;
    html(page, Place::ROOT)
}

async fn overview_json(State(shown): State<Shown>) -> Response {
    json(shown.run(|ask| to_json(&ask.overview()?)).await)
}

/// What an address of an event asks for.
enum Asked {
    Event(String, Filter),
    /// The same, but another address is its canonical one.
    Elsewhere(String),
}

/// The name of the event in the path, if it is one.
type Name = Result<Path<String>, axum::extract::rejection::PathRejection>;

fn asked(name: Name, query: Option<&str>) -> Result<Asked, ShowError> {
    let Ok(Path(name)) = name else { return Err(ShowError::NoEvent) };
    if !is_name(&name) {
        return Err(ShowError::NoEvent);
    }
    let query = query.unwrap_or_default();
    let filter = Filter::parse(query).map_err(ShowError::Filter)?;
    let canonical = filter.to_string();
    if canonical == query {
        return Ok(Asked::Event(name, filter));
    }
    Ok(Asked::Elsewhere(if canonical.is_empty() { format!("./{name}") } else { format!("?{canonical}") }))
}

async fn event_page(State(shown): State<Shown>, name: Name, RawQuery(query): RawQuery) -> Response {
    match asked(name, query.as_deref()) {
        Err(error) => html(Err(error), Place::EVENT),
        Ok(Asked::Elsewhere(address)) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
        Ok(Asked::Event(name, filter)) => {
            let page = move |ask: &dyn Ask| {
                let report = ask.event(&name, &filter)?.ok_or(ShowError::NoEvent)?;
                Ok(event::event(Place::EVENT, &report, Some(&filter)))
            };
            html(shown.run(page).await, Place::EVENT)
        }
    }
}

async fn event_json(State(shown): State<Shown>, name: Name, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let filter = Filter::parse(&query).map_err(ShowError::Filter);
    let name = name.map_err(|_| ShowError::NoEvent);
    let answer = match (name, filter) {
        (Err(error), _) | (_, Err(error)) => Err(error),
        (Ok(Path(name)), Ok(filter)) => {
            let report = move |ask: &dyn Ask| to_json(&ask.event(&name, &filter)?.ok_or(ShowError::NoEvent)?);
            shown.run(report).await
        }
    };
    json(answer)
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "private, max-age=300")], STYLE).into_response()
}

fn to_json(report: &impl Serialize) -> Result<String, ShowError> {
    serde_json::to_string(report).map_err(|_| ShowError::Unreadable)
}

fn html(page: Result<String, ShowError>, place: Place) -> Response {
    answer(page, HTML, |error| error.page(place))
}

fn json(report: Result<String, ShowError>) -> Response {
    answer(report, JSON, ShowError::json)
}

fn answer(text: Result<String, ShowError>, kind: HeaderValue, say: impl FnOnce(&ShowError) -> String) -> Response {
    let mut response = match text {
        Ok(text) => text.into_response(),
        Err(error) => (error.status(), say(&error)).into_response(),
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

/// What holds for every answer. Nothing but the stylesheet may be kept by a browser or a proxy.
pub(crate) async fn protect(mut response: Response) -> Response {
    const ALL: [(HeaderName, &str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in ALL {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::AskError;
    use crate::ask::report::{EventReport, Overview};

    struct Nothing;

    impl Ask for Nothing {
        fn overview(&self) -> Result<Overview, AskError> {
            Err(AskError::Read(rusqlite::Error::InvalidQuery))
        }

        fn event(&self, _: &str, _: &Filter) -> Result<Option<EventReport>, AskError> {
            Ok(None)
        }
    }

    #[test]
    fn a_report_waits_for_its_turn_but_not_for_ever() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let turns = Arc::new(Semaphore::new(1));
        let shown = Shown { ask: Arc::new(Nothing), turns: Arc::clone(&turns), patience: Duration::ZERO };
        runtime.block_on(async {
            let turn = turns.acquire().await.unwrap();
            let answer = overview_page(State(shown.clone())).await;
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(answer.headers().get(RETRY_AFTER).unwrap(), "5");
            drop(turn);
            assert_eq!(overview_page(State(shown.clone())).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let panics = shown.run(|_| -> Result<(), ShowError> { panic!() }).await;
            assert!(matches!(panics, Err(ShowError::Unreadable)), "a panic ends one report");
            assert_eq!(turns.available_permits(), 1);
        });
    }
}
