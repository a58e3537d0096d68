//! Starts the telemetry of Better Auth with the options on standard input, and prints everything observable about it.

use std::error::Error;
use std::io::Read as _;
use std::process::ExitCode;
use std::time::Duration;

use telemetry::Telemetry;
use telemetry::auth::{
    self, CliGenerate, CliMigrate, CustomTrack, GenerateOutcome, Init, MigrateOutcome, TelemetryContext,
    create_telemetry,
};
use telemetry::sink::SendError;
use telemetry_examples::auth::{Track, Written, decode};

use crate::publish::{Wait, tell};

/// `create` does what an application does. Otherwise everything possible is published and printed, at the most verbose log level.
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let done = match arguments {
        ["create"] => create(),
        _ => show(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn read() -> Result<Written, Box<dyn Error>> {
    let mut line = String::new();
    std::io::stdin().read_to_string(&mut line)?;
    Ok(decode(&line)?)
}

fn context(written: &Written) -> TelemetryContext<'_> {
    TelemetryContext {
        app: None,
        database: written.context.database.as_deref(),
        adapter: written.context.adapter.as_deref(),
        custom_track: written.context.custom_track.map(custom_track),
        skip_test_check: written.context.skip_test_check,
    }
}

fn custom_track(track: Track) -> CustomTrack {
    Box::new(move |event| {
        println!("event: {}", event.body());
        match track {
            Track::ThrowSync => std::panic::resume_unwind(Box::new("it panics")),
            Track::ThrowAsync => Err(SendError::Refused),
            _ => Ok(()),
        }
    })
}

fn create() -> Result<(), Box<dyn Error>> {
    let written = read()?;
    let telemetry = create_telemetry(&written.options, context(&written));
    Wait::Attempt.wait(&telemetry);
    print_status(&telemetry)
}

fn show() -> Result<(), Box<dyn Error>> {
    tell();
    let written = read()?;
    let config = written.config();
    let builder = auth::builder(&written.options, context(&written));
    println!("builder: {builder:?} {:?}", builder.check());
    let telemetry = builder.build();
    let init = Init { config };
    telemetry.publish(&init);
    telemetry.publish(&CliGenerate { outcome: GenerateOutcome::Generated, config });
    telemetry.publish(&CliMigrate { outcome: MigrateOutcome::UnsupportedAdapter, adapter: config.adapter, config });
    Wait::Attempt.wait(&telemetry);
    println!("preview: {}", telemetry.preview(&init)?);
    println!("client: {telemetry:?} {:?}", telemetry.error());
    telemetry.shutdown(Duration::from_millis(100));
    print_status(&telemetry)
}

fn print_status(telemetry: &Telemetry) -> Result<(), Box<dyn Error>> {
    println!("status: {}", serde_json::to_string(&telemetry.status())?);
    Ok(())
}
