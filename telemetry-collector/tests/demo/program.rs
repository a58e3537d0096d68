//! The demonstration as a person starts it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use crate::receive::http::{ask, get};

#[test]
fn it_shows_the_page_until_it_is_told_to_stop() {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_telemetry-collector"));
    command.args(["--demo", "--installs", "6", "--listen", "127.0.0.1:0"]).env_clear().env("TMPDIR", home.path());
    let mut child = command.env("HOME", home.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.split('/').nth(2).unwrap().parse().unwrap();
    for path in ["/", "/events/init", "/live"] {
        assert_eq!(ask(address, &get(path, &[])).status, 200, "{path}");
    }
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "its files are deleted");

    let output = command.env("DO_NOT_TRACK", "1").stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("DO_NOT_TRACK"), "{said}");
}
