//! Unusual behaviour of a receiver on a connection, and what the client then accepts as an answer.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::tls::Tls;
use super::{publish, report};
use crate::home::{Home, PATIENCE, Result};
use crate::server::{Request, Server, url};

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// A receiver that passes each connection to `serve`.
fn receiver(serve: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = url(listener.local_addr()?);
    thread::spawn(move || {
        thread::scope(|scope| {
            for (number, stream) in listener.incoming().flatten().enumerate() {
                let serve = &serve;
                scope.spawn(move || serve(number, stream));
            }
        });
    });
    Ok(url)
}

/// Reads one request, and returns the turn of its event; `None` if the connection ends.
fn turn(stream: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().to_ascii_lowercase().strip_prefix("content-length: ") {
            Some(text) => length = text.parse().ok()?,
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(body.split("\"turn\":").nth(1)?.chars().take_while(char::is_ascii_digit).collect())
}

#[test]
fn an_idle_connection_is_closed() -> Result {
    let (told, closed) = mpsc::channel();
    let endpoint = receiver(move |_, stream| {
        let mut reader = BufReader::new(&stream);
        turn(&mut reader);
        let _ = (&stream).write_all(NO_CONTENT.as_bytes());
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let answered = Instant::now();
        let rest = reader.read(&mut [0]);
        let _ = told.send((rest.is_ok_and(|read| read == 0), answered.elapsed()));
    })?;
    let home = Home::new()?;
    let mut command = publish(&home, &endpoint, "--hear");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let (closed, after) = closed.recv_timeout(PATIENCE)?;
    assert!(closed && after < Duration::from_secs(2), "{after:?}");
    assert!(child.try_wait()?.is_none(), "the program goes on");
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    assert!(child.wait()?.success());
    Ok(())
}

/// Writes `first` to the first connection, whose second request is never read. Returns the report, and each turn with its connection.
fn after_an_answer(first: &'static str, arguments: &str) -> Result<(serde_json::Value, Vec<(usize, String)>)> {
    let (told, turns) = mpsc::channel();
    let endpoint = receiver(move |number, stream| {
        let mut reader = BufReader::new(&stream);
        let mut answers = vec![if number == 0 { first } else { NO_CONTENT }];
        while let Some(turn) = turn(&mut reader) {
            let _ = told.send((number, turn));
            let answer = if number == 0 { answers.pop() } else { Some(NO_CONTENT) };
            let Some(answer) = answer else { continue };
            let (answer, surplus) = answer.split_once('|').unwrap_or((answer, ""));
            let _ = (&stream).write_all(answer.as_bytes());
            if !surplus.is_empty() {
                // By then the connection is idle.
                thread::sleep(Duration::from_millis(50));
                let _ = (&stream).write_all(surplus.as_bytes());
            }
        }
    })?;
    let home = Home::new()?;
    let report = report(&mut publish(&home, &endpoint, &format!("--events=2 {arguments}")))?;
    Ok((report, all(&turns)))
}

fn all<T>(receiver: &Receiver<T>) -> Vec<T> {
    receiver.try_iter().collect()
}

#[test]
fn an_answer_that_nobody_asked_for_is_not_taken_for_the_next_ones() -> Result {
    for surplus in [
        "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n|HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n|HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    ] {
        // While a request is under way, late data cannot be told from an answer to it.
        for arguments in ["", "--apart"].into_iter().skip(usize::from(surplus.contains('|'))) {
            let (report, turns) = after_an_answer(surplus, arguments)?;
            assert_eq!(report["counts"]["delivered"], 2, "{surplus} {arguments}: {report}");
            assert_eq!(turns, [(0, "1".to_owned()), (1, "2".to_owned())], "{surplus} {arguments}");
        }
    }
    Ok(())
}

#[test]
fn one_connection_serves_the_events_that_wait() -> Result {
    let (told, connections) = mpsc::channel();
    let endpoint = receiver(move |number, stream| {
        let mut reader = BufReader::new(&stream);
        while turn(&mut reader).is_some() {
            let _ = told.send(number);
            let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
        }
    })?;
    let home = Home::new()?;
    assert_eq!(report(&mut publish(&home, &endpoint, "--events=20"))?["counts"]["delivered"], 20);
    // The first event is sent while the others are being published.
    let connections = all(&connections);
    assert!(connections.len() == 20 && connections.iter().all(|number| *number < 2), "{connections:?}");
    Ok(())
}

#[test]
fn a_delivery_is_known_before_the_body_of_the_answer() -> Result {
    let home = Home::new()?;
    let server = Server::start(|_, _: &Request, stream: &mut TcpStream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n")?;
        thread::sleep(Duration::from_secs(3));
        stream.write_all(b"{}")?;
        Ok(true)
    })?;
    let before = Instant::now();
    let report = report(&mut publish(&home, &server.url(), "--events=3"))?;
    assert_eq!(report["counts"]["delivered"], 3, "{report}");
    assert!(before.elapsed() < Duration::from_secs(2), "{:?}", before.elapsed());
    assert_eq!(server.requests().len(), 3);
    Ok(())
}

#[test]
fn what_stands_in_the_way_is_told_once_by_the_status_and_not_in_the_log() -> Result {
    let home = Home::new()?;
    let answers = |status: &'static str| {
        Server::start(move |_, _: &Request, stream: &mut TcpStream| crate::server::status(stream, status))
    };
    let (wrong_token, failing, untrusted) =
        (answers("401 Unauthorized")?, answers("503 Service Unavailable")?, Tls::start(Duration::ZERO)?);
    let closing = Server::start(|_, _: &Request, _: &mut TcpStream| Ok(false))?;
    let of_another_protocol = Server::start(|_, _: &Request, stream: &mut TcpStream| {
        stream.write_all(b"SSH-2.0-acme\r\n")?;
        Ok(false)
    })?;
    let verbose = Server::start(|_, _: &Request, stream: &mut TcpStream| {
        // Breaks off if the client does.
        let _ = write!(stream, "HTTP/1.1 204 No Content\r\nx: {}\r\n\r\n", "x".repeat(2 * 1024 * 1024));
        Ok(false)
    })?;
    let refusing = answers("403 Forbidden")?.url();
    let none = [("SSL_CERT_FILE", "/none"), ("SSL_CERT_DIR", "/none")];
    let trusted = [("SSL_CERT_FILE", Tls::AUTHORITY), ("SSL_CERT_DIR", "/none")];
    let stranger = [("SSL_CERT_FILE", Tls::CERTIFICATE), ("SSL_CERT_DIR", "/none")];
    let through = |proxy| [("SSL_CERT_FILE", Tls::AUTHORITY), ("HTTPS_PROXY", proxy)];
    for (endpoint, variables, obstacle) in [
        ("https://localhost:1/".to_owned(), none, serde_json::json!("no_certificates")),
        ("https://telemetry.invalid/".to_owned(), trusted, "no_address".into()),
        ("http://127.0.0.1:1/".to_owned(), none, "no_connection".into()),
        ("https://behind-none.invalid/".to_owned(), through("http://127.0.0.1:1/"), "no_connection".into()),
        ("https://behind-refusing.invalid/".to_owned(), through(&refusing), "no_connection".into()),
        ("https://192.0.2.1/".to_owned(), through("http://proxy.invalid/"), "no_address".into()),
        (untrusted.url(), stranger, "tls".into()),
        (closing.url(), none, "no_answer".into()),
        (of_another_protocol.url(), none, "no_answer".into()),
        (verbose.url(), none, "no_answer".into()),
        (failing.url(), none, serde_json::json!({"answer": 503})),
        (wrong_token.url(), none, serde_json::json!({"answer": 401})),
    ] {
        let mut command = publish(&home, &endpoint, "--wait=attempt --tell");
        let output = command.envs(variables).output()?;
        let last = String::from_utf8(output.stdout)?;
        let report: serde_json::Value = serde_json::from_str(last.lines().last().unwrap_or_default())?;
        assert_eq!(report["status"]["obstacle"], obstacle, "{endpoint}: {report}");
        assert_eq!(report["counts"]["spooled"], 1, "{endpoint}: {report}");
        let told = String::from_utf8(output.stderr)?;
        assert!(!told.contains("WARN") && !told.contains("ERROR"), "{endpoint}: {told}");
    }
    Ok(())
}

/// Breaks a connection while the client writes, as a restarting receiver does.
#[test]
fn a_program_with_the_default_sigpipe_goes_on_when_a_connection_breaks() -> Result {
    let endpoint = receiver(|_, stream| {
        let mut reader = BufReader::new(&stream);
        if turn(&mut reader).is_some() {
            let _ = (&stream).write_all(NO_CONTENT.as_bytes());
            thread::sleep(Duration::from_millis(50));
            let _ = stream.shutdown(std::net::Shutdown::Write);
            thread::sleep(Duration::from_millis(50));
        }
        let _ = rustix::net::sockopt::set_socket_linger(&stream, Some(Duration::ZERO));
    })?;
    let secure = Tls::start_with(Duration::ZERO, |stream| {
        let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
        false
    })?;
    for endpoint in [endpoint, secure.url()] {
        for _ in 0..4 {
            let home = Home::new()?;
            let mut command = publish(&home, &endpoint, "--sigpipe=default --events=3 --apart --wait=1000");
            let status = command.env("SSL_CERT_FILE", Tls::AUTHORITY).stdout(Stdio::null()).status()?;
            assert!(status.success(), "{endpoint}: {status}");
        }
    }
    Ok(())
}

/// For example, the connection of a receiver that stops reading.
#[test]
fn nothing_is_written_to_a_connection_that_its_peer_has_ended() -> Result {
    let (told, errors) = mpsc::channel();
    let endpoint = receiver(move |_, stream| {
        let mut reader = BufReader::new(&stream);
        turn(&mut reader);
        let _ = (&stream).write_all(NO_CONTENT.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let rest = reader.read(&mut [0]);
        let _ = told.send(rest.map_err(|error: std::io::Error| error.kind()));
    })?;
    let home = Home::new()?;
    assert_eq!(report(&mut publish(&home, &endpoint, "--events=5 --apart"))?["counts"]["delivered"], 5);
    let ends: Vec<std::result::Result<usize, ErrorKind>> =
        (0..5).filter_map(|_| errors.recv_timeout(PATIENCE).ok()).collect();
    assert_eq!(ends, [Ok(0); 5]);
    Ok(())
}

/// What blocks or has no end is passed over, and so is a large file.
#[cfg(target_os = "linux")]
#[test]
fn certificates_are_read_from_files_of_a_bounded_size() -> Result {
    let (home, server) = (Home::new()?, Tls::start(Duration::ZERO)?);
    let directory = home.path().join("certificates");
    let (pipe, large) = (directory.join("pipe"), directory.join("large"));
    std::fs::create_dir(&directory)?;
    let made = std::process::Command::new("mkfifo").arg(&pipe).status()?;
    assert!(made.success());
    std::fs::copy(Tls::AUTHORITY, &large)?;
    std::fs::File::options().write(true).open(&large)?.set_len(17 * 1024 * 1024)?;
    for file in [&pipe, &large, &directory, std::path::Path::new("/dev/zero")] {
        let mut command = publish(&home, &server.url(), "--wait=attempt");
        let report = report(command.env("SSL_CERT_FILE", file).env("SSL_CERT_DIR", "/none"))?;
        assert_eq!(report["status"]["obstacle"], "no_certificates", "{}: {report}", file.display());
        home.ends_pauses()?;
    }
    std::fs::copy(Tls::AUTHORITY, directory.join("authority"))?;
    let report = report(publish(&home, &server.url(), "--first=2").env("SSL_CERT_DIR", &directory))?;
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    Ok(())
}

/// They do not know the receiver of the tests, so the connection gets as far as its certificate.
#[cfg(target_os = "linux")]
#[test]
fn empty_variables_leave_the_certificates_of_the_platform() -> Result {
    let (home, server) = (Home::new()?, Tls::start(Duration::ZERO)?);
    for names in [&["SSL_CERT_FILE", "SSL_CERT_DIR"][..], &["SSL_CERT_FILE"], &[]] {
        let mut command = publish(&home, &server.url(), "--wait=attempt");
        let report = report(command.envs(names.iter().map(|name| (name, ""))))?;
        assert_eq!(report["status"]["obstacle"], "tls", "{names:?}: {report}");
        home.ends_pauses()?;
    }
    Ok(())
}
