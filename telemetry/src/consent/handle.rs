use super::ask::{self, Answer};
use super::coverage::Coverage;
use super::decide::{Decision, Inputs, StoredChoice, decide};
use super::error::ChoiceError;
use super::inputs::ChoiceStore;
use super::live::LiveConsent;
use super::names::{self, Names};
use super::place::{ChoicePlace, NoPlace};
use super::question::Question;
use super::report::Report;
use super::scope::{Scope, ScopedEvent};
use crate::storage::{NotDeleted, StateDirectory};

/// The consent settings of one application: the names under which consent is given and stored.
///
/// Nothing is read until a method is called, and each call reads the inputs again.
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
    asks_for_deletion: bool,
}

impl Consent {
    /// Creates the consent settings of one application.
    ///
    /// `prefix` starts the names of its variables (`ACME` gives `ACME_TELEMETRY` and `ACME_TELEMETRY_DEBUG`). `application` names the
    /// directory of the stored choice within the platform's configuration directory. Both are restricted, see
    /// [`NameError`](super::NameError); if either is unusable, telemetry is off.
    #[must_use]
    pub const fn new(prefix: &'static str, application: &'static str) -> Self {
        Self { prefix, application, configured: None, skip_test_check: false, asks_for_deletion: false }
    }

    pub(crate) const fn prefix(&self) -> &'static str {
        self.prefix
    }

    pub(crate) const fn application(&self) -> &'static str {
        self.application
    }

    /// Sets what the operator's configuration says: yes, no, or nothing (the default).
    #[must_use]
    pub const fn configured(self, configured: Option<bool>) -> Self {
        Self { configured, ..self }
    }

    /// Ignores the signs of a test run, which otherwise count as a no. This is for tests of telemetry itself.
    ///
    /// The signs are: `NODE_ENV` or `RUST_ENV` is `test`; `TEST` is set, and is not empty or `false`; `NEXTEST` is set; a variable is named
    /// `CARGO_BIN_EXE_*`; or the executable is located where cargo or rustdoc puts tests.
    #[must_use]
    pub const fn skip_test_check(self) -> Self {
        Self { skip_test_check: true, ..self }
    }

    /// Asks the receiver, after a stored no, to delete what it has. Without this, nothing is sent after a no.
    ///
    /// The no of the user, by [`disable`](Self::disable) or as an answer to [`ask`](Self::ask), is then followed by one request to the
    /// client's [endpoint](crate::client::Builder::endpoint) with the anonymous id and nothing else, see [the request for
    /// deletion](super#the-request-for-deletion). The [page](crate::page::Disclosure), the question, and the commands of
    /// [`telemetry::user`](crate::user) say so. Turn it on only if the receiver deletes what it has of an id when it is asked to.
    ///
    /// All programs that share the application's name have to agree on this. A no by a program without it deletes the ids that the others
    /// have written down, and so does a later version that leaves it out: then nobody is asked to delete what was sent under them.
    #[must_use]
    pub const fn with_deletion_request(self) -> Self {
        Self { asks_for_deletion: true, ..self }
    }

    pub(crate) const fn asks_for_deletion(&self) -> bool {
        self.asks_for_deletion
    }

    /// Whether telemetry is on, and why. Stops reading at the first denial.
    ///
    /// If no input says yes, telemetry is off whatever is stored, so the choice is looked for with one open at most: not without `HOME`, and
    /// not behind a link that leads nowhere. The reason is then [`NothingSaidYes`](super::Reason::NothingSaidYes), also where
    /// [`report`](Self::report) finds a denial there.
    #[must_use]
    pub fn decide(&self) -> Decision {
        decide(&self.read())
    }

    /// The result of every input. Unlike [`decide`](Self::decide), this reads all of them.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_on(&[])
    }

    /// What the yes covers, and which of these events need consent. `None` if no input says yes.
    #[must_use]
    pub fn coverage(&self, scope: &Scope) -> Option<Coverage> {
        self.coverage_of(&self.read_all(), scope.events())
    }

    pub(crate) fn report_on(&self, events: &[ScopedEvent]) -> Report {
        let inputs = self.read_all();
        Report::of(&inputs, self.prefix, self.coverage_of(&inputs, events))
    }

    fn coverage_of(&self, inputs: &Inputs, events: &[ScopedEvent]) -> Option<Coverage> {
        if inputs.is_operators_yes() {
            return Some(Coverage::of_everything());
        }
        let store = ChoiceStore::find(self.application).filter(|_| inputs.stored == StoredChoice::Enabled)?;
        Some(Coverage::of(&store.covered(), &store.declined(), events))
    }

    /// Stores the user's yes to the events of this scope, with what each of them can send. An earlier yes stays: what it covers is covered
    /// from now on as well. After a no, or without a choice, exactly the scope is covered.
    ///
    /// An event that is not covered, because it is new or can send more than when the yes was given, is
    /// [not sent](crate::client::Outcome::NeedsConsent) under this yes.
    ///
    /// The choice is stored in the file `telemetry-consent`, readable only by the user, in the platform's [configuration
    /// directory](crate::client#what-is-kept-on-the-machine). The file is replaced atomically: a reader sees either the old or the new
    /// content.
    ///
    /// A yes after a no covers only what is published by programs that start later: a program that was running when the no was stored
    /// sends nothing until it is started again.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] if a name is unusable; [`ChoiceError::NoPlace`] if there is no home, if `HOME` is not set, if root runs in another
    /// user's home, if something else is in the place of the file, if its directory cannot be written, or if others can write to every
    /// file in it; [`ChoiceError::Write`] if it cannot be written for another reason;
    /// [`ChoiceError::Unreadable`] if a choice is stored that cannot be read now; [`ChoiceError::Leftover`] if the stored choice is a no and
    /// a file from before it could not be deleted. In all cases, the stored choice remains.
    pub fn enable(&self, scope: &Scope) -> Result<(), ChoiceError> {
        self.store(Some(scope))
    }

    /// Stores the user's no, in the same file as [`enable`](Self::enable), and deletes everything that telemetry has kept on this machine
    /// for the application: the salt of the anonymous id, unsent events, and the record of the last sent ones.
    ///
    /// Without `HOME`, the no is stored in the home directory that the system reports. Clients in other processes read the choice before
    /// each request, and then stop. A request that is on its way already may still arrive: one event, or a [batch](crate::client#batches).
    ///
    /// If the application [asks for deletion](Self::with_deletion_request), the request is due from now on. It is sent by the clients of the
    /// application, the next of them when it is built; [`Command::Disable`](crate::user::Command) sends it at once.
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] if a name is unusable; [`ChoiceError::NoPlace`] if there is no home, if root runs in another user's home, if
    /// something else is in the place of the file, or if its directory cannot be written; [`ChoiceError::Write`] if it cannot be written for
    /// another reason; [`ChoiceError::Erase`] if the choice is stored but a file could not be deleted.
    pub fn disable(&self) -> Result<(), ChoiceError> {
        self.store(None)?;
        self.erase()
    }

    /// Forgets the anonymous id of this installation: the next process gets a new one, and the two cannot be linked. Unsent events are
    /// deleted, since they carry the old id. Running processes keep it until they end. A later no asks the receiver to delete what was sent
    /// under the new id only, since a request for both would link them.
    ///
    /// # Errors
    ///
    /// [`ChoiceError::Name`] if a name is unusable, and [`ChoiceError::Reset`] if a file could not be deleted.
    pub fn reset_id(&self) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        if let Some(store) = ChoiceStore::find(self.application) {
            let forgotten = store.forget_prepared_deletion();
            forgotten.map_err(|error| ChoiceError::Reset { file: store.deletion_file(), kind: error.kind() })?;
        }
        self.delete(StateDirectory::reset).map_err(|NotDeleted { path: file, kind }| ChoiceError::Reset { file, kind })
    }

    /// Asks the user of a command-line program about the events of this scope, and stores the answer.
    ///
    /// It asks only if standard input, standard output and standard error are one terminal, the program runs in its foreground, this is not
    /// a continuous integration run, nothing denies, no choice is stored that answers the question, and an answer could be stored.
    /// Otherwise it returns the reason at once. Input typed before the question is discarded. It then waits up to one minute for one line,
    /// so do not call it on a thread that others wait for. On Windows the wait is unlimited, and earlier input is not discarded.
    ///
    /// `y` and `yes` store a yes; `n`, `no` and Enter store a no. Anything else stores no choice: any other line, the end of the input, a
    /// minute of silence, or Ctrl-C, which ends the process unless it handles the signal. These cases are counted in a file beside the
    /// choice, one byte each. The third one stores a no, so that the user is not asked forever. An answer deletes the count.
    ///
    /// If a yes is stored that does not cover every event of the scope, it asks once more, and shows what is new: values and events that
    /// the yes does not cover. A yes covers them from then on. A no leaves the earlier yes as it is, and is remembered: the user is not
    /// asked about the same schemas again.
    ///
    /// ```no_run
    /// use telemetry::consent::{Answer, Question, Scope};
    /// use telemetry::{Consent, TelemetryEvent};
    ///
    /// #[derive(TelemetryEvent)]
    /// #[telemetry(event = "started")]
    /// struct Started {
    ///     by_hand: bool,
    /// }
    ///
    /// let question = Question {
    ///     receiver: "Acme Inc. (telemetry.acme.dev)",
    ///     categories: &["which options are set", "versions", "operating system"],
    ///     preview: "acme telemetry preview",
    ///     disable: "acme telemetry disable",
    /// };
    /// match Consent::new("ACME", "acme-cli").ask(&question, &Scope::new().event::<Started>()) {
    ///     Ok(Answer::Yes) => eprintln!("Thank you."),
    ///     Ok(_) => {}
    ///     Err(error) => eprintln!("{error}"),
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`ChoiceError`] if a name is unusable, or if the answer could not be stored.
    pub fn ask(&self, question: &Question<'_>, scope: &Scope) -> Result<Answer, ChoiceError> {
        names::check(self.prefix, self.application)?;
        let mut inputs = self.read();
        if !inputs.denied() {
            inputs = self.read_all();
        }
        let names =
            Names { prefix: self.prefix, application: self.application, asks_for_deletion: self.asks_for_deletion };
        let answer = ask::ask(&inputs, names, question, scope)?;
        if answer == Answer::No {
            self.erase()?;
        }
        Ok(answer)
    }

    /// Where the choice is stored. `None` if a name is unusable.
    pub(crate) fn choice_place(&self) -> Option<ChoicePlace> {
        names::check(self.prefix, self.application).ok()?;
        Some(ChoicePlace::find(self.application))
    }

    /// The decision, in a form that can be evaluated again.
    pub(crate) fn live(&self) -> LiveConsent {
        LiveConsent::of(self.read(), self.application)
    }

    /// The operator's configuration, and whether signs of a test run are ignored.
    #[cfg(feature = "http")]
    pub(crate) const fn options(&self) -> (Option<bool>, bool) {
        (self.configured, self.skip_test_check)
    }

    fn read(&self) -> Inputs {
        Inputs::read(self.prefix, self.application, self.configured, self.skip_test_check)
    }

    pub(super) fn read_all(&self) -> Inputs {
        Inputs::read_all(self.prefix, self.application, self.configured, self.skip_test_check)
    }

    /// Deletes what a killed process has left behind, if the stored choice is a no.
    pub(crate) fn erase_after_a_no(&self) {
        let Some(store) = ChoiceStore::find(self.application) else { return };
        let is_no = || store.read() == StoredChoice::Disabled;
        if is_no() {
            let _ = self.delete(|state| state.erase_while(is_no));
            let _ = self.forget_deletion(&store);
        }
    }

    /// Deletes everything after a no, unless a yes has followed: that has deleted what was there before it.
    fn erase(&self) -> Result<(), ChoiceError> {
        let store = ChoiceStore::find(self.application);
        let is_yes = || store.as_ref().is_some_and(|store| store.read() == StoredChoice::Enabled);
        let erased = self.delete(|state| state.erase_while(|| !is_yes()));
        let forgotten = store.as_ref().filter(|_| !is_yes()).map_or(Ok(()), |store| self.forget_deletion(store));
        erased.and(forgotten).map_err(|NotDeleted { path: file, kind }| ChoiceError::Erase { file, kind })
    }

    /// Deletes the ids that an earlier version has written down to have them deleted, if this one asks nobody: no client would ever do it.
    fn forget_deletion(&self, store: &ChoiceStore) -> Result<(), NotDeleted> {
        if self.asks_for_deletion || store.is_another_users() {
            return Ok(());
        }
        store.forget_deletion().map_err(|error| NotDeleted { path: store.deletion_file(), kind: error.kind() })
    }

    fn delete(&self, delete: impl FnOnce(&StateDirectory) -> Result<(), NotDeleted>) -> Result<(), NotDeleted> {
        StateDirectory::find(self.application).map_or(Ok(()), |state| delete(&state))
    }

    /// Stores a yes to this scope, or a no.
    fn store(&self, agreed: Option<&Scope>) -> Result<(), ChoiceError> {
        names::check(self.prefix, self.application)?;
        match agreed {
            Some(scope) => {
                let store = ChoiceStore::find_for_yes(self.application)?;
                self.leave_nothing_to_a_yes(&store)?;
                store.agree(scope).map_err(|error| store.not_stored(&error))
            }
            // Nothing is examined before, so that running programs are told of the no as well as they can be.
            None => {
                let store = ChoiceStore::find(self.application).ok_or(NoPlace::NoHome)?;
                store.refuse().map_err(|error| store.not_stored(&error))
            }
        }
    }

    /// Data that a killed process left behind after a no is not covered by a later yes.
    fn leave_nothing_to_a_yes(&self, store: &ChoiceStore) -> Result<(), ChoiceError> {
        match store.read() {
            // It may be a no or a yes, so neither can be done: to erase the data, or to leave it to the new yes.
            StoredChoice::Unreadable => Err(ChoiceError::Unreadable),
            StoredChoice::Disabled => {
                store.mark_deletion_due();
                self.delete(|state| state.erase_while(|| store.read() == StoredChoice::Disabled))
                    .map_err(|NotDeleted { path: file, kind }| ChoiceError::Leftover { file, kind })
            }
            _ => Ok(()),
        }
    }
}
