//! The page that tells users which data is sent, to whom, and how to switch it off.

use std::borrow::Cow;

use super::sections;
use crate::consent::{Consent, Scope};
use crate::identity::AnonymousId;
use crate::schema::Schema;
use crate::sink::form::Form;
use crate::snapshot::{TelemetryEvent, TelemetrySnapshot};

/// A page for users, in Markdown: the data, its receiver, how long it is kept, and how to switch telemetry off.
///
/// The tables come from the events' schemas, so they cannot leave anything out. The author states everything else;
/// missing information is printed as "not stated". Lock the page with
/// [`testing::assert_page`](crate::testing::assert_page), so that it changes only in a reviewed diff.
///
/// ```
/// use telemetry::page::Disclosure;
/// use telemetry::{Consent, TelemetrySnapshot};
///
/// #[derive(TelemetrySnapshot)]
/// #[telemetry(event = "started")]
/// struct Started {
///     /// Whether a person started it.
///     by_hand: bool,
/// }
///
/// let page = Disclosure::new(Consent::new("ACME", "acme-cli"))
///     .receiver("Acme Inc.")
///     .endpoint("https://telemetry.acme.dev/v1/events")
///     .event::<Started>()
///     .to_markdown();
/// assert!(page.contains("| Receiver | Acme Inc. |"));
/// assert!(page.contains("| Sent to | `telemetry.acme.dev` |"));
/// assert!(page.contains("| Kept for | not stated |"));
/// assert!(page.contains("| `by_hand` | yes or no | 1 | Whether a person started it. |"));
/// ```
#[derive(Clone, Debug)]
pub struct Disclosure {
    pub(super) consent: Option<Consent>,
    pub(super) receiver: &'static str,
    pub(super) endpoint: &'static str,
    pub(super) retention: &'static str,
    pub(super) contact: &'static str,
    pub(super) headers: Vec<&'static str>,
    pub(super) form: Form,
    pub(super) disable: Option<&'static str>,
    pub(super) preview: Option<&'static str>,
    pub(super) commands: Option<&'static str>,
    pub(super) id: Option<AnonymousId>,
    /// Where an operator can set a project's key.
    pub(super) project_key: Option<&'static str>,
    /// The events, which have names.
    pub(super) scope: Scope,
    /// The type of a page that is not about events.
    pub(super) unnamed: Option<Schema>,
}

impl Disclosure {
    /// A page about the application that this consent names.
    #[must_use]
    pub const fn new(consent: Consent) -> Self {
        Self::about(Some(consent), Some(AnonymousId::PerInstall))
    }

    /// A page about the data that `T` sends, independent of the sender: neither application nor receiver is stated.
    #[must_use]
    pub fn of<T: TelemetrySnapshot>() -> Self {
        let mut page = Self::about(None, None);
        page.unnamed = Some(T::SCHEMA);
        page
    }

    const fn about(consent: Option<Consent>, id: Option<AnonymousId>) -> Self {
        Self {
            consent,
            receiver: "",
            endpoint: "",
            retention: "",
            contact: "",
            headers: Vec::new(),
            form: Form::Own,
            disable: None,
            preview: None,
            commands: None,
            id,
            project_key: None,
            scope: Scope::new(),
            unnamed: None,
        }
    }

    /// The receiver of the data: a name that a user can hold to account.
    #[must_use]
    pub const fn receiver(mut self, receiver: &'static str) -> Self {
        self.receiver = receiver;
        self
    }

    /// The address to which events are sent. Only the host is printed.
    #[must_use]
    pub const fn endpoint(mut self, address: &'static str) -> Self {
        self.endpoint = address;
        self
    }

    /// The time for which the receiver keeps the data.
    #[must_use]
    pub const fn retention(mut self, retention: &'static str) -> Self {
        self.retention = retention;
        self
    }

    /// The contact for questions about the data.
    #[must_use]
    pub const fn contact(mut self, contact: &'static str) -> Self {
        self.contact = contact;
        self
    }

    /// The name of a header that the application adds to each request. The page says that its value is the same for all users.
    #[must_use]
    pub fn header(mut self, name: &'static str) -> Self {
        self.headers.push(name);
        self
    }

    /// States that events are sent as log records of OpenTelemetry, as given to the client's [builder](crate::client::Builder::otlp).
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn otlp(mut self, otlp: crate::sink::Otlp) -> Self {
        self.form = otlp.into();
        self
    }

    /// States that events are sent in the form of PostHog's batches, as given to the client's [builder](crate::client::Builder::posthog).
    #[cfg(feature = "posthog")]
    #[must_use]
    pub fn posthog(mut self, posthog: crate::sink::PostHog) -> Self {
        self.form = posthog.into();
        self
    }

    /// The command that stores a refusal, for example `acme telemetry disable`.
    #[must_use]
    pub const fn disable(mut self, command: &'static str) -> Self {
        self.disable = Some(command);
        self
    }

    /// The command that prints the data that would be sent, for example `acme telemetry preview`.
    #[must_use]
    pub const fn preview(mut self, command: &'static str) -> Self {
        self.preview = Some(command);
        self
    }

    /// The words before each command of [`telemetry::user`](crate::user), for example `acme telemetry`. The page and `status` then name
    /// these commands, unless [`disable`](Self::disable) or [`preview`](Self::preview) states another one.
    #[must_use]
    pub const fn commands(mut self, words: &'static str) -> Self {
        self.commands = Some(words);
        self
    }

    /// The source of the anonymous id, as given to the client's [builder](crate::client::Builder::anonymous_id); by default the installation.
    #[must_use]
    pub fn anonymous_id(mut self, id: AnonymousId) -> Self {
        self.id = Some(id);
        self
    }

    /// The variable or option by which an operator can give a project's key, for example `ACME_PROJECT_KEY`. The page then says what the
    /// id is with such a key, beside what it is without: the application makes it [`AnonymousId::PerProject`] if there is one.
    #[must_use]
    pub const fn project_key(mut self, setting: &'static str) -> Self {
        self.project_key = Some(setting);
        self
    }

    /// An event that the application publishes.
    #[must_use]
    pub fn event<E: TelemetryEvent>(mut self) -> Self {
        self.scope = self.scope.event::<E>();
        self
    }

    /// The events of this page: what a user who has read it says yes to. Give it to [`Consent::enable`] and [`Consent::ask`].
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    pub(crate) const fn consent(&self) -> Option<Consent> {
        self.consent
    }

    /// The receiver, if one is stated.
    pub(crate) fn stated_receiver(&self) -> Option<&'static str> {
        Some(self.receiver).filter(|receiver| !receiver.is_empty())
    }

    /// What a user types for the command of this name, such as `disable`.
    pub(crate) fn command(&self, name: &str) -> Option<Cow<'static, str>> {
        let stated = match name {
            "disable" => self.disable,
            "preview" => self.preview,
            _ => None,
        };
        stated.map(Cow::Borrowed).or_else(|| Some(format!("{} {name}", self.commands?).into()))
    }

    /// The page. It is byte for byte the same as long as the information in it does not change.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        sections::write(self)
    }
}
