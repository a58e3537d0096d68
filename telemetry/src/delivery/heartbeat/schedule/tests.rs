use super::*;
use crate::clock::tests::Hand;

const MINUTE: Duration = Duration::from_secs(60);
const DAILY: Every = Every::hours(24);

fn moment(hand: &Hand) -> Moment {
    hand.clock().now()
}

#[test]
fn the_first_comes_after_the_warm_up_and_the_next_a_period_later() {
    let hand = Hand::new();
    let mut schedule = Schedule::new(DAILY.after(10 * MINUTE), moment(&hand), 0.5);
    assert_eq!(schedule.left(&moment(&hand)), 40 * MINUTE);
    hand.pass(40 * MINUTE);
    assert_eq!(schedule.left(&moment(&hand)), Duration::ZERO);
    schedule.done(&moment(&hand));
    assert_eq!(schedule.left(&moment(&hand)), 24 * HOUR);
    hand.pass(30 * HOUR);
    assert_eq!(schedule.left(&moment(&hand)), Duration::ZERO);
}

#[test]
fn a_short_period_is_spread_over_itself_and_none_is_shorter_than_a_second() {
    let hand = Hand::new();
    let left = |every| Schedule::new(every, moment(&hand), 1.0).left(&moment(&hand));
    assert_eq!(left(Every::minutes(5)), 5 * MINUTE);
    assert_eq!(left(Every::new(Duration::ZERO)), Duration::from_secs(1));
}

#[test]
fn a_warm_up_without_end_never_comes_to_its_end() {
    let hand = Hand::new();
    let schedule = Schedule::new(DAILY.after(Duration::MAX), moment(&hand), 1.0);
    hand.pass(1_000 * HOUR);
    assert_eq!(schedule.left(&moment(&hand)), Duration::MAX - 1_000 * HOUR);
}

/// The clock of the process stands still while the system sleeps.
#[test]
fn after_a_sleep_over_several_periods_there_is_one() {
    let hand = Hand::new();
    let mut schedule = Schedule::new(DAILY, moment(&hand), 0.0);
    schedule.done(&moment(&hand));
    hand.sleep(100 * HOUR);
    assert_eq!(schedule.left(&moment(&hand)), Duration::ZERO);
    schedule.done(&moment(&hand));
    assert_eq!(schedule.left(&moment(&hand)), 24 * HOUR);
}

#[test]
fn a_clock_that_is_set_changes_nothing() {
    let hand = Hand::new();
    let mut schedule = Schedule::new(DAILY, moment(&hand), 0.0);
    schedule.done(&moment(&hand));
    for hours in [-48, 96, -48] {
        hand.set(hours * 60 * 60);
        assert_eq!(schedule.left(&moment(&hand)), 24 * HOUR);
    }
}

#[test]
fn what_another_process_did_counts_from_then_on() {
    let hand = Hand::new();
    let mut schedule = Schedule::new(DAILY.once_an_install(), moment(&hand), 0.0);
    let of_other = moment(&hand).stamp;
    hand.pass(6 * HOUR);
    assert!(schedule.is_recent(&of_other, &moment(&hand)));
    schedule.done_by_others(&of_other, &moment(&hand));
    assert_eq!(schedule.left(&moment(&hand)), 18 * HOUR);
    hand.pass(18 * HOUR);
    assert!(!schedule.is_recent(&of_other, &moment(&hand)));
}

/// Deterministic numbers from 0 to 1 (Lehmer's generator with the constants of Park and Miller, "Random number generators: good ones are
/// hard to find", 1988).
fn chances() -> impl FnMut() -> f64 {
    let mut state = 20_261_127_u64;
    move || {
        state = state * 48_271 % 0x7fff_ffff;
        f64::from(u32::try_from(state).unwrap()) / f64::from(0x7fff_ffff)
    }
}

/// The beats of one installation in so many days, in seconds since its start. Its processes start one after another.
fn beats(processes: u32, days: u32, mut chance: impl FnMut() -> f64) -> Vec<u64> {
    let hand = Hand::new();
    let begun = moment(&hand);
    let every = DAILY.after(10 * MINUTE).once_an_install();
    let mut schedules: Vec<Schedule> = (0..processes).map(|_| Schedule::new(every, begun, chance())).collect();
    let (mut last, mut beats) = (None, Vec::new());
    loop {
        let now = moment(&hand);
        let (left, next) =
            schedules.iter_mut().map(|schedule| (schedule.left(&now), schedule)).min_by_key(|(left, _)| *left).unwrap();
        if !left.is_zero() {
            // A worker that sleeps until then wakes no earlier, and clocks of the system tell whole seconds.
            hand.pass(Duration::from_secs(left.as_secs() + 1));
            if begun.instant + days * 24 * HOUR < moment(&hand).instant {
                return beats;
            }
            continue;
        }
        match last {
            Some(last) if next.is_recent(&last, &now) => next.done_by_others(&last, &now),
            _ => {
                next.done(&now);
                last = Some(now.stamp);
                beats.push((now.instant - begun.instant).as_secs());
            }
        }
    }
}

/// Pearson's statistic of how evenly these fall into the minutes of an hour.
fn chi_square(seconds: impl Iterator<Item = u64>) -> f64 {
    let (mut minutes, mut all) = ([0_u32; 60], 0_u32);
    for second in seconds {
        minutes[usize::try_from(second / 60 % 60).unwrap()] += 1;
        all += 1;
    }
    let expected = f64::from(all) / 60.0;
    minutes.iter().map(|found| (f64::from(*found) - expected).powi(2) / expected).sum()
}

/// With 59 degrees of freedom, an even spread exceeds this once in 10,000 times.
const LIMIT: f64 = 107.3;

fn installations(count: usize, days: u32) {
    let mut chance = chances();
    let all: Vec<Vec<u64>> = (0..count).map(|_| beats(1, days, &mut chance)).collect();
    for beats in &all {
        assert!(beats.windows(2).all(|two| two[1] - two[0] >= 24 * 60 * 60));
        assert!(beats.len() as u64 <= u64::from(days) && beats.len() as u64 >= u64::from(days) - 1, "{}", beats.len());
    }
    for day in [0, days as usize - 2] {
        let statistic = chi_square(all.iter().map(|beats| beats[day]));
        assert!(statistic < LIMIT, "day {day}: {statistic}");
    }
}

/// 10,000 installations in a year.
#[test]
fn installations_that_start_together_are_spread_evenly_over_the_hour() {
    installations(10_000, 365);
}

#[test]
fn four_processes_of_an_installation_beat_once_a_period() {
    let mut chance = chances();
    for _ in 0..500 {
        let beats = beats(4, 365, &mut chance);
        assert!(beats.windows(2).all(|two| two[1] - two[0] >= 24 * 60 * 60));
        assert!((364..=365).contains(&beats.len()), "{}", beats.len());
    }
    // Without jitter, none would be late.
    assert!(chi_square((0..6_000).map(|_| 7)) > LIMIT);
}
