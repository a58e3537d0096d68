use std::io;

use super::ask::{self, Answer};
use super::decide::{Decision, Inputs, decide};
use super::error::ChoiceError;
use super::inputs::ChoiceStore;
use super::live::LiveConsent;
use super::names;
use super::question::Question;
use super::report::Report;
use crate::storage::StateDirectory;

/// Whose consent is asked for, and under which names it is given and kept.
///
/// Nothing is read before a method asks for it, and each method reads anew.
///
/// ```
/// use telemetry::Consent;
///
/// let consent = Consent::new("ACME", "acme-cli").configured(Some(false));
/// let decision = consent.decide();
/// assert!(!decision.enabled);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Consent {
    prefix: &'static str,
    application: &'static str,
    configured: Option<bool>,
    skip_test_check: bool,
}

impl Consent {
    /// Consent to the telemetry of one application.
    ///
    /// `prefix` begins the names of its variables (`ACME` gives `ACME_TELEMETRY` and `ACME_TELEMETRY_DEBUG`), and
    /// `application` names the directory of the stored choice within the platform's configuration directory. Both are
    /// bounded, see [`NameError`](super::NameError); while one cannot be used, telemetry is off.
    #[must_use]
    pub const fn new(prefix: &'static str, application: &'static str) -> Self {
        Self { prefix, application, configured: None, skip_test_check: false }
    }

    pub(crate) const fn prefix(&self) -> &'static str {
        self.prefix
    }

    pub(crate) const fn application(&self) -> &'static str {
        self.application
    }

    /// What the operator's configuration says: yes, no, or nothing, which is the default.
    #[must_use]
    pub const fn configured(self, configured: Option<bool>) -> Self {
        Self { configured, ..self }
    }

    /// Does not take the signs of a test run for a no, for tests of telemetry itself.
    ///
    /// The signs are `NODE_ENV` or `RUST_ENV` being `test`; `TEST` set, and not empty or `false`; `NEXTEST` set; any
    /// variable named `CARGO_BIN_EXE_*`; and an executable at the place where cargo or rustdoc puts tests.
    #[must_use]
    pub const fn skip_test_check(self) -> Self {
        Self { skip_test_check: true, ..self }
    }

    /// Whether telemetry is on, and why. Reads no further than to the first denial.
    #[must_use]
    pub fn decide(&self) -> Decision {
        decide(&self.read())
    }

    /// What each input says. Unlike [`decide`](Self::decide) it reads all of them.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::of(&self.read_all(), self.prefix)
    }

    /// Stores the user's yes.
    ///
    /// The choice is a file that only the user may read (mode 0600 on Unix), in the platform's configuration directory:
    /// `$XDG_CONFIG_HOME/<application in lower case>/telemetry-consent`, by default below `~/.config`, or
    /// `%APPDATA%\<application>\config\telemetry-consent` on Windows. It is replaced as a whole, so a reader
    /// sees the old choice or the new one.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] when a name cannot be used, when there is no such directory, or when it cannot be written.
    pub fn enable(&self) -> Result<(), ChoiceError> {
        self.store(true)
    }

    /// Stores the user's no, as [`enable`](Self::enable) stores a yes, and deletes all that telemetry has kept on this machine for
    /// the application: the salt of the anonymous id, events that were still to be sent, and the last ones that were.
    ///
    /// Clients in other processes read the choice before each event they send, and end.
    ///
    /// # Errors
    ///
    /// As [`enable`](Self::enable), and [`ChoiceError::Erase`] when the choice is stored, and something could not be deleted.
    pub fn disable(&self) -> Result<(), ChoiceError> {
        self.store(false)?;
        self.erase()
    }

    /// Forgets the anonymous id of this installation: the next process has a new one, and nothing links the two. Events that were still to be
    /// sent are deleted, since they carry the old one. Processes that run keep it until they end.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] when a name cannot be used, or when something could not be deleted.
    pub fn reset_id(&self) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        self.delete(StateDirectory::reset).map_err(ChoiceError::Reset)
    }

    /// Asks the user of a command line, and stores the answer.
    ///
    /// It asks when standard input and standard error are terminals, this is no run of continuous integration, nothing
    /// denies, and nothing is stored; otherwise it says at once why not. It then waits for a line without a time
    /// limit, so it must not be called on a thread that others wait for.
    ///
    /// `y` and `yes` store a yes; `n`, `no` and Enter store a no. What is not understood is asked again, and after three
    /// times is a no. The end of the input stores no choice, and neither does Ctrl-C, which ends the process unless it
    /// handles the signal. How often that happened is counted in a file beside the choice, one byte a time, and
    /// after three times no is stored instead of asking for ever; the answer deletes the count.
    ///
    /// ```no_run
    /// use telemetry::Consent;
    /// use telemetry::consent::{Answer, Question};
    ///
    /// let answer = Consent::new("ACME", "acme-cli").ask(&Question {
    ///     receiver: "Acme Inc. (telemetry.acme.dev)",
    ///     categories: &["which options are set", "versions", "operating system"],
    ///     preview: "acme telemetry preview",
    ///     disable: "acme telemetry disable",
    /// });
    /// match answer {
    ///     Ok(Answer::Yes) => eprintln!("Thank you."),
    ///     Ok(_) => {}
    ///     Err(error) => eprintln!("{error}"),
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] when a name cannot be used, or when the answer could not be stored.
    pub fn ask(&self, question: &Question<'_>) -> Result<Answer, ChoiceError> {
        names::check(self.prefix, self.application)?;
        let mut inputs = self.read();
        if !inputs.denied() {
            inputs = self.read_all();
        }
        let answer = ask::ask(&inputs, self.application, &question.text(self.application, self.prefix))?;
        if answer == Answer::No {
            self.erase()?;
        }
        Ok(answer)
    }

    /// The decision, in a form that can be made again.
    pub(crate) fn live(&self) -> LiveConsent {
        LiveConsent::of(self.read(), self.application)
    }

    /// What the operator's configuration says, and whether signs of a test run are ignored.
    #[cfg(feature = "http")]
    pub(crate) const fn options(&self) -> (Option<bool>, bool) {
        (self.configured, self.skip_test_check)
    }

    fn read(&self) -> Inputs {
        Inputs::read(self.prefix, self.application, self.configured, self.skip_test_check)
    }

    fn read_all(&self) -> Inputs {
        Inputs::read_all(self.prefix, self.application, self.configured, self.skip_test_check)
    }

    fn erase(&self) -> Result<(), ChoiceError> {
        self.delete(StateDirectory::erase).map_err(ChoiceError::Erase)
    }

    fn delete(&self, delete: impl FnOnce(&StateDirectory) -> io::Result<()>) -> Result<(), io::ErrorKind> {
        StateDirectory::find(self.application).map_or(Ok(()), |state| delete(&state)).map_err(|error| error.kind())
    }

    fn store(&self, enabled: bool) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        let store = ChoiceStore::find(self.application, true).ok_or(ChoiceError::NoDirectory)?;
        store.write(enabled).map_err(|error| ChoiceError::Write(error.kind()))
    }
}
