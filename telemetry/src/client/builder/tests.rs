use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::event::draft::tests::Started;
use crate::panics;
use crate::sink::{Outgoing, SendError, from_fn};

const CONSENT: Consent = Consent::new("ACME_OF_THESE_TESTS", "acme-of-these-tests").skip_test_check();

/// Its id exists only in this process, so nothing is written to the home of the user who runs the tests.
fn builder() -> Builder {
    Telemetry::builder(CONSENT).configured(Some(true)).anonymous_id(AnonymousId::PerProjectUnkeyed)
}

/// A sink whose destructor panics and counts its calls.
struct PanickingDrop(Arc<AtomicUsize>);

impl Sink for PanickingDrop {
    fn send(&mut self, _: &Outgoing) -> Result<(), SendError> {
        Ok(())
    }
}

impl Drop for PanickingDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        panic!("as it should");
    }
}

/// Covers every way in which a sink is dropped.
#[test]
fn a_destructor_of_a_sink_that_panics_harms_nobody() {
    let ends: [fn(PanickingDrop); 8] = [
        |sink| drop(builder().sink(sink)),
        |sink| drop(builder().sink(sink).sink(from_fn(|_| Ok(())))),
        |sink| drop(builder().configured(Some(false)).sink(sink).build()),
        |sink| drop(builder().debug(true).sink(sink).build()),
        |sink| drop(builder().durability(Durability::WriteAhead).sink(sink).build()),
        |sink| drop(builder().sink(sink).build()),
        |sink| {
            let telemetry = builder().sink(sink).build();
            telemetry.publish(&Started(true));
            telemetry.flush(Duration::from_secs(60));
        },
        |sink| {
            let _ = panics::catch(move || {
                let _builder = builder().sink(sink);
                panic!("as it should");
            });
        },
    ];
    for (at, end) in ends.into_iter().enumerate() {
        let drops = Arc::new(AtomicUsize::new(0));
        end(PanickingDrop(Arc::clone(&drops)));
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        while drops.load(Ordering::SeqCst) == 0 && std::time::Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert_eq!(drops.load(Ordering::SeqCst), 1, "way {at}");
    }
}

#[test]
fn a_sink_whose_events_are_kept_on_disk_names_its_destination() {
    let durable = |sink| builder().durability(Durability::WriteAhead).sink(sink);
    let nameless = || from_fn(|_: &Outgoing| Ok(()));
    assert_eq!(durable(nameless()).check(), Err(ConfigError::SinkWithoutDestination));
    assert_eq!(durable(nameless().to("a")).check(), Ok(()));
    assert_eq!(builder().sink(nameless()).check(), Ok(()));
    let binding = |sink| Destination::Sink(Guarded::new(sink)).binding(&Form::Own, Durability::WriteAhead);
    assert_eq!(binding(nameless()), None);
    assert_ne!(binding(nameless().to("a")), binding(nameless().to("b")));
    assert_eq!(binding(nameless().to("a")), binding(nameless().to("a")));
}

#[cfg(feature = "otlp")]
#[test]
fn what_a_receiver_of_opentelemetry_cannot_do_is_not_promised_to_users() {
    let otlp =
        |consent: Consent| Telemetry::builder(consent).endpoint("http://localhost/v1/logs").otlp(sink::Otlp::new());
    let consent = CONSENT.configured(Some(true));
    assert_eq!(otlp(consent).check(), Ok(()));
    assert_eq!(otlp(consent.with_deletion_request()).check(), Err(ConfigError::DeletionImpossible));
    let without_an_endpoint = Telemetry::builder(consent).otlp(sink::Otlp::new());
    assert_eq!(without_an_endpoint.check(), Err(ConfigError::NoEndpoint));
    // A forked child and an uploader send in the same form.
    let builder = otlp(consent);
    assert_eq!(builder.again().form, builder.form);
    let form: Form = sink::Otlp::new().service_name("acme").into();
    let read: Form = serde_json::from_str(&serde_json::to_string(&form).unwrap()).unwrap();
    assert_eq!(read, form);
}

#[cfg(feature = "http")]
#[test]
fn events_on_disk_are_bound_to_the_receiver_and_not_only_to_an_address_that_several_share() {
    const URL: &str = "https://eu.i.posthog.com/batch/";
    let builder = || builder().endpoint(URL);
    let binding = |builder: Builder| builder.about(false).destination.unwrap();
    assert_eq!(binding(builder()), URL, "what earlier versions have left on disk stays valid");
    #[cfg_attr(not(any(feature = "otlp", feature = "posthog")), expect(unused_mut))]
    let mut receivers = vec![builder()];
    #[cfg(feature = "posthog")]
    receivers.extend(["phc_a", "phc_b"].map(|token| builder().posthog(sink::PostHog::new(token))));
    #[cfg(feature = "otlp")]
    {
        receivers.push(builder().otlp(sink::Otlp::new()));
        receivers.extend(["phc_a", "b", "a b"].map(|name| builder().otlp(sink::Otlp::new().service_name(name))));
    }
    let count = receivers.len();
    // An uploader and a forked child find the same events.
    assert!(receivers.iter().all(|one| one.again().about(false).destination == one.about(false).destination));
    let bindings: std::collections::HashSet<String> = receivers.into_iter().map(binding).collect();
    assert_eq!(bindings.len(), count, "{bindings:?}");
}

#[cfg(feature = "otlp")]
#[test]
fn a_sink_gets_events_as_they_are_also_where_they_are_only_printed() {
    let otlp = || builder().otlp(sink::Otlp::new());
    assert!(otlp().sink(from_fn(|_| Ok(()))).form_in_use().is_own());
    assert!(!otlp().form_in_use().is_own());
    assert!(!otlp().endpoint("http://localhost/v1/logs").form_in_use().is_own());
}

#[cfg(feature = "otlp")]
#[test]
fn the_name_of_a_service_is_short_and_printable() {
    const LONGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const TOO_LONG: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0";
    let named =
        |name| builder().endpoint("http://localhost/v1/logs").otlp(sink::Otlp::new().service_name(name)).check();
    for name in ["a", "Acme of all", LONGEST] {
        assert_eq!(named(name), Ok(()), "{name}");
    }
    for name in ["", TOO_LONG, "a\nb", "\u{7f}", "\u{e9}"] {
        assert_eq!(named(name), Err(ConfigError::ServiceNameInvalid), "{name}");
    }
}

#[cfg(all(feature = "otlp", feature = "posthog"))]
#[test]
fn a_preview_is_in_the_form_in_which_events_are_sent() {
    let preview = |builder: Builder| builder.endpoint("http://localhost/").build().preview(&Started(true)).unwrap();
    let own = preview(builder());
    assert!(own.starts_with(r#"{"type":"started","#), "{own}");
    for (configured, id) in [(Some(true), ""), (Some(false), "only-in-previews")] {
        let builder = || builder().configured(configured);
        let otlp = preview(builder().otlp(sink::Otlp::new()));
        assert!(otlp.contains(r#""eventName":"started""#) && !otlp.contains("anonymousId"), "{otlp}");
        let posthog = preview(builder().posthog(sink::PostHog::new("phc_a")));
        assert!(posthog.contains(r#""api_key":"phc_a""#) && posthog.contains(r#""event":"started""#), "{posthog}");
        assert!(otlp.contains(id) && posthog.contains(id), "{otlp} {posthog}");
    }
    let sink = builder().sink(from_fn(|_| Ok(()))).otlp(sink::Otlp::new()).build();
    assert!(sink.preview(&Started(true)).unwrap().starts_with(r#"{"type":"#));
}

#[cfg(feature = "auth")]
#[test]
fn a_directory_names_the_project_only_of_an_id_for_projects() {
    use crate::auth::{self, AuthOptions, TelemetryContext};

    let plain = || Builder::new(Consent::new("ACME", "acme"));
    assert!(!plain().is_of_directory());
    assert!(plain().anonymous_id(AnonymousId::PerProjectUnkeyed).is_of_directory());
    let of_auth = auth::builder(&AuthOptions::default(), TelemetryContext::default());
    assert!(of_auth.is_of_directory() && of_auth.again().is_of_directory());
}
