//! A forked child has neither the client's worker nor its locks, so it does not use the client.

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
        assert_eq!((&child["outcome"], &child["published"]), (&"Forked".into(), &0.into()), "{child}");
        let error = "the client was made by the process that this one was forked from; call `after_fork` to go on here";
        assert_eq!(child["errors"], serde_json::json!([error, error]), "{child}");
        assert_eq!(child["anew"], serde_json::json!(["Accepted", "1"]), "{child}");
        assert_eq!(child["pending"], serde_json::json!([0, 0]), "{child}");
        assert!(child["ms"].as_u64().is_some_and(|ms| ms < 1_000), "{child}");
        assert_eq!(parent["delivered"], 1, "{parent}");
        let bodies: Vec<String> = server.requests().into_iter().map(|request| request.body).collect();
        let turns: Vec<bool> =
            [1, 4, 3].iter().zip(&bodies).map(|(turn, body)| body.contains(&format!("\"turn\":{turn}"))).collect();
        assert_eq!((bodies.len(), turns), (3, vec![true; 3]), "{bodies:?}");
        assert_eq!(server.ids().len(), 3, "each has an id of its own");
        assert_eq!(home.spool(), [""; 0]);
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_in_another_namespace_with_the_same_number_is_told_apart_and_waits_for_no_lock() -> Result {
    const ROUNDS: usize = 10;
    let home = Home::new()?;
    let mut probe = home.command("unshare", "--pid --fork true");
    probe.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    if !probe.status().is_ok_and(|status| status.success()) {
        crate::home::not_shown("this user cannot make a namespace of processes");
        return Ok(());
    }
    for _ in 0..ROUNDS {
        let arguments = format!(
            "-s KILL 20 unshare --pid --fork --kill-child {} forked nested http://127.0.0.1:1/",
            crate::home::CHILD
        );
        let mut command = home.command("timeout", &arguments);
        let text = printed(command.env("PATH", std::env::var_os("PATH").unwrap_or_default()))?;
        let child: Value = serde_json::from_str(&text).map_err(|_| format!("it hung: {text}"))?;
        assert_eq!((&child["process"], &child["outcome"]), (&1.into(), &"Forked".into()), "{child}");
        assert!(child["error"].is_string(), "{child}");
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
fn events_of_processes_with_the_same_number_have_ids_of_their_own() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let arguments = format!("--pid --fork --kill-child {} forked nested-anew {}", crate::home::CHILD, server.url());
    let mut command = home.command("unshare", &arguments);
    let output = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output()?;
    if !output.status.success() {
        crate::home::not_shown("this user cannot make a namespace of processes");
        return Ok(());
    }
    assert_eq!(String::from_utf8(output.stdout)?, "1\n1\n");
    assert_eq!((server.requests().len(), server.ids().len()), (4, 4));
    Ok(())
}

#[test]
fn a_daemon_does_not_keep_what_its_starter_left() -> Result {
    let (home, address) = (Home::new()?, crate::server::free_address()?);
    let endpoint = crate::server::url(address);
    let mut command = home.child(&format!("forked daemon {endpoint}"));
    let mut starter = command.stdin(std::process::Stdio::piped()).spawn()?;
    let daemon = starter.stdin.take();
    starter.wait()?;
    assert_eq!(home.spool().len(), 1);
    let later = super::report(&mut super::publish(&home, &endpoint, "--first=2 --wait=recovered"))?;
    assert_eq!(later["status"]["spool"]["recovered"]["published"], 1, "{later}");
    drop(daemon);
    Ok(())
}
