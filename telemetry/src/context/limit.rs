//! Runs detectors one after the other, each within a time limit.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use super::machine::Machine;
use crate::threads::{self, Thread};

/// Reads the machine and writes what it finds into `T`.
pub(super) type Detector<T> = fn(&dyn Machine, &mut T);

/// Runs the detectors on a helper thread and returns what they found.
///
/// A detector that panics, or does not return within the limit, has found nothing. If it hangs, on a file of a dead network
/// for instance, its thread is abandoned, and another helper continues with the next detector.
pub(super) fn run<T: Clone + Send + 'static>(
    detectors: &'static [Detector<T>],
    machine: &Arc<dyn Machine>,
    limit: Duration,
    mut found: T,
) -> T {
    let mut rest = detectors;
    while !rest.is_empty() {
        let Some((findings, thread)) = start(rest, machine, found.clone()) else { break };
        while let Ok(finding) = findings.recv_timeout(limit) {
            found = finding;
            rest = rest.get(1..).unwrap_or_default();
            if rest.is_empty() {
                thread.join(limit);
                return found;
            }
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    found
}

fn start<T: Clone + Send + 'static>(
    detectors: &'static [Detector<T>],
    machine: &Arc<dyn Machine>,
    found: T,
) -> Option<(Receiver<T>, Thread)> {
    let (sender, receiver) = mpsc::channel();
    let machine = Arc::clone(machine);
    let thread = threads::spawn("telemetry-detect", move || detect(detectors, &*machine, found, &sender)).ok()?;
    Some((receiver, thread))
}

fn detect<T: Clone>(detectors: &[Detector<T>], machine: &dyn Machine, mut found: T, findings: &Sender<T>) {
    for detector in detectors {
        detector(machine, &mut found);
        if findings.send(found.clone()).is_err() {
            // The limit has passed, and another helper has taken over.
            return;
        }
    }
}

#[cfg(test)]
mod tests;
