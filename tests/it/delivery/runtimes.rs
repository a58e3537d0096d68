//! Clients in asynchronous runtimes, which they neither require nor block.

use std::thread;

use serde_json::Value;

use crate::home::{Home, Result};
use crate::server::{Request, Server};

#[test]
fn events_are_published_and_clients_dropped_within_a_runtime() -> Result {
    for kind in ["current-thread", "multi-thread"] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let stalled = Server::start(|_, _: &Request, _: &mut _| {
            loop {
                thread::park();
            }
        })?;
        let output = home.child(&format!("runtime {kind} {} {}", server.url(), stalled.url())).output()?;
        assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{kind}: {output:?}");
        let report: Value = serde_json::from_slice(&output.stdout)?;
        assert_eq!((&report["delivered"], server.ids().len()), (&8.into(), 8), "{kind}: {report}");
        let drops: Vec<u64> = report["drops_ms"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        let nap = report["nap_ms"].as_u64().unwrap_or_default();
        assert_eq!(drops.len(), 3, "{report}");
        assert!(drops.iter().all(|ms| (45..nap + 100).contains(ms)), "{kind}: {report}");
    }
    Ok(())
}
