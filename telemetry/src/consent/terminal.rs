//! The terminal on which the question is asked. This file and `inputs` are the only ones that access the system.

use std::io;
use std::time::Duration;

use super::ask::{NotAsked, Screen};

/// The terminal behind all three standard streams, if the question may be asked on it.
pub(super) fn find() -> Result<impl Screen, NotAsked> {
    #[cfg(unix)]
    return unix::Terminal::find();
    #[cfg(not(unix))]
    return other::Console::find();
}

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::Read as _;
    use std::os::fd::AsFd;
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::fstat;
    use rustix::io::Errno;
    use rustix::termios::{QueueSelector, isatty, tcflush, tcgetpgrp};

    use super::*;

    /// Longest line that is read as an answer, in bytes.
    const LONGEST: usize = 256;

    /// The standard streams without the buffers of `std`, which may hold lines typed earlier.
    pub(super) struct Terminal<I, O> {
        pub(super) input: I,
        pub(super) output: O,
    }

    impl Terminal<File, File> {
        pub(super) fn find() -> Result<Self, NotAsked> {
            let (input, output, error) = (io::stdin(), io::stdout(), io::stderr());
            let streams = [input.as_fd(), output.as_fd(), error.as_fd()];
            let device = |stream: &_| fstat(stream).ok().map(|found| found.st_rdev);
            let [first, rest @ ..] = streams.each_ref().map(device);
            if !streams.iter().all(isatty) || rest.iter().any(|other| *other != first) {
                return Err(NotAsked::NoTerminal);
            }
            // A background process is stopped when it reads from its terminal.
            if tcgetpgrp(&input).ok() != rustix::process::Pid::from_raw(nix::unistd::getpgrp().as_raw()) {
                return Err(NotAsked::Background);
            }
            let own = |stream: std::os::fd::BorrowedFd<'_>| stream.try_clone_to_owned().map(File::from);
            match (own(input.as_fd()), own(error.as_fd())) {
                (Ok(input), Ok(output)) => Ok(Self { input, output }),
                _ => Err(NotAsked::NoTerminal),
            }
        }
    }

    impl<I: AsFd, O: io::Write> Screen for Terminal<I, O>
    where
        for<'a> &'a I: io::Read,
    {
        fn show(&mut self, text: &str) -> io::Result<()> {
            self.output.write_all(text.as_bytes()).and_then(|()| self.output.flush())
        }

        fn discard_input(&mut self) {
            // Input that is not a terminal has nothing typed to discard.
            let _ = tcflush(&self.input, QueueSelector::IFlush);
        }

        fn read_line(&mut self, patience: Duration) -> Option<Vec<u8>> {
            let deadline = Instant::now() + patience;
            let mut line = Vec::new();
            // Reads one byte at a time, so that the input after the line is left to the program.
            while is_readable(&self.input, deadline) && line.len() < LONGEST {
                let mut byte = [0];
                match (&self.input).read(&mut byte) {
                    Ok(0) => return None,
                    Ok(_) => line.extend(byte),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return None,
                }
                if line.ends_with(b"\n") {
                    return Some(line);
                }
            }
            // An incomplete answer must not become part of the next input.
            self.discard_input();
            None
        }
    }

    /// Waits for input, and returns whether it arrived before the deadline.
    fn is_readable(input: &impl AsFd, deadline: Instant) -> bool {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(left) = Timespec::try_from(left) else { return false };
            match poll(&mut [PollFd::new(input, PollFlags::IN)], Some(&left)) {
                Ok(ready) => return ready > 0,
                Err(Errno::INTR) => {}
                Err(_) => return false,
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::io::Write as _;
        use std::os::unix::net::UnixStream;

        use super::*;

        fn terminal() -> (UnixStream, Terminal<UnixStream, Vec<u8>>) {
            let (typist, input) = UnixStream::pair().unwrap();
            (typist, Terminal { input, output: Vec::new() })
        }

        const LONG: Duration = Duration::from_secs(60);
        const SHORT: Duration = Duration::from_millis(20);

        #[test]
        fn one_line_is_read_and_the_rest_is_left() {
            let (mut typist, mut terminal) = terminal();
            typist.write_all(b"yes\nmake\n").unwrap();
            assert_eq!(terminal.read_line(LONG).as_deref(), Some(&b"yes\n"[..]));
            assert_eq!(terminal.read_line(LONG).as_deref(), Some(&b"make\n"[..]));
        }

        #[test]
        fn it_gives_up_after_a_while_also_in_the_middle_of_a_line() {
            let (mut typist, mut terminal) = terminal();
            assert_eq!(terminal.read_line(SHORT), None);
            typist.write_all(b"y").unwrap();
            let before = Instant::now();
            assert_eq!(terminal.read_line(SHORT), None);
            assert!(before.elapsed() < LONG / 2);
        }

        #[test]
        fn the_end_of_the_input_and_a_line_without_end_are_no_answer() {
            let (mut typist, mut terminal) = terminal();
            typist.write_all(&[b'y'; 1_000]).unwrap();
            assert_eq!(terminal.read_line(LONG), None);
            drop(typist);
            while terminal.read_line(LONG).is_some() {}
        }
    }
}

#[cfg(not(unix))]
mod other {
    use std::io::{BufRead as _, IsTerminal as _, Write as _};

    use super::*;

    /// On this platform the question waits without a limit, and earlier input is not discarded: `std` supports neither.
    pub(super) struct Console;

    impl Console {
        pub(super) fn find() -> Result<Self, NotAsked> {
            let is_one = io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal();
            if is_one { Ok(Self) } else { Err(NotAsked::NoTerminal) }
        }
    }

    impl Screen for Console {
        fn show(&mut self, text: &str) -> io::Result<()> {
            let mut error = io::stderr().lock();
            error.write_all(text.as_bytes()).and_then(|()| error.flush())
        }

        fn discard_input(&mut self) {}

        fn read_line(&mut self, _: Duration) -> Option<Vec<u8>> {
            let mut line = Vec::new();
            io::stdin().lock().read_until(b'\n', &mut line).ok()?;
            line.ends_with(b"\n").then_some(line)
        }
    }
}
