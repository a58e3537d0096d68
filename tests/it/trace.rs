//! The system calls that a child process makes between two marks that it writes.

use std::fs;
use std::process::Command;

use crate::home::{CHILD, Home, Result};

/// The calls of all threads, one per line, without the process id.
pub(crate) fn system_calls(home: &Home, arguments: &str, variables: &[(&str, &str)]) -> Result<Vec<String>> {
    let calls = trace(home, arguments, variables)?;
    Ok(calls.into_iter().map(|(_, call)| call).collect())
}

/// The calls of the thread that writes the marks.
pub(crate) fn system_calls_of_the_caller(home: &Home, arguments: &str) -> Result<Vec<String>> {
    let calls = trace(home, arguments, &[])?;
    let is_main = |thread: &str| calls.iter().any(|(other, call)| other == thread && call.starts_with("getpid"));
    Ok(calls.iter().filter(|(thread, _)| is_main(thread)).map(|(_, call)| call.clone()).collect())
}

/// Pairs of thread and call.
fn trace(home: &Home, arguments: &str, variables: &[(&str, &str)]) -> Result<Vec<(String, String)>> {
    let trace = home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-o"]).arg(&trace);
    command.args(["-E", &format!("HOME={}", home.path().display())]);
    for (name, value) in variables {
        command.args(["-E", &format!("{name}={value}")]);
    }
    // The tracer needs its own search path. The child gets only the variables that -E names.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let output = command.arg(CHILD).args(arguments.split_whitespace()).output();
    let output = output.map_err(|error| format!("this test needs strace: {error}"))?;
    assert!(output.status.success(), "{output:?}");
    let trace = fs::read_to_string(trace)?;
    let split = |line: &str| line.split_once(' ').map(|(thread, call)| (thread.to_owned(), call.trim().to_owned()));
    let calls: Vec<(String, String)> = trace.lines().filter_map(split).collect();
    let is_mark = |call: &str| call.starts_with("write(2, \"mark");
    let marks: Vec<usize> = (0..calls.len()).filter(|at| is_mark(&calls[*at].1)).collect();
    let [first, last] = marks[..] else {
        return Err(format!("{} marks in the trace", marks.len()).into());
    };
    // A call that is interrupted by one of another thread is printed in two lines.
    let is_whole = |call: &str| !call.starts_with("<...");
    Ok(calls[first + 1..last].iter().filter(|(_, call)| is_whole(call)).cloned().collect())
}
