//! Reads, stores and asks for consent as an application named `acme` would.

use std::error::Error;
use std::process::ExitCode;

use telemetry::Consent;
use telemetry::consent::Question;

use crate::acme::scope;
use crate::traced::between_marks;

const QUESTION: Question<'_> = Question {
    receiver: "Acme Inc. (telemetry.acme.dev)",
    categories: &["which options are set", "versions", "operating system"],
    preview: "acme telemetry preview",
    disable: "acme telemetry disable",
};

pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    let mut consent = Consent::new("ACME", "acme");
    let mut action = "";
    for argument in arguments {
        match *argument {
            "--configured=true" => consent = consent.configured(Some(true)),
            "--configured=false" => consent = consent.configured(Some(false)),
            "--deletion" => consent = consent.with_deletion_request(),
            "--skip-test-check" => consent = consent.skip_test_check(),
            other => action = other,
        }
    }
    match act(consent, action) {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn act(consent: Consent, action: &str) -> Result<String, Box<dyn Error>> {
    Ok(match action {
        "decide" => serde_json::to_string(&consent.decide())?,
        "report" => serde_json::to_string(&consent.report())?,
        "enable" => format!("{:?}", consent.enable(&scope())?),
        "disable" => format!("{:?}", consent.disable()?),
        "reset-id" => format!("{:?}", consent.reset_id()?),
        "ask" => format!("{:?}", consent.ask(&QUESTION, &scope())?),
        "trace" => between_marks(|| consent.decide().to_string()),
        "trace-ask" => between_marks(|| format!("{:?}", consent.ask(&QUESTION, &scope()))),
        "allocations" => {
            let counted = allocation_counter::measure(|| {
                let _ = consent.decide();
            });
            counted.count_total.to_string()
        }
        other => return Err(format!("no such action: {other}").into()),
    })
}
