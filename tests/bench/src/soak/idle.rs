//! The system calls of a program whose telemetry is on and has nothing to do.

use std::fs;
use std::io;
use std::process::{Command, Stdio};

use super::house::House;
use super::program::{End, Mode, Publishing, Task, arguments};
use super::receiver::Receiver;

/// What the trace of an idle program shows.
pub struct Idle {
    pub seconds: u64,
    /// The calls of all its threads, apart from the one that is the program's own sleep.
    pub calls: Vec<String>,
    /// How many events the receiver took before that.
    pub taken: usize,
}

/// Traces such a program; `None` where `strace` is not installed.
///
/// # Errors
///
/// If the trace cannot be read.
pub fn trace(seconds: u64) -> io::Result<Option<Idle>> {
    let (house, receiver) = (House::new()?, Receiver::start()?);
    let plan = Publishing {
        endpoint: receiver.endpoint(),
        run: 0,
        mode: Mode::Relaxed,
        first: 0,
        events: 1,
        gap: 0,
        work: 0,
        end: End::Shutdown,
        is_told_to_end: false,
        configured: true,
    };
    let trace = house.home.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-o"]).arg(&trace).arg("-E").arg(format!("HOME={}", house.home.path().display()));
    // The tracer needs its own search path. The program gets only the variable that -E names.
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.arg(std::env::current_exe()?).args(arguments(&Task::Idle(plan, seconds))?);
    let output = match command.stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !output.status.success() {
        return Err(io::Error::other(format!("the idle program failed: {output:?}")));
    }
    let calls = between_marks(&fs::read_to_string(trace)?);
    Ok(Some(Idle { seconds, calls, taken: receiver.arrivals().len() }))
}

fn between_marks(trace: &str) -> Vec<String> {
    let calls = trace.lines().filter_map(|line| line.split_once(' ')).map(|(_, call)| call.trim());
    let is_mark = |call: &&str| call.starts_with("write(2, \"mark");
    let within = calls.skip_while(|call| !is_mark(call)).skip(1).take_while(|call| !is_mark(call));
    within.filter(|call| !call.starts_with("clock_nanosleep(")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_between_the_marks_count_and_not_the_sleep_of_the_program() {
        let trace = "1 close(3) = 0\n1 write(2, \"mark\\n\", 5) = 5\n1 clock_nanosleep(CLOCK_REALTIME, 0) = 0\n\
                     2 futex(0x1) = 0\n1 write(2, \"mark\\n\", 5) = 5\n1 exit_group(0) = ?";
        assert_eq!(between_marks(trace), ["futex(0x1) = 0"]);
    }
}
