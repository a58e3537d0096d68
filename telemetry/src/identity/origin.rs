use std::sync::{Mutex, OnceLock, PoisonError};

use super::spool::Stored;
use super::waiting::{Content, Waiting};
use crate::anonymous_id::{AnonymousId, Made, Subject};
use crate::consent::Standing;
use crate::contain::contain;
use crate::context::{self, App, Recorded};
use crate::event::Draft;
use crate::state::State;

/// What a client's events carry besides their payload. It is found out when it is needed, and once.
pub(crate) struct Identity {
    pub(crate) origin: Origin,
    /// Drawn once, so that with an event's number it names the event.
    pub(crate) series: String,
    schemas: Schemas,
    made: OnceLock<Made>,
    context: OnceLock<Recorded>,
}

/// What the anonymous id and the context come from.
#[derive(Default)]
pub(crate) struct Origin {
    pub(crate) app: Option<App>,
    pub(crate) application: &'static str,
    pub(crate) project: Option<String>,
    pub(crate) base_url: Option<String>,
    /// Nothing where no id may be made.
    pub(crate) id: Option<AnonymousId>,
    pub(crate) state: Option<State>,
}

impl Identity {
    pub(crate) fn new(origin: Origin, series: String) -> Self {
        Self { origin, series, schemas: Schemas::default(), made: OnceLock::new(), context: OnceLock::new() }
    }

    /// The event as it is sent; nothing as long as the context is not known that it carries, and when the user has said no before
    /// an id was made.
    pub(super) fn finish(&self, waiting: &Waiting, standing: &Standing) -> Option<Stored> {
        let draft = match &waiting.content {
            Content::Recovered(event) => return Some(event.clone()),
            Content::Fresh(draft) => draft,
        };
        let unknown = Recorded::default();
        let context = if draft.carries_context() { self.context.get()? } else { &unknown };
        Some(Stored {
            id: format!("{}-{}", self.series, waiting.ticket),
            at: waiting.at,
            schema: self.schemas.hash(draft.schema()),
            body: draft.finish(&self.made(standing)?.id, context),
        })
    }

    /// Exactly what would be sent of an event.
    pub(crate) fn preview(&self, draft: &Draft, standing: &Standing) -> String {
        if draft.carries_context() {
            self.detect(standing);
        }
        let unknown = Recorded::default();
        let id = self.made(standing).map(|made| &*made.id);
        draft.finish(id.unwrap_or(crate::anonymous_id::PLACEHOLDER), self.context.get().unwrap_or(&unknown))
    }

    /// Finds out the context, unless it is known.
    pub(super) fn detect(&self, standing: &Standing) {
        let Some(made) = self.made(standing) else { return };
        self.context.get_or_init(|| self.origin.context(made));
    }

    pub(super) fn knows_context(&self) -> bool {
        self.context.get().is_some()
    }

    /// The id, which is not made once the user has said no.
    fn made(&self, standing: &Standing) -> Option<&Made> {
        if let Some(made) = self.made.get() {
            return Some(made);
        }
        if !standing.holds() {
            return None;
        }
        let made = self.made.get_or_init(|| self.origin.anonymous_id(&self.series));
        // A no that came in between has deleted everything before there was a salt.
        if standing.is_withdrawn()
            && let Some(state) = &self.origin.state
        {
            let _ = state.erase();
        }
        Some(made)
    }
}

impl Origin {
    /// Where no id may be made.
    pub(crate) fn of_nobody(app: Option<App>) -> Self {
        Self { app, ..Self::default() }
    }

    /// What would be sent of an event.
    pub(crate) fn preview(&self, draft: &Draft) -> String {
        let made = self.anonymous_id("");
        let context = if draft.carries_context() { self.context(&made) } else { Recorded::default() };
        draft.finish(&made.id, &context)
    }

    fn anonymous_id(&self, series: &str) -> Made {
        let Some(kind) = &self.id else { return Made::placeholder() };
        let of_app = self.app.as_ref().and_then(App::name);
        let of_directory = match (&self.project, of_app) {
            (None, None) => context::javascript_project_name(),
            _ => None,
        };
        let project = self.project.as_deref().or(of_app).or(of_directory.as_deref());
        let subject = Subject { application: self.application, project, base_url: self.base_url.as_deref(), series };
        Made::of(kind, &subject, self.state.as_ref())
    }

    fn context(&self, made: &Made) -> Recorded {
        let mut context = contain(|| context::detect(self.app.as_ref())).unwrap_or_default();
        context.ephemeral = made.is_ephemeral.then_some(true);
        Recorded::of(&context)
    }
}

/// The hashes of the schemas of the events that were published, each computed once.
#[derive(Default)]
struct Schemas {
    known: Mutex<Vec<Schema>>,
}

struct Schema {
    of: fn() -> String,
    hash: String,
}

impl Schemas {
    fn hash(&self, of: fn() -> String) -> String {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(schema) = known.iter().find(|schema| std::ptr::fn_addr_eq(schema.of, of)) {
            return schema.hash.clone();
        }
        let hash = of();
        known.push(Schema { of, hash: hash.clone() });
        hash
    }
}
