//! Starts the telemetry of Better Auth with the options on standard input, and prints all that can be seen of it.

use std::error::Error;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use telemetry::auth::{self, CliGenerate, CliMigrate, GenerateOutcome, Init, MigrateOutcome, TelemetryContext};
use telemetry::sink::SendError;
use telemetry_examples::auth::{Track, decode};

use crate::publish::{Wait, tell};

pub(crate) fn run() -> ExitCode {
    tell();
    match show() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn show() -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    std::io::stdin().read_to_string(&mut line)?;
    let written = decode(&line)?;
    let config = written.config();
    let context = TelemetryContext {
        app: None,
        database: config.database,
        adapter: config.adapter,
        custom_track: written.context.custom_track.map(|track| -> auth::CustomTrack {
            Box::new(move |event| {
                println!("event: {}", event.body());
                match track {
                    Track::ThrowSync => std::panic::resume_unwind(Box::new("it panics")),
                    Track::ThrowAsync => Err(SendError::Refused),
                    _ => Ok(()),
                }
            })
        }),
        skip_test_check: true,
    };
    let builder = auth::builder(&written.options, context);
    println!("builder: {builder:?} {:?}", builder.check());
    let telemetry = builder.build();
    let init = Init { config };
    telemetry.publish(&init);
    telemetry.publish(&CliGenerate { outcome: GenerateOutcome::Generated, config });
    telemetry.publish(&CliMigrate { outcome: MigrateOutcome::UnsupportedAdapter, adapter: config.adapter, config });
    Wait::Attempt.wait(&telemetry);
    println!("preview: {}", telemetry.preview(&init)?);
    println!("client: {telemetry:?}");
    telemetry.shutdown(Duration::from_millis(100));
    println!("status: {} {:?}", serde_json::to_string(&telemetry.status())?, telemetry.error());
    Ok(())
}
