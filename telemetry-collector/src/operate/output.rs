//! The standard output of the program.

use std::io::{self, ErrorKind, Write};

/// An output whose reader may go away, as `head` does. What a command has to do does not depend on who reads what it prints.
pub(super) struct Output<W> {
    inner: W,
    has_reader: bool,
}

impl<W> Output<W> {
    pub(super) const fn new(inner: W) -> Self {
        Self { inner, has_reader: true }
    }

    fn pass<T>(&mut self, done: impl FnOnce(&mut W) -> io::Result<T>, otherwise: T) -> io::Result<T> {
        if !self.has_reader {
            return Ok(otherwise);
        }
        match done(&mut self.inner) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.has_reader = false;
                Ok(otherwise)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pass(|inner| inner.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(Write::flush, ())
    }
}
