//! What a snapshot costs, of a configuration of 60 leaves and of the options of Better Auth.

use telemetry::Snapshot;
use telemetry_bench::auth;
use telemetry_bench::config::{self, Config};
use telemetry_bench::cost::{Cost, Way, costs};
use telemetry_bench::report::{self, instructions};
use telemetry_examples::auth::Written;

fn main() {
    leaves();
    options("realistic", &auth::realistic());
    options("all that both have", &auth::common());
}

fn leaves() {
    let config = Config::example();
    assert_eq!(Some(config::derived(&config)), config::viewed(&config));
    assert_eq!(config::derived(&config).into_bytes(), config::pushed(&config));
    let found = costs(&[
        Way::new("derived", || config::snapshot(&config)),
        Way::new("serde_json", || config::viewed(&config)),
        Way::new("pushed", || config::pushed(&config)),
    ]);
    let [derived, viewed, pushed] = &found[..] else { return };
    report::costs(
        &format!("A snapshot of 60 leaves, {} bytes", config::pushed(&config).len()),
        &found,
        &["serde_json", "pushed"],
    );
    both("a snapshot of 60 leaves", "of the view by hand with serde_json", 0.5, derived, viewed);
    both("a snapshot of 60 leaves", "of bytes pushed by hand", 2.0, derived, pushed);
    report::budget("a snapshot of 60 leaves", "allocations", 1.0, Some(derived.allocations[0]));
}

fn options(title: &str, written: &Written) {
    let bytes = Snapshot::of(&written.config()).map_or(0, |snapshot| snapshot.as_json().len());
    let ours = Way::new(format!("telemetry, {title}"), || Snapshot::of(&written.config()));
    let peer = format!("rustauth-telemetry, {title}");
    #[cfg(feature = "peers")]
    let ways = [ours, telemetry_bench::rustauth::snapshot(&peer, title)];
    #[cfg(not(feature = "peers"))]
    let ways = [ours];
    let found = costs(&ways);
    report::costs(&format!("The options of Better Auth, {title}, {bytes} bytes"), &found, &[&peer]);
    if let [ours, peer] = &found[..] {
        both(&format!("the options of Better Auth, {title}"), "of rustauth-telemetry", 0.05, ours, peer);
    }
}

fn both(what: &str, unit: &str, most: f64, cost: &Cost, reference: &Cost) {
    let times = cost.nanoseconds / reference.nanoseconds;
    report::budget(&format!("time of {what}"), unit, most, Some(times));
    report::budget(&format!("instructions of {what}"), unit, most, instructions(cost, reference));
}
