use std::process::ExitCode;

use super::application::Application;
use super::command::{self, Command};
use super::duration::{now, since};
use super::output::{Exit, Output, standard};
use super::status;
use crate::client::{Loss, Telemetry};
use crate::consent::{ChoiceError, Consent};
use crate::event::TelemetryEvent;
use crate::page::Disclosure;

impl Command {
    /// Does what the command says on the standard streams, in English, and returns the [exit code](super#output-and-exit-codes).
    ///
    /// A choice is stored for the application that the client names; if the client is [disabled](Telemetry::disabled), for the one that the
    /// page names. A yes covers the events of the page. `example` makes the event that `preview` shows, and is called for no other command.
    /// If that event carries the context, `preview` blocks while the context is detected.
    pub fn run<E: TelemetryEvent>(
        self,
        client: &Telemetry,
        page: &Disclosure,
        example: impl FnOnce() -> E,
    ) -> ExitCode {
        standard(|output| self.run_to(output, client, page, example))
    }

    /// Like [`run`](Self::run), with another output or in another language.
    pub fn run_to<E: TelemetryEvent>(
        self,
        mut output: Output<'_>,
        client: &Telemetry,
        page: &Disclosure,
        example: impl FnOnce() -> E,
    ) -> Exit {
        match self {
            Self::Status { json: true } => output.print(&status::pretty_json(&status::of(client, page))),
            Self::Status { json: false } => status(&mut output, client, page),
            Self::Preview => preview(&mut output, client.preview(&example())),
            Self::Enable => choose(&mut output, client, page, enable),
            Self::Disable => choose(&mut output, client, page, disable),
            Self::Last => last(&mut output, client),
            Self::Page => output.print(&page.to_markdown()),
            Self::Help => help(&mut output),
        }
        output.exit()
    }
}

fn status(output: &mut Output<'_>, client: &Telemetry, page: &Disclosure) {
    let application = Application::of(client, page);
    output.print(&status::text(&status::of(client, page), &application, output.texts));
}

fn preview(output: &mut Output<'_>, body: Result<String, Loss>) {
    match body {
        Ok(body) => {
            output.remark(&output.texts.example());
            output.print(&format!("{body}\n"));
        }
        Err(loss) => output.fail(&output.texts.no_example(loss)),
    }
}

fn last(output: &mut Output<'_>, client: &Telemetry) {
    let sent = client.last_sent();
    if sent.is_empty() {
        let texts = output.texts;
        output.remark(&client.unrecorded().map_or_else(|| texts.nothing_sent(), |problem| texts.not_recorded(problem)));
    }
    for event in sent {
        output.remark(&output.texts.sent(since(event.at, now())));
        output.print(&format!("{}\n", event.body));
    }
}

fn help(output: &mut Output<'_>) {
    output.print(&command::list(output.texts));
}

/// Stores a choice, and says what holds then.
fn choose(
    output: &mut Output<'_>,
    client: &Telemetry,
    page: &Disclosure,
    store: fn(&Consent, &Telemetry, &Application<'_>, &mut Output<'_>) -> Result<String, ChoiceError>,
) {
    let application = Application::of(client, page);
    let Some(consent) = application.consent else {
        return output.fail(&output.texts.no_application());
    };
    match store(&consent, client, &application, output) {
        Ok(sentence) => output.print(&format!("{sentence}\n")),
        Err(error) => output.fail(&output.texts.choice_error(&error, &application.variable())),
    }
}

fn enable(
    consent: &Consent,
    _: &Telemetry,
    application: &Application<'_>,
    output: &mut Output<'_>,
) -> Result<String, ChoiceError> {
    consent.enable(application.page.scope())?;
    // The client was built before the yes, so its status would speak of the next start.
    let decision = consent.decide();
    let (texts, name) = (output.texts, application.name());
    Ok(if decision.enabled {
        texts.enabled(name)
    } else {
        texts.enabled_in_vain(name, &texts.reason(decision.reason, &application.variable()))
    })
}

fn disable(
    consent: &Consent,
    client: &Telemetry,
    application: &Application<'_>,
    output: &mut Output<'_>,
) -> Result<String, ChoiceError> {
    let left = match consent.disable() {
        Ok(()) => None,
        // The no is stored, so the receiver is asked as well.
        Err(error @ ChoiceError::Erase { .. }) => Some(error),
        Err(error) => return Err(error),
    };
    let asked = client.request_deletion().and_then(|deletion| output.texts.deletion_requested(&deletion));
    if let Some(error) = left {
        asked.iter().for_each(|asked| output.remark(asked));
        return Err(error);
    }
    let disabled = output.texts.disabled(application.name());
    Ok(asked.map_or(disabled.clone(), |asked| format!("{disabled}\n{asked}")))
}

#[cfg(test)]
mod tests;
