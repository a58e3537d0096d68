//! Long-lived programs whose memory and descriptors are watched.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// What a process had at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Resident memory, in KiB.
    pub memory: u64,
    /// Open descriptors.
    pub descriptors: u64,
}

/// The samples of one process.
#[derive(Clone, Debug, Default)]
pub struct Samples(pub Vec<Sample>);

/// Samples processes once a second until the soak is over.
pub fn watch(processes: &[u32], is_over: &AtomicBool) -> Vec<Samples> {
    let mut all = vec![Samples::default(); processes.len()];
    while !is_over.load(Ordering::Relaxed) {
        for (process, samples) in processes.iter().zip(&mut all) {
            samples.0.extend(sample(*process));
        }
        thread::sleep(Duration::from_secs(1));
    }
    all
}

fn sample(process: u32) -> Option<Sample> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let memory = memory.trim().trim_end_matches(" kB").parse().ok()?;
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).ok()?.count() as u64;
    Some(Sample { memory, descriptors })
}

impl Samples {
    /// The median of the second quarter of its life, and that of the last: the first quarter is when everything is set up.
    pub fn early_and_late(&self, what: impl Fn(&Sample) -> u64) -> Option<[u64; 2]> {
        let quarter = self.0.len() / 4;
        let median = |from: usize, to: usize| {
            let mut figures: Vec<u64> = self.0.get(from..to)?.iter().map(&what).collect();
            figures.sort_unstable();
            figures.get(figures.len() / 2).copied()
        };
        Some([median(quarter, 2 * quarter)?, median(3 * quarter, self.0.len())?])
    }

    /// The fewest in the first half of its life and in the second. While it sends it holds more, so only what stays shows in these.
    pub fn fewest(&self, what: impl Fn(&Sample) -> u64) -> [u64; 2] {
        let (first, second) = self.0.split_at(self.0.len() / 2);
        [first, second].map(|half| half.iter().map(&what).min().unwrap_or_default())
    }

    pub fn most(&self, what: impl Fn(&Sample) -> u64) -> u64 {
        self.0.iter().map(what).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_shows_between_the_second_quarter_and_the_last() {
        let samples = Samples((0..40).map(|at| Sample { memory: at * 10, descriptors: 5 }).collect());
        assert_eq!(samples.early_and_late(|sample| sample.memory), Some([150, 350]));
        assert_eq!(samples.fewest(|sample| sample.memory), [0, 200]);
        assert_eq!(samples.most(|sample| sample.memory), 390);
        assert_eq!(Samples::default().early_and_late(|sample| sample.memory), None);
    }
}
