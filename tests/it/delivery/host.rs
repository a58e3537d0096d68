//! Effects that a host must never see, whatever resource is short and however the host treats signals.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::tls::Tls;
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
        crate::home::not_shown("this user cannot become another one");
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

/// The standard library takes this variable as the size of stacks.
#[test]
fn the_size_of_stacks_is_not_taken_from_the_environment() -> Result {
    let server = Tls::start(Duration::ZERO)?;
    for bytes in ["1", "16384", "65536", "1152921504606846976"] {
        let home = Home::new()?;
        let mut command = publish(&home, &server.url(), "--context=1");
        let report = report(command.env("RUST_MIN_STACK", bytes).env("SSL_CERT_FILE", Tls::AUTHORITY))?;
        assert_eq!(report["counts"]["delivered"], 1, "{bytes}: {report}");
    }
    Ok(())
}

/// Calls such as `unshare` need a process with one thread.
#[test]
fn no_thread_of_ours_outlives_a_shutdown() -> Result {
    let server = Server::accepting()?;
    let localhost = server.url().replace("127.0.0.1", "localhost");
    for arguments in ["--context=1 --wait=no", "--events=3", "--upload=detached --wait=no", "--adopt --upload=detached"]
    {
        for _ in 0..8 {
            let home = Home::new()?;
            let left = report(&mut publish(&home, &localhost, &format!("{arguments} --end=alone")))?;
            assert_eq!(left, serde_json::json!({"threads": 1, "children": false}), "{arguments}");
        }
    }
    Ok(())
}

/// A daemon closes all descriptors, and opens files of its own under their numbers. These stay open, and whole.
#[test]
fn a_file_of_the_hosts_in_the_place_of_ours_is_left_alone() -> Result {
    for arguments in ["1 done", "3 done", "3 retry"] {
        let home = Home::new()?;
        let left = report(&mut home.child(&format!("closing {arguments}")))?;
        assert_eq!(left, serde_json::json!({"files": 16, "whole": 16}), "{arguments}");
    }
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
        let told = String::from_utf8_lossy(&output.stderr);
        // The standard library panics and aborts if there is no memory for what it needs before `main`.
        let is_before_main = told.contains("fatal runtime error") && !told.contains("telemetry");
        let has_panicked = told.contains("panicked") && !is_before_main;
        let ended_by_the_system = output.status.code() != Some(0) && !has_panicked;
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

/// A sandbox may deny calls that usually cannot fail.
#[test]
fn a_call_that_is_denied_does_not_panic() -> Result {
    for (call, error) in [("prlimit64", "EPERM"), ("uname", "ENOSYS"), ("geteuid", "EPERM")] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let mut command = home.command("strace", "-f -qq -o /dev/null -e");
        command.args([&format!("trace={call}"), "-e", &format!("inject={call}:error={error}"), CHILD]);
        command.args(["publish", "--configured=true", &format!("--endpoint={}", server.url())]);
        command.args(["--durability=write-ahead", "--context=1"]);
        let output = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output()?;
        assert!(output.status.success() && output.stderr.is_empty(), "{call}: {output:?}");
        let report: Value = serde_json::from_slice(&output.stdout)?;
        assert_eq!(report["counts"]["delivered"], 1, "{call}: {report}");
    }
    Ok(())
}

/// Runs a child that publishes, and returns its changes of signal masks: its first thread's, and those of all other threads.
fn masks(home: &Home, endpoint: &str, arguments: &str) -> Result<(Vec<String>, Vec<String>)> {
    let trace = home.path().join("trace");
    let mut command = home.command("strace", "-f -qq -e trace=clone,clone3,rt_sigprocmask -o");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).arg(&trace);
    command.args([CHILD, "publish", "--configured=true", &format!("--endpoint={endpoint}")]);
    command.args(["--context=1", "--events=2"]).args(arguments.split_whitespace());
    report(&mut command)?;
    let trace = fs::read_to_string(trace)?;
    let calls: Vec<(&str, &str)> = trace.lines().filter_map(|line| line.split_once(' ')).collect();
    // Other processes have masks of their own. A call that another thread interrupts is printed in two lines.
    let mut threads = BTreeSet::new();
    let mut starting = BTreeSet::new();
    for (thread, call) in &calls {
        let starts = call.contains("CLONE_THREAD") || (starting.remove(thread) && call.contains("clone3 resumed"));
        if starts && call.contains("<unfinished") {
            starting.insert(thread);
        } else if starts && let Some((_, started)) = call.rsplit_once("= ") {
            threads.insert(started);
        }
    }
    let first = calls.first().ok_or("no calls")?.0;
    let of = |is_wanted: &dyn Fn(&str) -> bool| {
        let changes = calls.iter().filter(|(thread, call)| is_wanted(thread) && call.contains("sigprocmask(SIG_"));
        changes.map(|(_, call)| (*call).to_owned()).collect()
    };
    Ok((of(&|thread| thread == first), of(&|thread| threads.contains(thread))))
}

#[test]
fn no_thread_of_ours_takes_a_signal_of_the_hosts() -> Result {
    const OF_THE_HOST: [&str; 11] =
        ["HUP", "INT", "USR1", "USR2", "PIPE", "ALRM", "TERM", "CHLD", "XFSZ", "PROF", "WINCH"];
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let silent = silent.local_addr()?.port();
    let server = Server::accepting()?;
    for (endpoint, arguments) in [
        (url(free_address()?), "--wait=attempt"),
        // A name is looked up, and a connection by TLS is begun.
        (format!("https://localhost:{silent}/"), "--wait=500"),
        // The tracer also waits for the uploader.
        (server.url(), "--upload=detached --wait=no"),
    ] {
        let (first, others) = masks(&Home::new()?, &endpoint, arguments)?;
        let sets = |call: &String| call.contains("SIG_SETMASK") || call.contains("SIG_UNBLOCK");
        let ours: Vec<&String> = others.iter().filter(|call| sets(call)).collect();
        assert!(!ours.is_empty(), "{arguments}: no thread was started");
        for call in ours {
            let (_, listed) = call.split_once('[').ok_or("no set")?;
            let listed: Vec<&str> = listed.split(']').next().unwrap_or_default().split(' ').collect();
            // A tilde stands before the signals that are not in the set.
            let is_blocked = |signal: &&str| listed.contains(signal) != call.contains("~[");
            assert!(call.contains("SIG_SETMASK") && OF_THE_HOST.iter().all(is_blocked), "{arguments}: {call}");
        }
        let last = first.iter().rfind(|call| sets(call)).ok_or("the caller started no thread")?;
        assert!(last.contains("SIG_SETMASK, []"), "{arguments}: the caller's mask stays changed: {last}");
    }
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
