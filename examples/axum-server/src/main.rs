//! A service with the options of an authentication library. It starts telemetry once, tells once a day how much it was used, reports on
//! telemetry under a route, and shuts down gracefully.
//!
//! ```text
//! cd examples/axum-server
//! cargo run                        # prints the event that it would send, as .env asks
//! curl http://127.0.0.1:3000/api/auth/providers
//! curl http://127.0.0.1:3000/api/auth/telemetry
//! ```
//!
//! It reads `auth.toml`, or the file given as argument, and listens on `127.0.0.1:3000`, or on the variable `ADDRESS`. SIGTERM and
//! Ctrl-C end it: open requests are answered, and pending events are sent, or stored on disk for the next start. The variable
//! `USAGE_SECONDS` replaces the day between two events of its use.

mod usage;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};
use serde_json::{Value, json};
use telemetry::auth::{self, AuthOptions, Config, Init, TelemetryContext, create_telemetry};
use telemetry::client::Every;
use telemetry::{Telemetry, user};
use telemetry_examples::SettingsError;
use tokio::net::TcpListener;
use tokio::runtime;

const ADDRESS: &str = "127.0.0.1:3000";
const BASE_PATH: &str = "/api/auth";

/// The longest time that telemetry may delay the end of the service.
const FAREWELL: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
enum ServerError {
    // Without the text of the line, which may hold a password.
    #[error(".env cannot be read; look for a line without an equals sign or the end of a quotation")]
    Env,
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("the service cannot start or continue: {0}")]
    Io(#[from] io::Error),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("axum-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), ServerError> {
    // This comes first: telemetry reads the environment once, and the environment must not change while other threads run.
    load_env()?;
    let path = std::env::args_os().nth(1).map_or_else(|| "auth.toml".into(), PathBuf::from);
    let options: Arc<AuthOptions> = Arc::new(telemetry_examples::read(&path)?);
    let telemetry = create_telemetry(
        &options,
        TelemetryContext {
            app: Some(telemetry::app!()),
            database: options.database.kind.as_deref(),
            ..TelemetryContext::default()
        },
    );
    let requests = usage::Requests::default();
    let usage = usage::tell(&telemetry, usage_period(), &requests, &options);
    let service = Service { options, telemetry: telemetry.clone(), requests };
    let served = runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(service));
    // Counters are in memory: what came since the last event would be lost.
    telemetry.publish(&usage());
    // This blocks, so it comes last and outside of the runtime.
    telemetry.shutdown(FAREWELL);
    Ok(served?)
}

fn load_env() -> Result<(), ServerError> {
    match dotenvy::dotenv() {
        Err(error) if !error.not_found() => Err(ServerError::Env),
        _ => Ok(()),
    }
}

/// A service that was started is not sure to stay, so the first event of its use comes after ten minutes.
fn usage_period() -> Every {
    let seconds = std::env::var("USAGE_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let every = seconds.map(|seconds| Every::new(Duration::from_secs(seconds)));
    every.unwrap_or(Every::hours(24).after(Duration::from_secs(10 * 60))).once_an_install()
}

/// What the routes share.
#[derive(Clone)]
struct Service {
    options: Arc<AuthOptions>,
    telemetry: Telemetry,
    requests: usage::Requests,
}

async fn serve(service: Service) -> io::Result<()> {
    let address = std::env::var("ADDRESS");
    let listener = TcpListener::bind(address.as_deref().unwrap_or(ADDRESS)).await?;
    let end = end()?;
    println!("http://{}{}", listener.local_addr()?, base_path(&service.options));
    axum::serve(listener, router(service)).with_graceful_shutdown(end).await
}

fn router(service: Service) -> Router {
    let base = base_path(&service.options);
    let providers: Value = service.options.social_providers.keys().map(String::as_str).collect();
    Router::new()
        .route(&format!("{base}/ok"), get(async || Json(json!({ "ok": true }))))
        .route(&format!("{base}/providers"), get(async || Json(providers)))
        // It shows the anonymous id: a service that listens to others leaves it to its operators.
        .route(&format!("{base}/telemetry"), get(report))
        .layer(middleware::from_fn_with_state(service.requests.clone(), usage::count))
        .with_state(service)
}

/// What telemetry does: its status, an example of what it sends, and the page for users, as JSON or text.
async fn report(State(service): State<Service>, headers: HeaderMap) -> Response {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let format = user::Format::of_accept(accept);
    // It reads files, and looks at the machine.
    match tokio::task::spawn_blocking(move || service.report(format)).await {
        Ok(body) => ([(CONTENT_TYPE, format.content_type())], body).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

impl Service {
    fn report(&self, format: user::Format) -> String {
        let database = self.options.database.kind.as_deref();
        let start = Init { config: Config { database, adapter: None, options: &self.options } };
        user::report(&self.telemetry, &auth::disclosure(), &start).body(format)
    }
}

/// The path of the routes, without a slash at the end.
fn base_path(options: &AuthOptions) -> String {
    match options.base_path.as_deref().unwrap_or(BASE_PATH).trim_matches('/') {
        "" => String::new(),
        path => format!("/{path}"),
    }
}

/// Resolves when the service is asked to end. The signals are caught from the moment of the call.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

#[cfg(test)]
mod tests {
    use telemetry::auth::Init;
    use telemetry::consent::Scope;

    use crate::usage::Usage;

    /// This program publishes an event of the library, whose file is the library's.
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(&Scope::new().event::<Init<'_>>(), "../../telemetry/schemas");
        telemetry::testing::assert_schemas(&Scope::new().event::<Usage>(), "../schemas/axum-server");
    }
}
