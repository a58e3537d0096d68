//! Publishes events as an application named `acme` would, and prints what became of them.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use telemetry::client::{Builder, Counts, Loss};
use telemetry::schema::{Field, Kind, Schema};
use telemetry::snapshot::Recorder;
use telemetry::{Consent, Telemetry, TelemetryEvent, TelemetrySnapshot};

struct Started {
    turn: usize,
}

impl TelemetrySnapshot for Started {
    const SCHEMA: Schema = Schema::group(&[Field::new("turn", Kind::count(1_000_000))]);

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.count(self.turn);
    }
}

impl TelemetryEvent for Started {
    const NAME: &'static str = "started";
}

/// What the arguments ask for, each written `--name=value`.
struct Plan {
    builder: Builder,
    events: usize,
    flush: Option<Duration>,
}

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match Plan::read(arguments) {
        Ok(plan) => {
            plan.run();
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

impl Plan {
    fn read(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut plan = Self {
            builder: Telemetry::builder(Consent::new("ACME", "acme").skip_test_check()),
            events: 1,
            flush: Some(Duration::from_secs(60)),
        };
        for argument in arguments {
            let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
            plan.set(name, value)?;
        }
        Ok(plan)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Box<dyn Error>> {
        let builder = std::mem::replace(&mut self.builder, Telemetry::builder(Consent::new("ACME", "acme")));
        self.builder = match name {
            "--endpoint" => builder.endpoint(value),
            "--token" => builder.header("X-Collector-Token", value),
            "--configured" => builder.configured(Some(value.parse()?)),
            "--exit-wait" => builder.exit_wait(milliseconds(value)?),
            "--events" => {
                self.events = value.parse()?;
                builder
            }
            "--flush" => {
                self.flush = (value != "no").then(|| milliseconds(value)).transpose()?;
                builder
            }
            _ => return Err(format!("no such argument: {name}").into()),
        };
        Ok(())
    }

    fn run(self) {
        let telemetry = self.builder.build();
        for turn in 1..=self.events {
            telemetry.publish(&Started { turn });
        }
        if let Some(timeout) = self.flush {
            telemetry.flush(timeout);
        }
        println!("{}", report(&telemetry));
    }
}

fn milliseconds(text: &str) -> Result<Duration, Box<dyn Error>> {
    Ok(Duration::from_millis(text.parse()?))
}

fn report(telemetry: &Telemetry) -> serde_json::Value {
    let counts: Counts = telemetry.counts();
    let dropped: serde_json::Map<String, serde_json::Value> =
        counts.losses().map(|(loss, count): (Loss, u64)| (loss.name().to_owned(), count.into())).collect();
    json!({
        "enabled": telemetry.is_enabled(),
        "error": telemetry.error().map(|error| error.to_string()),
        "published": counts.published(),
        "delivered": counts.delivered(),
        "pending": counts.pending(),
        "dropped": dropped,
    })
}
