//! What the service tells once a day: how many requests there were, by route and by how they ended, and how long it has been up.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use telemetry::auth::AuthOptions;
use telemetry::client::Every;
use telemetry::counters::Counter;
use telemetry::{Telemetry, TelemetryEvent, TelemetrySnapshot};

/// The requests since the last event.
#[derive(Clone, Default, TelemetrySnapshot)]
pub(crate) struct Requests {
    /// Whether the service is well.
    ok: Answers,
    /// The list of providers.
    providers: Answers,
    /// Everything else.
    other: Answers,
}

/// By the class of the status.
#[derive(Clone, Default, TelemetrySnapshot)]
struct Answers {
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    success: Counter,
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    client_error: Counter,
    #[telemetry(number(max = 1_000_000_000, digits = 2))]
    server_error: Counter,
}

#[derive(TelemetryEvent)]
#[telemetry(event = "usage")]
pub(crate) struct Usage {
    #[telemetry(flatten)]
    requests: Requests,
    /// How long the service has been up.
    #[telemetry(bucket(1, 24, 168, unit = "h"))]
    uptime: Duration,
    /// The social providers.
    #[telemetry(count(max = 20))]
    social_providers: Vec<()>,
}

/// Counts a request. It costs some nanoseconds, telemetry on or off.
pub(crate) async fn count(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    // No route matches the path of a scanner that ends like one.
    let route = request.extensions().get::<MatchedPath>().and_then(|route| route.as_str().rsplit('/').next());
    let answers = match route {
        Some("ok") => &requests.ok,
        Some("providers") => &requests.providers,
        _ => &requests.other,
    }
    .clone();
    let response = next.run(request).await;
    match response.status() {
        status if status.is_server_error() => answers.server_error.add(1),
        status if status.is_client_error() => answers.client_error.add(1),
        _ => answers.success.add(1),
    }
    response
}

/// Publishes what was counted once a day, by one process of all that share this installation. Returns what makes the event, for the end.
pub(crate) fn tell(
    telemetry: &Telemetry,
    every: Every,
    requests: &Requests,
    options: &Arc<AuthOptions>,
) -> impl Fn() -> Usage + use<> {
    let (requests, began) = (requests.clone(), Instant::now());
    let providers = options.social_providers.len();
    let usage =
        move || Usage { requests: requests.clone(), uptime: began.elapsed(), social_providers: vec![(); providers] };
    telemetry.every(every, usage.clone());
    usage
}
