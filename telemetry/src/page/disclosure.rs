//! The page that tells users what is sent, to whom, and how to switch it off.

use core::fmt::{self, Write as _};

use crate::consent::Consent;
use crate::event::TelemetryEvent;
use crate::export::{Row, code, grouped, rows};
use crate::identity::AnonymousId;
use crate::schema::Schema;
use crate::snapshot::TelemetrySnapshot;

const USER_AGENT: &str = concat!("telemetry/", env!("CARGO_PKG_VERSION"));

/// What stands where the author has said nothing.
const NOT_STATED: &str = "not stated";

/// A page for users, in Markdown: who receives what, for how long, and how to switch it off.
///
/// The tables come from the events' schemas, so they cannot leave anything out; the rest is what the author states, and
/// what is missing is printed as "not stated". Lock the page with
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
    consent: Option<Consent>,
    receiver: &'static str,
    endpoint: &'static str,
    retention: &'static str,
    contact: &'static str,
    headers: Vec<&'static str>,
    disable: Option<&'static str>,
    preview: Option<&'static str>,
    id: Option<AnonymousId>,
    events: Vec<Event>,
}

#[derive(Clone, Debug)]
struct Event {
    /// Nothing for a type that is no event by itself.
    name: Option<&'static str>,
    schema: Schema,
}

impl Disclosure {
    /// A page about the application that this consent names.
    #[must_use]
    pub const fn new(consent: Consent) -> Self {
        Self::about(Some(consent), Some(AnonymousId::PerInstall))
    }

    /// A page about what `T` sends, whoever sends it: neither application nor receiver are stated.
    #[must_use]
    pub fn of<T: TelemetrySnapshot>() -> Self {
        let mut page = Self::about(None, None);
        page.events.push(Event { name: None, schema: T::SCHEMA });
        page
    }

    const fn about(consent: Option<Consent>, id: Option<AnonymousId>) -> Self {
        Self {
            consent,
            receiver: NOT_STATED,
            endpoint: "",
            retention: NOT_STATED,
            contact: NOT_STATED,
            headers: Vec::new(),
            disable: None,
            preview: None,
            id,
            events: Vec::new(),
        }
    }

    /// Who receives the data: a name that a user can hold to account.
    #[must_use]
    pub const fn receiver(mut self, receiver: &'static str) -> Self {
        self.receiver = receiver;
        self
    }

    /// Where events are sent. Only the host is printed.
    #[must_use]
    pub const fn endpoint(mut self, address: &'static str) -> Self {
        self.endpoint = address;
        self
    }

    /// How long the receiver keeps the data.
    #[must_use]
    pub const fn retention(mut self, retention: &'static str) -> Self {
        self.retention = retention;
        self
    }

    /// Where users can ask about the data.
    #[must_use]
    pub const fn contact(mut self, contact: &'static str) -> Self {
        self.contact = contact;
        self
    }

    /// The name of a header that the application adds to each request.
    #[must_use]
    pub fn header(mut self, name: &'static str) -> Self {
        self.headers.push(name);
        self
    }

    /// The command that stores a no, as in `acme telemetry disable`.
    #[must_use]
    pub const fn disable(mut self, command: &'static str) -> Self {
        self.disable = Some(command);
        self
    }

    /// The command that prints what would be sent, as in `acme telemetry preview`.
    #[must_use]
    pub const fn preview(mut self, command: &'static str) -> Self {
        self.preview = Some(command);
        self
    }

    /// What the anonymous id is made of, as given to the client's [builder](crate::client::Builder::anonymous_id); by default the installation.
    #[must_use]
    pub fn anonymous_id(mut self, id: AnonymousId) -> Self {
        self.id = Some(id);
        self
    }

    /// An event that the application publishes.
    #[must_use]
    pub fn event<E: TelemetryEvent>(mut self) -> Self {
        self.events.push(Event { name: Some(E::NAME), schema: E::SCHEMA });
        self
    }

    /// The page. It is the same, byte for byte, as long as nothing changes that it tells.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut page = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut page);
        page
    }

    fn write(&self, page: &mut String) -> fmt::Result {
        match &self.consent {
            Some(consent) => writeln!(page, "# Telemetry of {}\n", text(consent.application()))?,
            None => page.push_str("# Telemetry\n\n"),
        }
        page.push_str(
            "This page is made from the program's source code, and a test fails when the two differ.\n\n\
             Telemetry is off unless somebody switches it on, and any no wins. What is sent are yes or no, numbers within\n\
             bounds and words from the lists below. No other text leaves this machine, but for two random or keyed values of\n\
             fixed form: the anonymous id and the event's id.\n\n",
        );
        self.receiver_section(page)?;
        self.id_section(page);
        self.off_section(page)?;
        self.files_section(page)?;
        self.events_section(page)
    }

    fn receiver_section(&self, page: &mut String) -> fmt::Result {
        let host = host(self.endpoint).map_or_else(|| NOT_STATED.to_owned(), code);
        page.push_str("## Who receives it\n\n| | |\n|---|---|\n");
        writeln!(page, "| Receiver | {} |", text(self.receiver))?;
        writeln!(page, "| Sent to | {host} |")?;
        writeln!(page, "| Kept for | {} |", text(self.retention))?;
        writeln!(page, "| Contact | {} |", text(self.contact))?;
        page.push_str(
            "\nEach event is one request (`POST`). As with every request, the receiver sees the IP address from which it\n\
             comes. These headers are sent:\n\n\
             - `Content-Type: application/json`, `Content-Length`, `Host`, `Accept: */*`\n",
        );
        writeln!(page, "- `User-Agent: {}`", USER_AGENT)?;
        page.push_str(
            "- `Idempotency-Key`: the event's id, 16 random bytes drawn when the program starts, and a counter\n",
        );
        page.push_str("- `Telemetry-Schema`: the hash that stands beside the event below\n");
        for name in &self.headers {
            writeln!(page, "- {}: of the application, the same for all users", code(name))?;
        }
        page.push('\n');
        Ok(())
    }

    fn id_section(&self, page: &mut String) {
        page.push_str("## The anonymous id\n\n");
        page.push_str(match self.id {
            None => NOT_STATED,
            Some(AnonymousId::PerInstall) => {
                "It links the events of one installation. It is a code of the application's and the project's name under 32\n\
                 random bytes that never leave this machine, so nobody can find out from it what it is made of."
            }
            Some(AnonymousId::PerProject { .. }) => {
                "It links the events of one project, on whatever machine. It is a code of the project's name and address under a\n\
                 key that only its operator has, so nobody else can find out from it what it is made of."
            }
            Some(AnonymousId::PerProjectUnkeyed) => {
                "It links the events of one project, on whatever machine. It is the SHA-256 of the project's address and name:\n\
                 whoever guesses both can check the guess."
            }
        });
        page.push_str("\n\n");
    }

    fn off_section(&self, page: &mut String) -> fmt::Result {
        page.push_str("## How to switch it off, or look at it first\n\n");
        let prefix = self.consent.as_ref().map(Consent::prefix);
        match prefix {
            Some(prefix) => writeln!(page, "- Set the variable `{prefix}_TELEMETRY=0`.")?,
            None => writeln!(page, "- Set the application's own variable: {NOT_STATED}.")?,
        }
        page.push_str("- Set the variable `DO_NOT_TRACK=1`, for all programs that honour it.\n");
        if let Some(command) = self.disable {
            writeln!(page, "- Run {}, which is remembered.", code(command))?;
        }
        if let Some(command) = self.preview {
            writeln!(page, "- Run {} to see what would be sent.", code(command))?;
        }
        if let Some(prefix) = prefix {
            writeln!(page, "- Set `{prefix}_TELEMETRY_DEBUG=1` to have events printed instead of sent.")?;
        }
        page.push('\n');
        Ok(())
    }

    fn files_section(&self, page: &mut String) -> fmt::Result {
        let application = self.consent.as_ref().map_or("<application>", Consent::application);
        page.push_str("## What is kept on this machine\n\n");
        writeln!(
            page,
            "- The choice: `$XDG_CONFIG_HOME/{application}/telemetry-consent` (by default below `~/.config`; on Windows\n  \
             `%APPDATA%\\{application}\\config\\telemetry-consent`).\n\
             - With consent only, in `$XDG_STATE_HOME/{application}/telemetry/` (by default below `~/.local/state`; on Windows\n  \
             `%APPDATA%\\{application}\\data\\telemetry\\`): `salt`, 32 random bytes that never leave the machine; `spool-*.ndjson`,\n  \
             events that are still to be sent, at most 1 MiB and 7 days; `sent.ndjson` and `sent-before.ndjson`, the last events as\n  \
             they were sent, at most 40; `upload.lock`, whose date tells when events were last left to a process of its own. A no\n  \
             deletes them.\n"
        )
    }

    fn events_section(&self, page: &mut String) -> fmt::Result {
        page.push_str(
            "## What is sent\n\n\
             Beside the values below, each event carries its name (`type`) and the anonymous id (`anonymousId`, 44 characters).\n\
             A bit is the answer to one question of yes or no. The numbers are upper bounds: a value cannot reveal more. 33 bits\n\
             are enough to tell apart all people on earth, so an event with more than that can be the only one of its kind.\n",
        );
        for event in &self.events {
            event.write(page)?;
        }
        Ok(())
    }
}

impl Event {
    fn write(&self, page: &mut String) -> fmt::Result {
        match self.name {
            Some(name) => writeln!(page, "\n### Event {}\n", code(name))?,
            None => page.push('\n'),
        }
        writeln!(page, "At most {} bits. Schema `{}`.\n", grouped(self.schema.bits()), self.schema.hash())?;
        let rows = rows(&self.schema);
        if rows.is_empty() {
            page.push_str("Nothing else.\n");
            return Ok(());
        }
        page.push_str("| value | what is sent | bits | purpose |\n|---|---|---|---|\n");
        rows.iter().try_for_each(|row| row.write(page))
    }
}

impl Row {
    fn write(&self, page: &mut String) -> fmt::Result {
        let each = if self.each { " each" } else { "" };
        let (path, bits) = (code(&self.path), grouped(self.bits));
        let purpose = if self.purpose.is_empty() { NOT_STATED.to_owned() } else { text(self.purpose) };
        writeln!(page, "| {path} | {} | {bits}{each} | {purpose} |", self.what)
    }
}

/// The host of an address, with its port.
fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then_some(host)
}

/// Text of an author in a cell of a table: one line, and no markup but what Markdown itself has.
fn text(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_told() {
        assert_eq!(host("https://me:secret@telemetry.acme.dev:8443/v1?key=secret"), Some("telemetry.acme.dev:8443"));
        assert_eq!(host("https://[::1]/v1"), Some("[::1]"));
        for bad in ["", "acme.dev", "https://", "https:///v1"] {
            assert_eq!(host(bad), None, "{bad}");
        }
    }

    #[test]
    fn text_cannot_break_the_table() {
        assert_eq!(text("a | b\n<script>"), "a \\| b &lt;script>");
        assert_eq!(code("a|`b"), "`` a\\|`b ``");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(-1_234), "-1,234");
        assert_eq!(grouped(123), "123");
    }
}
