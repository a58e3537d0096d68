//! A child that was forked has neither the worker nor the locks of the client, so it leaves it alone.

use serde_json::Value;

use crate::home::{Home, Result, printed};
use crate::server::Server;

#[test]
fn a_client_does_nothing_in_a_forked_child_and_goes_on_in_its_parent() -> Result {
    for durability in ["relaxed", "write-ahead"] {
        let (home, server) = (Home::new()?, Server::accepting()?);
        let text = printed(&mut home.child(&format!("forked {} {durability}", server.url())))?;
        let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
        let [child, parent] = &lines[..] else { return Err(text.into()) };
        assert_eq!((&child["outcome"], &child["published"]), (&"Off".into(), &0.into()), "{child}");
        assert_eq!(child["pending"], serde_json::json!([0, 0]), "{child}");
        assert!(child["ms"].as_u64().is_some_and(|ms| ms < 1_000), "{child}");
        assert_eq!(parent["delivered"], 1, "{parent}");
        let bodies: Vec<String> = server.requests().into_iter().map(|request| request.body).collect();
        assert_eq!(bodies.len(), 2, "{bodies:?}");
        assert!(bodies[0].contains("\"turn\":1") && bodies[1].contains("\"turn\":3"), "{bodies:?}");
        assert_eq!(home.spool(), [""; 0]);
    }
    Ok(())
}
