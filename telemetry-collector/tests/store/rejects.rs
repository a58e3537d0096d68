//! Events that did not fit.

use telemetry_collector::arrival::Fate;
use telemetry_collector::check::{Fault, Reason};

use super::*;

fn reject(path: &str, fault: Fault) -> Arrival {
    Arrival::Reject { day: TODAY, schema: Some(run()), reason: Reason { fault, path: path.to_owned() } }
}

#[test]
fn rejects_are_counted_by_fault_and_path_without_lengths() {
    let kept = Kept::new();
    let fault = |bytes| Fault::NotAWord { bytes };
    let fates =
        kept.write(vec![reject("command", fault(3)), reject("command", fault(4)), reject("wait", Fault::Missing)]);
    assert_eq!(fates, [Fate::Rejected; 3]);
    let rows: Vec<String> = kept.all("SELECT fault || ' ' || path || ' ' || events FROM _reject ORDER BY path");
    assert_eq!(rows, ["NotAWord command 2", "Missing wait 1"]);
    assert_eq!(kept.one::<String>("SELECT version FROM _schema JOIN _reject ON number = schema LIMIT 1"), "0.1.0");
}

#[test]
fn beyond_the_cap_rejects_are_counted_without_their_paths() {
    let kept = Kept::with(Limits { reject_rows: 2, ..Limits::default() });
    for path in ["a", "b", "c", "d", "a", &"long".repeat(1_000)] {
        kept.write_one(reject(path, Fault::Missing));
    }
    let rows: Vec<String> = kept.all("SELECT path || ' ' || events FROM _reject ORDER BY path");
    assert_eq!(rows, [" 3", "a 2", "b 1"]);
}
