//! Runs the example as the original was run, and collects the events.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use indexmap::IndexMap;
use rexpect::session::spawn_command;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::facts::Event;
use super::vector::Vector;
use crate::home::{Home, Result};
use crate::server::{Request, Server, status};

/// Longer than the program can ever wait.
const PATIENCE_MS: u64 = 60_000;

pub(super) fn run(program: &Path, vector: &Vector) -> Result<Vec<Event>> {
    let home = Home::new()?;
    let project = home.path().join("project");
    fs::create_dir(&project)?;
    for (path, content) in &vector.cwd_files {
        let path = project.join(path);
        fs::create_dir_all(path.parent().ok_or("a file lies somewhere")?)?;
        fs::write(path, content)?;
    }
    let input = home.path().join("input.json");
    fs::write(&input, vector.input())?;

    let answer = vector.server.clone().unwrap_or_default();
    let server = Server::start(move |_: usize, _: &Request, stream: &mut TcpStream| answer_as(&answer, stream))?;
    let output = output(command(program, vector, &project, &input, &server), &home, vector)?;
    let mut events = output.lines().map(|line| event(line, None)).collect::<Result<Vec<_>>>()?;
    // An event that is sent several times counts once.
    let mut ids = BTreeSet::new();
    for request in server.requests().iter().filter(|request| ids.insert(request.id().to_owned())) {
        let (line, _version) = request.line.rsplit_once(' ').ok_or("a request has a version")?;
        events.push(event(&request.body, Some(format!("{line} {}", request.header("content-type"))))?);
    }
    Ok(events)
}

/// The environment is that of the vector, with a home for the state of this run.
fn command(program: &Path, vector: &Vector, project: &Path, input: &Path, server: &Server) -> Command {
    let endpoint = server.url().replace("/v1/events", "/ingest");
    // The shell enters the directory or deletes it, as was done with the original.
    let script = match (&vector.cwd_sub, vector.cwd_removed) {
        (Some(sub), _) => format!("cd {sub} && exec \"$0\" < \"$1\""),
        (None, true) => "mkdir gone && cd gone && rmdir ../gone && exec \"$0\" < \"$1\"".to_owned(),
        (None, false) => "exec \"$0\" < \"$1\"".to_owned(),
    };
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script]).arg(program).arg(input).current_dir(project).env_clear();
    command.env("PATH", "/usr/bin:/bin");
    for (name, value) in vector.env.iter().chain(&vector.late_env) {
        command.env(name, value.replace("$ENDPOINT", &endpoint));
    }
    command
}

fn output(mut command: Command, home: &Home, vector: &Vector) -> Result<String> {
    command.env("HOME", home.path());
    if vector.tty {
        return Ok(spawn_command(command, Some(PATIENCE_MS))?.exp_eof()?);
    }
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The order of members in the payloads of the original, with our additions.
const ORDER: [&str; 11] = [
    "outcome",
    "adapter",
    "a",
    "config",
    "runtime",
    "database",
    "framework",
    "environment",
    "systemInfo",
    "packageManager",
    "ephemeral",
];

fn event(line: &str, request: Option<String>) -> Result<Event> {
    let members: IndexMap<&str, &RawValue> = serde_json::from_str(line)?;
    let payload = members.get("payload").ok_or("an event has a payload")?;
    let payload: IndexMap<&str, IgnoredAny> = serde_json::from_str(payload.get())?;
    let places: Option<Vec<_>> = payload.keys().map(|key| ORDER.iter().position(|name| name == key)).collect();
    if !places.is_some_and(|places| places.is_sorted()) {
        return Err(format!("{:?} is not the order of a payload", payload.keys()).into());
    }
    Ok(Event::new(serde_json::from_str(line)?, members.into_keys().map(str::to_owned).collect(), request))
}

/// Answers like the server of the recordings.
fn answer_as(answer: &str, stream: &mut TcpStream) -> io::Result<bool> {
    let body = |stream: &mut TcpStream, kind: &str, body: &str| {
        let length = body.len();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}")?;
        Ok(true)
    };
    match answer {
        "" => body(stream, "application/json", "{}"),
        "html" => body(stream, "text/html", "<html></html>"),
        "bad-json" => body(stream, "application/json", "{"),
        "close" => Ok(false),
        "hang" => {
            std::thread::sleep(Duration::from_millis(PATIENCE_MS));
            Ok(false)
        }
        answer => match answer.strip_prefix("redirect-") {
            Some(code) => {
                write!(stream, "HTTP/1.1 {code} Moved\r\nlocation: /moved\r\ncontent-length: 0\r\n\r\n")?;
                Ok(true)
            }
            None => status(stream, &format!("{answer} As Told")),
        },
    }
}
