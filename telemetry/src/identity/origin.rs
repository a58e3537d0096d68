use std::sync::OnceLock;

use super::anonymous_id::{AnonymousId, ResolvedId, Subject};
use crate::consent::LiveConsent;
use crate::context::{self, App, RecordedContext};
use crate::panics::catch;
use crate::storage::StateDirectory;

/// The data that a client's events carry besides their payload. It is determined on first use, and only once.
pub(crate) struct Identity {
    pub(crate) origin: Origin,
    /// Drawn once. Together with an event's number, it identifies the event.
    pub(crate) series: String,
    resolved: OnceLock<ResolvedId>,
    context: OnceLock<Contexts>,
}

/// The detected context.
struct Contexts {
    own: RecordedContext,
    shared: RecordedContext,
}

/// The sources of the anonymous id and the context.
#[derive(Default)]
pub(crate) struct Origin {
    pub(crate) app: Option<App>,
    pub(crate) application: &'static str,
    pub(crate) project: Option<String>,
    pub(crate) base_url: Option<String>,
    /// `None` if no id may be created.
    pub(crate) id: Option<AnonymousId>,
    pub(crate) state: Option<StateDirectory>,
}

impl Identity {
    pub(crate) fn new(origin: Origin, series: String) -> Self {
        Self { origin, series, resolved: OnceLock::new(), context: OnceLock::new() }
    }

    /// The id of an event of this client.
    pub(crate) fn event_id(&self, number: u64) -> String {
        format!("{}-{number}", self.series)
    }

    pub(crate) fn is_of_this_client(&self, event_id: &str) -> bool {
        event_id.split_once('-').is_some_and(|(series, _)| series == self.series)
    }

    /// Detects the context, unless it is already known.
    pub(crate) fn detect(&self, consent: &LiveConsent) {
        let Some(resolved) = self.resolved_id(consent) else { return };
        self.context.get_or_init(|| self.origin.contexts(resolved));
    }

    /// The context, once it is known.
    pub(crate) fn context(&self) -> Option<&RecordedContext> {
        Some(&self.context.get()?.own)
    }

    /// The part of the context that is the same for the other processes of the application.
    pub(crate) fn shared_context(&self) -> Option<&RecordedContext> {
        Some(&self.context.get()?.shared)
    }

    /// The id. It is not created once the user has said no.
    pub(crate) fn resolved_id(&self, consent: &LiveConsent) -> Option<&ResolvedId> {
        if let Some(resolved) = self.resolved.get() {
            return Some(resolved);
        }
        if !consent.holds() {
            return None;
        }
        let resolved = self.resolved.get_or_init(|| self.origin.anonymous_id(&self.series));
        // A no stored in the meantime deleted everything before the salt existed.
        if let Some(state) = &self.origin.state {
            consent.erase_if_withdrawn(state);
        }
        Some(resolved)
    }
}

impl Origin {
    /// An identity for cases where no id may be created.
    pub(crate) fn of_nobody(app: Option<App>) -> Self {
        Self { app, ..Self::default() }
    }

    pub(crate) fn anonymous_id(&self, series: &str) -> ResolvedId {
        let Some(kind) = &self.id else { return ResolvedId::placeholder() };
        let of_app = self.app.as_ref().and_then(App::name);
        let of_directory = match (&self.project, of_app) {
            (None, None) => context::javascript_project_name(),
            _ => None,
        };
        let project = self.project.as_deref().or(of_app).or(of_directory.as_deref());
        let subject = Subject { application: self.application, project, base_url: self.base_url.as_deref(), series };
        ResolvedId::of(kind, &subject, self.state.as_ref())
    }

    pub(crate) fn context(&self, resolved: &ResolvedId) -> RecordedContext {
        self.contexts(resolved).own
    }

    fn contexts(&self, resolved: &ResolvedId) -> Contexts {
        let mut context = catch(|| context::detect(self.app.as_ref())).unwrap_or_default();
        context.ephemeral = resolved.is_ephemeral.then_some(true);
        Contexts { own: RecordedContext::of(&context), shared: RecordedContext::of(&context.shared(self.app.as_ref())) }
    }
}
