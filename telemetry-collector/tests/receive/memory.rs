//! Memory over many events, which takes a build for release and a minute:
//!
//! ```console
//! $ cargo build --release -p telemetry-collector
//! $ COLLECTOR_PROGRAM=$PWD/target/release/telemetry-collector cargo test -p telemetry-collector --test collector -- --ignored a_million --nocapture
//! ```

use std::process::Command;

use super::events::{line, started};
use super::http::{Client, batch};
use super::program::{PROGRAM, Place, SERVE};

const SENDERS: u64 = 8;
const LINES: u64 = 100;

/// Every event is of another installation of 20,000, and has an id of its own.
fn body(first: u64) -> String {
    let lines = (first..first + LINES).map(|number| {
        let line = line(&started(number % 1_000_000));
        let install = format!("{:042}0=", number % 20_000);
        let line = line.replace(super::events::ANONYMOUS_ID, &install);
        let process = format!("{:032x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (_, rest) = line.split_once('-').unwrap();
        format!("{{\"id\":\"{process}-{rest}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
#[ignore = "takes a minute"]
fn memory_is_flat_over_a_million_events() {
    let place = Place::new();
    let program = std::env::var_os("COLLECTOR_PROGRAM").unwrap_or_else(|| PROGRAM.into());
    let mut command = Command::new(program);
    let of_place = place.command(&[]);
    command.args(SERVE).args(["--events-per-second", "1000000"]).current_dir(place.root()).env_clear();
    command.envs(of_place.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let served = place.start(&mut command);
    let send = |from: u64, until: u64| {
        std::thread::scope(|scope| {
            for sender in 0..SENDERS {
                let address = served.address;
                scope.spawn(move || {
                    let mut client = Client::new(address);
                    let firsts = (from..until).step_by(usize::try_from(LINES).unwrap());
                    for first in firsts.filter(|first| first / LINES % SENDERS == sender) {
                        let reply = client.ask(&batch(body(first))).unwrap();
                        assert_eq!(reply.body.matches("stored").count(), 100, "{reply:?}");
                    }
                });
            }
        });
        served.memory().unwrap()
    };
    let begin = std::time::Instant::now();
    let after_100_000 = send(0, 100_000);
    let after_million = send(100_000, 1_000_000);
    println!("{after_100_000} KiB after 100,000 events, {after_million} KiB after 1,000,000, in {:?}", begin.elapsed());
    assert_eq!(place.rows(), 1_000_000);
    assert!(after_million < 32 * 1024, "{after_million} KiB");
    served.signal("TERM");
    assert_eq!(served.end().0.code(), Some(0));
}
