//! The log of the program, on the standard error. Only this package writes to it: what a library knows of a request could be a value.

use std::io;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, fmt, registry};

use super::settings::{LogFormat, Settings};

/// Begins to log.
pub(super) fn begin(settings: &Settings) {
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), settings.log_level);
    let layer = fmt::layer().with_writer(io::stderr).with_target(false);
    let layer = match settings.log {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    // A host that logs already goes on with its own.
    let _ = registry().with(layer.with_filter(own)).try_init();
}
