use super::application::Application;
use super::status;
use super::texts::{English, Texts};
use crate::client::{Loss, Status, Telemetry};
use crate::event::TelemetryEvent;
use crate::page::Disclosure;

/// The form of a [`Report`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Sentences, the example, and the page in Markdown.
    #[default]
    Text,
    /// A JSON object.
    Json,
}

impl Format {
    /// The form that the header `Accept` of a request asks for: JSON if `application/json` stands before `text/plain`, `text/markdown`,
    /// `text/*` and `*/*`, otherwise text. Weights (`q=`) are not compared, but a type of weight zero does not count.
    ///
    /// ```
    /// use telemetry::user::Format;
    ///
    /// assert_eq!(Format::of_accept("application/json"), Format::Json);
    /// assert_eq!(Format::of_accept("text/html, */*;q=0.8"), Format::Text);
    /// ```
    #[must_use]
    pub fn of_accept(accept: &str) -> Self {
        let is = |range: &str, name: &str| range.eq_ignore_ascii_case(name);
        for entry in accept.split(',') {
            let mut parts = entry.split(';').map(str::trim);
            let range = parts.next().unwrap_or_default();
            if parts.any(is_weight_zero) {
                continue;
            }
            if is(range, "application/json") {
                return Self::Json;
            }
            if ["text/plain", "text/markdown", "text/*", "*/*"].iter().any(|text| is(range, text)) {
                return Self::Text;
            }
        }
        Self::Text
    }

    /// The value of the header `Content-Type`.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

fn is_weight_zero(parameter: &str) -> bool {
    let Some(weight) = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")) else { return false };
    weight.parse() == Ok(0.0)
}

/// What the user of a service can see of its telemetry: the status, an example of an event, and the page.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    status: Status,
    example: Result<String, Loss>,
    application: Application<'a>,
}

/// Reports on the telemetry of a service, for a route of its own.
///
/// The example shows the anonymous id of the service, and the status the host that its events go to: mount the route where its operators
/// may look. Files are read, and the context is detected if the event carries it, so call it where blocking is allowed.
///
/// ```
/// use telemetry::page::Disclosure;
/// use telemetry::user::{self, Format};
/// use telemetry::{Consent, Telemetry, TelemetryEvent};
///
/// #[derive(TelemetryEvent)]
/// #[telemetry(event = "started")]
/// struct Started {
///     /// Whether requests are encrypted.
///     tls: bool,
/// }
///
/// const CONSENT: Consent = Consent::new("ACME", "acme-server");
///
/// let telemetry = Telemetry::builder(CONSENT).endpoint("https://telemetry.acme.dev/v1/events").build();
/// let page = Disclosure::new(CONSENT).receiver("Acme Inc.").event::<Started>();
/// let report = user::report(&telemetry, &page, &Started { tls: true });
///
/// let format = Format::of_accept("application/json");
/// let (content_type, body) = (format.content_type(), report.body(format));
/// assert_eq!(content_type, "application/json");
/// assert!(body.contains(r#""example":{"type":"started","payload":{"tls":true},"#));
/// ```
pub fn report<'a, E: TelemetryEvent + ?Sized>(client: &Telemetry, page: &'a Disclosure, example: &E) -> Report<'a> {
    Report {
        status: status::of(client, page),
        example: client.preview(example),
        application: Application::of(client, page),
    }
}

impl Report<'_> {
    /// The report in this form, in English.
    #[must_use]
    pub fn body(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(&English),
            Format::Json => self.json(),
        }
    }

    /// The report as text, in another language.
    #[must_use]
    pub fn text(&self, texts: &dyn Texts) -> String {
        let status = status::text(&self.status, &self.application, texts);
        let example = match &self.example {
            Ok(body) => format!("{}\n\n{body}", texts.example()),
            Err(loss) => texts.error(&texts.no_example(*loss)),
        };
        format!("{status}\n{example}\n\n{}", self.application.page.to_markdown())
    }

    /// An object with the [`Status`] under `status`, the event under `example` as [`Telemetry::preview`](crate::Telemetry::preview) makes it (or `null` if it
    /// cannot be created), and the page as text under `page`.
    fn json(&self) -> String {
        let example = self.example.as_deref().unwrap_or("null");
        let page = serde_json::Value::from(self.application.page.to_markdown());
        format!("{{\"status\":{},\"example\":{example},\"page\":{page}}}", status::json(&self.status))
    }
}

#[cfg(test)]
mod tests;
