//! What is served of the last minutes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::Live;

/// `GET /api/v1/live`.
pub(crate) fn router(live: Arc<Live>) -> Router {
    Router::new().route("/api/v1/live", get(json)).with_state(live)
}

async fn json(State(live): State<Arc<Live>>) -> Response {
    ([(CACHE_CONTROL, "no-store")], Json(live.look())).into_response()
}
