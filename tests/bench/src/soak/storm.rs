//! The time in which everything goes wrong, and the calm after it.

use std::error::Error;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::account::{Account, Records};
use super::behavior::Behavior;
use super::choices::{self, No};
use super::crowd::Crowd;
use super::house::House;
use super::idle::{self, Idle};
use super::program::{End, Mode, Publishing, Report, Task};
use super::receiver::Receiver;
use super::run::{MAX_EVENTS, Run, Running};
use super::witness::{self, Samples};

/// Programs that publish at a time, in the home where the answer is always yes.
const PUBLISHERS: usize = 8;

/// Programs that publish at a time beside the user who says no and yes.
pub const PUBLISHERS_BESIDE_CHOICES: usize = 3;

/// How long the host is idle that is traced, at most.
const IDLE: u64 = 60;

/// What happened.
pub struct Storm {
    pub steady: Calm,
    pub choices: Calm,
    pub nos: usize,
    pub witnesses: Vec<(Mode, Samples)>,
    /// How often each behaviour was met, in both homes.
    pub met: Vec<(Behavior, usize)>,
    pub idle: Option<Idle>,
}

/// One home after the storm.
pub struct Calm {
    pub account: Account,
    /// What the last program said, which delivered all that was left.
    pub drain: Report,
    pub lost_of_others: u64,
    pub uploaders_killed: usize,
    /// The most events and bytes that were seen on disk at once.
    pub most_on_disk: (usize, u64),
    /// The files that were left at the end.
    pub files: Vec<String>,
}

/// Lets it rage for this long. The same seed makes the same plans; what the programs do meanwhile is up to the machine.
///
/// # Errors
///
/// If a program cannot be started, or fails.
pub fn rage(time: Duration, seed: u64) -> Result<Storm, Box<dyn Error>> {
    let mut rng = Rng::with_seed(seed);
    let (steady, choices) = (Place::new()?, Place::new()?);
    let (next, is_over) = (AtomicU32::new(1), AtomicBool::new(false));
    let (crowds, mut witnesses) =
        ([steady.crowd(true, &next, &is_over), choices.crowd(false, &next, &is_over)], Vec::new());
    choices::choose(&choices.house, true)?;
    for mode in Mode::ALL {
        let plan = crowds[0].plan(&mut rng, true);
        let plan = Publishing { mode, events: MAX_EVENTS, gap: 200, end: End::Shutdown, is_told_to_end: true, ..plan };
        witnesses.push(Running::start(&steady.house.home, plan, Task::Publish)?);
    }
    let processes: Vec<u32> = witnesses.iter().map(Running::id).collect();
    let (samples, nos, idle) = thread::scope(|scope| {
        let mut workers = Vec::new();
        for (crowd, programs) in crowds.iter().zip([PUBLISHERS, PUBLISHERS_BESIDE_CHOICES]) {
            for _ in 0..programs {
                let rng = rng.fork();
                workers.push(scope.spawn(move || crowd.keep_running(rng)));
            }
        }
        let is_over = &is_over;
        let watcher = scope.spawn(|| witness::watch(&processes, is_over));
        let user = scope.spawn({
            let (house, rng) = (&choices.house, rng.fork());
            move || choices::alternate(house, is_over, rng)
        });
        let idle = scope.spawn(|| idle::trace(IDLE.min(time.as_secs() / 2)));
        change([&steady, &choices], time, &mut rng);
        is_over.store(true, Ordering::Relaxed);
        let published: io::Result<()> = workers.into_iter().try_for_each(|worker| join(worker.join()));
        published.and_then(|()| Ok((watcher.join().unwrap_or_default(), join(user.join())?, join(idle.join())?)))
    })?;
    let mut witnessed = Vec::new();
    for (witness, samples) in witnesses.into_iter().zip(samples) {
        let run = witness.finish(None)?;
        witnessed.push((run.plan.mode, samples));
        crowds[0].runs.lock().unwrap_or_else(PoisonError::into_inner).push(run);
    }
    let met = met([&steady, &choices]);
    let number_of_nos = nos.len();
    let [steady_runs, choices_runs] =
        crowds.each_ref().map(|crowd| std::mem::take(&mut *crowd.runs.lock().unwrap_or_else(PoisonError::into_inner)));
    let [steady_drain, choices_drain] = crowds.map(|crowd| crowd.plan(&mut rng, false));
    Ok(Storm {
        steady: steady.calm(steady_runs, Vec::new(), steady_drain, false)?,
        choices: choices.calm(choices_runs, nos, choices_drain, true)?,
        nos: number_of_nos,
        witnesses: witnessed,
        met,
        idle,
    })
}

/// A panic of a thread of ours is a failure, too.
fn join<T>(result: thread::Result<io::Result<T>>) -> io::Result<T> {
    result.unwrap_or_else(|_| Err(io::Error::other("a thread of the soak panicked")))
}

/// A home with its receiver.
struct Place {
    house: House,
    receiver: Receiver,
    uploaders_killed: Mutex<Vec<Instant>>,
    most_on_disk: Mutex<(usize, u64)>,
}

impl Place {
    fn new() -> io::Result<Self> {
        Ok(Self {
            house: House::new()?,
            receiver: Receiver::start()?,
            uploaders_killed: Mutex::default(),
            most_on_disk: Mutex::default(),
        })
    }

    fn crowd<'a>(&'a self, configured: bool, next: &'a AtomicU32, is_over: &'a AtomicBool) -> Crowd<'a> {
        let endpoint = self.receiver.endpoint();
        Crowd { house: &self.house, endpoint, configured, next, is_over, runs: Mutex::default() }
    }

    fn look(&self) {
        let (events, bytes) = self.house.spool();
        let mut most = self.most_on_disk.lock().unwrap_or_else(PoisonError::into_inner);
        *most = (most.0.max(events), most.1.max(bytes));
    }

    fn kill_uploaders(&self) {
        self.uploaders_killed.lock().unwrap_or_else(PoisonError::into_inner).extend(self.house.kill_uploaders());
    }

    /// Delivers all that is left to a receiver that behaves, and takes stock.
    fn calm(self, mut runs: Vec<Run>, nos: Vec<No>, plan: Publishing, says_no: bool) -> io::Result<Calm> {
        self.receiver.behave(Behavior::NoContent);
        self.kill_uploaders();
        self.house.end_pauses();
        let plan = Publishing { mode: Mode::WriteAhead, events: 1, end: End::Shutdown, ..plan };
        let drained = Running::start(&self.house.home, plan, Task::Drain)?.finish(None)?;
        let drain = drained.report.clone().unwrap_or_default();
        runs.push(drained);
        if says_no {
            choices::choose(&self.house, false)?;
        }
        let uploaders_killed = self.uploaders_killed.into_inner().unwrap_or_else(PoisonError::into_inner);
        let arrivals = self.receiver.arrivals();
        let records = Records { runs: &runs, arrivals: &arrivals, uploaders_killed: &uploaders_killed, nos: &nos };
        let mut account = Account::of(&records);
        account.faults.extend(self.receiver.strange().into_iter().map(|body| format!("received, not ours: {body}")));
        Ok(Calm {
            account,
            drain,
            lost_of_others: Account::lost_of_others(&runs),
            uploaders_killed: uploaders_killed.len(),
            most_on_disk: self.most_on_disk.into_inner().unwrap_or_else(PoisonError::into_inner),
            files: self.house.files(),
        })
    }
}

/// Changes how the receivers behave, ends pauses, lets hours pass, and kills uploaders.
fn change(places: [&Place; 2], time: Duration, rng: &mut Rng) {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    let (start, mut round) = (Instant::now(), Vec::new());
    while start.elapsed() < time {
        if round.is_empty() {
            round = Behavior::ALL.to_vec();
            rng.shuffle(&mut round);
        }
        let behavior = round.pop().unwrap_or(Behavior::NoContent);
        let chance = rng.u8(..4);
        for place in places {
            place.receiver.behave(behavior);
            place.house.end_pauses();
            match chance {
                // An uploader that did not come to its end is tried again a day later.
                0 => place.house.pass(25 * HOUR),
                1 => place.house.pass(HOUR),
                _ => {}
            }
            if rng.u8(..12) == 0 {
                place.kill_uploaders();
            }
        }
        let until = Instant::now() + behavior.lasts(rng.f64());
        while Instant::now() < until {
            thread::sleep(Duration::from_millis(100));
            places.iter().for_each(|place| place.look());
        }
    }
}

fn met(places: [&Place; 2]) -> Vec<(Behavior, usize)> {
    let count = |behavior| places.iter().map(|place| place.receiver.met(behavior)).sum();
    Behavior::ALL.into_iter().map(|behavior| (behavior, count(behavior))).collect()
}
