use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Longest pause that a receiver, or a sink, may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(60 * 60);

/// How long to wait after so many failures in a row, and at least as long as was asked for.
pub(super) fn pause(failures: u32, asked: Duration) -> Duration {
    delay(failures).max(asked.min(LONGEST_ASKED))
}

/// How long to wait after so many failures in a row: twice as long each time, and never the same for two processes.
fn delay(failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let longest = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    longest / 2 + (longest / 2).mul_f64(chance())
}

/// From 0 to 1; without randomness the middle.
fn chance() -> f64 {
    let mut random = [0; 2];
    getrandom::fill(&mut random).map_or(0.5, |()| f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_obeyed_within_an_hour() {
        for (asked, seconds) in [(0, 300), (200, 300), (1_000, 1_000), (3_601, 3_600), (u64::MAX, 3_600)] {
            let pause = pause(u32::MAX, Duration::from_secs(asked));
            assert!(
                pause <= Duration::from_secs(seconds) && pause >= Duration::from_secs(seconds.min(asked)),
                "{asked}"
            );
        }
    }

    #[test]
    fn it_doubles_up_to_five_minutes_with_up_to_half_of_it_by_chance() {
        for (failures, seconds) in [(1, 1), (2, 2), (3, 4), (9, 256), (10, 300), (11, 300), (u32::MAX, 300)] {
            let longest = Duration::from_secs(seconds);
            let delays: Vec<Duration> = (0..100).map(|_| delay(failures)).collect();
            assert!(delays.iter().all(|delay| (longest / 2..=longest).contains(delay)), "{failures}");
            assert!(delays.iter().any(|delay| *delay != delays[0]));
        }
    }
}
