use super::output::Output;
use super::texts::{English, Texts};
use crate::consent::{Answer, ChoiceError, Consent, NotAsked, Question};
use crate::page::Disclosure;

/// What [`first_run`] did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FirstRun {
    /// The user was asked, and was told what follows from the answer.
    Asked(Answer),
    /// Nothing was printed.
    Silent(NotAsked),
    /// The user was asked, and was told that the answer could not be stored; or the application's names are unusable.
    Failed(ChoiceError),
}

/// Asks the user of a command line once whether events may be sent, and says in one sentence what follows from the answer.
///
/// Call it before the work of a command that may publish an event. It asks where [`Consent::ask`] does: on a terminal, in the foreground,
/// outside of continuous integration, and only as long as nothing denies and no choice is stored, or a yes that does not cover every event
/// of the page. Everywhere else it returns at once
/// and prints nothing: telemetry is then off, and a program that is off may not write down that it has printed a notice, so it would
/// print it on every run. An operator who has said yes, by a variable or the configuration, needs no notice; on a terminal the user is
/// asked all the same, and a no wins.
///
/// Everything goes to standard error. The result may be ignored.
///
/// ```no_run
/// use telemetry::consent::Question;
/// use telemetry::page::Disclosure;
/// use telemetry::{Consent, user};
/// # #[derive(telemetry::TelemetryEvent)]
/// # #[telemetry(event = "run")]
/// # struct Run { to_file: bool }
///
/// const CONSENT: Consent = Consent::new("ACME", "acme-cli");
/// const QUESTION: Question<'_> = Question {
///     receiver: "Acme Inc. (telemetry.acme.dev)",
///     categories: &["which command was run"],
///     preview: "acme telemetry preview",
///     disable: "acme telemetry disable",
/// };
///
/// let page = Disclosure::new(CONSENT).receiver("Acme Inc.").commands("acme telemetry").event::<Run>();
/// user::first_run(&CONSENT, &QUESTION, &page);
/// ```
pub fn first_run(consent: &Consent, question: &Question<'_>, page: &Disclosure) -> FirstRun {
    first_run_in(&English, consent, question, page)
}

/// Like [`first_run`], in another language.
pub fn first_run_in(texts: &dyn Texts, consent: &Consent, question: &Question<'_>, page: &Disclosure) -> FirstRun {
    let result = FirstRun::from(consent.ask(question, page.scope()));
    let (mut out, mut err) = (std::io::sink(), std::io::stderr());
    tell(&mut Output::new(&mut out, &mut err).texts(texts), &result, consent, page);
    result
}

impl From<Result<Answer, ChoiceError>> for FirstRun {
    fn from(result: Result<Answer, ChoiceError>) -> Self {
        match result {
            Ok(Answer::NotAsked(reason)) => Self::Silent(reason),
            Ok(answer) => Self::Asked(answer),
            Err(error) => Self::Failed(error),
        }
    }
}

fn tell(output: &mut Output<'_>, result: &FirstRun, consent: &Consent, page: &Disclosure) {
    let (texts, name) = (output.texts, consent.application());
    let variable = format!("{}_TELEMETRY", consent.prefix());
    match result {
        FirstRun::Asked(Answer::Yes) => {
            output.remark(&texts.answered_yes(page.command("disable").as_deref(), &variable));
        }
        FirstRun::Asked(Answer::No) => output.remark(&texts.answered_no(name)),
        FirstRun::Asked(Answer::Declined) => output.remark(&texts.answered_declined(name)),
        FirstRun::Asked(Answer::Unanswered) => output.remark(&texts.unanswered(name)),
        FirstRun::Asked(Answer::NotAsked(_)) | FirstRun::Silent(_) => {}
        FirstRun::Failed(error) => output.fail(&texts.choice_error(error, &variable)),
    }
}

#[cfg(test)]
mod tests;
