//! What happens to the event, and to the user who waits, if the receiver does not answer.

use std::fs;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Person;
use crate::home::{Result, wait_until};
use crate::server::{Request, Server, free_address, status, url};

/// The longest time that telemetry may delay the end of a command.
const BUDGET: Duration = Duration::from_millis(100);

/// Whether an event waits on disk, in a file of any name.
fn keeps(person: &Person, event: &str) -> bool {
    let files = fs::read_dir(person.state()).into_iter().flatten().flatten();
    files.filter_map(|file| fs::read_to_string(file.path()).ok()).any(|text| text.contains(event))
}

#[test]
fn the_event_of_a_command_without_a_network_is_sent_when_there_is_one() -> Result {
    let address = free_address()?;
    let person = Person::sending_to(url(address))?;
    assert_eq!(person.answers("generate", "Write the schema to schema.sql?", "y\n")?.code, 0);
    assert!(person.file("schema.sql").exists());
    wait_until(|| keeps(&person, r#"{"type":"cli_generate","payload":{"outcome":"generated","#))?;

    let server = Server::start_at(address, |_, _: &Request, stream: &mut _| status(stream, "204 No Content"))?;
    assert_eq!(person.event(&server)?["payload"]["outcome"], "generated");
    Ok(())
}

/// The shortest of several runs of a command, without and with telemetry. The shortest run is the least disturbed one.
fn least_times(person: &Person, arguments: &str) -> Result<[Duration; 2]> {
    let mut least = [Duration::MAX; 2];
    for _ in 0..7 {
        for (least, choice) in least.iter_mut().zip(["0", "1"]) {
            let mut command = person.types(arguments);
            command.env("BETTER_AUTH_TELEMETRY", choice);
            let before = Instant::now();
            assert!(command.output()?.status.success());
            *least = before.elapsed().min(*least);
        }
    }
    Ok(least)
}

#[test]
fn the_user_does_not_wait_for_a_receiver_that_hangs() -> Result {
    let answers = Arc::new((Mutex::new(false), Condvar::new()));
    let waits = Arc::clone(&answers);
    let server = Server::start(move |_, _: &Request, stream: &mut _| {
        let may = waits.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(waits.1.wait_while(may, |may| !*may));
        status(stream, "204 No Content")
    })?;
    let person = Person::new(&server)?;
    for arguments in ["generate --yes", "migrate --yes"] {
        let [without, with] = least_times(&person, arguments)?;
        assert!(with < without + BUDGET, "{arguments}: {with:?}, and {without:?} without");
    }
    // Each run left its event to a process, which now gets its answer.
    *answers.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    answers.1.notify_all();
    wait_until(|| server.ids().len() == 14 && person.is_quiet())?;
    Ok(())
}

#[test]
fn the_user_does_not_wait_for_a_receiver_that_is_down() -> Result {
    let person = Person::sending_to(url(free_address()?))?;
    let [without, with] = least_times(&person, "generate --yes")?;
    assert!(with < without + BUDGET, "{with:?}, and {without:?} without");
    Ok(())
}
