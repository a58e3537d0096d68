//! The content of the page, section by section.

use telemetry_spec::counted::MAX_DISTINCT;

use super::disclosure::Disclosure;
use super::files;
use super::markdown::{Page, code, text};
use crate::consent::Consent;
use crate::event::is_counted;
use crate::export::{Row, Style, grouped, rows_told_once};
use crate::identity::AnonymousId;
use crate::schema::Schema;
use crate::sink::request::HEADERS;

/// The text printed where the author has stated nothing.
const NOT_STATED: &str = "not stated";

const PER_PROJECT: &str = "It links the events of one project, on every machine. It is the HMAC-SHA-256 of the names of the application and the project, and\n\
     of the project's address if it has one, under a key that only its operator has. So the receiver cannot find them out from it.";

const STYLE: Style = Style { code, text };

pub(super) fn write(about: &Disclosure) -> String {
    let mut page = Page::default();
    match &about.consent {
        Some(consent) => page.line(&format!("# Telemetry of {}\n", text(consent.application()))),
        None => page.line("# Telemetry\n"),
    }
    page.own(
        "This page is made from the program's source code, and a test fails when the two differ.\n\n\
         Telemetry is off unless somebody switches it on, and any no wins. What is sent is yes or no, numbers within bounds, and\n\
         words from the lists below. No other text leaves this machine, except for two values of fixed form: the anonymous id and\n\
         the event's id.\n\n\
         A yes that the user gives covers what is listed here. If a later version can send more, the user is asked again and shown what\n\
         is new; without another yes, that is not sent. A yes by the variable or by the configuration covers everything.\n\n",
    );
    receiver(about, &mut page);
    id(about, &mut page);
    off(about, &mut page);
    files(about, &mut page);
    events(about, &mut page);
    page.finish()
}

/// The author's statement, or "not stated".
fn stated(stated: &str) -> String {
    let stated = text(stated);
    if stated.is_empty() { NOT_STATED.to_owned() } else { stated }
}

fn receiver(about: &Disclosure, page: &mut Page) {
    let host = host(about.endpoint).map_or_else(|| NOT_STATED.to_owned(), |host| code(&host));
    page.own("## Who receives it\n\n| | |\n|---|---|\n");
    page.row(&["Receiver", &stated(about.receiver)]);
    page.row(&["Sent to", &host]);
    page.row(&["Kept for", &stated(about.retention)]);
    page.row(&["Contact", &stated(about.contact)]);
    if about.form.is_own() {
        page.own("\nEach event is one request (`POST`); up to 100 are one if the receiver takes several at once. As with every request, the receiver\n");
    } else {
        page.line(&format!("\n{} As with every request, the receiver", about.form.on_the_page(code)));
    }
    page.own(
        "sees the IP address from which it comes. These headers are sent:\n\n| header | what it says |\n|---|---|\n",
    );
    for header in &HEADERS {
        if let Some(says) = header.says_in(&about.form) {
            page.row(&[&code(header.name), says]);
        }
    }
    for name in &about.headers {
        page.row(&[&code(name), "set by the application, the same for all users"]);
    }
    if !about.form.is_own() {
        page.own("\n");
        return;
    }
    page.own(
        "\nA request with several events has one line for each, and tells the id, the age and the hash there: it has neither\n\
         `idempotency-key` nor `telemetry-age` nor `telemetry-schema`.\n\n",
    );
}

/// The host to which events are sent, with its port if stated, as read by the parser that the sender uses.
#[cfg(feature = "http")]
fn host(endpoint: &str) -> Option<String> {
    crate::sink::http::Endpoint::parse(endpoint).ok().map(|endpoint| endpoint.authority())
}

/// Without HTTP, nothing is sent to an address.
#[cfg(not(feature = "http"))]
const fn host(_: &str) -> Option<String> {
    None
}

fn id(about: &Disclosure, page: &mut Page) {
    page.own("## The anonymous id\n\n");
    page.own(match about.id {
        None => NOT_STATED,
        Some(AnonymousId::PerInstall) => {
            "It links the events of one installation. It is the HMAC-SHA-256 of the names of the application and the project, and of the\n\
             project's address if it has one. The key is made of 32 random bytes that never leave this machine, and of the machine's own id\n\
             if every user can read that, so nothing of this can be found out from the anonymous id."
        }
        Some(AnonymousId::PerProject { .. }) => {
            PER_PROJECT
        }
        Some(AnonymousId::PerProjectUnkeyed) => {
            "It links the events of one project, on every machine. It is the SHA-256 of the project's address and name, so a guess\n\
             at both can be checked."
        }
    });
    if let (Some(setting), Some(_)) = (about.project_key, &about.id) {
        page.own("\n\n");
        page.line(&format!("If the operator has set a project's key ({}), it is another one:\n", code(setting)));
        page.own(PER_PROJECT);
    }
    page.own("\n\n");
}

fn off(about: &Disclosure, page: &mut Page) {
    page.own("## How to switch it off, or look at it first\n\n");
    let prefix = about.consent.as_ref().map(Consent::prefix);
    let variable = |suffix: &str| prefix.map(|prefix| code(&format!("{prefix}_TELEMETRY{suffix}")));
    match variable("=0") {
        Some(variable) => page.line(&format!("- Set the variable {variable}.")),
        None => page.line(&format!("- Set the application's own variable: {NOT_STATED}.")),
    }
    page.line("- Set the variable `DO_NOT_TRACK=1`, for all programs that honour it.");
    if let Some(command) = about.command("disable") {
        page.line(&format!("- Run {}, which is remembered.", code(&command)));
    }
    if let Some(command) = about.command("preview") {
        page.line(&format!("- Run {} to see what would be sent.", code(&command)));
    }
    if let Some(command) = about.command("status") {
        page.line(&format!("- Run {} to see whether it is on, and why.", code(&command)));
    }
    if let Some(command) = about.command("last") {
        let before = if about.form.is_own() { "" } else { ", as it was before it was put into that form" };
        page.line(&format!("- Run {} to see what was sent last{before}.", code(&command)));
    }
    if let Some(variable) = variable("_DEBUG=1") {
        page.line(&format!("- Set {variable} to have events printed instead of sent."));
    }
    page.own("\n");
    if about.consent.is_some_and(|consent| consent.asks_for_deletion()) {
        page.own(
            "A stored no, by that command or as an answer to the question, also asks the receiver to delete what it has. That is one request\n\
             with the anonymous id and nothing else, `{\"type\":\"deletion\",\"anonymousId\":…}`, for each anonymous id under which this user's\n\
             programs have sent events; usually there is one. It has the headers above, except `telemetry-age`, `telemetry-id` and\n\
             `telemetry-schema`. It is the only thing that is sent after a no, and is sent once: if the receiver cannot be reached, it is\n\
             tried again when the program runs, for at most 7 days. A no by a variable sends nothing.\n\n",
        );
    }
}

fn files(about: &Disclosure, page: &mut Page) {
    page.own("## What is kept on this machine\n\n");
    files::write(about.consent.as_ref().map(Consent::application), page);
}

fn events(about: &Disclosure, page: &mut Page) {
    let (name, id) = about.form.names();
    page.own(&format!(
        "## What is sent\n\n\
         Beside the values below, each event carries its name (`{name}`) and the anonymous id (`{id}`, 44 characters).\n\
         A bit is the answer to one question of yes or no. The numbers are upper bounds: a value cannot reveal more. 33 bits\n\
         are enough to tell apart all people on earth, so an event with more than that can be the only one of its kind.\n",
    ));
    if let Some(schema) = &about.unnamed {
        page.own("\n");
        write_schema(schema, page);
    }
    for event in about.scope.events() {
        page.line(&format!("\n### Event {}\n", code(event.name)));
        write_schema(event.schema(), page);
    }
}

fn write_schema(schema: &Schema, page: &mut Page) {
    page.line(&format!("At most {} bits. Schema `{}`.\n", grouped(schema.bits()), schema.hash()));
    if is_counted(schema) {
        page.own(&format!(
            "Such events are not sent one by one. Equal ones are counted on this machine, and once a day is over (UTC), each distinct one\n\
             is sent once, with its count: at most {MAX_DISTINCT} for a day, or as many for each running program where files cannot be locked. So\n\
             their number is sent, and the times of none of them.\n\n"
        ));
    }
    let rows = rows_told_once(schema);
    if rows.is_empty() {
        page.line("Nothing else.");
        return;
    }
    page.own("| value | what is sent | bits | purpose |\n|---|---|---|---|\n");
    for row in &rows {
        write_row(row, page);
    }
}

fn write_row(row: &Row<'_>, page: &mut Page) {
    let each = if row.is_each { " each" } else { "" };
    let bits = format!("{}{each}", grouped(row.bits));
    page.row(&[&code(&row.path), &row.phrase(STYLE), &bits, &stated(row.purpose)]);
}

#[cfg(feature = "otlp")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::Otlp;

    #[test]
    fn a_page_about_opentelemetry_tells_what_its_requests_hold_and_no_header_that_they_lack() {
        let page = |name| {
            let about = Disclosure::new(Consent::new("ACME", "acme")).endpoint("https://otlp.acme.dev/v1/logs");
            about.commands("acme telemetry").otlp(Otlp::new().service_name(name)).to_markdown()
        };
        let text = page("acme").replace('\n', " ");
        for told in [
            "`_telemetry.id`",
            "its name (`eventName`) and the anonymous id (`_telemetry.anonymous_id`,",
            "last, as it was before",
            "`acme` as `service.name`",
            "`gzip`",
            "at midnight",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        for of_the_other_form in
            ["idempotency-key", "telemetry-age", "telemetry-id", "x-ndjson", "one line for each", "anonymousId"]
        {
            assert!(!text.contains(of_the_other_form), "{of_the_other_form}: {text}");
        }
        assert!(text.contains("| Sent to | `otlp.acme.dev` |"));
        assert!(page("a | b\n<x>").contains("the name a &#124; b &lt;x&gt; as"));
    }
}
