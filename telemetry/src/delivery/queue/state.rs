//! What waits, and the account of it, as one thread at a time sees it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{MAX_BYTES, MAX_EVENTS};
use crate::delivery::counts::{Counts, Fate, Flushed, Loss};
use crate::delivery::waiting::Waiting;

#[derive(Default)]
pub(super) struct State {
    /// Events stay here until their fate is known, so that none is lost at the end of the client.
    pub(super) fresh: VecDeque<Entry>,
    /// What earlier processes left behind. It has its bounds on disk, and its turn when nothing else has.
    pub(super) backlog: VecDeque<Entry>,
    pub(super) bytes: usize,
    pub(super) tickets: u64,
    /// How many events have been taken into `fresh`. A ticket is drawn before, so tickets do not tell who was there first.
    pub(super) taken: u64,
    pub(super) counts: Counts,
    pub(super) recovered: Counts,
    pub(super) flushes: Vec<Flush>,
    pub(super) last_flush: u64,
    pub(super) failures: u32,
    pub(super) paused_until: Option<Instant>,
    pub(super) phase: Phase,
    pub(super) worker: Worker,
}

pub(super) struct Entry {
    pub(super) waiting: Arc<Waiting>,
    /// Its place among the events of this client, from 1 on.
    pub(super) place: u64,
    pub(super) failures: u32,
    pub(super) not_before: Option<Instant>,
}

/// One who waits for what had been published, and what became of it so far.
pub(super) struct Flush {
    pub(super) number: u64,
    pub(super) last_place: u64,
    pub(super) answer: Flushed,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    #[default]
    Open,
    /// What waits is still sent, and nothing more is accepted.
    Closing,
    /// What is still published is lost for this reason.
    Closed(Loss),
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Worker {
    #[default]
    NotStarted,
    Busy,
    Asleep,
}

impl Entry {
    pub(super) const fn of(waiting: Arc<Waiting>, place: u64) -> Self {
        Self { waiting, place, failures: 0, not_before: None }
    }
}

/// What the worker does next.
pub(super) enum Turn {
    Of(Arc<Waiting>),
    /// Nothing is sent for so long.
    Paused(Duration),
    /// Nothing is to be sent, for so long if nothing comes.
    Later(Option<Duration>),
    Over,
}

impl State {
    pub(super) fn refusal(&self) -> Option<Loss> {
        match self.phase {
            Phase::Open => None,
            Phase::Closing => Some(Loss::ShutDown),
            Phase::Closed(loss) => Some(loss),
        }
    }

    pub(super) fn check_room(&self, bytes: usize) -> Result<(), Loss> {
        match self.refusal() {
            Some(loss) => Err(loss),
            None if self.fresh.len() >= MAX_EVENTS || self.bytes + bytes > MAX_BYTES => Err(Loss::QueueFull),
            None => Ok(()),
        }
    }

    pub(super) fn start(&mut self, start_worker: impl FnOnce() -> Result<(), Loss>) -> Result<(), Loss> {
        if self.worker == Worker::NotStarted {
            start_worker()?;
            self.worker = Worker::Busy;
        }
        Ok(())
    }

    pub(super) const fn ticket(&mut self) -> u64 {
        self.tickets += 1;
        self.tickets
    }

    pub(super) fn turn(&self, now: Instant) -> Turn {
        let is_empty = self.fresh.is_empty() && self.backlog.is_empty();
        if matches!(self.phase, Phase::Closed(_)) || (self.phase == Phase::Closing && is_empty) {
            return Turn::Over;
        }
        if let Some(pause) =
            self.paused_until.and_then(|until| until.checked_duration_since(now)).filter(|pause| !pause.is_zero())
        {
            return Turn::Paused(pause);
        }
        let entries = || self.fresh.iter().chain(&self.backlog);
        let ready = entries().find(|entry| entry.not_before.is_none_or(|not_before| not_before <= now));
        if let Some(entry) = ready {
            return Turn::Of(Arc::clone(&entry.waiting));
        }
        let next = entries().filter_map(|entry| entry.not_before).min();
        Turn::Later(next.map(|next| next.saturating_duration_since(now)))
    }

    /// Whether until then nothing is sent, because the receiver could not take it, and nothing is left to be written to disk.
    pub(super) fn rests_until(&self, deadline: Option<Instant>) -> bool {
        self.paused_until.zip(deadline).is_some_and(|(paused_until, deadline)| paused_until > deadline)
            && self.fresh.iter().all(|entry| entry.waiting.is_stored())
    }

    pub(super) fn entry(&mut self, ticket: u64) -> Option<&mut Entry> {
        self.fresh.iter_mut().chain(&mut self.backlog).find(|entry| entry.waiting.ticket == ticket)
    }

    pub(super) fn settle(&mut self, ticket: u64, fate: Fate) {
        let is_it = |entry: &Entry| entry.waiting.ticket == ticket;
        if let Some(at) = self.fresh.iter().position(is_it) {
            let (bytes, place) = self.fresh.remove(at).map_or((0, 0), |entry| (entry.waiting.len(), entry.place));
            self.bytes -= bytes;
            self.counts.settle(fate);
            for flush in self.flushes.iter_mut().filter(|flush| place <= flush.last_place) {
                flush.answer.settle(fate);
            }
        } else if let Some(at) = self.backlog.iter().position(is_it) {
            self.backlog.remove(at);
            self.recovered.settle(fate);
        }
    }

    /// Settles all that waits, and ends the worker as soon as it is back.
    pub(super) fn end(&mut self, refusal: Loss, fate: impl Fn(&Entry) -> Fate) {
        if !matches!(self.phase, Phase::Closed(_)) {
            self.phase = Phase::Closed(refusal);
        }
        let fates: Vec<(u64, Fate)> =
            self.fresh.iter().chain(&self.backlog).map(|entry| (entry.waiting.ticket, fate(entry))).collect();
        for (ticket, fate) in fates {
            self.settle(ticket, fate);
        }
    }

    pub(super) fn add_flush(&mut self) -> u64 {
        self.last_flush += 1;
        let answer = Flushed { pending: self.fresh.len() as u64, ..Flushed::default() };
        self.flushes.push(Flush { number: self.last_flush, last_place: self.taken, answer });
        self.last_flush
    }

    pub(super) fn flush_answer(&self, number: u64) -> Flushed {
        let flush = self.flushes.iter().find(|flush| flush.number == number);
        flush.map(|flush| flush.answer).unwrap_or_default()
    }

    pub(super) fn remove_flush(&mut self, number: u64) -> Flushed {
        let answer = self.flush_answer(number);
        self.flushes.retain(|flush| flush.number != number);
        answer
    }
}
