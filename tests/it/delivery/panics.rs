//! A panic in the application's code costs only the event that it was called for, whatever is on disk.

use serde_json::{Value, json};

use super::{publish, report};
use crate::home::{Home, Result, wait_until};
use crate::server::Server;

fn counts(home: &Home, server: &Server, arguments: &str) -> Result<Value> {
    let report = report(&mut publish(home, &server.url(), &format!("--events=3 {arguments}")))?;
    Ok(report["counts"].clone())
}

#[test]
fn a_sink_that_panics() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    for arguments in ["--sink=panicking", "--sink=panicking --durability=write-ahead"] {
        let counts = counts(&home, &server, arguments)?;
        let expected = json!({"published": 3, "delivered": 0, "spooled": 0, "counted": 0, "pending": 0, "dropped": {"sink_panicked": 3}});
        assert_eq!(counts, expected, "{arguments}");
        assert_eq!(home.spool(), [""; 0], "{arguments}");
    }
    assert!(server.requests().is_empty());
    Ok(())
}

#[test]
fn a_snapshot_that_panics() -> Result {
    for (arguments, delivered) in [("", 1), ("--durability=write-ahead", 1), ("--upload=detached", 0)] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let counts = counts(&home, &server, &format!("--panicking=2 {arguments}"))?;
        let expected = json!({
            "published": 3, "delivered": delivered, "spooled": 1 - delivered, "counted": 0, "pending": 0,
            "dropped": {"snapshot_panicked": 2},
        });
        assert_eq!(counts, expected, "{arguments}");
        if delivered == 0 {
            wait_until(|| home.spool().is_empty())?;
        }
        assert_eq!((server.requests().len(), home.spool().len()), (1, 0), "{arguments}");
    }
    Ok(())
}
