//! What a snapshot costs, of a configuration of 60 leaves and of the options of Better Auth.

use telemetry::Snapshot;
use telemetry_bench::auth;
use telemetry_bench::budgets::{self, Budget};
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
    both(&budgets::LEAVES_BESIDE_SERDE_JSON, "", derived, viewed);
    report::budget(&budgets::LEAVES_BESIDE_PUSHED, "", instructions(derived, pushed));
    report::budget(&budgets::LEAVES_ALLOCATIONS, "", Some(derived.allocations[0]));
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
        both(&budgets::OPTIONS_BESIDE_RUSTAUTH, &format!("{title}, "), ours, peer);
    }
}

/// Time and instructions.
fn both(budget: &Budget, case: &str, cost: &Cost, reference: &Cost) {
    let times = cost.nanoseconds / reference.nanoseconds;
    report::budget(budget, &format!("{case}time"), Some(times));
    report::budget(budget, &format!("{case}instructions"), instructions(cost, reference));
}
