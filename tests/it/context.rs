//! The context of a process with its own environment, home and project.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::home::{Home, Result, printed};

/// A text that no event contains by chance.
const CANARY: &str = "Zk3v9tQw1XhYb7L";

/// A process whose working directory is the home.
fn preview(home: &Home) -> Command {
    let mut command = home.child("publish --print=preview --context=1");
    command.current_dir(home.path());
    command
}

/// Exactly what the process would send.
fn sent(command: &mut Command) -> Result<String> {
    Ok(printed(command)?.lines().next().unwrap_or_default().to_owned())
}

fn payload(body: &str) -> Result<Value> {
    let mut body: Value = serde_json::from_str(body)?;
    Ok(body["payload"].take())
}

#[test]
fn a_project_in_the_working_directory_is_found() -> Result {
    let home = Home::new()?;
    fs::write(home.path().join("package.json"), r#"{"name":"shop","dependencies":{"mysql2":"^3.11","astro":"~5"}}"#)?;
    fs::create_dir_all(home.path().join("node_modules/astro"))?;
    fs::write(home.path().join("node_modules/astro/package.json"), r#"{"name":"astro","version":"5.1.2"}"#)?;
    let mut command = preview(&home);
    command.env("npm_config_user_agent", "pnpm/9.12.3 npm/? node/v20.20.2 linux x64").env("NODE_ENV", "production");
    let payload = payload(&sent(command.env("VERCEL", "1"))?)?;
    assert_eq!(payload["database"], serde_json::json!({ "name": "mysql", "version": "3.11" }));
    assert_eq!(payload["framework"], serde_json::json!({ "name": "astro", "version": "5.1.2" }));
    assert_eq!(payload["runtime"], serde_json::json!({ "name": "node", "version": "20.20.2" }));
    assert_eq!(payload["packageManager"], serde_json::json!({ "name": "pnpm", "version": "9.12.3" }));
    assert_eq!(payload["environment"], "production");
    assert_eq!(payload["systemInfo"]["deploymentVendor"], "vercel");
    assert_eq!(payload["systemInfo"]["isTTY"], false);
    Ok(())
}

#[test]
fn no_canary_reaches_an_event() -> Result {
    let home = Home::new()?;
    let manifest = format!(
        r#"{{"name":"{CANARY}","version":"1.0.0-{CANARY}","{CANARY}":"{CANARY}","author":"{CANARY}",
        "repository":"https://{CANARY}@git.example/{CANARY}","scripts":{{"{CANARY}":"{CANARY}"}},
        "dependencies":{{"pg":"git+ssh://git@{CANARY}/pg.git#{CANARY}","next":"15.0.0-{CANARY}","{CANARY}":"{CANARY}"}},
        "devDependencies":{{"hono":"npm:@{CANARY}/hono@4"}}}}"#
    );
    let work = home.path().join(CANARY);
    fs::create_dir_all(work.join("node_modules/pg"))?;
    fs::write(work.join("package.json"), manifest)?;
    fs::write(
        work.join("node_modules/pg/package.json"),
        format!(r#"{{"name":"{CANARY}","version":"8.0.0-{CANARY}"}}"#),
    )?;
    let mut command = preview(&home);
    command
        .current_dir(&work)
        .env("npm_config_user_agent", format!("npm/10.0.0-{CANARY} node/v20-{CANARY} {CANARY}/1"));
    for name in [
        "NODE_ENV",
        "RUST_ENV",
        "APP_ENV",
        "TEST",
        "CI",
        "BUILD_ID",
        "CARGO",
        "USER",
        "LOGNAME",
        "PWD",
        "HOSTNAME",
        "RENDER_INTERNAL_HOSTNAME",
        "GOOGLE_CLOUD_PROJECT",
        "HEROKU_APP_NAME",
        "PROCESSOR_IDENTIFIER",
        CANARY,
    ] {
        command.env(name, CANARY);
    }
    let body = sent(&mut command)?;
    assert!(!body.contains(CANARY), "{body}");
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    assert!(host.trim().is_empty() || !body.contains(&format!("\"{}\"", host.trim())), "{body}");
    // The detectors did find something.
    let payload = payload(&body)?;
    assert_eq!(payload["database"], serde_json::json!({ "name": "postgresql", "version": "8.0.0" }));
    assert_eq!(payload["framework"], serde_json::json!({ "name": "next", "version": "15.0.0" }));
    assert_eq!(payload["environment"], "ci");
    assert_eq!(payload["systemInfo"]["deploymentVendor"], "render");
    Ok(())
}

#[test]
fn the_owner_and_the_path_of_the_home_make_no_difference() -> Result {
    let of = |user: &str, project: &str| -> Result<Value> {
        let home = Home::new()?;
        let work = home.path().join(user);
        fs::create_dir_all(&work)?;
        fs::write(work.join("package.json"), format!(r#"{{"name":"{project}","dependencies":{{"hono":"4"}}}}"#))?;
        let mut command = preview(&home);
        command.current_dir(&work).env("USER", user).env("HOSTNAME", format!("{user}-laptop"));
        payload(&sent(&mut command)?)
    };
    assert_eq!(of("jane", "shop")?, of("wiktor", "intranet")?);
    Ok(())
}
