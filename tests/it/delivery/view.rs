//! What the user can see and withdraw: debugging, preview, status, the last events, and a no that takes effect at once.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::time::SystemTime;

use serde_json::{Value, json};

use super::{publish, report};
use crate::home::{Home, Result, printed};
use crate::server::{Server, free_address, url};

const PLACEHOLDER: &str = "only-in-previews-since-no-consent-was-given=";

#[test]
fn debugging_prints_what_would_be_sent_and_sends_nothing() -> Result {
    for (arguments, variable) in [
        ("--configured=false --debug", ""),
        ("--nowhere --configured=false --debug", ""),
        ("", "1"),
        ("--configured=true", "yes"),
        ("--configured=true --file=$", "1"),
    ] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let file = home.path().join("file");
        let arguments = arguments.replace('$', &file.display().to_string());
        let endpoint = match arguments.contains("file") || arguments.contains("nowhere") {
            true => String::new(),
            false => format!("--endpoint={}", server.url()),
        };
        let arguments = arguments.replace("--nowhere", "");
        let mut command = home.child(&format!("publish {endpoint} {arguments}"));
        let output = command.env("ACME_TELEMETRY_DEBUG", variable).output()?;
        let printed = String::from_utf8(output.stderr)?;
        let (head, event) = printed.split_once('\n').ok_or("nothing was printed")?;
        assert_eq!(head, "telemetry would send:");
        assert!(event.contains("\n  \"payload\": {\n    \"turn\": 1\n  },\n"), "{event}");
        let event: Value = serde_json::from_str(event)?;
        let has_consent = arguments.contains("=true");
        assert_eq!(event["anonymousId"] == PLACEHOLDER, !has_consent, "{event}");
        assert!(server.requests().is_empty() && !file.exists());
        // The id that would be sent is derived from the salt, which is therefore kept.
        let kept: &[&str] = if has_consent { &["salt"] } else { &[] };
        assert_eq!(home.kept(), kept);
        assert!(has_consent || fs::read_dir(home.path())?.count() == 0, "nothing is written");
    }
    Ok(())
}

#[test]
fn a_preview_needs_no_consent_and_leaves_no_trace() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let text = printed(&mut home.child(&format!("publish --print=preview --endpoint={}", server.url())))?;
    let preview = text.lines().next().unwrap_or_default();
    assert_eq!(preview, format!(r#"{{"type":"started","payload":{{"turn":1}},"anonymousId":"{PLACEHOLDER}"}}"#));
    assert!(server.requests().is_empty());
    assert_eq!(fs::read_dir(home.path())?.count(), 0);

    let text = printed(&mut publish(&home, &server.url(), "--print=preview"))?;
    assert_eq!(text.lines().next(), Some(&*server.requests()[0].body));
    Ok(())
}

#[test]
fn the_status_tells_everything_but_secrets() -> Result {
    let home = Home::with_yes()?;
    let address = free_address()?;
    let endpoint = format!("{}?key=hunter2", url(address));
    let arguments = "--token=hunter2 --receiver --events=3 --durability=write-ahead --wait=attempt --print=status";
    let text = printed(&mut publish(&home, &endpoint, arguments))?;
    assert!(!text.contains("hunter2"), "{text}");
    let mut lines = text.lines().map(serde_json::from_str::<Value>);
    let (mut status, last) = (lines.next().ok_or("no status")??, lines.next().ok_or("no report")??);
    let paused = status["queue"]["paused_seconds"].take();
    let bytes = [status["queue"]["bytes"].take(), status["spool"]["bytes"].take(), status["spool"]["oldest"].take()];
    assert!(
        paused.as_u64().is_some_and(|seconds| seconds < 60) && bytes.iter().all(Value::is_u64),
        "{paused} {bytes:?}"
    );
    let counts = |published, delivered, spooled, pending, dropped: Value| {
        json!({
            "published": published, "delivered": delivered, "spooled": spooled, "counted": 0, "pending": pending,
            "dropped": dropped,
        })
    };
    let expected = json!({
        "consent": {
            "decision": { "enabled": true, "debug": false, "reason": "configured_on" },
            "variable": "ACME_TELEMETRY",
            "inputs": [
                { "source": "build", "reading": "silent" },
                { "source": "names", "reading": "silent" },
                { "source": "variable", "reading": "silent" },
                { "source": "do_not_track", "reading": "silent" },
                { "source": "tests", "reading": "silent" },
                { "source": "configured", "reading": { "yes": "configured_on" } },
                { "source": "stored", "reading": { "yes": "stored_on" } },
            ],
            "coverage": { "everything": true, "covered": [], "needs_consent": [] },
        },
        "debug": false,
        "error": null,
        "endpoint": address.to_string(),
        "receiver": "Acme Inc.",
        "durability": "write_ahead",
        "upload": "in_process",
        "queue": {
            "events": 3, "unstored": 0, "bytes": null, "max_events": 500, "max_bytes": 1_048_576, "recovered": 0,
            "paused_seconds": null,
        },
        "spool": {
            "files": 1, "bytes": null, "events": 3, "oldest": null, "only_grows": false, "problem": null,
            "recovered": counts(0, 0, 0, 0, json!({})), "expired": 0, "foreign": 0, "torn": 0,
        },
        "counted": { "today": 0, "earlier": 0, "distinct": 0, "in_memory": 0, "expired": 0, "foreign": 0 },
        "heartbeats": [],
        "counts": counts(3, 0, 0, 3, json!({})),
        "obstacle": "no_connection",
        "last_sent": null,
        "unrecorded": null,
        "ephemeral_id": false,
        "deletion": null,
    });
    assert_eq!(status, expected);
    assert_eq!(last["status"]["counts"], counts(3, 0, 3, 0, json!({})));

    let off = report(&mut home.child(&format!("publish --configured=false --endpoint={endpoint}")))?;
    assert_eq!(off["status"]["consent"]["decision"]["reason"], "configured_off");
    assert_eq!(
        (&off["status"]["spool"]["events"], &off["status"]["endpoint"]),
        (&json!(3), &json!(address.to_string()))
    );
    Ok(())
}

#[test]
fn the_status_tells_what_was_lost_and_when_something_was_sent() -> Result {
    let (home, server) = (
        Home::new()?,
        Server::start(|number, _: &_, stream: &mut _| {
            crate::server::status(stream, if number == 1 { "400 Bad Request" } else { "204 No Content" })
        })?,
    );
    let report = report(&mut publish(&home, &server.url(), "--events=3 --panicking=3"))?;
    let status = &report["status"];
    assert_eq!(status["counts"]["dropped"], json!({"refused": 1, "snapshot_panicked": 1}), "{report}");
    assert_eq!(status["counts"]["delivered"], 1, "{report}");
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    assert!(status["last_sent"].as_u64().is_some_and(|at| (now - 60..=now).contains(&at)), "{report}");
    Ok(())
}

#[test]
fn the_last_events_can_be_read_until_the_user_says_no() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    report(&mut publish(&home, &server.url(), "--events=30"))?;
    let files = [
        fs::read_to_string(home.state().join("sent-before.ndjson"))?,
        fs::read_to_string(home.state().join("sent.ndjson"))?,
    ];
    let sent: Vec<Value> = files.concat().lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let turns: Vec<&Value> = sent.iter().map(|sent| &sent["body"]["payload"]["turn"]).collect();
    assert_eq!(turns, (1..=30).collect::<Vec<_>>());

    let down = url(free_address()?);
    report(&mut publish(&home, &down, "--wait=attempt"))?;
    assert_eq!(home.spool().len(), 1);
    assert!(home.state().join("salt").exists());
    assert_eq!(printed(&mut home.consent("disable"))?, "()");
    assert!(!home.state().exists());
    Ok(())
}

/// Makes a client after a yes, calls `meanwhile`, and then has the client publish two events.
fn publish_after(home: &Home, arguments: &str, meanwhile: impl FnOnce() -> Result) -> Result<Value> {
    home.says_yes()?;
    let mut child = home
        .child(&format!("publish {arguments} --hear-first --events=2"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    output.read_line(&mut String::new())?;
    meanwhile()?;
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    let mut report = String::new();
    output.read_line(&mut report)?;
    child.wait()?;
    Ok(serde_json::from_str(&report)?)
}

#[test]
fn a_no_ends_the_clients_of_other_processes() -> Result {
    let (home, server) = (Home::with_choice("")?, Server::accepting()?);
    let endpoint = format!("--endpoint={}", server.url());
    for durability in ["", "--durability=write-ahead"] {
        let before = server.requests().len();
        let report = publish_after(&home, &format!("{endpoint} {durability}"), || {
            printed(&mut home.consent("disable"))?;
            Ok(())
        })?;
        assert_eq!(report["counts"]["dropped"], json!({"consent_withdrawn": 2}), "{report}");
        assert_eq!(server.requests().len(), before);
        assert!(!home.state().exists(), "nothing comes back");
    }
    Ok(())
}

/// The user says no while an event is being sent. Neither that event nor any other is kept for the user to read.
#[test]
fn a_no_meanwhile_leaves_nothing_behind() -> Result {
    let home = std::sync::Arc::new(Home::with_yes()?);
    let user = std::sync::Arc::clone(&home);
    let server = Server::start(move |_, _: &_, stream: &mut _| {
        user.consent("disable").output()?;
        crate::server::status(stream, "204 No Content")
    })?;
    let report = report(&mut home.child(&format!("publish --endpoint={}", server.url())))?;
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    assert!(!home.state().exists());
    Ok(())
}

/// While the choice cannot be read, nothing is sent, and nothing on disk is lost.
#[test]
fn a_choice_that_cannot_be_read_is_no_answer_and_deletes_nothing() -> Result {
    let (home, server) = (Home::with_choice("")?, Server::accepting()?);
    let arguments = format!("--durability=write-ahead --endpoint={}", server.url());
    let down = format!("--durability=write-ahead --wait=attempt --endpoint={}", url(free_address()?));
    publish_after(&home, &down, || Ok(()))?;
    let report = publish_after(&home, &format!("{arguments} --wait=attempt"), || {
        fs::remove_file(home.choice())?;
        Ok(fs::create_dir(home.choice())?)
    })?;
    let dropped = &report["counts"]["dropped"];
    assert!(dropped["consent_withdrawn"].is_null() && report["counts"]["delivered"] == 0, "{report}");
    assert_eq!(report["status"]["consent"]["decision"]["reason"], "stored_unreadable", "{report}");
    assert!(server.requests().is_empty());
    assert_eq!((home.spool().len(), home.state().join("salt").exists()), (1, true));
    Ok(())
}

/// There are too many open files once. The user's choice has not changed, so the client's behaviour does not change either.
#[cfg(unix)]
#[test]
fn a_shortage_of_files_that_passes_costs_nothing() -> Result {
    let home = Home::with_yes()?;
    let text = printed(&mut home.child("publish --sink=console --id=unkeyed --project=acme --events=2 --lack-files"))?;
    let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let [during, after] = &lines[..] else { return Err(text.into()) };
    assert_eq!((&during["delivered"], &during["pending"]), (&json!(0), &json!(2)), "{during}");
    assert_eq!(after["counts"]["delivered"], 2, "{after}");
    Ok(())
}

#[test]
fn a_console_gets_one_event_a_line() -> Result {
    let home = Home::new()?;
    let output = home.child("publish --configured=true --events=2 --sink=console").output()?;
    let text = String::from_utf8(output.stderr)?;
    let turns: Vec<Value> = text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let turns: Vec<&Value> = turns.iter().map(|event| &event["payload"]["turn"]).collect();
    assert_eq!(turns, [1, 2]);
    Ok(())
}

#[test]
fn a_file_gets_one_event_a_line() -> Result {
    let home = Home::new()?;
    let file = home.path().join("logs/telemetry.ndjson");
    report(&mut home.child(&format!("publish --configured=true --events=2 --file={}", file.display())))?;
    let turns: Vec<Value> = fs::read_to_string(file)?
        .lines()
        .map(|line| Ok(serde_json::from_str::<Value>(line)?["payload"]["turn"].clone()))
        .collect::<Result<_>>()?;
    assert_eq!(turns, [1, 2]);
    Ok(())
}
