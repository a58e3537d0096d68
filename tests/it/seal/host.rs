//! The page shows the same host that the sending URL parser finds.

use telemetry::page::Disclosure;
use telemetry::{Consent, Telemetry};

const NOT_STATED: &str = "not stated";

/// Addresses, and the host that a request to each would go to; `None` for refused addresses.
const ADDRESSES: &[(&str, Option<&str>)] = &[
    ("https://good.example", Some("good.example")),
    ("https://good.example/v1?key=secret#part", Some("good.example")),
    ("https://evil.example\\@good.example/", Some("evil.example")),
    ("https://evil.example\\\\@good.example/", Some("evil.example")),
    ("https://evil.example#@good.example/", Some("evil.example")),
    ("https://evil.example?@good.example/", Some("evil.example")),
    ("https://evil.example/@good.example/", Some("evil.example")),
    ("https:\\\\evil.example\\good.example", Some("evil.example")),
    ("https:evil.example/good.example", Some("evil.example")),
    ("https:/evil.example", Some("evil.example")),
    ("https:////evil.example/", Some("evil.example")),
    ("HTTPS://GOOD.Example/", Some("good.example")),
    ("  https://good.example  ", Some("good.example")),
    ("ht\ttps://go\nod.exa\rmple/", Some("good.example")),
    ("https://good.example:443/", Some("good.example")),
    ("https://good.example:8443/", Some("good.example:8443")),
    ("https://good.example:00443", Some("good.example")),
    ("https://good.example.", Some("good.example.")),
    ("https://b\u{fc}cher.example/", Some("xn--bcher-kva.example")),
    ("https://xn--bcher-kva.example/", Some("xn--bcher-kva.example")),
    ("https://good%2eexample/", Some("good.example")),
    ("https://evil\u{3002}example/", Some("evil.example")),
    ("https://\u{ff45}vil.example/", Some("evil.example")),
    ("https://[2001:DB8:0::1]:8443/v1", Some("[2001:db8::1]:8443")),
    ("https://[::ffff:10.0.0.1]/", Some("[::ffff:a00:1]")),
    ("https://0x7f.1/", Some("127.0.0.1")),
    ("https://3232235777/", Some("192.168.1.1")),
    ("http://LOCALHOST:3000/v1", Some("localhost:3000")),
    ("http://127.1:3000", Some("127.0.0.1:3000")),
    ("https://user:secret@good.example/", None),
    ("https://good.example@evil.example/", None),
    ("https://good.example%2f@evil.example/", None),
    ("https://:secret@good.example/", None),
    ("http://evil.example\\@localhost/", None),
    ("http://good.example/", None),
    ("https://", None),
    ("https://good.example:99999/", None),
    ("https://good example/", None),
    ("https://[::1/", None),
    ("ftp://good.example/", None),
    ("good.example", None),
    ("", None),
];

/// The page's text in the row `Sent to`.
fn on_the_page(address: &'static str) -> String {
    let page = Disclosure::new(Consent::new("ACME", "acme")).endpoint(address).to_markdown();
    let rows: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("| Sent to | ")).collect();
    let [row] = rows[..] else { panic!("{} rows: {page}", rows.len()) };
    assert!(!page.contains("secret"), "{page}");
    row.strip_suffix(" |").unwrap().trim_matches('`').to_owned()
}

#[test]
fn the_page_names_the_host_that_events_go_to() {
    for (address, host) in ADDRESSES {
        assert_eq!(on_the_page(address), host.unwrap_or(NOT_STATED), "{address:?}");
    }
}

/// The client uses the same host, ignoring the port.
#[test]
fn the_client_sends_to_the_host_on_the_page() {
    for (address, _) in ADDRESSES {
        let builder = Telemetry::builder(Consent::new("ACME", "acme")).endpoint(address).configured(Some(false));
        let is_refused = builder.check().is_err();
        let page = on_the_page(address);
        assert_eq!(page == NOT_STATED, is_refused, "{address:?}");
        if !is_refused {
            let host = builder.build().status().endpoint.unwrap_or_default();
            let rest = page.strip_prefix(&host).unwrap_or_else(|| panic!("{address:?}: {host} and {page}"));
            assert!(rest.is_empty() || rest.starts_with(':'), "{address:?}: {host} and {page}");
        }
    }
}
