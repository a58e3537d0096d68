//! Sends the requests for deletion that are due. Nothing else is sent after a no.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::retry::{self, Age, Failure};
use crate::clock::{Clock, Stamp};
use crate::consent::{
    Consent, DeletionEnd, DeletionRequests, DeletionStore, Due, LiveConsent, Noted, RequestState, Subject,
};
use crate::event::id_of;
use crate::panics::catch;
use crate::sink::SendError;
use crate::threads::{self, Thread};

/// Sends a body under a key to the endpoint.
pub(crate) type Send = Box<dyn Fn(&str, &str) -> Result<(), SendError> + std::marker::Send + Sync>;

/// The requests for deletion of one client's receiver.
pub(crate) struct Deletion {
    consent: Consent,
    file: DeletionStore,
    /// Tells the receiver from others.
    to: String,
    send: Send,
    clock: Clock,
    prepared: Mutex<Prepared>,
    /// No request is due for this client any more.
    is_settled: AtomicBool,
    is_sending: Mutex<bool>,
    sent: Condvar,
    /// Sends.
    thread: Mutex<Option<Thread>>,
}

/// The last id that is known to be written down.
#[derive(Default)]
struct Prepared {
    id: String,
    /// What this client has written down itself, before anything can have been sent under the id.
    unsent: Option<String>,
}

/// What is to be done next.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    /// After this pause.
    Wait(Duration),
    Send(Due),
}

/// What became of the requests for one receiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DeletionSurvey {
    pub(crate) waiting: usize,
    /// None of these is sent now.
    pub(crate) is_held: bool,
    /// How the last one ended, and when, in seconds since 1970.
    pub(crate) last: Option<(DeletionEnd, u64)>,
}

impl Deletion {
    pub(crate) fn new(consent: Consent, file: DeletionStore, to: String, send: Send) -> Self {
        Self {
            consent,
            file,
            to,
            send,
            clock: Clock::default(),
            prepared: Mutex::default(),
            is_settled: AtomicBool::new(false),
            is_sending: Mutex::new(false),
            sent: Condvar::new(),
            thread: Mutex::default(),
        }
    }

    /// Writes down the id of an event that is about to be sent. Returns `false` if the event cannot be sent now: the user has said no in the
    /// meantime, or a no could be stored, but not what it would ask for.
    ///
    /// Where nothing can be written, a no cannot be stored either, so no request is promised.
    pub(super) fn prepare(&self, body: &str, consent: &LiveConsent) -> bool {
        let Some(id) = id_of(body) else { return true };
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if prepared.id == id {
            return true;
        }
        let Some(noted) = self.file.prepare(&self.to, id, || consent.holds()) else {
            return !self.can_be_refused() && consent.holds();
        };
        let unsent = match noted {
            Noted::Now(key) => Some(key),
            Noted::Before => None,
        };
        *prepared = Prepared { id: id.to_owned(), unsent };
        true
    }

    /// Whether the user could store a no.
    fn can_be_refused(&self) -> bool {
        self.consent.choice_place().is_some_and(|place| place.no.is_ok())
    }

    /// The event was sent, or may have been. If nothing can have left this machine, an id that was written down for it is taken back.
    pub(super) fn attempted(&self, may_have_left: bool) {
        let mut prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        let unsent = prepared.unsent.take();
        if let (false, Some(key)) = (may_have_left, unsent) {
            self.file.take_back(&key);
            *prepared = Prepared::default();
        }
    }

    /// Sends what is due before any event is. Returns how long events wait, if something is due that cannot be sent now.
    pub(super) fn come_first(&self) -> Option<Duration> {
        if self.is_settled.load(Ordering::Relaxed) {
            return None;
        }
        let wait = self.send_due();
        self.is_settled.store(wait.is_none(), Ordering::Relaxed);
        wait
    }

    /// Sends the requests that are due, and returns how long to wait for those that cannot be sent now.
    pub(super) fn send_due(&self) -> Option<Duration> {
        if !self.is_due() || !self.file.may_be_sent() {
            return None;
        }
        loop {
            match self.step() {
                Step::Nothing => return None,
                Step::Wait(pause) => return Some(pause),
                Step::Send(due) => {
                    let sent = catch(|| (self.send)(&due.subject.key, &body(&due.subject)));
                    self.settle(&due, sent.unwrap_or(Err(SendError::Refused)));
                }
            }
        }
    }

    /// Sends what is due, on a thread of its own. Nothing is started if nothing is due.
    pub(crate) fn start(self: &Arc<Self>) {
        if !self.is_due() || !self.file.may_be_sent() || std::mem::replace(&mut *self.lock(), true) {
            return;
        }
        let deletion = Arc::clone(self);
        let started = threads::spawn("telemetry-deletion", move || {
            // Somebody may wait for the end.
            let _ = catch(|| deletion.send_due());
            deletion.ended();
        });
        match started {
            Ok(thread) => *self.thread() = Some(thread),
            Err(_) => self.ended(),
        }
    }

    fn ended(&self) {
        *self.lock() = false;
        self.sent.notify_all();
    }

    /// Waits for the thread.
    pub(crate) fn wait(&self, timeout: Duration) {
        let start = Instant::now();
        let waited = self.sent.wait_timeout_while(self.lock(), timeout, |is_sending| *is_sending);
        let is_sending = *waited.unwrap_or_else(PoisonError::into_inner).0;
        let ended = if is_sending { None } else { self.thread().take() };
        if let Some(ended) = ended {
            ended.join(timeout.saturating_sub(start.elapsed()));
        }
    }

    fn thread(&self) -> MutexGuard<'_, Option<Thread>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn survey(&self) -> DeletionSurvey {
        let mut survey = DeletionSurvey::default();
        for request in self.file.read().all.into_iter().filter(|request| request.to == self.to) {
            match request.state {
                RequestState::Prepared(_) => {}
                RequestState::Due(_) => survey.waiting += 1,
                RequestState::Done { end, at } => survey.last = Some((end, at)),
            }
        }
        survey.is_held = survey.waiting > 0 && !self.file.may_be_sent();
        survey
    }

    /// Whether a request is due or too old, or may become due when the stored choice is looked at. This costs one read-only open.
    pub(crate) fn is_due(&self) -> bool {
        let now = self.clock.stamp();
        self.file.read().all.into_iter().any(|request| match request.state {
            RequestState::Prepared(_) => request.to == self.to && self.file.is_no(),
            // No client may ever know the receiver of another one.
            RequestState::Due(due) => request.to == self.to || matches!(retry::age(&due.no, &now), Age::Expired),
            RequestState::Done { .. } => false,
        })
    }

    /// Takes the next request. It belongs to this process until a pause is over that it leaves for the others.
    fn step(&self) -> Step {
        let now = self.clock.stamp();
        let step = self.file.change(now, |requests| {
            expire(requests, &now);
            let mut wait = None;
            for due in self.mine(requests) {
                match due.pause.and_then(|(since, seconds)| retry::left_of(&since, seconds, &now)) {
                    Some(left) => wait = wait.min(Some(left)).or(Some(left)),
                    // It counts as a failure until there is an answer: a program may end before that.
                    None => {
                        due.failures = due.failures.saturating_add(1);
                        let pause = retry::pause(Failure::Temporary, due.failures).max(retry::TIME_TO_DELETE);
                        due.pause = Some((now, retry::whole_seconds(pause)));
                        return Some(Step::Send(due.clone()));
                    }
                }
            }
            Some(wait.map_or(Step::Nothing, Step::Wait))
        });
        // Where the file cannot be written, nothing is sent: it could be sent again and again.
        step.unwrap_or(Step::Nothing)
    }

    fn mine<'a>(&'a self, requests: &'a mut DeletionRequests) -> impl Iterator<Item = &'a mut Due> {
        let mine = requests.all.iter_mut().filter(|request| request.to == self.to);
        mine.filter_map(|request| match &mut request.state {
            RequestState::Due(due) => Some(due),
            RequestState::Prepared(_) | RequestState::Done { .. } => None,
        })
    }

    /// Records the answer.
    fn settle(&self, sent: &Due, answer: Result<(), SendError>) {
        let now = self.clock.stamp();
        let failure = match answer {
            Ok(()) => Err(DeletionEnd::Sent),
            Err(error) => Failure::of(error).ok_or(DeletionEnd::Refused),
        };
        self.file.change(now, |requests| match failure {
            Err(how) => end(requests, &sent.subject, how, &now),
            Ok(failure) => {
                // The receiver is asked for nothing else meanwhile.
                let pause = retry::whole_seconds(retry::pause(failure, sent.failures));
                for due in self.mine(requests) {
                    due.pause = Some((now, pause));
                }
                Some(())
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, bool> {
        self.is_sending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends the requests that are too old, for whichever receiver. The age of one is unknown if a clock was wrong: it starts again.
fn expire(requests: &mut DeletionRequests, now: &Stamp) {
    let mut expired = Vec::new();
    for request in &mut requests.all {
        let RequestState::Due(due) = &mut request.state else { continue };
        match retry::age(&due.no, now) {
            Age::Waits => {}
            Age::Expired => expired.push(due.subject.clone()),
            Age::Unknown => due.no = *now,
        }
    }
    for subject in expired {
        end(requests, &subject, DeletionEnd::Expired, now);
    }
}

fn end(requests: &mut DeletionRequests, subject: &Subject, how: DeletionEnd, now: &Stamp) -> Option<()> {
    let is_it = |state: &RequestState| matches!(state, RequestState::Due(due) if due.subject == *subject);
    let index = requests.all.iter().position(|request| is_it(&request.state))?;
    requests.end(index, how, now.at);
    Some(())
}

/// The id has the form of one, so JSON needs no escapes.
fn body(subject: &Subject) -> String {
    format!(r#"{{"type":"deletion","anonymousId":"{}"}}"#, subject.id)
}

#[cfg(test)]
mod tests;
