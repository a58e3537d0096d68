//! A simulated year of many installations, each of which counts on some days.

use super::*;

/// Deterministic numbers below 2^31 (Lehmer's generator with the constants of Park and Miller, "Random number generators: good ones are
/// hard to find", 1988).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        self.0 % end
    }
}

/// What arrives of an installation: at which time, and how many events each request tells of.
struct Sent {
    requests: Vec<(u64, u64)>,
    counted: u64,
    /// What was counted and not sent: it was too old by then, or its day is not over.
    expired: u64,
    left: u64,
}

/// An installation that runs on one day of ten, a few times or as a service, and sends all that is over in one request.
fn installation(days: u64, chance: &mut Chance) -> Sent {
    let (home, hand) = (tempfile::tempdir().unwrap(), Hand::new());
    let mut sent = Sent { requests: Vec::new(), counted: 0, expired: 0, left: 0 };
    let mut service: Option<Process> = None;
    let take = |process: &Process, sent: &mut Sent| {
        let counts = total(&process.take(usize::MAX));
        if counts > 0 {
            sent.requests.push((process.now().stamp.at, counts));
        }
    };
    for day in 0..days {
        let (midnight, runs) =
            (Duration::from_secs(hand.clock().now().stamp.at / 86_400 * 86_400) + DAY, chance.below(4));
        let is_used = chance.below(10) == 0;
        if let Some(service) = &service {
            // The worker's alarm, which goes off once the day is over and the process has waited for its turn.
            service.write();
            take(service, &mut sent);
        }
        for run in (0..=runs).filter(|_| is_used) {
            hand.pass(Duration::from_secs(chance.below(4 * 60 * 60)));
            let process = service.take().unwrap_or_else(|| {
                let process = Process::new(home.path(), &hand, "one");
                *process.number.borrow_mut() = day * 1_000 + run * 100;
                process
            });
            for _ in 0..=chance.below(3) {
                sent.counted += u64::from(process.add_soon(&body(u32::try_from(chance.below(3)).unwrap())).is_some());
            }
            hand.pass(Duration::from_secs(60 * 60));
            process.write();
            take(&process, &mut sent);
            if chance.below(3) == 0 {
                service = Some(process);
            } else {
                assert_eq!(process.end(), []);
                sent.expired += process.counted.lost().expired;
            }
        }
        let now = Duration::from_secs(hand.clock().now().stamp.at);
        hand.pass(midnight.saturating_sub(now) + Duration::from_secs(chance.below(60 * 60)));
    }
    if let Some(service) = service {
        assert_eq!(service.end(), []);
        sent.expired += service.counted.lost().expired;
    }
    let CountSurvey { today, earlier, .. } = Process::new(home.path(), &hand, "last").survey();
    sent.left = today + earlier;
    sent
}

fn installations(count: usize, days: u64) {
    let mut chance = Chance(20_261_127);
    let (mut requests, mut counted) = (0, 0);
    for _ in 0..count {
        let sent = installation(days, &mut chance);
        let told: u64 = sent.requests.iter().map(|(_, counts)| counts).sum();
        assert_eq!(told + sent.expired + sent.left, sent.counted);
        let mut at: Vec<u64> = sent.requests.iter().map(|(at, _)| at / 86_400).collect();
        at.dedup();
        assert_eq!(at.len(), sent.requests.len(), "at most one request an installation and day");
        requests += at.len() as u64;
        counted += sent.counted;
    }
    eprintln!("{count} installations counted {counted} events in {days} days, and sent {requests} requests");
    assert!(requests > days * count as u64 / 30);
}

#[test]
fn an_installation_sends_at_most_one_request_a_day() {
    installations(40, 60);
}

#[test]
#[ignore = "takes minutes: 10,000 installations in a year"]
fn a_year_of_10_000_installations() {
    installations(10_000, 365);
}
