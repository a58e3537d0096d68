//! Starts the telemetry of Better Auth like an application, in the caller's environment and working directory, and publishes
//! events.
//!
//! ```text
//! echo '{"options":{"telemetry":{"enabled":true}},"context":{"customTrack":{"$track":"record"}},
//!        "publish":[{"type":"cli_generate","payload":{"outcome":"generated","config":{"$configOf":{"context":null}}}}]}' |
//!     cargo run --example auth_events
//! ```
//!
//! Standard input is one JSON object with `options`, `context` and `publish`, and in `then` more objects of this form, which run
//! one after the other. Each event that `customTrack` receives is printed as a JSON line. Without `customTrack`, events are sent
//! to the endpoint. An event that cannot be published is reported; the others are still published, and the exit code is 1.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use telemetry::auth::{
    self, AuthOptions, CliGenerate, CliMigrate, Config, CustomTrack, GenerateOutcome, Init, MigrateOutcome,
    TelemetryContext,
};
use telemetry::client::{AnonymousId, Outcome};
use telemetry::sink::SendError;
use telemetry::{Telemetry, TelemetryEvent};
use telemetry_examples::auth::{Context, DecodeError, Track, decode_context, decode_options, decode_plain, is_object};

/// A command line would store what takes longer on disk. This program also runs where nothing can be stored.
const EXIT_WAIT: Duration = Duration::from_secs(4);

/// An event that is not one of Better Auth's.
#[derive(Deserialize, TelemetryEvent)]
#[telemetry(event = "ping")]
struct Ping {
    /// A number.
    #[telemetry(number(max = 1_000))]
    a: Option<u64>,
}

#[derive(Deserialize)]
struct Round<'a> {
    #[serde(borrow)]
    options: &'a RawValue,
    #[serde(borrow)]
    context: Option<&'a RawValue>,
    #[serde(borrow, default)]
    publish: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    then: Vec<&'a RawValue>,
}

/// An event to publish. Other types and payloads are rejected.
#[derive(Deserialize)]
#[serde(tag = "type", content = "payload", rename_all = "snake_case")]
enum Event {
    CliGenerate { outcome: GenerateOutcome, config: ConfigOf },
    CliMigrate { outcome: MigrateOutcome, adapter: Option<String>, config: ConfigOf },
    Ping(Ping),
}

/// `{"$configOf":{"context":…}}`: the configuration of the round, in this context.
#[derive(Deserialize)]
struct ConfigOf {
    #[serde(rename = "$configOf")]
    of: InContext,
}

#[derive(Deserialize)]
struct InContext {
    context: Option<Context>,
}

impl ConfigOf {
    fn config<'a>(&'a self, options: &'a AuthOptions) -> Config<'a> {
        let context = self.of.context.as_ref();
        Config {
            database: context.and_then(|context| context.database.as_deref()),
            adapter: context.and_then(|context| context.adapter.as_deref()),
            options,
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum EventsError {
    #[error("standard input cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("this is not an object with options, context, publish and then: line {line}, column {column}")]
    NotARound { line: usize, column: usize },
    #[error(transparent)]
    Unfit(#[from] DecodeError),
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether every event could be published.
fn run() -> Result<bool, EventsError> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let first = round(&input)?;
    let mut is_complete = play(&first)?;
    for next in first.then {
        is_complete &= play(&round(next.get())?)?;
    }
    Ok(is_complete)
}

fn round(json: &str) -> Result<Round<'_>, EventsError> {
    match serde_json::from_str(json) {
        Ok(round) if is_object(json) => Ok(round),
        Ok(_) => Err(EventsError::NotARound { line: 1, column: 1 }),
        Err(error) => Err(EventsError::NotARound { line: error.line(), column: error.column() }),
    }
}

fn play(round: &Round<'_>) -> Result<bool, EventsError> {
    let options = decode_options(round.options.get())?;
    let said = round.context.map_or_else(|| Ok(Context::default()), |context| decode_context(context.get()))?;
    let context = TelemetryContext {
        app: None,
        database: said.database.as_deref(),
        adapter: said.adapter.as_deref(),
        custom_track: said.custom_track.map(custom_track),
        skip_test_check: said.skip_test_check,
    };
    // Like `create_telemetry`, except that the anonymous id is the original's.
    let config = Config { database: context.database, adapter: context.adapter, options: &options };
    let telemetry = auth::builder(&options, context).anonymous_id(AnonymousId::PerProjectUnkeyed).build();
    telemetry.publish(&Init { config });

    let mut is_complete = true;
    for (index, event) in round.publish.iter().enumerate() {
        let event = decode_plain(&format!("publish[{index}]"), event.get());
        let outcome = event.map(|event| publish(&telemetry, &event, &options));
        if outcome.is_err() {
            eprintln!("publish[{index}]: the event is not cli_generate, cli_migrate or ping, or its payload is wrong");
            is_complete = false;
        }
    }
    telemetry.shutdown(EXIT_WAIT);
    Ok(is_complete)
}

fn publish(telemetry: &Telemetry, event: &Event, options: &AuthOptions) -> Outcome {
    match event {
        Event::CliGenerate { outcome, config } => {
            telemetry.publish(&CliGenerate { outcome: *outcome, config: config.config(options) })
        }
        Event::CliMigrate { outcome, adapter, config } => telemetry.publish(&CliMigrate {
            outcome: *outcome,
            adapter: adapter.as_deref(),
            config: config.config(options),
        }),
        Event::Ping(ping) => telemetry.publish(ping),
    }
}

/// Prints each event, then behaves as it was told to.
#[expect(clippy::panic, reason = "to show that it does no harm")]
fn custom_track(track: Track) -> CustomTrack {
    Box::new(move |event| {
        writeln!(io::stdout(), "{}", event.body()).map_err(|_| SendError::Refused)?;
        let is_init = event.body().starts_with(r#"{"type":"init""#);
        match track {
            Track::ThrowSync => panic!("the custom track panics"),
            Track::ThrowSyncOnPublish if !is_init => panic!("the custom track panics"),
            Track::ThrowAsync => Err(SendError::Refused),
            Track::ThrowAsyncOnPublish if !is_init => Err(SendError::Refused),
            Track::Hang => loop {
                std::thread::park();
            },
            _ => Ok(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use telemetry::consent::Scope;

    /// Better Auth's own events are locked in `telemetry/schemas`.
    #[test]
    fn what_is_sent_changes_only_in_a_reviewed_diff() {
        telemetry::testing::assert_schemas(&Scope::new().event::<super::Ping>(), "schemas/auth_events");
    }
}
