//! What the user of an application named `acme` can do.

use std::process::ExitCode;

use telemetry::client::Durability;
use telemetry::consent::Question;
use telemetry::page::Disclosure;
use telemetry::user::{self, Command, Format};
use telemetry::{Consent, Telemetry};

use crate::acme::{PATIENCE, Started};

const CONSENT: Consent = Consent::new("ACME", "acme").skip_test_check();

const QUESTION: Question<'_> = Question {
    receiver: "Acme Inc. (telemetry.acme.dev)",
    categories: &["which turn it is"],
    preview: "acme telemetry preview",
    disable: "acme telemetry disable",
};

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let mut consent = CONSENT;
    let mut endpoint = None;
    let mut is_disabled = false;
    let mut words = Vec::new();
    for argument in arguments {
        match argument.split_once('=') {
            Some(("--configured", configured)) => consent = consent.configured(Some(configured == "true")),
            Some(("--endpoint", address)) => endpoint = Some(address),
            _ if *argument == "--disabled" => is_disabled = true,
            _ => words.push(*argument),
        }
    }
    let client = if is_disabled { Telemetry::disabled() } else { client(consent, endpoint) };
    act(&words, &consent, &client)
}

fn act(words: &[&str], consent: &Consent, client: &Telemetry) -> ExitCode {
    let page = page(*consent);
    match words {
        ["first-run"] => {
            let result = user::first_run(consent, &QUESTION, &page);
            println!("{result:?}");
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

fn client(consent: Consent, endpoint: Option<&str>) -> Telemetry {
    let builder = Telemetry::builder(consent).receiver("Acme Inc.").durability(Durability::WriteAhead);
    match endpoint {
        Some(address) => builder.endpoint(address).build(),
        None => builder.build(),
    }
}

fn page(consent: Consent) -> Disclosure {
    Disclosure::new(consent).receiver("Acme Inc.").commands("acme telemetry").event::<Started>()
}
