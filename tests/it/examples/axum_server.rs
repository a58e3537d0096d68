use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::build_package;
use crate::home::{Home, PATIENCE, Result, wait_until};
use crate::server::{Request, Server};

const OPTIONS: &str = r#"
baseURL = "https://canary.example"
basePath = "/canary/"
secret = "hunter2"

[database]
type = "sqlite"

[socialProviders.github]
clientSecret = "hunter2"

[socialProviders.canary-sso]
"#;

/// The payloads of the events of one type.
fn payloads(requests: &[Request], kind: &str) -> Vec<Value> {
    let bodies = requests.iter().filter_map(|request| serde_json::from_str(&request.body).ok());
    bodies.filter(|body: &Value| body["type"] == kind).map(|mut body| body["payload"].take()).collect()
}

/// The service, running in a new home.
struct Service {
    home: Home,
    process: Child,
    printed: BufReader<ChildStdout>,
    /// Its address, such as `http://127.0.0.1:4711/api/auth`.
    url: String,
}

impl Service {
    fn start(env: &str, also: impl FnOnce(&mut Command)) -> Result<Self> {
        let home = Home::new()?;
        fs::write(home.path().join("options.toml"), OPTIONS)?;
        fs::write(home.path().join(".env"), env)?;
        let mut command = home.command(build_package("axum-server")?, "options.toml");
        also(command.current_dir(home.path()).env("ADDRESS", "127.0.0.1:0").stdout(Stdio::piped()));
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let mut printed = BufReader::new(process.stdout.take().ok_or("no output")?);
        let mut url = String::new();
        printed.read_line(&mut url)?;
        Ok(Self { home, process, printed, url: url.trim_end().to_owned() })
    }

    fn get(&self, path: &str) -> Result<String> {
        self.get_as("*/*", path)
    }

    fn get_as(&self, accept: &str, path: &str) -> Result<String> {
        let rest = self.url.strip_prefix("http://").ok_or("it does not listen")?;
        let (address, base) = rest.split_once('/').ok_or("no path")?;
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET /{base}{path} HTTP/1.1\r\nhost: {address}\r\naccept: {accept}\r\nconnection: close\r\n\r\n"
        )?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response)
    }

    fn receives(&self, signal: Signal) -> Result {
        let process = Pid::from_child(&self.process);
        Ok(kill_process(process, signal)?)
    }

    /// Waits for its end, which must be graceful, and returns how long that took.
    fn ends(&mut self) -> Result<Duration> {
        let began = Instant::now();
        let status = loop {
            match self.process.try_wait()? {
                Some(status) => break status,
                None if began.elapsed() > PATIENCE => return Err("it does not end".into()),
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        let took = began.elapsed();
        let (mut output, mut errors) = (String::new(), String::new());
        self.printed.read_to_string(&mut output)?;
        self.process.stderr.take().ok_or("no errors")?.read_to_string(&mut errors)?;
        assert!(status.success(), "{status}: {errors}");
        assert_eq!((output.as_str(), errors.as_str()), ("", ""));
        Ok(took)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

fn sending_to(server: &Server) -> String {
    format!("BETTER_AUTH_TELEMETRY=1\nBETTER_AUTH_TELEMETRY_ENDPOINT={}\n", server.url())
}

#[test]
fn it_serves_until_a_signal_and_sends_its_start_once() -> Result {
    let server = Server::accepting()?;
    for signal in [Signal::TERM, Signal::INT] {
        let already = server.requests().len();
        let mut service = Service::start(&sending_to(&server), |_| {})?;
        assert!(service.url.ends_with("/canary"), "{}", service.url);
        let ok = service.get("/ok")?;
        assert!(ok.starts_with("HTTP/1.1 200 OK\r\n") && ok.ends_with(r#"{"ok":true}"#), "{ok}");
        let providers = service.get("/providers")?;
        assert!(providers.contains(r#""github""#) && providers.contains(r#""canary-sso""#), "{providers}");
        for path in ["/none", "/none/ok"] {
            assert!(service.get(path)?.starts_with("HTTP/1.1 404 "));
        }
        service.receives(signal)?;
        service.ends()?;

        let requests = server.requests().split_off(already);
        for request in &requests {
            assert!(!request.body.contains("hunter2") && !request.body.contains("canary"), "{}", request.body);
        }
        let [payload] = &payloads(&requests, "init")[..] else { return Err("not one start".into()) };
        let [usage] = &payloads(&requests, "usage")[..] else { return Err("not one event of the use".into()) };
        assert_eq!(requests.len(), 2);
        // The rest is told at the end.
        let told = |route: &str| (&usage[route]["success"], &usage[route]["client_error"]);
        assert_eq!(told("ok"), (&1.into(), &0.into()), "{usage}");
        assert_eq!(told("other"), (&0.into(), &2.into()), "{usage}");
        assert_eq!(payload["framework"]["name"], "axum");
        assert!(payload["framework"]["version"].as_str().is_some_and(|version| version.starts_with("0.8.")));
        assert_eq!(payload["runtime"]["name"], "rust");
        assert_eq!(payload["config"]["database"], "sqlite");
        let providers = payload["config"]["socialProviders"].as_array().ok_or("no providers")?;
        assert_eq!(providers.len(), 2);
        assert_eq!(payload["environment"], "development");
    }
    Ok(())
}

#[test]
fn it_reports_on_its_telemetry_as_json_and_as_text() -> Result {
    let server = Server::accepting()?;
    let mut service = Service::start(&sending_to(&server), |_| {})?;
    let response = service.get_as("application/json", "/telemetry")?;
    let (head, body) = response.split_once("\r\n\r\n").ok_or("no body")?;
    assert!(head.contains("\r\ncontent-type: application/json\r\n"), "{head}");
    let report: Value = serde_json::from_str(body)?;
    assert_eq!(report["status"]["consent"]["decision"]["reason"], "variable_on");
    assert_eq!(report["status"]["endpoint"], server.authority());
    assert_eq!(report["example"]["type"], "init");
    assert_eq!(report["example"]["payload"]["config"]["database"], "sqlite");

    let text = service.get("/telemetry")?;
    assert!(text.contains("\r\ncontent-type: text/markdown; charset=utf-8\r\n"), "{text}");
    assert!(text.contains("\r\n\r\nTelemetry of better-auth is on: BETTER_AUTH_TELEMETRY says yes.\n"), "{text}");
    assert!(text.contains("\n# Telemetry of better-auth\n"), "{text}");
    for response in [response, text] {
        assert!(!response.contains("hunter2") && !response.contains("canary"), "{response}");
    }
    service.receives(Signal::TERM)?;
    service.ends()?;
    let requests = server.requests();
    assert_eq!((payloads(&requests, "init").len(), requests.len()), (1, 2), "a report sends nothing");
    Ok(())
}

#[test]
fn an_open_request_is_answered_before_the_end() -> Result {
    let server = Server::accepting()?;
    let mut service = Service::start(&sending_to(&server), |_| {})?;
    let address = service.url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).ok_or("no address")?;
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET /canary/ok HTTP/1.1\r\n")?;
    assert!(service.get("/ok")?.contains("200 OK"), "the first connection is taken before the second");
    service.receives(Signal::TERM)?;
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < PATIENCE, "it still listens");
    }
    write!(stream, "host: x\r\nconnection: close\r\n\r\n")?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    assert!(response.ends_with(r#"{"ok":true}"#), "{response}");
    service.ends()?;
    Ok(())
}

#[test]
fn the_environment_wins_over_the_file() -> Result {
    let server = Server::accepting()?;
    let mut service = Service::start(&sending_to(&server), |command| {
        command.env("BETTER_AUTH_TELEMETRY", "off");
    })?;
    assert!(service.get("/ok")?.contains("200 OK"));
    service.receives(Signal::TERM)?;
    service.ends()?;
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn a_receiver_that_hangs_delays_the_end_by_a_bounded_time_and_gets_the_event_later() -> Result {
    let server = Server::start(|_, _: &Request, _: &mut TcpStream| {
        loop {
            thread::park();
        }
    })?;
    let mut service = Service::start(&sending_to(&server), |_| {})?;
    assert!(service.get("/ok")?.contains("200 OK"));
    service.receives(Signal::TERM)?;
    let took = service.ends()?;
    assert!(took < Duration::from_secs(8), "{took:?}");
    let state = fs::read_dir(service.home.path().join(".local/state/better-auth/telemetry"))?;
    let kept: String = state.flatten().filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
    assert!(kept.contains(r#"{"type":"init","#), "{kept}");
    Ok(())
}

#[test]
fn a_failed_start_is_reported_without_the_content_of_the_files() -> Result {
    for (env, options, message) in [
        ("A='hunter2\n", OPTIONS, "axum-server: .env cannot be read"),
        ("", "secret = 'hunter2", "axum-server: options.toml:1:"),
    ] {
        let home = Home::new()?;
        fs::write(home.path().join("options.toml"), options)?;
        fs::write(home.path().join(".env"), env)?;
        let output = home.command(build_package("axum-server")?, "options.toml").current_dir(home.path()).output()?;
        let errors = String::from_utf8(output.stderr)?;
        assert_eq!(output.status.code(), Some(1));
        assert!(errors.starts_with(message) && !errors.contains("hunter2"), "{errors}");
    }
    Ok(())
}

#[test]
fn it_tells_how_much_it_was_used_and_how_requests_ended() -> Result {
    let server = Server::accepting()?;
    let mut service = Service::start(&format!("{}USAGE_SECONDS=1\n", sending_to(&server)), |_| {})?;
    for path in ["/ok", "/ok", "/providers", "/none"] {
        service.get(path)?;
    }
    let usage = || payloads(&server.requests(), "usage");
    let sum =
        |route: &str, class: &str| -> u64 { usage().iter().filter_map(|payload| payload[route][class].as_u64()).sum() };
    // What one event has told, the next one does not tell again.
    wait_until(|| usage().len() >= 2 && sum("other", "client_error") == 1)?;
    assert_eq!((sum("ok", "success"), sum("providers", "success"), sum("other", "success")), (2, 1, 0));
    assert_eq!((&usage()[0]["uptime"], &usage()[0]["social_providers"]), (&"<1".into(), &2.into()));
    service.receives(Signal::TERM)?;
    service.ends()?;
    Ok(())
}
