//! What the user of an application named `acme` can do.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use telemetry::client::{AnonymousId, Builder, Durability, Upload};
use telemetry::consent::Question;
use telemetry::page::Disclosure;
use telemetry::sink::Console;
use telemetry::user::{self, Command, Format};
use telemetry::{Consent, Telemetry};

use crate::acme::{PATIENCE, Started};

const CONSENT: Consent = Consent::new("ACME", "acme");

const QUESTION: Question<'_> = Question {
    receiver: "Acme Inc. (telemetry.acme.dev)",
    categories: &["which turn it is"],
    preview: "acme telemetry preview",
    disable: "acme telemetry disable",
};

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let mut consent = CONSENT.skip_test_check();
    let mut has_commands = true;
    let mut endpoint = None;
    let mut is_disabled = false;
    let mut changes: Vec<fn(Builder) -> Builder> = Vec::new();
    let mut words = Vec::new();
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--configured", configured)) => consent = consent.configured(Some(configured == "true")),
            Some(("--endpoint", address)) => endpoint = Some(address),
            _ if *argument == "--disabled" => is_disabled = true,
            // Comes before the other options for consent.
            _ if *argument == "--test-check" => consent = CONSENT,
            _ if *argument == "--no-commands" => has_commands = false,
            _ if *argument == "--deletion" => consent = consent.with_deletion_request(),
            _ if *argument == "--detached" => changes.push(|builder| builder.upload(Upload::Detached)),
            _ if *argument == "--patient" => changes.push(|builder| builder.exit_wait(PATIENCE)),
            _ if *argument == "--ephemeral" => {
                changes.push(|builder| builder.anonymous_id(AnonymousId::PerProjectUnkeyed))
            }
            _ if *argument == "--project" => changes.push(of_a_project),
            _ if *argument == "--console" => changes.push(|builder| builder.sink(Console::new())),
            _ => words.push(*argument),
        }
    }
    let client = if is_disabled { Telemetry::disabled() } else { client(consent, endpoint, &changes) };
    act(&words, &consent, &client, has_commands)
}

fn act(words: &[&str], consent: &Consent, client: &Telemetry, has_commands: bool) -> ExitCode {
    let page = Disclosure::new(*consent).receiver("Acme Inc.").event::<Started>();
    let page = if has_commands { page.commands("acme telemetry") } else { page };
    match words {
        ["first-run"] => {
            let result = user::first_run(consent, &QUESTION, &page);
            println!("{result:?}");
        }
        // The user says no while the program runs.
        ["publish", "disable", "publish"] => {
            client.publish(&Started { turn: 1 });
            client.flush(PATIENCE);
            println!("{:?}", consent.disable());
            client.publish(&Started { turn: 2 });
            client.flush(PATIENCE);
            let deadline = Instant::now() + Duration::from_secs(10);
            while client.status().deletion.is_some_and(|deletion| deletion.waiting > 0) && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        ["nothing"] => {}
        // What is not sent within the exit wait stays on disk.
        ["publish-and-leave"] => {
            client.publish(&Started { turn: 1 });
        }
        ["publish"] => {
            client.publish(&Started { turn: 1 });
            client.flush(PATIENCE);
        }
        ["report", form] => {
            let format = Format::of_accept(if *form == "json" { "application/json" } else { "*/*" });
            print!("{}", user::report(client, &page, &Started { turn: 7 }).body(format));
        }
        words => match Command::parse(words) {
            Ok(command) => return command.run(client, &page, || Started { turn: 7 }),
            Err(error) => {
                eprint!("{error}");
                return ExitCode::from(2);
            }
        },
    }
    ExitCode::SUCCESS
}

fn client(consent: Consent, endpoint: Option<&str>, changes: &[fn(Builder) -> Builder]) -> Telemetry {
    let builder = Telemetry::builder(consent).receiver("Acme Inc.").durability(Durability::WriteAhead);
    let builder = match endpoint {
        Some(address) => builder.endpoint(address),
        None => builder,
    };
    changes.iter().fold(builder, |builder, change| change(builder)).build()
}

fn of_a_project(builder: Builder) -> Builder {
    let key = "kq3hTzBzG0uWZQ8r0vCw3m1mXyTq0bV5o5m3yQv3n1A=";
    builder.anonymous_id(AnonymousId::PerProject { key: key.into() }).project("acme-shop")
}
