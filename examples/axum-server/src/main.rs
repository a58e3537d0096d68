//! A service with the options of an authentication library. It starts telemetry once and shuts down gracefully.
//!
//! ```text
//! cd examples/axum-server
//! cargo run                        # prints the event that it would send, as .env asks
//! curl http://127.0.0.1:3000/api/auth/providers
//! ```
//!
//! It reads `auth.toml`, or the file given as argument, and listens on `127.0.0.1:3000`, or on the variable `ADDRESS`. SIGTERM and
//! Ctrl-C end it: open requests are answered, and pending events are sent, or stored on disk for the next start.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use telemetry::auth::{AuthOptions, TelemetryContext, create_telemetry};
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
    let options: AuthOptions = telemetry_examples::read(&path)?;
    let telemetry = create_telemetry(
        &options,
        TelemetryContext {
            app: Some(telemetry::app!()),
            database: options.database.kind.as_deref(),
            ..TelemetryContext::default()
        },
    );
    let served = runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(&options));
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

async fn serve(options: &AuthOptions) -> io::Result<()> {
    let address = std::env::var("ADDRESS");
    let listener = TcpListener::bind(address.as_deref().unwrap_or(ADDRESS)).await?;
    let end = end()?;
    println!("http://{}{}", listener.local_addr()?, base_path(options));
    axum::serve(listener, router(options)).with_graceful_shutdown(end).await
}

fn router(options: &AuthOptions) -> Router {
    let base = base_path(options);
    let providers: Value = options.social_providers.keys().map(String::as_str).collect();
    Router::new()
        .route(&format!("{base}/ok"), get(async || Json(json!({ "ok": true }))))
        .route(&format!("{base}/providers"), get(async || Json(providers)))
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

    /// This program publishes an event of the library, whose file is the library's.
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(&Scope::new().event::<Init<'_>>(), "../../telemetry/schemas");
    }
}
