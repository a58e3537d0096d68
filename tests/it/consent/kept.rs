//! A no by a variable or by the configuration stops telemetry and deletes nothing, and copies of a machine have ids of their own.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use serde_json::Value;

use crate::home::{CHILD, Home, Result, printed};
use crate::server::{Server, free_address, status, url};
use crate::time::at;

fn report(command: &mut Command) -> Result<Value> {
    let text = printed(command)?;
    Ok(serde_json::from_str(text.lines().last().unwrap_or_default()).map_err(|_| text.clone())?)
}

/// The files in the state directory, with what they hold.
fn kept(home: &Home) -> BTreeMap<String, Vec<u8>> {
    let read = |name: String| fs::read(home.state().join(&name)).map(|bytes| (name, bytes));
    home.kept().into_iter().filter_map(|name| read(name).ok()).collect()
}

/// Publishes an event that nobody receives. `None` if the program was to see another time, which it cannot.
fn leave_an_event(home: &Home, address: SocketAddr, clock: Option<&Clock>) -> Result<Option<()>> {
    let mut command = home.child(&format!("publish --endpoint={} --wait=attempt --end=return", url(address)));
    if let Some(clock) = clock {
        let Some(command) = clock.show(&mut command) else { return Ok(None) };
        command.status()?;
    } else {
        command.status()?;
    }
    home.ends_pauses()?;
    assert!(home.kept().contains(&"salt".to_owned()) && home.spool().len() == 1, "{:?}", home.kept());
    Ok(Some(()))
}

/// Another time, on the wall clock alone or on all clocks.
struct Clock {
    time: &'static str,
    is_for_all: bool,
}

impl Clock {
    fn show<'a>(&self, command: &'a mut Command) -> Option<&'a mut Command> {
        at(command, self.time, self.is_for_all)
    }
}

fn receiver(address: SocketAddr) -> Result<Server> {
    Ok(Server::start_at(address, |_, _: &_, stream: &mut _| status(stream, "204 No Content"))?)
}

const DENIALS: [(&str, &str, &str); 3] = [
    ("ACME_TELEMETRY=0", "", "variable_off"),
    ("DO_NOT_TRACK=1", "", "do_not_track"),
    ("UNRELATED=1", "--configured=false", "configured_off"),
];

#[test]
fn a_no_by_a_variable_or_the_configuration_keeps_what_waits_until_it_is_sent_or_too_old() -> Result {
    let eight_days_ago = Clock { time: "-8d", is_for_all: true };
    for (variable, argument, reason) in DENIALS {
        for clock in [None, Some(&eight_days_ago)] {
            let (home, address) = (Home::with_yes()?, free_address()?);
            let Some(()) = leave_an_event(&home, address, clock)? else { return Ok(()) };
            let before = kept(&home);
            let server = receiver(address)?;
            let program = |first: usize| home.child(&format!("publish --endpoint={} --first={first}", server.url()));

            let (name, value) = variable.split_once('=').ok_or("no value")?;
            let denied = report(program(2).env(name, value).args(argument.split_whitespace()))?;
            assert_eq!(denied["enabled"], false, "{denied}");
            assert_eq!(denied["status"]["consent"]["decision"]["reason"], reason, "{denied}");
            assert_eq!(denied["status"]["spool"]["files"], 1, "{denied}");
            assert_eq!(denied["status"]["spool"]["events"], u64::from(clock.is_none()), "{reason}: {denied}");
            assert!(server.requests().is_empty(), "{reason}");
            assert!(kept(&home) == before, "{reason}: {:?}", home.kept());

            let later = report(program(3).arg("--wait=drain"))?;
            assert_eq!(later["status"]["spool"]["expired"], u64::from(clock.is_some()), "{reason}: {later}");
            assert_eq!(server.requests().len(), if clock.is_none() { 2 } else { 1 }, "{reason}");
            assert!(home.spool().is_empty(), "{reason}: {:?}", home.kept());
        }
    }
    Ok(())
}

/// The wall clock was wrong, but the system has counted the time since it started.
#[test]
fn an_event_of_the_year_2099_expires_after_seven_days() -> Result {
    let of_2099 = Clock { time: "@2099-01-01 00:00:00", is_for_all: false };
    for (days, expired) in [(6, 0_u64), (8, 1)] {
        let (home, address) = (Home::with_yes()?, free_address()?);
        let Some(()) = leave_an_event(&home, address, Some(&of_2099))? else { return Ok(()) };
        let server = receiver(address)?;
        let options = format!("--map-root-user --time --boottime {} --fork", days * 24 * 60 * 60);
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !home.command("unshare", &format!("{options} true")).env("PATH", &path).status()?.success() {
            crate::home::not_shown("this user cannot have a clock in a namespace");
            return Ok(());
        }
        let arguments = format!("{options} {CHILD} publish --endpoint={} --first=2 --wait=drain", server.url());
        let later = report(home.command("unshare", &arguments).env("PATH", &path))?;
        assert_eq!(later["status"]["spool"]["expired"], expired, "{days}: {later}");
        assert_eq!(server.requests().len() as u64, 2 - expired, "{days}: {later}");
    }
    Ok(())
}

/// The id that the program has on a machine with this id.
fn id_on(home: &Home, machine: &str) -> Result<Option<String>> {
    let file = home.path().join(machine);
    fs::write(&file, machine)?;
    let script = "mount --bind \"$0\" /etc/machine-id || exit 7; exec \"$@\"";
    let mut command = home.command("unshare", "--mount --map-root-user sh -c");
    command.arg(script).arg(&file).arg(CHILD);
    command.args(["publish", "--configured=true", "--sink=console", "--print=preview"]);
    let output = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output()?;
    if !output.status.success() {
        crate::home::not_shown("this user cannot mount a file over /etc/machine-id");
        return Ok(None);
    }
    let text = String::from_utf8(output.stdout)?;
    let body: Value = serde_json::from_str(text.lines().next().unwrap_or_default()).map_err(|_| text.clone())?;
    Ok(body["anonymousId"].as_str().map(str::to_owned))
}

#[test]
fn copies_of_a_machine_with_the_same_salt_have_ids_of_their_own() -> Result {
    let home = Home::new()?;
    let ids = ["1b0f6a66d3a9", "9c41d20e77f5", "1b0f6a66d3a9"].map(|machine| id_on(&home, machine));
    let [Some(one), Some(copy), Some(again)] = ids.map(Result::ok).map(Option::flatten) else { return Ok(()) };
    assert_eq!(one, again);
    assert_ne!(one, copy);
    Ok(())
}
