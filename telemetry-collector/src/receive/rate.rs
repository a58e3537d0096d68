//! How many events an address may send. Addresses are in this table only, and only for as long as they matter.
//!
//! This is the leaky bucket as the generic cell rate algorithm computes it: one number for each address. The crate `governor` has it as well, but its table
//! of keys grows until it is swept, so a client with many addresses fills the memory; with the clock and the maps that it brings, bounding it
//! takes more code than the algorithm.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The most addresses of a generation. With more, the oldest are forgotten, which is to their advantage.
const MAX_ADDRESSES: usize = 32 * 1024;

/// Counts the events of each address.
#[derive(Debug)]
pub(super) struct Rate {
    /// The time that one event takes, in nanoseconds.
    interval: u64,
    /// The time that a burst takes, in nanoseconds. An address that is silent for as long has all of it again.
    window: u64,
    begin: Instant,
    table: Mutex<Table>,
}

/// When all events of an address have taken their time, in nanoseconds since the beginning.
///
/// An entry of the earlier generation is never needed once a window has passed since the turn.
#[derive(Debug, Default)]
struct Table {
    turned: u64,
    recent: HashMap<Key, u64>,
    earlier: HashMap<Key, u64>,
}

/// An address. A client has all of the 2^64 addresses of its IPv6 network, so that they count as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    V4(u32),
    V6(u64),
}

impl Key {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.to_bits()),
            IpAddr::V6(address) => Self::V6(u64::try_from(address.to_bits() >> 64).unwrap_or_default()),
        }
    }
}

impl Rate {
    /// Allows so many events a second, and so many at once.
    pub(super) fn new(events_per_second: u32, burst: u32) -> Self {
        let interval = 1_000_000_000 / u64::from(events_per_second.max(1));
        let window = interval * u64::from(burst.max(1));
        Self { interval, window, begin: Instant::now(), table: Mutex::default() }
    }

    /// Takes so many events from an address at a time.
    ///
    /// If it has sent too many, the error is how long it has to wait. Nothing is counted then.
    pub(super) fn take(&self, address: IpAddr, events: usize, now: Instant) -> Result<(), Duration> {
        let now = self.since_begin(now);
        let key = Key::of(address);
        let cost = u64::try_from(events).unwrap_or(u64::MAX).saturating_mul(self.interval).min(self.window);
        let mut table = self.table.lock().unwrap_or_else(PoisonError::into_inner);
        table.turn(now, self.window, MAX_ADDRESSES);
        let done = table.recent.get(&key).or_else(|| table.earlier.get(&key)).copied().unwrap_or(0).max(now);
        let done = done.saturating_add(cost);
        let over = (done - now).saturating_sub(self.window);
        if over > 0 {
            return Err(Duration::from_nanos(over));
        }
        table.recent.insert(key, done);
        Ok(())
    }

    /// Forgets the addresses that have their whole burst again. Without it, the last ones would stay until the next request.
    pub(super) fn forget(&self, now: Instant) {
        let now = self.since_begin(now);
        self.table.lock().unwrap_or_else(PoisonError::into_inner).turn(now, self.window, MAX_ADDRESSES);
    }

    fn since_begin(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.begin).as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Table {
    fn turn(&mut self, now: u64, window: u64, max: usize) {
        let age = now.saturating_sub(self.turned);
        if age > window.saturating_mul(2) {
            self.recent = HashMap::new();
        }
        if age > window || self.recent.len() >= max {
            self.earlier = std::mem::take(&mut self.recent);
            self.turned = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn known(rate: &Rate) -> usize {
        let table = rate.table.lock().unwrap();
        table.recent.len() + table.earlier.len()
    }

    #[test]
    fn an_address_has_its_burst_and_then_its_rate() {
        let (rate, one) = (Rate::new(10, 5), address("192.0.2.1"));
        let begin = rate.begin;
        for _ in 0..5 {
            assert_eq!(rate.take(one, 1, begin), Ok(()));
        }
        assert_eq!(rate.take(one, 1, begin), Err(Duration::from_millis(100)));
        assert_eq!(rate.take(one, 2, begin), Err(Duration::from_millis(200)));
        assert_eq!(rate.take(address("192.0.2.2"), 5, begin), Ok(()), "another address has its own");
        let later = begin + Duration::from_millis(100);
        assert_eq!(rate.take(one, 1, later), Ok(()));
        assert!(rate.take(one, 1, later).is_err());
        assert_eq!(rate.take(one, 5, later + Duration::from_millis(500)), Ok(()));
    }

    #[test]
    fn a_request_larger_than_a_burst_takes_all_of_it() {
        let (rate, one) = (Rate::new(10, 5), address("192.0.2.1"));
        assert_eq!(rate.take(one, 100, rate.begin), Ok(()));
        assert!(rate.take(one, 1, rate.begin).is_err());
        assert_eq!(rate.take(one, usize::MAX, rate.begin + Duration::from_millis(500)), Ok(()));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let rate = Rate::new(1, 1);
        assert_eq!(rate.take(address("2001:db8:1:2::1"), 1, rate.begin), Ok(()));
        assert!(rate.take(address("2001:db8:1:2:ffff::9"), 1, rate.begin).is_err());
        assert_eq!(rate.take(address("2001:db8:1:3::1"), 1, rate.begin), Ok(()));
        assert_eq!(rate.take(address("::ffff:192.0.2.1"), 1, rate.begin), Ok(()));
        assert!(rate.take(address("192.0.2.1"), 1, rate.begin).is_err(), "the same address, written in another way");
    }

    #[test]
    fn addresses_are_forgotten_and_the_table_is_bounded() {
        let rate = Rate::new(10, 10);
        for number in 0..200_000_u32 {
            let _ = rate.take(IpAddr::V4(number.into()), 1, rate.begin);
        }
        assert!(known(&rate) <= 2 * MAX_ADDRESSES);
        rate.forget(rate.begin + Duration::from_millis(2_500));
        assert_eq!(known(&rate), 0);
    }

    #[test]
    fn a_turn_forgets_nobody_who_has_to_wait() {
        let (rate, one) = (Rate::new(10, 10), address("192.0.2.1"));
        let almost = rate.begin + Duration::from_millis(999);
        assert_eq!(rate.take(one, 10, almost), Ok(()));
        let turned = rate.begin + Duration::from_millis(1_001);
        assert_eq!(rate.take(address("192.0.2.2"), 1, turned), Ok(()));
        assert!(rate.take(one, 10, turned).is_err());
    }
}
