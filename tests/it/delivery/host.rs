//! Effects that a host must never see, whatever resource is short and however the host treats signals.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{publish, report};
use crate::home::{CHILD, Home, Result};
use crate::server::{Server, free_address, url};
use crate::trace::system_calls;

/// A user who has no other processes; `None` if this process cannot become another user.
fn somebody(home: &Home) -> Result<Option<u32>> {
    const SOMEBODY: u32 = 12_345;
    let may = chown(home.path(), Some(SOMEBODY), None).is_ok()
        && Command::new(CHILD).uid(SOMEBODY).output().is_ok_and(|output| output.status.code() == Some(1));
    if !may {
        eprintln!("not shown: this user cannot become another one");
    }
    Ok(may.then_some(SOMEBODY))
}

/// Runs the program with a limit that `prlimit` sets.
fn limited(home: &Home, limit: &str, endpoint: &str, arguments: &str) -> Command {
    let mut command = home.command("prlimit", limit);
    command.args([CHILD, "publish", "--configured=true", &format!("--endpoint={endpoint}")]);
    command.args(arguments.split_whitespace()).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

#[test]
fn a_limit_on_the_size_of_files_is_a_full_disk() -> Result {
    let down = url(free_address()?);
    for bytes in [0, 1, 40, 4096] {
        for arguments in [
            "--durability=write-ahead",
            "--wait=problem",
            "--upload=detached --wait=problem",
            "--durability=write-ahead --context=1",
        ] {
            let home = Home::new()?;
            let mut command =
                limited(&home, &format!("--fsize={bytes}"), &down, &format!("--events=100 --wait=300 {arguments}"));
            let output = command.output()?;
            assert!(output.status.success(), "{bytes} {arguments}: {output:?}");
            let text = String::from_utf8(output.stdout)?;
            let report: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
            assert_eq!(report["status"]["spool"]["problem"], "disk_full", "{bytes} {arguments}: {report}");
            assert_eq!(report["status"]["spool"]["torn"], 0, "{report}");
        }
    }
    Ok(())
}

/// A panic would end a host that was built with `panic = "abort"`. Here it would be counted, as an event whose sink panicked.
#[test]
fn a_name_is_looked_up_where_no_more_threads_can_be_had() -> Result {
    let home = Home::new()?;
    let Some(somebody) = somebody(&home)? else { return Ok(()) };
    // One thread for the program and one for the worker.
    let mut command = limited(&home, "--nproc=2", "https://telemetry.invalid/", "--events=3 --wait=attempt");
    let report = report(command.uid(somebody))?;
    assert_eq!(report["counts"]["spooled"], 3, "{report}");
    assert_eq!(report["status"]["obstacle"], "no_address", "{report}");
    Ok(())
}

#[test]
fn a_shortage_of_threads_is_told_and_passes() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let Some(somebody) = somebody(&home)? else { return Ok(()) };
    let mut command = limited(&home, "--nproc=1", &server.url(), "--events=1 --wait=100");
    let short = report(command.uid(somebody))?;
    assert_eq!(short["counts"]["dropped"]["no_worker"], 1, "{short}");
    let mut command = publish(&home, &server.url(), "");
    let enough = report(command.uid(somebody))?;
    assert_eq!(enough["counts"]["delivered"], 1, "{enough}");
    Ok(())
}

/// Where memory is so short that the allocator gives up, it ends a program, whoever asks. The stack of a thread is larger than that.
#[test]
fn a_shortage_of_memory_is_told_and_passes() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let mut is_told = false;
    for kilobytes in (12_000..40_000).step_by(400) {
        let mut command = limited(&home, &format!("--as={}", 1_000 * kilobytes), &server.url(), "--wait=100");
        let output = command.output()?;
        let ended_by_the_system =
            output.status.code() != Some(0) && !String::from_utf8_lossy(&output.stderr).contains("panicked");
        if !ended_by_the_system {
            assert!(output.status.success(), "{kilobytes}: {output:?}");
            let text = String::from_utf8(output.stdout)?;
            let report: Value = serde_json::from_str(text.lines().last().unwrap_or_default())?;
            is_told |= report["counts"]["dropped"]["no_worker"] == 1;
        }
    }
    assert!(is_told, "there is always memory for a thread, or for nothing");
    let enough = report(&mut publish(&home, &server.url(), ""))?;
    assert_eq!(enough["counts"]["pending"], 0, "{enough}");
    assert_eq!(enough["counts"]["dropped"], serde_json::json!({}), "{enough}");
    Ok(())
}

/// Runs a child that publishes, and checks each thread that it has at any time, except for its first one: the child starts none itself.
/// Returns their names.
fn with_threads(
    home: &Home,
    endpoint: &str,
    arguments: &str,
    check: impl Fn(&str, &str) -> Result,
) -> Result<BTreeSet<String>> {
    let mut command = publish(home, endpoint, &format!("--context=1 --events=2 --hear-first --work=500 {arguments}"));
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    output.read_line(&mut String::new())?;
    child.stdin.as_mut().ok_or("no input")?.write_all(b"\n")?;
    let main = child.id().to_string();
    let mut found = BTreeSet::new();
    // While the caller starts a thread, it blocks signals itself.
    let mut is_as_before = false;
    while child.try_wait()?.is_none() {
        for (thread, name, status) in threads(&child) {
            if thread == main {
                is_as_before |= !found.is_empty() && status.contains("SigBlk:\t0000000000000000");
            } else {
                check(&name, &status)?;
                found.insert(name);
            }
        }
    }
    assert!(is_as_before, "the caller's mask stays changed");
    Ok(found)
}

/// The number, name and status of each thread.
fn threads(child: &Child) -> Vec<(String, String, String)> {
    let tasks = fs::read_dir(format!("/proc/{}/task", child.id())).into_iter().flatten().flatten();
    let read = |task: fs::DirEntry| {
        let name = fs::read_to_string(task.path().join("comm")).ok()?;
        // Until a new thread has its name, it has that of the thread that started it, and the mask of its first instruction.
        let status = fs::read_to_string(task.path().join("status")).ok()?;
        Some((task.file_name().into_string().ok()?, name.trim_end().to_owned(), status))
    };
    tasks.filter_map(read).collect()
}

#[test]
fn no_thread_of_ours_takes_a_signal_of_the_hosts() -> Result {
    let check = |name: &str, status: &str| {
        // A thread that has ended has no mask.
        let Some(mask) = status.lines().find_map(|line| line.strip_prefix("SigBlk:\t")) else { return Ok(()) };
        let mask = u64::from_str_radix(mask, 16)?;
        // SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGXFSZ, SIGPROF, SIGWINCH
        for signal in [1, 2, 10, 12, 13, 14, 15, 17, 25, 27, 28] {
            assert!(mask & (1 << (signal - 1)) != 0, "{name} takes signal {signal}: {mask:x}");
        }
        Ok(())
    };
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let silent = silent.local_addr()?.port();
    let mut found = BTreeSet::new();
    for (endpoint, arguments) in [
        (url(free_address()?), "--wait=attempt"),
        // A name is looked up, and a connection by TLS is begun.
        (format!("https://localhost:{silent}/"), "--wait=no"),
        (url(free_address()?), "--upload=detached --wait=no"),
    ] {
        found.append(&mut with_threads(&Home::new()?, &endpoint, arguments, check)?);
    }
    // The others live for too short a time to be seen in each run.
    assert!(found.contains("telemetry"), "{found:?}");
    Ok(())
}

#[test]
fn an_idle_process_is_not_woken() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let calls = system_calls(&home, &format!("traced idle {}", server.url()), &[])?;
    let others: Vec<&String> = calls.iter().filter(|call| !call.starts_with("clock_nanosleep(")).collect();
    assert_eq!(server.requests().len(), 1);
    assert!(others.is_empty(), "{others:?}");
    Ok(())
}
