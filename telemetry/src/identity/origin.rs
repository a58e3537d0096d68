use std::borrow::Cow;
use std::sync::OnceLock;

use super::anonymous_id::{AnonymousId, ResolvedId, Subject};
use super::series;
use crate::consent::LiveConsent;
use crate::context::{self, App, Context, ProjectName, RecordedContext};
use crate::panics::catch;
use crate::storage::StateDirectory;

/// The data that a client's events carry besides their payload. It is determined on first use, and only once.
pub(crate) struct Identity {
    pub(crate) origin: Origin,
    /// Drawn once. Together with an event's number, it identifies the event.
    pub(crate) series: String,
    /// The same for counted events. Other processes may send these while this one lives.
    counted_series: OnceLock<String>,
    /// Once it is known, it stays.
    resolved: OnceLock<ResolvedId>,
    /// The id of events while the salt can neither be read nor created, or the project's name is not known.
    provisional: OnceLock<ResolvedId>,
    context: OnceLock<Contexts>,
}

/// The detected context.
struct Contexts {
    /// Of events that carry a lasting id, and of those that carry an ephemeral one.
    lasting: RecordedContext,
    ephemeral: RecordedContext,
    shared: RecordedContext,
}

/// The sources of the anonymous id and the context.
#[derive(Default)]
pub(crate) struct Origin {
    pub(crate) app: Option<App>,
    pub(crate) application: &'static str,
    pub(crate) project: Option<String>,
    /// That of the project in the working directory, if that counts.
    pub(crate) directory: Option<ProjectName>,
    pub(crate) base_url: Option<String>,
    /// `None` if no id may be created.
    pub(crate) id: Option<AnonymousId>,
    pub(crate) state: Option<StateDirectory>,
}

impl Identity {
    pub(crate) fn new(origin: Origin, series: String) -> Self {
        Self {
            origin,
            series,
            counted_series: OnceLock::new(),
            resolved: OnceLock::new(),
            provisional: OnceLock::new(),
            context: OnceLock::new(),
        }
    }

    /// The id of an event of this client.
    pub(crate) fn event_id(&self, number: u64) -> String {
        format!("{}-{number}", self.series)
    }

    /// The id of a counted event of this client.
    pub(crate) fn counted_id(&self, number: u64) -> String {
        let series = self.counted_series.get_or_init(|| series::random().unwrap_or_else(|_| self.series.clone()));
        format!("{series}-{number}")
    }

    /// The number of an event of this client, by its id; `None` for any other event.
    pub(crate) fn number_of(&self, event_id: &str) -> Option<u64> {
        let (series, number) = event_id.split_once('-')?;
        if series == self.series { number.parse().ok() } else { None }
    }

    /// Detects the context, unless it is already known.
    pub(crate) fn detect(&self, consent: &LiveConsent) {
        if self.resolved_id(consent).is_some() {
            self.context.get_or_init(|| self.origin.contexts());
        }
    }

    /// The context of an event that carries this id, once it is known.
    pub(crate) fn context(&self, resolved: &ResolvedId) -> Option<&RecordedContext> {
        Some(self.context.get()?.of(resolved))
    }

    /// The part of the context that is the same for the other processes of the application.
    pub(crate) fn shared_context(&self) -> Option<&RecordedContext> {
        Some(&self.context.get()?.shared)
    }

    /// The id. It is not created once the user has said no.
    ///
    /// While the salt can neither be read nor created, as in a shortage of files or of space, or the project's name is not known, events
    /// carry an ephemeral id and say so. Each event tries again, and once both are there, all later events carry the lasting id.
    pub(crate) fn resolved_id(&self, consent: &LiveConsent) -> Option<&ResolvedId> {
        if let Some(resolved) = self.resolved.get() {
            return Some(resolved);
        }
        if !consent.holds() {
            return None;
        }
        let resolved = self.origin.anonymous_id(&self.series);
        let known = if resolved.is_provisional { &self.provisional } else { &self.resolved };
        let resolved = known.get_or_init(|| resolved);
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
        // The id of a project whose name is not known yet is not that of one without a name.
        let Some(project) = self.project() else { return ResolvedId::of_process(series, true) };
        let (project, base_url) = (project.as_deref(), self.base_url.as_deref());
        let subject = Subject { application: self.application, project, base_url, series };
        ResolvedId::of(kind, &subject, self.state.as_ref())
    }

    /// The name of the project, if it has one; `None` while that is not known.
    fn project(&self) -> Option<Option<Cow<'_, str>>> {
        let told = self.project.as_deref().or(self.app.as_ref().and_then(App::name));
        match (told, &self.directory) {
            (Some(name), _) => Some(Some(name.into())),
            (None, Some(directory)) => Some(directory.get()?.map(Cow::from)),
            (None, None) => Some(None),
        }
    }

    /// Whether the next process has the same id, found out without making the salt.
    pub(crate) fn has_lasting_id(&self) -> bool {
        match &self.id {
            Some(AnonymousId::PerInstall) => {
                self.state.as_ref().is_some_and(|state| state.examine_salt().is_ok()) && self.project().is_some()
            }
            _ => !self.anonymous_id("").is_ephemeral,
        }
    }

    pub(crate) fn context(&self, resolved: &ResolvedId) -> RecordedContext {
        let contexts = self.contexts();
        if resolved.is_ephemeral { contexts.ephemeral } else { contexts.lasting }
    }

    fn contexts(&self) -> Contexts {
        let context = catch(|| context::detect(self.app.as_ref())).unwrap_or_default();
        Contexts {
            lasting: RecordedContext::of(&context),
            shared: RecordedContext::of(&context.shared(self.app.as_ref())),
            ephemeral: RecordedContext::of(&Context { ephemeral: Some(true), ..context }),
        }
    }
}

impl Contexts {
    const fn of(&self, resolved: &ResolvedId) -> &RecordedContext {
        if resolved.is_ephemeral { &self.ephemeral } else { &self.lasting }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_waits_for_the_name_of_the_project() {
        let home = tempfile::tempdir().unwrap();
        let state = StateDirectory::at(home.path().join("acme"));
        let origin = |directory| Origin {
            application: "acme",
            directory: Some(directory),
            id: Some(AnonymousId::PerInstall),
            state: Some(state.clone()),
            ..Origin::default()
        };
        let (told, directory) = ProjectName::pending();
        let slow = origin(directory);
        let before = slow.anonymous_id("5e71e5");
        assert_eq!(before, ResolvedId::of_process("5e71e5", true));
        assert!(before.is_ephemeral && !slow.has_lasting_id());
        told.send(Some("shop".to_owned())).unwrap();
        let named = Origin { project: Some("shop".to_owned()), ..origin(ProjectName::default()) };
        assert_eq!(slow.anonymous_id("5e71e5"), named.anonymous_id("5e71e5"));
        assert!(!slow.anonymous_id("5e71e5").is_ephemeral && slow.has_lasting_id());
    }
}
