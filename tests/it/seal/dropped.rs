//! A sink whose destructor panics harms only itself, and a client's statements about its headers stay true.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use telemetry::client::Builder;
use telemetry::sink::{Memory, Outgoing, SendError, Sink};
use telemetry::{Consent, Telemetry, TelemetryEvent};

use super::is_alone;

/// Reports that it is dropped, and panics.
struct Bomb(Sender<()>);

impl Sink for Bomb {
    fn send(&mut self, _: &Outgoing) -> Result<(), SendError> {
        Ok(())
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        let _ = self.0.send(());
        // Like `panic!`, but without a message.
        resume_unwind(Box::new("as it should"));
    }
}

#[derive(TelemetryEvent)]
#[telemetry(event = "started")]
struct Started {
    by_hand: bool,
}

fn contained(name: &str, run: impl FnOnce(Builder)) {
    let (bomb, dropped) = channel();
    let builder = Telemetry::builder(Consent::new("SEAL", "seal").skip_test_check()).sink(Bomb(bomb));
    assert!(catch_unwind(AssertUnwindSafe(|| run(builder))).is_ok(), "{name}: the panic went on");
    // A client that was used drops its sink on its own thread.
    assert_eq!(dropped.recv_timeout(Duration::from_secs(60)), Ok(()), "{name}");
}

#[test]
fn a_panic_in_the_destructor_of_a_sink_ends_there() {
    if !is_alone("seal::dropped::a_panic_in_the_destructor_of_a_sink_ends_there") {
        return;
    }
    contained("off", |builder| drop(builder.configured(Some(false)).build()));
    contained("nothing said yes", |builder| drop(builder.build()));
    contained("not built", drop);
    contained("replaced by another", |builder| drop(builder.sink(Memory::new())));
    contained("replaced by an endpoint", |builder| drop(builder.endpoint("https://telemetry.acme.dev")));
    contained("debug", |builder| drop(builder.debug(true).build()));
    contained("on", |builder| drop(builder.configured(Some(true)).build()));
    contained("used", |builder| {
        let telemetry = builder.configured(Some(true)).build();
        telemetry.publish(&Started { by_hand: true });
        telemetry.shutdown(Duration::from_secs(60));
        drop(telemetry);
    });
}

/// The page lists the headers of each request, so an application cannot override them.
#[test]
fn a_header_of_the_page_cannot_be_replaced() {
    let builder = || Telemetry::builder(Consent::new("SEAL", "seal")).endpoint("https://telemetry.acme.dev");
    let page = telemetry::page::Disclosure::new(Consent::new("SEAL", "seal")).to_markdown().to_ascii_lowercase();
    for name in
        ["Accept", "content-length", "Content-Type", "HOST", "Idempotency-Key", "Telemetry-Schema", "user-agent"]
    {
        assert!(page.contains(&name.to_ascii_lowercase()), "{name} is not on {page}");
        assert!(builder().header(name, "x").check().is_err(), "{name}");
    }
    assert!(builder().header("X-Collector-Token", "x").check().is_ok());
}

/// A choice that cannot be read counts as no.
#[cfg(unix)]
#[test]
fn a_choice_behind_a_link_that_leads_nowhere_denies() -> crate::home::Result {
    let home = crate::home::Home::with_choice("enabled\n")?;
    let decide = || crate::home::printed(&mut home.consent("decide --configured=true"));
    assert!(decide()?.contains(r#""enabled":true"#), "{}", decide()?);
    std::fs::remove_file(home.choice())?;
    std::os::unix::fs::symlink(home.path().join("nowhere"), home.choice())?;
    assert!(decide()?.contains(r#""enabled":false"#), "{}", decide()?);
    Ok(())
}
