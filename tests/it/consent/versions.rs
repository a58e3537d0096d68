//! Several versions of one program in one home: what is sent, what is withheld, and what is asked on a pseudo-terminal.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rexpect::session::spawn_command;
use serde_json::Value;

use crate::home::{Home, Result, printed, wait_until};
use crate::server::{Request, Server, status};

/// Far more than a child needs on a loaded machine, in milliseconds.
const PATIENCE: Option<u64> = Some(60_000);

/// A user with programs in several versions, and their receiver.
struct User {
    home: Home,
    server: Server,
}

impl User {
    fn new() -> Result<Self> {
        Ok(Self { home: Home::new()?, server: Server::accepting()? })
    }

    /// A user who has said yes in this version.
    fn who_agreed(version: &str) -> Result<Self> {
        let user = Self::new()?;
        user.enables(version)?;
        Ok(user)
    }

    fn enables(&self, version: &str) -> Result {
        assert_eq!(self.runs(version, "enable")?, "()");
        Ok(())
    }

    /// The old and the new version are programs of their own.
    fn command(&self, version: &str, action: &str) -> Command {
        match version {
            "old" => self.home.command(env!("CARGO_BIN_EXE_version_old"), action),
            "new" => self.home.command(env!("CARGO_BIN_EXE_version_new"), action),
            other => self.home.child(&format!("versions {other} {action}")),
        }
    }

    fn runs(&self, version: &str, action: &str) -> Result<String> {
        printed(&mut self.command(version, action))
    }

    /// The outcomes of what this version publishes, and the names of the events that then arrive.
    fn publishes(&self, version: &str) -> Result<(String, Vec<String>)> {
        self.sends(version, "publish")
    }

    fn sends(&self, version: &str, action: &str) -> Result<(String, Vec<String>)> {
        let before = self.server.requests().len();
        let printed = self.runs(version, &format!("{action} {}", self.server.url()))?;
        let (outcomes, counts) = printed.split_once(" {").ok_or(printed.clone())?;
        let counts: Value = serde_json::from_str(&format!("{{{counts}"))?;
        let withheld = outcomes.matches("NeedsConsent").count();
        assert_eq!(counts["dropped"]["needs_consent"].as_u64().unwrap_or(0), withheld as u64, "{printed}");
        let events = self.server.requests().split_off(before);
        let name =
            |body: &str| Ok(serde_json::from_str::<Value>(body)?["type"].as_str().unwrap_or_default().to_owned());
        Ok((outcomes.to_owned(), events.iter().map(|event| name(&event.body)).collect::<Result<_>>()?))
    }

    /// What this version shows when it asks, and its answer. Nothing is typed if it does not ask.
    fn is_asked(&self, version: &str, typed: &str) -> Result<(String, String)> {
        let mut session = spawn_command(self.command(version, "ask"), PATIENCE)?;
        // The session takes each byte for a character.
        let screen = session.exp_string("[y/N] ")?.replace("\u{e2}\u{80}\u{a6}", "…");
        session.send_line(typed)?;
        let output = session.exp_eof()?;
        Ok((screen, output.lines().last().unwrap_or_default().to_owned()))
    }

    /// The answer of a version that does not ask.
    fn is_not_asked(&self, version: &str) -> Result<String> {
        let mut session = spawn_command(self.command(version, "ask"), PATIENCE)?;
        Ok(session.exp_eof()?.trim_end().to_owned())
    }

    fn coverage(&self, version: &str) -> Result<Value> {
        Ok(serde_json::from_str(&self.runs(version, "coverage")?)?)
    }
}

fn sent(outcomes: &str, events: &[&str]) -> (String, Vec<String>) {
    (outcomes.to_owned(), events.iter().map(|event| (*event).to_owned()).collect())
}

const OLD_SENT: &str = "build=Accepted";
const NEW_SENT: &str = "build=Accepted check=Accepted";
const NEW_WITHHELD: &str = "build=NeedsConsent check=NeedsConsent";

#[test]
fn what_is_new_is_withheld_until_the_user_agrees_to_it() -> Result {
    let user = User::new()?;
    let (first, answer) = user.is_asked("old", "y")?;
    assert!(first.contains("what was built") && !first.contains("more"), "{first}");
    assert_eq!(answer, "Yes");
    assert_eq!(user.publishes("old")?, sent(OLD_SENT, &["build"]));

    // The program is replaced by a newer version.
    assert_eq!(user.publishes("new")?, sent(NEW_WITHHELD, &[]));
    let (screen, answer) = user.is_asked("new", "y")?;
    assert_eq!(answer, "Yes");
    for told in ["offline", "check", "telemetry.acme.dev", "telemetry preview", "telemetry disable", "ACME_TELEMETRY=0"]
    {
        assert!(screen.contains(told), "{told}: {screen}");
    }
    assert!(!screen.contains("release"), "only what is new is told: {screen}");
    assert!(screen.lines().count() <= 10 && screen.lines().all(|line| line.chars().count() <= 80), "{screen}");
    assert_eq!(user.publishes("new")?, sent(NEW_SENT, &["build", "check"]));

    // Neither version asks again, side by side or after a downgrade.
    for version in ["new", "old", "narrowed", "new"] {
        assert_eq!(user.is_not_asked(version)?, "NotAsked(AlreadyYes)", "{version}");
    }
    assert_eq!(user.publishes("old")?, sent(OLD_SENT, &["build"]));
    Ok(())
}

#[test]
fn what_is_new_and_declined_is_not_asked_about_again_and_the_rest_goes_on() -> Result {
    for no in ["n", ""] {
        let user = User::who_agreed("old")?;
        let before = fs::read(user.home.choice())?;
        assert_eq!(user.is_asked("new", no)?.1, "Declined");
        assert_eq!(fs::read(user.home.choice())?, before, "the earlier yes is as it was");
        assert_eq!(user.is_not_asked("new")?, "NotAsked(AlreadyDeclined)");
        assert_eq!(user.publishes("new")?, sent(NEW_WITHHELD, &[]));
        assert_eq!(user.publishes("old")?, sent(OLD_SENT, &["build"]));
        // A version with other new values asks about those.
        assert_eq!(user.is_asked("large", "n")?.1, "Declined");
        // The user thinks again.
        user.enables("new")?;
        assert_eq!(user.publishes("new")?, sent(NEW_SENT, &["build", "check"]));
    }
    Ok(())
}

#[test]
fn a_question_about_what_is_new_that_is_left_unanswered_three_times_is_declined() -> Result {
    let user = User::who_agreed("old")?;
    for expected in ["Unanswered", "Unanswered", "Declined"] {
        assert_eq!(user.is_asked("new", "eh?")?.1, expected);
    }
    assert_eq!(user.is_not_asked("new")?, "NotAsked(AlreadyDeclined)");
    assert_eq!(user.publishes("old")?, sent(OLD_SENT, &["build"]));
    Ok(())
}

#[test]
fn new_values_that_do_not_fit_are_counted() -> Result {
    let user = User::who_agreed("old")?;
    let (screen, _) = user.is_asked("large", "n")?;
    assert!(screen.contains("first") && screen.contains("and 2 more") && !screen.contains("fifth"), "{screen}");
    assert!(screen.lines().count() <= 10, "{screen}");
    Ok(())
}

/// A yes in one version, perhaps followed by one in another; what the last version may send, and whether it asks.
#[test]
fn every_pair_of_versions_sends_what_was_agreed_to() -> Result {
    for (agreed, version, outcomes, events, asks) in [
        (&["old"][..], "old", OLD_SENT, &["build"][..], "NotAsked(AlreadyYes)"),
        (&["old"], "narrowed", OLD_SENT, &["build"], "NotAsked(AlreadyYes)"),
        (&["new"], "old", OLD_SENT, &["build"], "NotAsked(AlreadyYes)"),
        (&["old"], "none", "", &[], "NotAsked(AlreadyYes)"),
        (&["large", "new"], "large", OLD_SENT, &["build"], "NotAsked(AlreadyYes)"),
        (&["large", "new"], "new", NEW_SENT, &["build", "check"], "NotAsked(AlreadyYes)"),
        (&["narrowed", "new"], "old", OLD_SENT, &["build"], "NotAsked(AlreadyYes)"),
    ] {
        let user = User::new()?;
        agreed.iter().try_for_each(|version| user.enables(version))?;
        let name = format!("{agreed:?} {version}");
        assert_eq!(user.publishes(version)?, sent(outcomes, events), "{name}");
        assert_eq!(user.is_not_asked(version)?, asks, "{name}");
    }
    for (agreed, version, outcomes) in [
        ("narrowed", "old", "build=NeedsConsent"),
        ("large", "new", NEW_WITHHELD),
        ("none", "old", "build=NeedsConsent"),
    ] {
        let user = User::who_agreed(agreed)?;
        assert_eq!(user.publishes(version)?, sent(outcomes, &[]), "{agreed} {version}");
        assert_eq!(user.is_asked(version, "eh?")?.1, "Unanswered", "{agreed} {version}");
    }
    Ok(())
}

/// Files of earlier versions of the library have only the first line.
#[test]
fn a_yes_without_coverage_is_asked_about_once_more_and_covers_nothing_until_then() -> Result {
    let torn = "enabled\n{\"event\":\"build\",\"hash\":\"";
    let other = "enabled\nbuild\n";
    for file in ["enabled\n".to_owned(), torn.to_owned(), other.to_owned(), format!("enabled\n{}", " ".repeat(1 << 21))]
    {
        let user = User { home: Home::with_choice(&file)?, server: Server::accepting()? };
        assert_eq!(user.publishes("old")?, sent("build=NeedsConsent", &[]));
        let decision: Value = serde_json::from_str(&printed(&mut user.home.consent("decide"))?)?;
        assert_eq!(decision["reason"], "stored_on");
        let (screen, answer) = user.is_asked("old", "y")?;
        assert!(screen.contains("release"), "{screen}");
        assert_eq!(answer, "Yes");
        assert_eq!(user.publishes("old")?, sent(OLD_SENT, &["build"]));
        assert_eq!(user.is_not_asked("old")?, "NotAsked(AlreadyYes)");
    }
    Ok(())
}

#[test]
fn a_yes_of_the_operator_covers_everything() -> Result {
    for user in [User::new()?, User::who_agreed("old")?] {
        assert_eq!(user.sends("new", "configured")?, sent(NEW_SENT, &["build", "check"]));
        let mut command = user.command("new", &format!("publish {}", user.server.url()));
        let output = printed(command.env("ACME_TELEMETRY", "1"))?;
        assert!(output.starts_with(NEW_SENT), "{output}");
        let status = printed(user.command("new", "coverage").env("ACME_TELEMETRY", "1"))?;
        let status: Value = serde_json::from_str(&status)?;
        assert_eq!(status["everything"], true, "{status}");
    }
    Ok(())
}

/// The program of the operator's yes could not send them.
#[test]
fn what_a_yes_of_the_operator_left_on_disk_is_sent_by_such_a_yes_or_one_that_covers_it() -> Result {
    let fails = Arc::new(AtomicBool::new(true));
    let answer = {
        let fails = Arc::clone(&fails);
        move |_, _: &Request, stream: &mut TcpStream| {
            let failure = "503 Service Unavailable\r\nretry-after: 3600";
            status(stream, if fails.load(Ordering::SeqCst) { failure } else { "204 No Content" })
        }
    };
    let user = User { home: Home::new()?, server: Server::start(answer)? };
    user.enables("old")?;
    for version in ["new", "old"] {
        assert!(user.runs(version, &format!("leave {}", user.server.url()))?.starts_with(OLD_SENT));
        user.home.ends_pauses()?;
    }
    fails.store(false, Ordering::SeqCst);
    let before = user.server.requests().len();
    let sent = || -> Vec<String> {
        let bodies = user.server.requests().split_off(before).into_iter().map(|event| event.body);
        bodies.map(|body| format!("{} {}", &body[9..14], body.contains("offline"))).collect()
    };
    // The user's yes covers the old event alone.
    assert_eq!(user.publishes("old")?.0, OLD_SENT);
    assert_eq!(sent(), ["build false"; 2]);
    let waiting: Value = serde_json::from_str(&user.runs("old", &format!("status {}", user.server.url()))?)?;
    assert_eq!(waiting["spool"]["events"], 2, "{waiting}");
    wait_until(|| sent().len() == 3)?;

    user.sends("old", "configured")?;
    wait_until(|| sent().len() == 6)?;
    let rest = sent().split_off(3);
    assert!(rest.contains(&"build true".to_owned()) && rest.contains(&"check false".to_owned()), "{rest:?}");
    Ok(())
}

#[test]
fn a_no_ends_the_coverage_and_what_was_declined() -> Result {
    let user = User::who_agreed("old")?;
    assert_eq!(user.is_asked("new", "n")?.1, "Declined");
    printed(&mut user.home.consent("disable"))?;
    assert_eq!(fs::read_to_string(user.home.choice())?, "disabled\n");
    assert!(!user.home.choice().with_file_name("telemetry-declined").exists());
    // A yes after it covers exactly what it was said to.
    user.enables("none")?;
    assert_eq!(user.publishes("old")?, sent("build=NeedsConsent", &[]));
    Ok(())
}

#[test]
fn a_running_program_sends_what_is_new_once_the_user_has_agreed_elsewhere() -> Result {
    let user = User::who_agreed("old")?;
    let mut command = user.command("new", &format!("live {}", user.server.url()));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let (mut typed, output) = (child.stdin.take().ok_or("no input")?, child.stdout.take().ok_or("no output")?);
    let mut lines = BufReader::new(output).lines();
    let mut next = || -> Result<String> { Ok(lines.next().ok_or("it has ended")??) };
    assert_eq!(next()?, NEW_WITHHELD);
    typed.write_all(b"\n")?;
    assert_eq!(next()?, NEW_WITHHELD);
    user.enables("new")?;
    typed.write_all(b"\n")?;
    assert_eq!(next()?, NEW_SENT);
    drop(typed);
    let counts: Value = serde_json::from_str(&next()?)?;
    assert_eq!((&counts["delivered"], &counts["dropped"]["needs_consent"]), (&2.into(), &4.into()), "{counts}");
    child.wait()?;
    assert_eq!(user.server.requests().len(), 2);
    Ok(())
}

#[test]
fn the_status_lists_what_is_covered_and_what_needs_consent() -> Result {
    let user = User::who_agreed("old")?;
    let coverage = user.coverage("new")?;
    let events = |list: &Value| -> Vec<String> {
        let entries = list.as_array().cloned().unwrap_or_default();
        entries.iter().map(|entry| entry["event"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(events(&coverage["covered"]), ["build"]);
    assert_eq!(events(&coverage["needs_consent"]), ["build", "check"]);
    assert_eq!(coverage["needs_consent"][0]["is_known"], true);
    assert_eq!(coverage["needs_consent"][1]["is_known"], false);
    let new = coverage["needs_consent"][0]["new"].to_string();
    assert!(new.contains("offline") && !new.contains("release"), "{coverage}");

    let status: Value = serde_json::from_str(&user.runs("new", &format!("status {}", user.server.url()))?)?;
    assert_eq!(status["consent"]["coverage"], coverage, "{status}");
    assert_eq!(user.is_asked("new", "n")?.1, "Declined");
    assert_eq!(user.coverage("new")?["needs_consent"][0]["is_declined"], true);
    assert_eq!(user.coverage("old")?["needs_consent"], Value::Array(vec![]));
    assert_eq!(User::new()?.coverage("old")?, Value::Null);
    Ok(())
}
