//! Programs that see another time.

use std::path::Path;
use std::process::Command;

/// The library from Debian's package `faketime`, for each architecture.
const FAKETIME: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

/// Makes a program see another time, on the wall clock only or on all clocks.
pub(crate) fn at<'a>(command: &'a mut Command, time: &str, all_clocks: bool) -> Option<&'a mut Command> {
    let library = FAKETIME.into_iter().find(|library| Path::new(library).exists());
    if library.is_none() {
        crate::home::not_shown("Debian's package `faketime` is not installed");
    }
    command.env("LD_PRELOAD", library?).env("FAKETIME", time);
    if !all_clocks {
        command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }
    Some(command)
}
