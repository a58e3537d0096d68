//! How many requests come from 10^8 installs, while the receiver is there, after it was away for a day, and in between.
//!
//! A start of a program, its pauses and what it leaves on disk are decided by the client's own code; only the clock and chance are the
//! simulation's. Each simulated install stands for two thousand, or for ten thousand. `telemetry-collector/docs/scale.md` has the table, which this prints:
//!
//! ```text
//! cargo test -p telemetry --lib -- storm --nocapture
//! ```

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::time::{Duration, Instant};

use super::{Backoff, Failure, Rest};
use crate::clock::{Moment, Stamp};
use crate::delivery::batching::{Answer, Batching, Size};

const SECOND: u64 = 1_000;
const HOUR: u64 = 60 * 60 * SECOND;
const DAY: u64 = 24 * HOUR;

/// The seconds of a window that holds enough requests of the installs that are simulated.
const MINUTES: usize = 600;

/// The days of the simulation. The receiver is away for one of them, from the busiest hour to the busiest hour.
const DAYS: u64 = 4;
const AWAY_FROM: u64 = 1;

/// How many of 100 programs are started in each hour of the day of the person who starts them. It is an assumption.
const HOURS: [u32; 24] = [1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 8, 7, 6, 6, 7, 7, 6, 5, 4, 4, 4, 3, 3, 2];

/// Where these persons are: hours from UTC, and of how many in 100. It is an assumption.
const ZONES: [(u64, u32); 6] = [(16, 12), (18, 15), (1, 30), (5, 15), (8, 20), (9, 8)];

/// How long a program runs after its start.
#[derive(Clone, Copy)]
enum Runs {
    /// It ends before a first retry, as a command does.
    Briefly,
    For(u64),
    /// Until the next start, in which it sends what waits.
    On,
}

/// How the receiver is away.
#[derive(Clone, Copy)]
enum Away {
    Unreachable,
    /// A proxy answers in its place with the time at which it will be back.
    AsksUntilItsEnd,
}

/// SplitMix64, with a seed: the same installs each time.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    fn portion(&mut self) -> f64 {
        self.below(1 << 16) as f64 / f64::from(u16::MAX)
    }

    /// One of these, as often as its weight says.
    fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().map(u64::from).sum());
        weights
            .map(u64::from)
            .position(|weight| left.checked_sub(weight).map(|rest| left = rest).is_none())
            .unwrap_or(0)
    }

    /// A time of the day, in UTC, at which somebody starts a program.
    fn start(&mut self) -> u64 {
        let zone = ZONES[self.weighted(ZONES.iter().map(|(_, weight)| *weight))].0;
        let hour = self.weighted(HOURS.into_iter()) as u64;
        ((hour + 24 - zone) * HOUR + self.below(HOUR)) % DAY
    }
}

#[derive(Default)]
struct Install {
    backoff: Backoff,
    /// The pause on disk.
    rest: Option<Rest>,
    /// How many events wait.
    events: usize,
    /// When the program ends.
    end: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Start,
    Retry,
}

/// The requests in each second, of the installs that were simulated.
struct Arrivals {
    /// While the receiver is there.
    there: Vec<u32>,
    /// While it is away, or a proxy answers in its place.
    away: Vec<u32>,
    /// Events that wait at the end.
    left: usize,
}

struct Storm {
    name: &'static str,
    installs: u32,
    runs: fn(u32) -> Runs,
    away: Away,
    batches: bool,
    zero: Instant,
    chance: Chance,
    turns: BinaryHeap<Reverse<(u64, u32, Turn)>>,
    arrivals: Arrivals,
}

fn away() -> Range<u64> {
    let from = AWAY_FROM * DAY + busiest_hour() * HOUR;
    from..from + DAY
}

fn busiest_hour() -> u64 {
    let starts = |hour: u64| -> u32 {
        ZONES.iter().map(|(zone, weight)| weight * HOURS[usize::try_from((hour + zone) % 24).unwrap_or(0)]).sum()
    };
    (0..24).max_by_key(|hour| starts(*hour)).unwrap_or(0)
}

impl Storm {
    fn of(name: &'static str, runs: fn(u32) -> Runs) -> Self {
        let seconds = usize::try_from(DAYS * DAY / SECOND).unwrap_or(0);
        Self {
            name,
            installs: 10_000,
            runs,
            away: Away::Unreachable,
            batches: true,
            zero: Instant::now(),
            chance: Chance(19),
            turns: BinaryHeap::new(),
            arrivals: Arrivals { there: vec![0; seconds], away: vec![0; seconds], left: 0 },
        }
    }

    fn play(mut self) -> Arrivals {
        let mut installs: Vec<Install> = (0..self.installs).map(|_| Install::default()).collect();
        for number in 0..self.installs {
            let usual = self.chance.start();
            for day in 0..DAYS {
                // People start programs at about the same time, give or take an hour.
                let start = day * DAY + (usual + self.chance.below(2 * HOUR)) % DAY;
                self.turns.push(Reverse((start, number, Turn::Start)));
            }
        }
        while let Some(Reverse((at, number, turn))) = self.turns.pop() {
            if at >= DAYS * DAY {
                break;
            }
            let install = &mut installs[number as usize];
            if turn == Turn::Start {
                self.start(install, number, at);
            }
            self.go_on(install, number, at);
        }
        self.arrivals.left = installs.iter().map(|install| install.events).sum();
        self.arrivals
    }

    fn moment(&self, at: u64) -> Moment {
        let up = i64::try_from(at / SECOND).ok();
        let stamp = Stamp { at: 1_800_000_000 + at / SECOND, up, boot: Some(1) };
        Moment { instant: self.zero + Duration::from_millis(at), stamp }
    }

    fn start(&self, install: &mut Install, number: u32, at: u64) {
        install.events += 1;
        let length = match (self.runs)(number) {
            Runs::On => {
                install.end = u64::MAX;
                return;
            }
            Runs::Briefly => 100,
            Runs::For(length) => length,
        };
        if install.end > at {
            // The one that was started before still runs, and sends this event too.
            return;
        }
        (install.backoff, install.end) = (Backoff::new(), at + length);
    }

    /// Sends what waits, unless there is a pause.
    fn go_on(&mut self, install: &mut Install, number: u32, at: u64) {
        let now = self.moment(at);
        let has_rested = install.rest.is_some();
        if let Some(rest) = &install.rest
            && install.backoff.obey(rest, &now)
        {
            let left = install.backoff.left(now.instant).unwrap_or_default();
            return self.again(install, number, at, left);
        }
        if install.events == 0 {
            return;
        }
        let second = usize::try_from(at / SECOND).unwrap_or(0);
        if !away().contains(&at) {
            self.arrivals.there[second] += self.requests(install.events, has_rested, now.instant);
            (install.events, install.rest) = (0, None);
            install.backoff.succeed();
            return;
        }
        self.arrivals.away[second] += 1;
        let failure = match self.away {
            Away::Unreachable => Failure::Temporary,
            Away::AsksUntilItsEnd => Failure::Asked(Duration::from_millis(away().end - at)),
        };
        let pause = install.backoff.fail_by(failure, now.instant, self.chance.portion());
        install.rest = install.backoff.rest(&now, "ab-1", None);
        self.again(install, number, at, pause);
    }

    fn again(&mut self, install: &Install, number: u32, at: u64, pause: Duration) {
        // A pause is over when it has passed wholly.
        let at = at + u64::try_from(pause.as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        if at < install.end {
            self.turns.push(Reverse((at, number, Turn::Retry)));
        }
    }

    /// How many requests so many events are.
    fn requests(&self, mut events: usize, has_rested: bool, now: Instant) -> u32 {
        let mut batching = Batching::new();
        if has_rested || !self.batches {
            batching.one_by_one();
        }
        let mut requests = 0;
        while events > 0 {
            let most = if self.batches { batching.most(now).lines } else { 1 };
            let lines = most.min(events);
            batching.learn(Size::of([600].into_iter().cycle().take(lines)), Answer::Complete, now);
            (events, requests) = (events - lines, requests + 1);
        }
        requests
    }
}

/// The most in a second, over windows of so many seconds between two times, as a multiple of the mean of all starts.
fn most(requests: &[u32], window: usize, range: Range<u64>, installs: u32) -> f64 {
    let at = |time: u64| usize::try_from(time / SECOND).unwrap_or(0);
    let part = &requests[at(range.start)..at(range.end)];
    let mut sum: u32 = part.iter().take(window).sum();
    let mut most = sum;
    for (gone, come) in part.iter().zip(part.iter().skip(window)) {
        sum = sum + come - gone;
        most = most.max(sum);
    }
    let mean = f64::from(installs) / (DAY / SECOND) as f64;
    f64::from(most) / window as f64 / mean
}

/// What the table shows of a storm.
struct Row {
    usual: f64,
    away: f64,
    minutes: f64,
    hour: f64,
}

impl Row {
    fn of(storm: Storm) -> Self {
        let (name, installs) = (storm.name, storm.installs);
        let arrivals = storm.play();
        assert_eq!(arrivals.left, 0, "{name}: every event is delivered");
        let (there, of_away) = (&arrivals.there, away());
        let row = Self {
            usual: most(there, MINUTES, 0..of_away.start, installs),
            away: most(&arrivals.away, MINUTES, of_away.clone(), installs),
            minutes: most(there, MINUTES, of_away.end..DAYS * DAY, installs),
            hour: most(there, 3600, of_away.end..DAYS * DAY, installs),
        };
        let Self { usual, away, minutes, hour } = row;
        println!("| {name} | {usual:.2} | {away:.2} | {minutes:.2} | {hour:.2} |");
        row
    }
}

#[test]
fn after_a_day_without_a_receiver_fewer_than_three_times_the_mean_come_of_programs_that_end() {
    println!("| programs | usual | away | after, 10 minutes | after, an hour |");
    let ends = |name| Storm { installs: 50_000, ..Storm::of(name, |_| Runs::Briefly) };
    for storm in [
        ends("end at once"),
        Storm { batches: false, ..ends("end at once, one event a request") },
        Storm { away: Away::AsksUntilItsEnd, ..ends("end at once, asked to wait") },
        Storm { runs: |number| if number % 200 == 0 { Runs::On } else { Runs::Briefly }, ..ends("1 of 200 stays") },
    ] {
        let row = Row::of(storm);
        assert!(row.usual < 1.7 && row.away < 1.7 && row.minutes < 3.0 && row.hour < 3.0);
    }
}

/// Each of these comes back within an hour of the end, or an hour and a half if it was asked to wait.
#[test]
fn programs_that_stay_are_bounded_by_the_longest_pause() {
    let hours = |name| Storm::of(name, |_| Runs::For(8 * HOUR));
    let stay = |name| Storm::of(name, |_| Runs::On);
    for (storm, bound) in [
        (hours("run for 8 hours"), 20.0),
        (Storm { away: Away::AsksUntilItsEnd, ..hours("run for 8 hours, asked to wait") }, 60.0),
        (stay("stay"), 45.0),
        (Storm { away: Away::AsksUntilItsEnd, ..stay("stay, asked to wait") }, 100.0),
    ] {
        let row = Row::of(storm);
        assert!(row.minutes < bound, "{} is not below {bound}", row.minutes);
    }
}
