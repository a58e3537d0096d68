//! Runs detectors one after the other, each within a time limit.

use std::mem;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
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

/// What one detector finds, which can come later than anybody waits for it.
#[derive(Default)]
pub(super) struct Late<T>(Mutex<Looked<T>>);

#[derive(Default)]
enum Looked<T> {
    #[default]
    NotYet,
    Pending(Receiver<T>),
    Found(T),
}

impl<T: Clone + Default + Send + 'static> Late<T> {
    /// The finding; `None` while it is not there. Only the call that starts the detector waits for it, up to the limit. If no thread can be
    /// had, the next call starts it.
    pub(super) fn get(
        &self,
        detector: &'static [Detector<T>; 1],
        machine: impl FnOnce() -> Arc<dyn Machine>,
        limit: Duration,
    ) -> Option<T> {
        let mut looked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (findings, thread, patience) = match mem::take(&mut *looked) {
            Looked::NotYet => {
                let (findings, thread) = start(detector, &machine(), T::default())?;
                (findings, Some(thread), limit)
            }
            Looked::Pending(findings) => (findings, None, Duration::ZERO),
            Looked::Found(found) => {
                *looked = Looked::Found(found.clone());
                return Some(found);
            }
        };
        let found = match findings.recv_timeout(patience) {
            Ok(found) => found,
            // A detector that panics has found nothing.
            Err(RecvTimeoutError::Disconnected) => T::default(),
            Err(RecvTimeoutError::Timeout) => {
                *looked = Looked::Pending(findings);
                return None;
            }
        };
        *looked = Looked::Found(found.clone());
        if let Some(thread) = thread {
            thread.join(limit);
        }
        Some(found)
    }
}

#[cfg(test)]
impl<T> Late<T> {
    /// What a detector that has been started finds when the test says so.
    pub(super) fn pending() -> (Sender<T>, Self) {
        let (sender, findings) = mpsc::channel();
        (sender, Self(Mutex::new(Looked::Pending(findings))))
    }
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
