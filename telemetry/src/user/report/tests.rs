use serde_json::Value;

use super::*;
use crate::consent::Consent;
use crate::event::draft::tests::{Panicking, Started};

/// No choice is read or stored under a name that cannot be used.
const UNUSABLE: Consent = Consent::new("acme", "acme-of-these-tests").skip_test_check();

fn page() -> Disclosure {
    Disclosure::new(UNUSABLE).receiver("Acme Inc.").event::<Started>()
}

fn client() -> Telemetry {
    Telemetry::builder(UNUSABLE).build()
}

#[test]
fn a_report_as_json_holds_the_status_the_exact_example_and_the_page() {
    let (client, page) = (client(), page());
    let body = report(&client, &page, &Started(true)).body(Format::Json);
    let example = client.preview(&Started(true)).unwrap();
    assert!(body.contains(&format!(r#","example":{example},"page":"#)), "{body}");
    let value: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(value["status"], serde_json::to_value(client.status()).unwrap());
    assert_eq!(value["page"], page.to_markdown());
}

#[test]
fn a_report_as_text_holds_the_sentences_the_example_and_the_page() {
    let (client, page) = (client(), page());
    let body = report(&client, &page, &Started(true)).body(Format::Text);
    assert!(
        body.starts_with(
            "Telemetry of acme-of-these-tests is off: the prefix or the application's name cannot be used.\n"
        ),
        "{body}"
    );
    let example = client.preview(&Started(true)).unwrap();
    let remark = "This is the body of a request, with example values. It was not sent.";
    assert!(body.contains(&format!("\n\n{remark}\n\n{example}\n\n# Telemetry of acme-of-these-tests\n")), "{body}");
    assert!(body.ends_with(&page.to_markdown()));
}

#[test]
fn an_example_that_cannot_be_created_leaves_the_rest_of_the_report() {
    let (client, page) = (client(), page());
    let report = report(&client, &page, &Panicking);
    let value: Value = serde_json::from_str(&report.body(Format::Json)).unwrap();
    assert!(value["example"].is_null() && value["status"].is_object(), "{value}");
    let text = report.body(Format::Text);
    assert!(
        text.contains("\n\nerror: the example cannot be created: the event's snapshot panicked\n\n# Telemetry"),
        "{text}"
    );
}

#[test]
fn the_header_accept_chooses_the_form() {
    for (accept, format) in [
        ("", Format::Text),
        ("*/*", Format::Text),
        ("text/html,application/xhtml+xml,*/*;q=0.8", Format::Text),
        ("application/json", Format::Json),
        ("Application/JSON ; charset=utf-8", Format::Json),
        ("text/html, application/json;q=0.9, */*;q=0.1", Format::Json),
        ("text/plain, application/json", Format::Text),
        ("application/json;q=0, */*", Format::Text),
        ("application/json;q=0.000", Format::Text),
        ("application/json-seq", Format::Text),
        ("hunter2;;;,q=,", Format::Text),
    ] {
        assert_eq!(Format::of_accept(accept), format, "{accept}");
    }
}

#[cfg(feature = "http")]
#[test]
fn the_status_names_the_receiver_as_the_page_does() {
    for (endpoint, named) in
        [("http://127.0.0.1:7701/v1?key=hunter2", "127.0.0.1:7701"), ("http://[::1]:80/v1", "[::1]")]
    {
        let client = Telemetry::builder(UNUSABLE).endpoint(endpoint).build();
        let body = report(&client, &page().endpoint(endpoint), &Started(true)).body(Format::Text);
        assert!(body.contains(&format!("\nSent to: {named}\n")), "{body}");
        assert!(body.contains(&format!("\n| Sent to | `{named}` |\n")), "{body}");
    }
}
