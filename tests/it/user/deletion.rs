//! What a no asks of the receiver: one request with the anonymous id, and nothing without the option.

use std::fs;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rexpect::session::spawn_command;
use serde_json::Value;

use super::{End, end, types};
use crate::home::{Home, Result, wait_until};
use crate::server::{Request, Server, status};

const DISABLED: &str = "The no is stored. Telemetry of acme is off, and what it kept on this machine is deleted.\n";
const ASKED: &str = "The receiver was asked to delete what it has.\n";
const LATER: &str = "The receiver could not be asked yet to delete what it has. It is asked when this program runs again, for at most 7 days.\n";
const HELD: &str = "The receiver was not asked to delete what it has: another input says no as well, and then nothing is sent. It is asked when this program runs without that no in the next 7 days.\n";

/// A user whose program asks for deletion, and its receiver, which can be told to fail.
struct User {
    home: Home,
    server: Server,
    fails: Arc<AtomicBool>,
}

impl User {
    fn new() -> Result<Self> {
        let fails = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&fails);
        let server = Server::start(move |_, _: &Request, stream: &mut TcpStream| {
            // The pause is longer than any test takes.
            let failure = "503 Service Unavailable\r\nretry-after: 3600";
            status(stream, if flag.load(Ordering::SeqCst) { failure } else { "204 No Content" })
        })?;
        Ok(Self { home: Home::with_yes()?, server, fails })
    }

    /// A user under whose id an event was sent. The options are those of the program.
    fn with_event(options: &str) -> Result<Self> {
        let user = Self::new()?;
        user.runs(&format!("{options} publish"))?;
        wait_until(|| user.server.requests().len() == 1 && user.home.spool().is_empty())?;
        Ok(user)
    }

    fn command(&self, words: &str) -> std::process::Command {
        types(&self.home, &format!("--endpoint={} --deletion {words}", self.server.url()))
    }

    fn runs(&self, words: &str) -> Result<String> {
        let end = end(&mut self.command(words))?;
        assert_eq!((end.code, end.err.as_str()), (0, ""), "{end:?}");
        Ok(end.out)
    }

    fn status(&self) -> Result<Value> {
        let status: Value = serde_json::from_str(&self.runs("status --json")?)?;
        Ok(status["deletion"].clone())
    }

    fn deletions(&self) -> Vec<Request> {
        let is_one = |request: &Request| request.body.contains("\"deletion\"");
        self.server.requests().into_iter().filter(is_one).collect()
    }

    /// The request can be tried again at once.
    fn ends_pauses(&self) -> Result {
        let file = self.file();
        let mut lines = String::new();
        for line in fs::read_to_string(&file)?.lines() {
            let mut line: Value = serde_json::from_str(line)?;
            line["state"]["due"].as_object_mut().ok_or("it is not due")?.remove("pause");
            lines += &format!("{line}\n");
        }
        Ok(fs::write(file, lines)?)
    }

    fn file(&self) -> std::path::PathBuf {
        self.home.choice().with_file_name("telemetry-deletion")
    }
}

fn id(request: &Request) -> Result<String> {
    let body: Value = serde_json::from_str(&request.body)?;
    Ok(body["anonymousId"].as_str().ok_or("no id")?.to_owned())
}

#[test]
fn disable_sends_one_request_with_the_id_and_nothing_else() -> Result {
    for options in ["", "--detached", "--project"] {
        let user = User::with_event(options)?;
        assert_eq!(user.status()?["waiting"], 0);
        assert_eq!(user.runs(&format!("{options} disable"))?, format!("{DISABLED}{ASKED}"), "{options}");
        let requests = user.server.requests();
        let [event, deletion] = &requests[..] else { panic!("{options}: {requests:?}") };
        assert_eq!(deletion.body, format!(r#"{{"type":"deletion","anonymousId":"{}"}}"#, id(event)?));
        assert_eq!(deletion.line, event.line);
        let mut names: Vec<&str> = deletion.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["accept", "content-length", "content-type", "host", "idempotency-key", "user-agent"]);
        assert!(deletion.id().len() == 34 && deletion.id().ends_with("-0") && deletion.id() != event.id());
        // Neither a second no nor a later run sends anything.
        assert_eq!(user.runs("disable")?, format!("{DISABLED}{ASKED}"));
        user.runs("--patient publish")?;
        user.runs("--patient nothing")?;
        assert_eq!(user.server.requests().len(), 2);
        assert_eq!(user.status()?["end"], "sent");
        assert!(!fs::read_to_string(user.file())?.contains(&id(event)?), "the id is forgotten");
        assert!(!user.home.state().exists());
    }
    Ok(())
}

#[test]
fn what_the_receiver_cannot_take_is_sent_by_a_later_run_under_the_same_key() -> Result {
    let user = User::with_event("")?;
    user.fails.store(true, Ordering::SeqCst);
    assert_eq!(user.runs("disable")?, format!("{DISABLED}{LATER}"));
    assert_eq!(user.status()?["waiting"], 1);
    let told = user.runs("status")?;
    assert!(
        told.contains("\nAfter a no, the receiver is still to be asked to delete what it has: 1 request.\n"),
        "{told}"
    );
    assert!(!user.home.state().exists(), "nothing else is kept: {:?}", user.home.kept());
    user.fails.store(false, Ordering::SeqCst);
    user.ends_pauses()?;
    user.runs("--patient nothing")?;
    let deletions = user.deletions();
    assert_eq!(deletions.len(), 2);
    assert_eq!((deletions[0].id(), &deletions[0].body), (deletions[1].id(), &deletions[1].body));
    user.runs("--patient nothing")?;
    assert_eq!(user.deletions().len(), 2);
    let told = user.runs("status")?;
    assert!(told.contains("\nAfter a no, the receiver was asked "), "{told}");
    Ok(())
}

/// The program's status tells it, with its time.
#[test]
fn how_an_earlier_request_failed_is_not_told_as_the_end_of_this_no() -> Result {
    let user = User::with_event("")?;
    user.runs("disable")?;
    for end in ["expired", "refused"] {
        let lines = fs::read_to_string(user.file())?;
        fs::write(user.file(), lines.replace("\"sent\"", &format!("\"{end}\"")))?;
        assert_eq!(user.status()?["end"], end);
        assert_eq!(user.runs("disable")?, DISABLED);
        fs::write(user.file(), lines)?;
    }
    Ok(())
}

#[test]
fn the_receiver_is_asked_also_if_a_file_on_this_machine_stays() -> Result {
    let user = User::with_event("")?;
    let file = user.home.state().join("sent.ndjson");
    fs::remove_file(&file)?;
    fs::create_dir_all(file.join("a file"))?;
    let end = end(&mut user.command("disable"))?;
    assert!(end.code == 1 && end.out.is_empty(), "{end:?}");
    assert!(end.err.starts_with(ASKED) && end.err.contains("the no is stored, but "), "{end:?}");
    assert_eq!(user.deletions().len(), 1);
    Ok(())
}

#[test]
fn a_pause_holds_for_later_runs() -> Result {
    let user = User::with_event("")?;
    user.fails.store(true, Ordering::SeqCst);
    user.runs("disable")?;
    user.runs("--patient nothing")?;
    assert_eq!(user.deletions().len(), 1);
    Ok(())
}

#[test]
fn every_no_of_the_user_leads_to_the_request() -> Result {
    // A program that knows no endpoint, and one that runs while the user says no.
    let user = User::with_event("")?;
    assert_eq!(crate::home::printed(&mut user.home.consent("--deletion disable"))?, "()");
    assert_eq!(user.deletions().len(), 0);
    user.runs("--patient nothing")?;
    assert_eq!(user.deletions().len(), 1);

    let user = User::new()?;
    assert_eq!(user.runs("publish disable publish")?, "Ok(())\n");
    assert_eq!((user.deletions().len(), user.server.requests().len()), (1, 2));
    Ok(())
}

#[test]
fn a_denial_by_the_environment_or_the_configuration_sends_nothing() -> Result {
    for (name, value) in [("DO_NOT_TRACK", "1"), ("ACME_TELEMETRY", "0")] {
        let user = User::with_event("")?;
        let End { out, .. } = end(user.command("disable").env(name, value))?;
        assert_eq!(out, format!("{DISABLED}{HELD}"), "{name}");
        let waits = "\nAfter a no, the receiver is still to be asked to delete what it has: 1 request.\n";
        let held = "It is not asked as long as another input says no, or the stored choice cannot be read.\n";
        let told = end(user.command("status").env(name, value))?.out;
        assert!(told.contains(&format!("{waits}{held}")), "{name} {told}");
        end(user.command("--patient nothing").env(name, value))?;
        end(user.command("--patient --configured=false nothing").env_remove(name))?;
        assert_eq!(user.deletions().len(), 0, "{name}");
        user.runs("--patient nothing")?;
        assert_eq!(user.deletions().len(), 1, "{name}");
    }
    Ok(())
}

#[test]
fn without_an_event_or_a_lasting_id_there_is_nothing_to_ask_for() -> Result {
    let user = User::new()?;
    assert_eq!(user.runs("disable")?, DISABLED);
    assert!(user.server.requests().is_empty() && !user.file().exists());

    let user = User::with_event("--ephemeral")?;
    assert_eq!(user.runs("--ephemeral disable")?, DISABLED);
    assert!(user.deletions().is_empty() && !user.file().exists());
    Ok(())
}

/// Several requests would tell the receiver that their ids belong together.
#[test]
fn an_ephemeral_id_of_an_earlier_run_is_not_asked_for() -> Result {
    let user = User::new()?;
    user.fails.store(true, Ordering::SeqCst);
    user.runs("--ephemeral publish-and-leave")?;
    assert!(!user.home.spool().is_empty());
    user.fails.store(false, Ordering::SeqCst);
    user.home.ends_pauses()?;
    user.runs("--ephemeral --patient publish")?;
    wait_until(|| user.home.spool().is_empty())?;
    assert_eq!(user.runs("--ephemeral disable")?, DISABLED);
    assert_eq!(user.deletions().len(), 0);
    Ok(())
}

#[test]
fn without_the_option_nothing_is_sent_or_written_down() -> Result {
    let user = User::new()?;
    let without = |words: &str| end(&mut types(&user.home, &format!("--endpoint={} {words}", user.server.url())));
    without("publish")?;
    assert_eq!(without("disable")?.out, DISABLED);
    assert!(user.server.requests().len() == 1 && !user.file().exists());
    let status: Value = serde_json::from_str(&without("status --json")?.out)?;
    assert_eq!(status["deletion"], Value::Null);
    Ok(())
}

/// A later version asks nobody, for example because it sends its events in another form.
#[test]
fn ids_that_an_earlier_version_has_written_down_are_deleted_where_nobody_is_asked_any_more() -> Result {
    for words in ["disable", "status"] {
        let user = User::with_event("")?;
        assert!(user.file().exists());
        if words == "status" {
            user.fails.store(true, Ordering::SeqCst);
            user.runs("disable")?;
            user.fails.store(false, Ordering::SeqCst);
        }
        let before = user.deletions().len();
        end(&mut types(&user.home, &format!("--endpoint={} {words}", user.server.url())))?;
        assert!(!user.file().exists(), "{words}");
        assert_eq!(user.deletions().len(), before, "{words}");
    }
    // Without a no, they stay for a version that asks again.
    let user = User::with_event("")?;
    end(&mut types(&user.home, &format!("--endpoint={} publish", user.server.url())))?;
    assert!(user.file().exists());
    Ok(())
}

#[test]
fn a_sink_of_the_application_is_not_asked() -> Result {
    let home = Home::with_yes()?;
    let published = end(&mut types(&home, "--deletion --console publish"))?;
    assert!(published.err.contains("started"), "{published:?}");
    let disabled = end(&mut types(&home, "--deletion --console disable"))?;
    assert_eq!((disabled.out.as_str(), disabled.err.as_str()), (DISABLED, ""));
    Ok(())
}

#[test]
fn a_later_yes_keeps_the_request_which_is_sent_before_any_event() -> Result {
    for options in ["", "--project"] {
        let user = User::with_event(options)?;
        user.fails.store(true, Ordering::SeqCst);
        user.runs(&format!("{options} disable"))?;
        user.fails.store(false, Ordering::SeqCst);
        user.home.says_yes()?;
        user.ends_pauses()?;
        let before = user.server.requests().len();
        user.runs(&format!("{options} publish"))?;
        let requests = user.server.requests().split_off(before);
        let [deletion, event] = &requests[..] else { panic!("{requests:?}") };
        assert!(deletion.body.contains("\"deletion\"") && event.body.contains("\"started\""), "{requests:?}");
        assert_eq!(id(deletion)? == id(event)?, options == "--project");
        // The next no asks for what was sent since.
        user.runs(&format!("{options} disable"))?;
        assert_eq!(id(user.deletions().last().ok_or("none")?)?, id(event)?);
    }
    Ok(())
}

/// A no could not ask for the deletion of what is sent meanwhile.
#[test]
fn events_wait_as_long_as_the_id_cannot_be_written_down() -> Result {
    let user = User::new()?;
    fs::create_dir(user.file())?;
    let has_tried = || user.home.kept().iter().any(|name| name.starts_with("pause-"));
    // A program that ends at once may not have tried.
    wait_until(|| user.runs("publish-and-leave").is_err() || !user.server.requests().is_empty() || has_tried())?;
    assert_eq!(user.server.requests().len(), 0);
    let told = user.runs("status")?;
    let why = "the file `telemetry-deletion` beside the choice could not be read or written, so no request to delete what is sent could follow a no";
    assert!(told.contains(&format!("\nThe last attempt to send failed: {why}.\n")), "{told}");

    fs::remove_dir(user.file())?;
    user.home.ends_pauses()?;
    user.runs("publish")?;
    wait_until(|| user.server.requests().len() >= 2 && user.home.spool().is_empty())?;
    assert_eq!(user.runs("disable")?, format!("{DISABLED}{ASKED}"));
    assert_eq!(user.deletions().len(), 1);
    Ok(())
}

/// Where nothing can be written, no choice can be stored, so no request for deletion is promised.
#[test]
fn where_no_choice_can_be_stored_events_are_sent_and_no_request_is_promised() -> Result {
    let user = User { home: Home::new()?, ..User::new()? };
    // A file in the place of the directory.
    let directory = user.home.choice().parent().ok_or("no directory")?.to_owned();
    fs::create_dir_all(directory.parent().ok_or("no parent")?)?;
    fs::write(&directory, "")?;
    let told = |words: &str| end(user.command(words).env("ACME_TELEMETRY", "1"));
    told("publish")?;
    assert_eq!(user.server.requests().len(), 1);
    let status = told("status")?.out;
    assert!(status.contains("is on: ") && !status.contains("A stored no also asks"), "{status}");
    Ok(())
}

#[test]
fn two_programs_at_once_send_it_once() -> Result {
    let user = User::with_event("")?;
    user.fails.store(true, Ordering::SeqCst);
    user.runs("disable")?;
    user.fails.store(false, Ordering::SeqCst);
    user.ends_pauses()?;
    let children: Vec<_> = (0..4).map(|_| user.command("--patient nothing").spawn()).collect::<std::io::Result<_>>()?;
    for mut child in children {
        child.wait()?;
    }
    assert_eq!(user.deletions().len(), 2, "the first one failed");
    Ok(())
}

#[test]
fn an_id_that_was_reset_is_not_linked_to_the_next_one() -> Result {
    let user = User::with_event("")?;
    assert_eq!(crate::home::printed(&mut user.home.consent("reset-id"))?, "()");
    user.runs("publish")?;
    user.runs("disable")?;
    let events = user.server.requests();
    assert_ne!(id(&events[0])?, id(&events[1])?);
    let deletions = user.deletions();
    assert_eq!((deletions.len(), id(&deletions[0])?), (1, id(&events[1])?));
    Ok(())
}

#[test]
fn the_page_the_question_and_the_status_promise_it() -> Result {
    let user = User { home: Home::new()?, ..User::new()? };
    let page = user.runs("page")?;
    assert!(page.contains("asks the receiver to delete what it has. That is one request\n"), "{page}");
    let without = end(&mut types(&user.home, "page"))?.out;
    assert!(!without.contains("asks the receiver to delete what it has. That"), "{without}");

    let mut session = spawn_command(user.command("first-run"), Some(60_000))?;
    let screen = session.exp_string("[y/N] ")?;
    assert!(screen.contains("(then one last request asks the receiver to delete what it has)"), "{screen}");
    session.send_line("y")?;
    session.exp_eof()?;
    let told = user.runs("status")?;
    assert!(
        told.contains("\nA stored no also asks the receiver, in one last request, to delete what it has.\n"),
        "{told}"
    );
    Ok(())
}
