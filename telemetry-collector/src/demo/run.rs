//! Carries out a plan.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use telemetry::client::AnonymousId;
use telemetry::consent::Decision;
use telemetry::{Consent, Telemetry};

use super::calendar::Calendar;
use super::line::Line;
use super::plan::{Origin, Plan, Run};
use super::record::{Record, Sent};
use super::sink::Shared;
use super::wire::Wire;

/// The consent of the simulated users. What is set in the environment holds for them, too: any no wins.
pub(crate) const CONSENT: Consent = Consent::new("TELEMETRY_DEMO", "telemetry-demo").skip_test_check();

/// How many installations are busy at a time. The collector writes what waits together at once, so that more of them cost little.
const LINES: usize = 16;

/// How long a client may take to deliver, which takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a simulation ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// Telemetry is switched off on this machine, and clients of a simulation obey that as well.
    #[error("the simulated clients may not send: telemetry is {0}")]
    Denied(Decision),
    /// The collector could not be reached, or gave another answer than to an event.
    #[error("the collector does not answer: {0}")]
    Answer(#[from] io::Error),
    /// A client had no event delivered or refused.
    #[error("a client could not send its events")]
    Undelivered,
}

/// Carries out a plan: all clients send to the collector at this address, whose clock the calendar is.
///
/// `passed` is called after each day with its number, from 1, and the number of starts so far.
///
/// # Errors
///
/// If the environment denies telemetry, or the collector does not answer.
pub fn run(
    plan: &Plan,
    address: SocketAddr,
    calendar: &Calendar,
    mut passed: impl FnMut(usize, usize),
) -> Result<Record, DemoError> {
    let decision = CONSENT.configured(Some(true)).decide();
    if !decision.enabled || decision.debug {
        return Err(DemoError::Denied(decision));
    }
    let lines: Vec<_> = (0..LINES).map(|_| line(address)).collect::<Result<_, _>>()?;
    let mut record = Record::default();
    for (day, runs) in plan.days.iter().enumerate() {
        calendar.turn(i32::try_from(day).unwrap_or(i32::MAX));
        let sent = thread::scope(|scope| {
            let lanes: Vec<_> = lines
                .iter()
                .enumerate()
                // Those of one installation are sent one after the other.
                .map(|(lane, line)| {
                    scope.spawn(move || send_all(runs.iter().filter(|run| run.install % LINES == lane), line))
                })
                .collect();
            lanes.into_iter().map(|lane| lane.join().unwrap_or(Err(DemoError::Undelivered))).collect::<Vec<_>>()
        });
        for sent in sent {
            record.sent.extend(sent?);
        }
        passed(day + 1, record.sent.len());
    }
    Ok(record)
}

fn line(address: SocketAddr) -> io::Result<Arc<Mutex<Line>>> {
    Ok(Arc::new(Mutex::new(Line::new(Wire::new(address)?))))
}

fn send_all<'r>(runs: impl Iterator<Item = &'r Run>, line: &Arc<Mutex<Line>>) -> Result<Vec<Sent>, DemoError> {
    runs.for_each(|run| send(run, line));
    let all = lock(line).finish()?;
    let is_sent = |sent: &Sent| {
        let Sent { run, init, upgraded, sign_ins, .. } = sent;
        !init.is_empty()
            && upgraded.len() == usize::from(run.upgraded.is_some())
            && sign_ins.len() == run.sign_ins.len()
    };
    if all.iter().all(is_sent) { Ok(all) } else { Err(DemoError::Undelivered) }
}

/// One start of the application.
fn send(run: &Run, line: &Arc<Mutex<Line>>) {
    let sent = Sent {
        run: run.clone(),
        anonymous_id: String::new(),
        init: Vec::new(),
        upgraded: Vec::new(),
        sign_ins: Vec::new(),
    };
    lock(line).sent.push(sent);
    let (treatment, age, batches) = (run.treatment, run.age, run.version.batches());
    let telemetry = client(&run.origin).sink(Shared { line: Arc::clone(line), treatment, age, batches }).build();
    if let Some(upgraded) = &run.upgraded {
        telemetry.publish(upgraded);
    }
    run.version.publish(&telemetry, &run.settings);
    // What is counted is sent when the client ends, since nothing is kept on disk.
    for (sign_in, times) in &run.sign_ins {
        for _ in 0..*times {
            telemetry.publish(sign_in);
        }
    }
    telemetry.shutdown(PATIENCE);
}

fn lock(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A client as an application builds it, whose id comes from this origin.
fn client(origin: &Origin) -> telemetry::client::Builder {
    let builder = Telemetry::builder(CONSENT).configured(Some(true));
    match origin {
        Origin::Key(key) => {
            builder.anonymous_id(AnonymousId::PerProject { key: key.to_string() }).project("acme-console")
        }
        // Without a name there is nothing to derive an id from.
        Origin::Nowhere => builder.anonymous_id(AnonymousId::PerProjectUnkeyed).project(""),
    }
}
