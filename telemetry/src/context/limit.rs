//! Detectors one after the other, each with a time limit.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::surroundings::Surroundings;

/// Looks around, and writes down what it finds.
pub(super) type Detector<T> = fn(&dyn Surroundings, &mut T);

/// Runs the detectors on a helper thread, and gives what they found.
///
/// A detector that panics, or is not back within the limit, has found nothing: one that hangs on a file of a dead network
/// is left to itself, and another helper goes on with the next one.
pub(super) fn run<T: Clone + Send + 'static>(
    detectors: &'static [Detector<T>],
    surroundings: &Arc<dyn Surroundings>,
    limit: Duration,
    mut found: T,
) -> T {
    let mut rest = detectors;
    while !rest.is_empty() {
        let Some(findings) = start(rest, surroundings, found.clone()) else { break };
        while let Ok(finding) = findings.recv_timeout(limit) {
            found = finding;
            rest = rest.get(1..).unwrap_or_default();
            if rest.is_empty() {
                return found;
            }
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    found
}

fn start<T: Clone + Send + 'static>(
    detectors: &'static [Detector<T>],
    surroundings: &Arc<dyn Surroundings>,
    found: T,
) -> Option<Receiver<T>> {
    let (sender, receiver) = mpsc::channel();
    let surroundings = Arc::clone(surroundings);
    let helper = thread::Builder::new().name("telemetry-detect".into());
    helper.spawn(move || detect(detectors, &*surroundings, found, &sender)).ok()?;
    Some(receiver)
}

fn detect<T: Clone>(detectors: &[Detector<T>], surroundings: &dyn Surroundings, mut found: T, findings: &Sender<T>) {
    for detector in detectors {
        detector(surroundings, &mut found);
        if findings.send(found.clone()).is_err() {
            // It came too late, and another helper has gone on.
            return;
        }
    }
}

#[cfg(test)]
mod tests;
