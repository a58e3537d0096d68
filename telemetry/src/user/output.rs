use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use super::texts::{English, Texts};

/// Where a command writes, and in which language.
///
/// ```
/// use telemetry::Telemetry;
/// use telemetry::page::Disclosure;
/// use telemetry::user::{Command, Exit, Output};
/// # #[derive(telemetry::TelemetryEvent)]
/// # #[telemetry(event = "started")]
/// # struct Started { by_hand: bool }
///
/// let page = Disclosure::of::<Started>();
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let output = Output::new(&mut out, &mut err);
/// let exit = Command::Page.run_to(output, &Telemetry::disabled(), &page, || Started { by_hand: true });
/// assert_eq!(exit, Exit::Done);
/// assert_eq!(String::from_utf8(out)?, page.to_markdown());
/// # Ok::<(), std::string::FromUtf8Error>(())
/// ```
pub struct Output<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    pub(super) texts: &'a dyn Texts,
    failed: bool,
}

/// How a command ended. Its [`ExitCode`] is listed [here](super#output-and-exit-codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exit {
    /// The command did what it says: code 0.
    Done,
    /// The command did not, and standard error says why: code 1.
    Failed,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::Failed => Self::FAILURE,
        }
    }
}

impl<'a> Output<'a> {
    /// Writes in English: what was requested to `out`, and remarks and errors to `err`.
    #[must_use]
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self { out, err, texts: &English, failed: false }
    }

    /// Uses these texts instead of the English ones.
    #[must_use]
    pub fn texts(self, texts: &'a dyn Texts) -> Self {
        Self { texts, ..self }
    }

    /// Writes what was requested, as it is.
    pub(super) fn print(&mut self, text: &str) {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            // The reader has read enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
            Err(error) => self.fail(&self.texts.output_error(&error)),
            Ok(()) => {}
        }
    }

    /// Writes a remark. If it cannot be written, the command goes on.
    pub(super) fn remark(&mut self, sentence: &str) {
        let _ = writeln!(self.err, "{sentence}").and_then(|()| self.err.flush());
    }

    /// Says why the command fails.
    pub(super) fn fail(&mut self, why: &str) {
        self.failed = true;
        self.remark(&self.texts.error(why));
    }

    pub(super) const fn exit(&self) -> Exit {
        if self.failed { Exit::Failed } else { Exit::Done }
    }
}

/// Calls a function with an output on the standard streams.
pub(super) fn standard(run: impl FnOnce(Output<'_>) -> Exit) -> ExitCode {
    run(Output::new(&mut io::stdout(), &mut io::stderr())).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that fails.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn printing_to(kind: ErrorKind) -> (Exit, String) {
        let (mut out, mut err) = (Failing(kind), Vec::new());
        let mut output = Output::new(&mut out, &mut err);
        output.print("text");
        (output.exit(), String::from_utf8(err).unwrap())
    }

    #[test]
    fn a_reader_that_ends_early_is_not_an_error_and_a_full_disk_is() {
        assert_eq!(printing_to(ErrorKind::BrokenPipe), (Exit::Done, String::new()));
        let (exit, err) = printing_to(ErrorKind::StorageFull);
        assert_eq!(exit, Exit::Failed);
        assert_eq!(err, "error: the output could not be written (no storage space)\n");
    }

    #[test]
    fn a_remark_that_cannot_be_written_changes_nothing() {
        let (mut out, mut err) = (Vec::new(), Failing(ErrorKind::StorageFull));
        let mut output = Output::new(&mut out, &mut err);
        output.remark("remark");
        output.print("text");
        assert_eq!(output.exit(), Exit::Done);
        assert_eq!(out, b"text");
    }
}
