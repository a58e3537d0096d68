//! The work of `publish` on its caller's thread, counted in system calls.

use std::thread;

use crate::home::{Home, Result};
use crate::server::{Request, Server};
use crate::trace::{system_calls, system_calls_of_the_caller};

/// The number of events that the child publishes.
const EVENTS: usize = 20;

/// The names of the calls, without those that allocate memory.
fn names(calls: &[String]) -> Vec<&str> {
    let names = calls.iter().filter_map(|call| call.split_once('(')).map(|(name, _)| name);
    names.filter(|name| !["brk", "mmap", "munmap", "mremap"].contains(name)).collect()
}

fn stalled() -> std::io::Result<Server> {
    Server::start(|_, _: &Request, _: &mut _| {
        loop {
            thread::park();
        }
    })
}

fn count(names: &[&str], name: &str) -> usize {
    names.iter().filter(|other| **other == name).count()
}

#[test]
fn nothing_but_the_check_for_a_fork_and_the_wake_up() -> Result {
    let (home, server) = (Home::new()?, stalled()?);
    let calls = system_calls_of_the_caller(&home, &format!("traced publish {}", server.url()))?;
    let names = names(&calls);
    assert_eq!(count(&names, "getpid"), EVENTS, "{calls:?}");
    assert!(names.iter().all(|name| ["getpid", "futex"].contains(name)), "{calls:?}");
    Ok(())
}

#[test]
fn one_write_for_each_event_that_is_written_ahead() -> Result {
    let (home, server) = (Home::new()?, stalled()?);
    let calls = system_calls_of_the_caller(&home, &format!("traced publish-ahead {}", server.url()))?;
    let names = names(&calls);
    assert_eq!((count(&names, "getpid"), count(&names, "write")), (EVENTS, EVENTS), "{calls:?}");
    // The other calls read the length of the file and, now and then, take room for more events, for which no file is read.
    let each = ["getpid", "futex", "write", "fstat", "statx", "newfstatat", "prlimit64"];
    let for_room = ["openat", "geteuid", "getdents64", "getrandom", "flock", "rename", "fcntl", "close"];
    assert!(names.iter().all(|name| each.contains(name) || for_room.contains(name)), "{calls:?}");
    assert!(count(&names, "openat") <= EVENTS / 8, "{calls:?}");
    Ok(())
}

#[test]
fn a_client_that_is_made_starts_no_thread_and_writes_and_connects_to_nothing() -> Result {
    let (home, server) = (Home::new()?, stalled()?);
    let calls = system_calls(&home, &format!("traced build {}", server.url()), &[])?;
    let names = names(&calls);
    let others = ["getpid", "getrandom", "openat", "read", "fcntl", "close", "readlink", "statx"];
    assert!(names.contains(&"getrandom") && names.iter().all(|name| others.contains(name)), "{calls:?}");
    assert!(calls.iter().filter(|call| call.starts_with("openat(")).all(|call| call.contains("O_RDONLY")), "{calls:?}");
    Ok(())
}

/// One thread is the worker. The other collects the context meanwhile, however many events wait for it.
#[test]
fn events_with_the_context_start_two_threads_at_most() -> Result {
    let (home, server) = (Home::new()?, stalled()?);
    let calls = system_calls_of_the_caller(&home, &format!("traced publish-context {}", server.url()))?;
    let started = calls.iter().filter(|call| call.starts_with("clone")).count();
    assert!((1..=2).contains(&started), "{started} threads: {calls:?}");
    Ok(())
}
