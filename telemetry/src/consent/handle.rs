use super::ask::{self, Answer};
use super::decide::{Decision, Inputs, decide};
use super::error::ChoiceError;
use super::inputs::ChoiceStore;
use super::live::LiveConsent;
use super::names;
use super::question::Question;
use super::report::Report;
use crate::storage::{NotDeleted, StateDirectory};

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
    /// The choice is the file `telemetry-consent`, which only the user may read, in the platform's
    /// [configuration directory](crate::client#what-is-kept-on-the-machine). It is replaced as a whole, so it is read as it was or as it will be.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] when a name cannot be used, when the environment names no such directory (`HOME` is not set), when it cannot be written,
    /// or when this is root in the home of another user.
    pub fn enable(&self) -> Result<(), ChoiceError> {
        self.store(true)
    }

    /// Stores the user's no, as [`enable`](Self::enable) stores a yes, and deletes everything that telemetry has kept on this machine for
    /// the application: the salt of the anonymous id, events that were still to be sent, and the last ones that were.
    ///
    /// Without `HOME` the no is stored in the home that the system knows. Clients in other processes read the choice before each event that they
    /// send, and end.
    ///
    /// # Errors
    ///
    /// As [`enable`](Self::enable), and [`ChoiceError::Erase`] when the choice is stored and a file could not be deleted.
    pub fn disable(&self) -> Result<(), ChoiceError> {
        self.store(false)?;
        self.erase()
    }

    /// Forgets the anonymous id of this installation: the next process has a new one, and nothing links the two. Events that were still to be
    /// sent are deleted, since they carry the old one. Processes that run keep it until they end.
    ///
    /// # Errors
    ///
    /// [`ChoiceError::Name`] when a name cannot be used, and [`ChoiceError::Reset`] when a file could not be deleted.
    pub fn reset_id(&self) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        self.delete(StateDirectory::reset).map_err(|NotDeleted { path: file, kind }| ChoiceError::Reset { file, kind })
    }

    /// Asks the user of a command line, and stores the answer.
    ///
    /// It asks only when standard input, standard output and standard error are one terminal and the program runs in its foreground, when this
    /// is not a run of continuous integration, nothing denies, nothing is stored, and an answer could be stored. Otherwise it says at once why
    /// not. What was typed before the question is thrown away. Then it waits for one line, at most for a minute, so it must not be called on a
    /// thread that others wait for. On Windows the wait has no limit, and what was typed before counts.
    ///
    /// `y` and `yes` store a yes; `n`, `no` and Enter store a no. Anything else stores no choice: another line, the end of the input, a minute of
    /// silence, and Ctrl-C, which ends the process unless it handles the signal. How often that happened is counted in a file beside the
    /// choice, one byte a time, and the third time stores a no instead of asking for ever; an answer deletes the count.
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
        self.delete(StateDirectory::erase).map_err(|NotDeleted { path: file, kind }| ChoiceError::Erase { file, kind })
    }

    fn delete(&self, delete: impl FnOnce(&StateDirectory) -> Result<(), NotDeleted>) -> Result<(), NotDeleted> {
        StateDirectory::find(self.application).map_or(Ok(()), |state| delete(&state))
    }

    fn store(&self, enabled: bool) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        // A no is obeyed wherever it lies; a yes is read only where the environment says.
        let find = if enabled { ChoiceStore::find_named } else { ChoiceStore::find };
        let store = find(self.application).ok_or(ChoiceError::NoDirectory)?;
        if store.is_another_users() {
            return Err(ChoiceError::AnotherUsersHome);
        }
        store.write(enabled).map_err(|error| ChoiceError::Write(error.kind()))
    }
}
