//! Programs that end before a request would, and the process that sends their events.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;

use super::tls::Tls;
use super::{publish, report};
use crate::home::{CHILD, Home, Result, wait_until};
use crate::server::{Request, Server, status};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Sets the start time of the last uploader back by an hour.
fn an_hour_passes(home: &Home) -> Result {
    let lock = File::options().append(true).open(home.state().join("upload.lock"))?;
    Ok(lock.set_modified(SystemTime::now() - HOUR)?)
}

fn short(home: &Home, endpoint: &str, turn: usize) -> Command {
    publish(home, endpoint, &format!("--upload=detached --wait=no --end=exit --token=hunter2 --first={turn}"))
}

#[test]
fn another_process_sends_what_a_short_one_published() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    short(&home, &server.url(), 1).status()?;
    wait_until(|| server.requests().len() == 1)?;
    let [request] = &server.requests()[..] else { return Err("not one request".into()) };
    assert!(request.body.contains("\"turn\":1"));
    assert_eq!(request.header("x-collector-token"), "hunter2");
    // No other uploader starts within the hour, unless the first one is still running.
    wait_until(|| home.spool().is_empty() && is_free(&home))?;
    short(&home, &server.url(), 2).status()?;
    assert_eq!((home.spool().len(), is_free(&home)), (1, true));
    an_hour_passes(&home)?;
    short(&home, &server.url(), 3).status()?;
    wait_until(|| server.ids().len() == 3)?;
    Ok(())
}

/// Reading the others would cost each program milliseconds.
#[cfg(target_os = "linux")]
#[test]
fn an_event_is_left_beside_many_others_without_reading_them() -> Result {
    let (home, down) = (Home::new()?, crate::server::url(crate::server::free_address()?));
    report(&mut publish(&home, &down, "--events=480 --wait=attempt"))?;
    fs::write(home.state().join("upload.lock"), ".+")?;
    let trace = home.path().join("trace");
    let mut command = home.command("strace", "-f -qq -y -e trace=read,pread64 -o");
    command.arg(&trace).args([CHILD, "publish", "--configured=true", "--upload=detached", "--wait=no", "--end=exit"]);
    command.arg(format!("--endpoint={down}")).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    assert!(command.status()?.success());
    let trace = fs::read_to_string(trace)?;
    assert!(trace.contains("/salt>"), "{trace}");
    let read: Vec<&str> = trace.lines().filter(|call| call.contains("/spool-")).collect();
    assert!(read.len() == 1 && read.iter().all(|call| call.ends_with(" = 1")), "the end of the last line: {read:?}");
    let later = report(&mut publish(&home, &down, "--configured=false"))?;
    assert_eq!(later["status"]["spool"]["events"], 481, "{later}");
    Ok(())
}

#[test]
fn nothing_is_sent_after_a_no() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    short(&home, &server.url(), 1).status()?;
    wait_until(|| server.requests().len() == 1 && is_free(&home))?;
    short(&home, &server.url(), 2).status()?;
    an_hour_passes(&home)?;
    fs::create_dir_all(home.path().join(".config/acme"))?;
    fs::write(home.choice(), "disabled\n")?;
    short(&home, &server.url(), 3).status()?;
    assert_eq!(server.requests().len(), 1);
    assert!(is_free(&home), "nobody was started");
    Ok(())
}

#[test]
fn what_cannot_be_written_is_sent_by_the_program_itself() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut command = publish(&home, &server.url(), "--upload=detached");
    let report = report(command.env("HOME", "relative").env("XDG_STATE_HOME", "relative"))?;
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    Ok(())
}

/// Whether no uploader is running.
fn is_free(home: &Home) -> bool {
    File::open(home.state().join("upload.lock")).is_ok_and(|lock| lock.try_lock().is_ok())
}

/// Many programs run at once, and each finds that an uploader is due.
#[test]
fn two_processes_never_send_at_a_time() -> Result {
    const PROGRAMS: usize = 40;
    const AT_A_TIME: usize = 8;
    let (home, server) = (Home::new()?, Tls::start(Duration::from_millis(20))?);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let Some(turn) = Some(next.fetch_add(1, Ordering::SeqCst)).filter(|turn| *turn < PROGRAMS) {
                    // The file does not exist before the first uploader.
                    let _ = an_hour_passes(&home);
                    let mut program = short(&home, &server.url(), turn);
                    let status = program.env("SSL_CERT_FILE", Tls::AUTHORITY).status();
                    assert!(status.is_ok_and(|status| status.success()));
                }
            });
        }
    });
    wait_until(|| server.ids().len() == PROGRAMS && home.spool().is_empty())?;
    assert_eq!(server.most_at_a_time(), 1);
    Ok(())
}

/// A receiver that accepts connections and never answers, so that an uploader lives as long as it may.
fn hanging() -> Result<Server> {
    Ok(Server::start(|_, _: &Request, _: &mut TcpStream| {
        loop {
            thread::park();
        }
    })?)
}

#[test]
fn an_uploader_has_none_of_the_descriptors_of_its_starter() -> Result {
    let (home, server) = (Home::new()?, hanging()?);
    let (start, lock) = (Instant::now(), home.path().join("lock"));
    // Like a script that holds a lock, and whose output another process reads to its end.
    let script = format!(
        "exec 3>&1 9>'{}'; '{CHILD}' publish --configured=true --endpoint={} --upload=detached --wait=no --end=return >/dev/null",
        lock.display(),
        server.url()
    );
    let mut command = home.command("/bin/sh", "-c");
    command.arg(script).output()?;
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    wait_until(|| server.requests().len() == 1)?;
    let uploader = uploader(&home)?.ok_or("no uploader")?;
    let open = fs::read_dir(format!("/proc/{uploader}/fd"))?.flatten();
    let open: Vec<_> = open.filter_map(|entry| fs::read_link(entry.path()).ok()).collect();
    assert!(!open.contains(&lock), "{open:?}");
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(uploader).ok_or("no process")?,
        rustix::process::Signal::KILL,
    )?;
    Ok(())
}

/// The uploader process that runs in this home.
fn uploader(home: &Home) -> Result<Option<i32>> {
    let variable = format!("HOME={}", home.path().display());
    for process in fs::read_dir("/proc")?.flatten() {
        let environment = fs::read(process.path().join("environ")).unwrap_or_default();
        if environment.split(|byte| *byte == 0).any(|entry| entry == variable.as_bytes()) {
            return Ok(process.file_name().to_str().and_then(|name| name.parse().ok()));
        }
    }
    Ok(None)
}

#[test]
fn a_program_that_waits_for_all_its_children_is_not_held_up() -> Result {
    let (home, server) = (Home::new()?, hanging()?);
    let start = Instant::now();
    let status = publish(&home, &server.url(), "--upload=detached --wait=children --end=return").status()?;
    assert!(status.success());
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    wait_until(|| server.requests().len() == 1)?;
    Ok(())
}

#[test]
fn a_variable_that_somebody_sets_ends_no_program_and_takes_none_of_its_input() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    for value in ["1", "upload:1", "start:0", ""] {
        let mut command = publish(&home, &server.url(), "--hear");
        let mut child =
            command.env("TELEMETRY_UPLOADER", value).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().ok_or("no input")?.write_all(b"a line\n")?;
        let text = String::from_utf8(child.wait_with_output()?.stdout)?;
        let report: Value = serde_json::from_str(text.trim()).map_err(|_| format!("{value}: {text}"))?;
        assert_eq!(report["counts"]["delivered"], 1, "{value}: {report}");
    }
    Ok(())
}

/// Whether this user can make namespaces of processes.
fn makes_namespaces(home: &Home) -> bool {
    let mut probe = home.command("unshare", "--pid --fork true");
    let makes =
        probe.env("PATH", std::env::var_os("PATH").unwrap_or_default()).status().is_ok_and(|status| status.success());
    if !makes {
        crate::home::not_shown("this user cannot make a namespace of processes");
    }
    makes
}

#[test]
fn where_no_uploader_survives_the_program_sends_by_itself() -> Result {
    const RUNS: usize = 8;
    let (home, server) = (Home::new()?, Server::accepting()?);
    if !makes_namespaces(&home) {
        return Ok(());
    }
    let mut runs = 0;
    // On a busy machine a program may end before its event is sent. The next one sends it.
    while runs < RUNS || server.ids().len() < runs || !home.spool().is_empty() {
        runs += 1;
        assert!(runs <= 5 * RUNS, "{:?} arrived, {:?} is left", server.ids(), home.spool());
        // As if each started an hour after the last one.
        let _ = an_hour_passes(&home);
        let mut command = home.command("unshare", "--pid --fork --kill-child sh -c");
        // The shell is the first process, and ends the others when it ends.
        command.args(["\"$0\" \"$@\"; true", CHILD]).args(
            format!(
                "publish --configured=true --endpoint={} --upload=detached --wait=no --end=return --first={runs}",
                server.url()
            )
            .split_whitespace(),
        );
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).status()?;
    }
    Ok(())
}

/// Such a process would have to wait for an uploader, whose parent has exited.
#[cfg(target_os = "linux")]
#[test]
fn a_process_that_adopts_orphans_sends_by_itself_and_says_so() -> Result {
    let server = Server::accepting()?;
    for (option, is_first, sends) in [("", false, false), ("--adopt", false, true), ("", true, true)] {
        let home = Home::new()?;
        let arguments = format!("publish --configured=true --endpoint={} --upload=detached {option}", server.url());
        let mut command = home.child(&arguments);
        if is_first {
            if !makes_namespaces(&home) {
                return Ok(());
            }
            command = home.command("unshare", &format!("--pid --fork {CHILD} {arguments}"));
            command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        }
        let report = report(&mut command)?;
        assert_eq!(report["status"]["upload"], if sends { "in_process" } else { "detached" }, "{report}");
        assert_eq!(report["counts"]["delivered"], u64::from(sends), "{report}");
    }
    Ok(())
}

#[test]
fn the_status_says_that_a_task_is_too_large() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let large = format!("--upload=detached --token={}", "x".repeat(5_000));
    let report = report(&mut publish(&home, &server.url(), &large))?;
    assert_eq!(report["status"]["upload"], "in_process", "{report}");
    assert_eq!(report["counts"]["delivered"], 1, "{report}");
    Ok(())
}

/// The lock file as it is when an uploader has just been started.
fn started(home: &Home) -> Result<File> {
    fs::create_dir_all(home.state())?;
    home.closes_state()?;
    let mut lock = File::create(home.state().join("upload.lock"))?;
    lock.write_all(b".")?;
    Ok(lock)
}

/// As in a container that ends the uploader, or where the system could not start it; also if the program has sent an event by itself before.
#[test]
fn what_was_left_to_an_uploader_that_did_not_live_is_sent_with_the_next_event() -> Result {
    // How many seconds ago it was started, at each event.
    for ages in [&[0, 60][..], &[60, 0, 60]] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let lock = started(&home)?;
        let events = ages.len();
        let arguments = format!("--upload=detached --events={events} --hear-each --hear --print=accepted");
        let mut program = publish(&home, &server.url(), &arguments);
        let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = program.stdin.take().ok_or("no input")?;
        let mut output = BufReader::new(program.stdout.take().ok_or("no output")?);
        for (turn, age) in (1..).zip(ages) {
            lock.set_modified(SystemTime::now() - Duration::from_secs(*age))?;
            input.write_all(b"\n")?;
            let mut line = String::new();
            output.read_line(&mut line)?;
            assert_eq!(line.trim(), turn.to_string());
            if *age > 0 {
                wait_until(|| server.ids().len() == turn)?;
            }
        }
        assert!(program.try_wait()?.is_none(), "it still runs");
        drop(input);
        let report: Value = serde_json::from_str(output.lines().last().ok_or("no report")??.trim())?;
        program.wait()?;
        assert_eq!(report["counts"]["spooled"], 1, "it was left: {report}");
        assert_eq!(report["status"]["spool"]["recovered"]["published"], 1, "{report}");
        assert_eq!(server.requests().len(), events);
    }
    Ok(())
}

#[test]
fn an_event_that_the_program_sends_by_itself_is_not_sent_by_another_when_the_next_one_is_left() -> Result {
    let home = Home::new()?;
    let server = Server::start(|number, _: &Request, stream: &mut TcpStream| {
        status(stream, if number == 1 { "429 Too Many Requests\r\nretry-after: 3" } else { "204 No Content" })
    })?;
    // The last uploader did not come to its end, so the program sends by itself.
    let mut lock = started(&home)?;
    lock.set_modified(SystemTime::now() - Duration::from_secs(60))?;
    let mut program = publish(&home, &server.url(), "--upload=detached --events=2 --hear-each --print=accepted");
    let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut input = program.stdin.take().ok_or("no input")?;
    let mut output = BufReader::new(program.stdout.take().ok_or("no output")?);
    let mut publish_next = |turn: &str| -> Result {
        let mut line = String::new();
        input.write_all(b"\n")?;
        output.read_line(&mut line)?;
        assert_eq!(line.trim(), turn);
        Ok(())
    };
    publish_next("1")?;
    wait_until(|| server.requests().len() == 1)?;
    // An uploader has come to its end, so the next event is left to one.
    lock.write_all(b"+")?;
    wait_until(|| !home.spool().is_empty())?;
    publish_next("2")?;
    home.ends_pauses()?;
    report(&mut publish(&home, &server.url(), "--first=3"))?;
    program.wait()?;
    let ids: Vec<String> = server.requests().iter().skip(1).map(|request| request.id().to_owned()).collect();
    assert_eq!((ids.len(), server.ids().len()), (3, 3), "{ids:?}");
    Ok(())
}

/// What a receiver waits for until its test drops the first of these. On a slow machine it goes on before its client gives up.
fn held() -> (Sender<()>, impl Fn() + Send + Sync + 'static) {
    let (release, held) = mpsc::channel();
    let held = Mutex::new(held);
    let wait = move || {
        let _ = held.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(Duration::from_secs(8));
    };
    (release, wait)
}

#[test]
fn there_is_one_uploader_also_across_a_no_and_a_yes() -> Result {
    let (home, sending, most) = (Home::new()?, Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, highest) = (Arc::clone(&sending), Arc::clone(&most));
    let (release, held) = held();
    let server = Server::start(move |_, _: &Request, stream: &mut TcpStream| {
        highest.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        held();
        counted.fetch_sub(1, Ordering::SeqCst);
        status(stream, "204 No Content")
    })?;
    home.consent("enable").status()?;
    let detached = |turn: usize| {
        let arguments = "--upload=detached --wait=no --end=exit";
        home.child(&format!("publish --endpoint={} --first={turn} {arguments}", server.url())).status()
    };
    detached(1)?;
    wait_until(|| server.requests().len() == 1)?;
    home.consent("disable").status()?;
    assert_eq!(home.kept(), ["upload.lock"], "it is held by the one that runs");
    home.consent("enable").status()?;
    for turn in 2..5 {
        let _ = an_hour_passes(&home);
        detached(turn)?;
    }
    drop(release);
    wait_until(|| sending.load(Ordering::SeqCst) == 0 && is_free(&home))?;
    let _ = an_hour_passes(&home);
    detached(5)?;
    wait_until(|| server.requests().len() >= 5 && home.spool().is_empty())?;
    assert_eq!(most.load(Ordering::SeqCst), 1);
    Ok(())
}

#[test]
fn a_no_leaves_no_lock_behind_once_the_uploader_is_gone() -> Result {
    let home = Home::new()?;
    let (release, held) = held();
    let server = Server::start(move |_, _: &Request, stream: &mut TcpStream| {
        held();
        status(stream, "204 No Content")
    })?;
    home.consent("enable").status()?;
    home.child(&format!("publish --endpoint={} --events=3 --upload=detached --wait=no --end=exit", server.url()))
        .status()?;
    wait_until(|| server.requests().len() == 1)?;
    home.consent("disable").status()?;
    drop(release);
    wait_until(|| !home.state().exists())?;
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[test]
fn a_program_whose_file_was_replaced_starts_an_uploader_all_the_same() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let program = home.path().join("program");
    fs::copy(CHILD, &program)?;
    let arguments = format!(
        "publish --configured=true --endpoint={} --upload=detached --wait=no --end=exit --hear-first",
        server.url()
    );
    let mut command = home.command(&program, &arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = loop {
        match command.spawn() {
            // A process that another test is starting at this moment shares the handle through which the copy was written.
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => thread::yield_now(),
            spawned => break spawned?,
        }
    };
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut String::new())?;
    fs::remove_file(&program)?;
    fs::write(&program, "another one")?;
    child.stdin.take().ok_or("no input")?.write_all(b"\n")?;
    child.wait()?;
    wait_until(|| server.requests().len() == 1)?;
    Ok(())
}
