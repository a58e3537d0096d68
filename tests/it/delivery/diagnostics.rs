//! The messages in a program's own log, at every level, from this crate and from its dependencies.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use telemetry::client::Loss;

#[cfg(unix)]
use super::tls::Tls;
use crate::home::{Home, Result, printed};
use crate::server::{Request, Server, free_address, status};

/// Occurs in the path, in the query, in a header, and in the proxy's credentials.
const SECRET: &str = "hunter2";
/// Occurs in the payload.
const TURN: &str = "987654";

/// The publishing program, which prints all log messages on standard error.
fn publish(home: &Home, origin: &str, arguments: &str) -> Command {
    let endpoint = format!("{origin}/{SECRET}?key={SECRET}");
    super::publish(home, &endpoint, &format!("--tell --token={SECRET} --first={TURN} {arguments}"))
}

fn origin(url: &str) -> &str {
    url.trim_end_matches("/v1/events")
}

fn told(command: &mut Command) -> Result<String> {
    let output = command.output()?;
    assert!(output.status.success(), "{output:?}");
    Ok(String::from_utf8(output.stderr)?)
}

/// This crate's messages, as `level message`. Asserts that no message, of any crate, contains confidential data.
fn checked<'a>(told: &'a str, requests: &[Request]) -> Vec<&'a str> {
    let ids = requests.iter().flat_map(|request| {
        let anonymous = request.body.split("\"anonymousId\":\"").nth(1).unwrap_or_default().trim_end_matches("\"}");
        let (series, _) = request.id().split_once('-').unwrap_or_default();
        [anonymous, series]
    });
    for secret in ids.chain([SECRET, TURN, "payload"]) {
        assert!(secret.len() > 5 && !told.contains(secret), "{secret}: {told}");
    }
    let ours = told.lines().filter_map(|line| {
        let (level, message) = line.split_once(' ')?.1.trim_start().split_once(" telemetry: ")?;
        (level.len() < 6).then_some(message)
    });
    ours.collect()
}

#[test]
fn a_delivery_a_refusal_and_a_failure() -> Result {
    let home = Home::new()?;
    for (answer, arguments, expected) in [
        ("204 No Content", "", &["the receiver answered status=204", "an event was delivered"][..]),
        ("400 Bad Request", "", &["the receiver answered status=400", "an event was lost reason=\"refused\""]),
        (
            "503 Service Unavailable\r\nretry-after: 3600",
            "--wait=attempt",
            &[
                "the receiver answered status=503",
                "the receiver could not take an event pause_ms=…",
                "the client has ended delivered=0 spooled=1 dropped=0",
            ],
        ),
    ] {
        let server = Server::start(move |_, _: &_, stream: &mut _| status(stream, answer))?;
        let told = told(&mut publish(&home, origin(&server.url()), arguments))?;
        assert_eq!(server.requests().len(), 1);
        let requests = server.requests();
        let told = checked(&told, &requests).into_iter().map(|line| match line.split_once("pause_ms=") {
            // Half of what was asked for is left to chance.
            Some((said, pause)) if (3_600_000..=5_400_000).contains(&pause.parse().unwrap_or(0)) => {
                format!("{said}pause_ms=…")
            }
            _ => line.to_owned(),
        });
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_receiver_that_cannot_be_reached() -> Result {
    let home = Home::new()?;
    let proxy = format!("http://user:{SECRET}@{}/", free_address()?);
    let nobody = format!("http://{}", free_address()?);
    let bad = Tls::start(Duration::ZERO)?;
    for (origin, variable, value) in [
        (&*nobody, "NOTHING", ""),
        ("https://telemetry.invalid", "NOTHING", ""),
        ("https://telemetry.invalid", "HTTPS_PROXY", &proxy),
        (origin(&bad.url()), "NOTHING", ""),
    ] {
        home.ends_pauses()?;
        let told = told(publish(&home, origin, "--wait=attempt").env(variable, value))?;
        let ours = checked(&told, &[]);
        assert_eq!(ours[0], "no answer came from the receiver", "{told}");
        assert!(ours[1].starts_with("the receiver could not take an event pause_ms="), "{told}");
        assert_eq!(ours[2..], ["the client has ended delivered=0 spooled=1 dropped=0"]);
    }
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_delivery_over_tls() -> Result {
    let (home, server) = (Home::new()?, Tls::start(Duration::ZERO)?);
    let told = told(publish(&home, origin(&server.url()), "").env("SSL_CERT_FILE", Tls::AUTHORITY))?;
    assert_eq!(checked(&told, &[]), ["the receiver answered status=204", "an event was delivered"]);
    for id in server.ids() {
        assert!(!told.contains(&id[..32]));
    }
    Ok(())
}

#[test]
fn what_finds_no_place_and_the_end() -> Result {
    let home = Home::new()?;
    let server = Server::start(|_, _: &_, _: &mut _| {
        loop {
            std::thread::park();
        }
    })?;
    let told = told(&mut publish(&home, origin(&server.url()), "--events=502 --wait=no"))?;
    let messages = checked(&told, &server.requests());
    let [first, second, end] = messages[..] else { return Err(format!("{messages:?}").into()) };
    assert_eq!([first, second], ["an event was not taken reason=\"queue_full\""; 2]);
    // How many of them a program stores in the time that it has to end depends on the machine.
    let numbers: Vec<u32> = end.split(['=', ' ']).filter_map(|word| word.parse().ok()).collect();
    let [delivered, spooled, dropped] = numbers[..] else { return Err(end.into()) };
    assert_eq!(end, format!("the client has ended delivered={delivered} spooled={spooled} dropped={dropped}"));
    assert_eq!((delivered, spooled + dropped), (0, 500));
    Ok(())
}

#[test]
fn a_choice_that_is_withdrawn() -> Result {
    let (home, server) = (Home::with_yes()?, Server::accepting()?);
    let log = home.path().join("log");
    let mut child = publish(&home, origin(&server.url()), "--hear-first")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(File::create(&log)?)
        .spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    output.read_line(&mut String::new())?;
    printed(&mut home.consent("disable"))?;
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    assert!(child.wait()?.success());
    assert_eq!(checked(&fs::read_to_string(log)?, &[]), ["consent is withdrawn, so nothing more is sent"]);
    Ok(())
}

/// Publishes whatever it is told of.
struct Echo(telemetry::Telemetry);

impl tracing::Subscriber for Echo {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.publish(&Failed { by_itself: true });
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[derive(telemetry::TelemetryEvent)]
#[telemetry(event = "failed")]
struct Failed {
    by_itself: bool,
}

/// A program may count its own errors, and one of them may be that an event was lost.
#[test]
fn what_a_subscriber_publishes_of_this_crate_leads_to_nothing_more() {
    let consent = telemetry::Consent::new("ACME", "acme-of-these-tests").skip_test_check();
    // It has nowhere to send events, and says so of each.
    let telemetry = telemetry::Telemetry::builder(consent).configured(Some(true)).build();
    tracing::subscriber::with_default(Echo(telemetry.clone()), || {
        telemetry.publish(&Failed { by_itself: false });
        tracing::error!("the program has failed");
    });
    let counts = telemetry.counts();
    // Of what a subscriber does while it is told of the failure, `tracing` tells this one nothing.
    assert_eq!(counts.dropped_for(Loss::NotConfigured), 2);
    assert_eq!((counts.dropped_for(Loss::FromSubscriber), counts.published()), (1, 3));
}
