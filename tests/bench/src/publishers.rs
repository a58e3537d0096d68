//! Publishing with other libraries, of the view by hand, which they need.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use posthog_rs::{ClientOptionsBuilder, Event};
use rustauth_core::options::{RustAuthOptions, TelemetryOptions};
use rustauth_telemetry::{TelemetryContext, TelemetryEvent, create_telemetry};

use crate::config::{Config, View};
use crate::cost::Way;
use crate::pace::Pace;

/// `capture` of posthog-rs, whose worker sends to this address.
///
/// # Errors
///
/// If no client can be made.
pub fn posthog<'a>(name: &str, config: &'a Config, pace: Pace, address: SocketAddr) -> Result<Way<'a>, Box<dyn Error>> {
    let options =
        ClientOptionsBuilder::default().api_key("phc_bench".into()).host(format!("http://{address}")).build()?;
    let client = Arc::new(posthog_rs::client(options));
    let settled = Arc::clone(&client);
    let capture = move || {
        let mut event = Event::new("bench", "8y6Rta3d38bPf66qAaW706G5ISaLaD3vnw4HvCd6YHg=");
        let is_kept = event.insert_prop("config", View::from(config)).is_ok();
        client.capture(event);
        is_kept
    };
    Ok(Way::new(name, capture).settled(pace.calls, move || {
        settled.flush();
        pace.rest();
    }))
}

/// `publish` of rustauth-telemetry, into a sink that does nothing.
///
/// # Errors
///
/// If there is no runtime.
pub fn rustauth<'a>(name: &str, config: &'a Config, pace: Pace) -> Result<Way<'a>, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let options = RustAuthOptions {
        telemetry: TelemetryOptions { enabled: Some(true), debug: false },
        ..RustAuthOptions::default()
    };
    let context = TelemetryContext {
        custom_track: Some(Arc::new(|event| {
            Box::pin(async move {
                std::hint::black_box(event);
            })
        })),
        skip_test_check: true,
        ..TelemetryContext::default()
    };
    let publisher = runtime.block_on(create_telemetry(&options, context));
    Ok(Way::new(name, move || {
        let payload = serde_json::to_value(View::from(config)).unwrap_or_default();
        let event = TelemetryEvent { event_type: "bench".into(), anonymous_id: None, payload };
        runtime.block_on(publisher.publish(event));
    })
    .settled(pace.calls, move || pace.rest()))
}
