//! Whole runs of a program, what they take, and what becomes of their events.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{fs, io};

use serde_json::Value;

use crate::home::Home;
use crate::server::Answered;

/// A program in a setting: a home of its own, in which run follows run, and an environment.
pub struct Setting {
    pub name: &'static str,
    program: PathBuf,
    environment: Vec<(&'static str, OsString)>,
    home: Home,
    receiver: Receiver,
    runs: Vec<Run>,
}

/// What each run's event is meant for.
pub enum Receiver {
    /// There is no event.
    Nobody,
    /// This file in the home, a line an event.
    File(&'static str),
    /// It answers, and notes what.
    Answers(Answered),
    /// It does not answer, or too late.
    Dead,
}

/// What became of events.
pub struct Events {
    pub delivered: usize,
    /// On disk, for a later run to send.
    pub kept: usize,
}

struct Run {
    wall: Duration,
    peak: Option<u64>,
}

impl Setting {
    /// The program in an empty home, with an empty environment.
    ///
    /// # Errors
    ///
    /// If no directory can be made.
    pub fn new(name: &'static str, program: &Path, receiver: Receiver) -> io::Result<Self> {
        let environment = vec![("HELLO_PEAK", "1".into())];
        Ok(Self { name, program: program.to_owned(), environment, home: Home::new()?, receiver, runs: Vec::new() })
    }

    /// With this variable.
    #[must_use]
    pub fn with(mut self, variable: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((variable, value.into()));
        self
    }

    /// Runs it once more.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or fails, or prints something else.
    pub fn run(&mut self) -> io::Result<()> {
        let mut command = self.home.command(&self.program);
        command.envs(self.environment.iter().cloned());
        let start = Instant::now();
        let output = command.output()?;
        let wall = start.elapsed();
        let printed = String::from_utf8_lossy(&output.stdout);
        let Some(peak) = printed.strip_prefix("Hello, world!\n").filter(|_| output.status.success()) else {
            return Err(io::Error::other(format!("{}: {output:?}", self.name)));
        };
        self.runs.push(Run { wall, peak: peak.trim().parse().ok() });
        Ok(())
    }

    /// Whether nobody is there to answer.
    pub fn is_down(&self) -> bool {
        matches!(self.receiver, Receiver::Dead)
    }

    /// What the runs took, in milliseconds, from their start to their end.
    pub fn times(&self) -> Vec<f64> {
        self.runs.iter().map(|run| run.wall.as_secs_f64() * 1e3).collect()
    }

    /// How much longer each run took than the other setting's in the same round.
    pub fn times_over(&self, other: &Self) -> Vec<f64> {
        self.times().iter().zip(other.times()).map(|(time, other)| time - other).collect()
    }

    /// The most memory that each run had, in KiB, where the system tells.
    pub fn peaks(&self) -> Vec<f64> {
        self.runs.iter().filter_map(|run| Some(run.peak? as f64)).collect()
    }

    /// What became of the events of all runs.
    ///
    /// # Errors
    ///
    /// If a file is there and cannot be read, or an event is missing.
    pub fn events(&self) -> io::Result<Events> {
        let (published, kept) = (self.runs.len(), self.kept()?);
        let (delivered, either) = match &self.receiver {
            Receiver::Nobody => (0, published),
            Receiver::Dead => (0, kept.len()),
            Receiver::File(name) => {
                let text = fs::read_to_string(self.home.path().join(name))?;
                (text.lines().count(), text.lines().count() + kept.len())
            }
            Receiver::Answers(answered) => (answered.ids().len(), answered.ids().union(&kept).count()),
        };
        if either < published {
            return Err(io::Error::other(format!(
                "{}: of {published} events, {} are lost",
                self.name,
                published - either
            )));
        }
        Ok(Events { delivered, kept: kept.len() })
    }

    /// The ids of the events on disk.
    fn kept(&self) -> io::Result<BTreeSet<String>> {
        let state = self.home.path().join(".local/state/hello/telemetry");
        let mut kept = BTreeSet::new();
        for entry in fs::read_dir(state).into_iter().flatten() {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("spool-") {
                kept.extend(not_done(&fs::read_to_string(entry.path())?));
            }
        }
        Ok(kept)
    }
}

/// The ids in a file of events that are not said to be done there.
fn not_done(text: &str) -> BTreeSet<String> {
    let lines: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let ids =
        |key: &str| -> BTreeSet<String> { lines.iter().filter_map(|line| Some(line[key].as_str()?.into())).collect() };
    ids("id").difference(&ids("done")).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_not_kept() {
        let text =
            [r#"{"mac":"5c","id":"a-1","at":17,"body":{"id":"b"}}"#, r#"{"mac":"5d","id":"a-2","at":17,"body":{}}"#]
                .join("\n");
        assert_eq!(Vec::from_iter(not_done(&text)), ["a-1", "a-2"]);
        let text = text + "\n" + r#"{"mac":"5e","done":"a-1"}"# + "\n" + r#"{"mac":"5f","id":"a-3","#;
        assert_eq!(Vec::from_iter(not_done(&text)), ["a-2"]);
    }
}
