//! Anonymous ids: how long they last, what they depend on, and who can find out their inputs.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac_by_hand::hmac;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{publish, report};
use crate::home::{Home, Result, printed};
use crate::server::{Server, status};

const KEY: &str = "kq3hTzBzG0uWZQ8r0vCw3m1mXyTq0bV5o5m3yQv3n1A=";

/// The id under which an event was sent.
fn id(home: &Home, arguments: &str) -> Result<String> {
    let server = Server::accepting()?;
    sent_by(&mut publish(home, &server.url(), arguments), &server)
}

fn sent_by(command: &mut Command, server: &Server) -> Result<String> {
    report(command)?;
    let requests = server.requests();
    let body: Value = serde_json::from_str(&requests.last().ok_or("nothing was sent")?.body)?;
    Ok(body["anonymousId"].as_str().unwrap_or_default().to_owned())
}

#[test]
fn an_installation_keeps_its_id_until_its_user_forgets_it() -> Result {
    let home = Home::new()?;
    let first = id(&home, "")?;
    assert_eq!(first, id(&home, "--durability=write-ahead")?);
    assert_ne!(first, id(&home, "--project=shop")?, "another project of the same user");
    assert_ne!(first, id(&Home::new()?, "")?, "another user");
    assert_eq!(first, id(&home, "")?);
    assert_eq!(printed(&mut home.consent("reset-id"))?, "()");
    assert_eq!(home.kept(), ["sent.ndjson"], "what was sent can still be read");
    let second = id(&home, "")?;
    assert_ne!(first, second);
    assert_eq!(printed(&mut home.consent("disable"))?, "()");
    fs::remove_file(home.choice())?;
    assert_ne!(second, id(&home, "")?, "after a no and a yes it is another one");
    Ok(())
}

/// A service and a shell have directories of their own, and the process that stores the no knows only one.
#[cfg(target_os = "linux")]
#[test]
fn what_another_directory_kept_before_a_no_is_neither_sent_nor_continued_after_a_yes() -> Result {
    for variable in ["XDG_STATE_HOME", "STATE_DIRECTORY"] {
        let (home, is_down) = (Home::with_yes()?, Arc::new(AtomicBool::new(false)));
        let other = home.path().join("other");
        fs::create_dir(&other)?;
        let is_down_now = Arc::clone(&is_down);
        let server = Server::start(move |_, _: &_, stream: &mut _| {
            let answer = if is_down_now.load(Ordering::Relaxed) { "503 Unavailable" } else { "204 No Content" };
            status(stream, answer)
        })?;
        let publish = |arguments: &str| {
            let mut command = publish(&home, &server.url(), arguments);
            command.env(variable, &other);
            command
        };
        let id = sent_by(&mut publish(""), &server)?;
        is_down.store(true, Ordering::Relaxed);
        let left = report(&mut publish("--events=2 --wait=attempt"))?;
        assert_eq!(left["counts"]["spooled"], 2, "{variable}: {left}");

        assert_eq!(printed(&mut home.consent("disable"))?, "()");
        home.says_yes()?;
        is_down.store(false, Ordering::Relaxed);
        let before = server.requests().len();
        assert_ne!(sent_by(&mut publish("--wait=drain"), &server)?, id, "{variable}");
        assert_eq!(server.requests().len(), before + 1, "{variable}");
        let sent = fs::read_to_string(other.join("acme/telemetry/sent.ndjson"))?;
        assert!(sent.lines().count() == 1 && !sent.contains(&id), "{variable}: {sent}");
    }
    Ok(())
}

#[test]
fn a_project_keeps_its_id_on_every_machine() -> Result {
    let keyed = format!("--id={KEY} --project=shop --base-url=https://acme.example");
    let home = Home::new()?;
    let one = id(&home, &keyed)?;
    assert_eq!(one, id(&Home::new()?, &keyed)?);
    assert_ne!(one, id(&home, &keyed.replace('k', "K"))?);
    assert_ne!(one, id(&home, &keyed.replace("shop", "shop2"))?);
    assert_ne!(one, id(&home, &keyed.replace("https", "http"))?);
    Ok(())
}

#[test]
fn the_name_of_a_javascript_project_is_the_default_for_the_id_of_a_project() -> Result {
    let home = Home::new()?;
    fs::write(home.path().join("package.json"), r#"{"name": "shop"}"#)?;
    for kind in ["unkeyed", KEY] {
        let server = Server::accepting()?;
        let mut command = publish(&home, &server.url(), &format!("--id={kind}"));
        let found = sent_by(command.current_dir(home.path()), &server)?;
        assert_eq!(found, id(&home, &format!("--id={kind} --project=shop"))?, "{kind}");
    }
    Ok(())
}

#[test]
fn an_installation_is_one_in_the_directory_of_any_project() -> Result {
    let home = Home::new()?;
    let of = |project: &str| -> Result<String> {
        let directory = home.path().join(project);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("package.json"), format!(r#"{{"name": "{project}"}}"#))?;
        let server = Server::accepting()?;
        let mut command = publish(&home, &server.url(), "--id=per-install");
        sent_by(command.current_dir(&directory), &server)
    };
    assert_eq!(of("shop")?, of("intranet")?);
    Ok(())
}

#[test]
fn a_key_that_can_be_guessed_is_an_error_that_does_not_tell_it() -> Result {
    let (home, server) = (Home::new()?, Server::accepting()?);
    let text = printed(&mut publish(&home, &server.url(), "--id=hunter2-hunter2-hunter2"))?;
    let report: Value = serde_json::from_str(&text)?;
    assert_eq!(report["counts"]["dropped"]["not_configured"], 1, "{report}");
    assert!(report["error"].as_str().is_some_and(|error| error.contains("openssl rand -base64 32")), "{report}");
    assert!(!text.contains("hunter2") && server.requests().is_empty());
    Ok(())
}

/// Encodes the inputs of an id, each preceded by its length.
fn lengths(parts: &[&str]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat()).collect()
}

/// The key that a project's key is converted to.
fn of_project(key: &str) -> [u8; 32] {
    hmac(&[0; 32], &lengths(&["project key 1", key]))
}

/// The message that all ids of the attacked project are made from.
fn message() -> Vec<u8> {
    lengths(&["anonymous id 1", "acme", "1", "shop", "1", "https://acme.example"])
}

/// All guesses of an attacker who knows the true names.
fn guesses() -> Vec<String> {
    const WORDS: [&str; 8] =
        ["", "acme", "shop", "https://acme.example", "telemetry", "anonymous id 1", "project key 1", "salt"];
    let mut texts = Vec::new();
    for one in WORDS {
        for two in WORDS {
            texts.extend(WORDS.map(|three| format!("{one}{two}{three}")));
        }
    }
    let plain = texts.iter().map(|text| Sha256::digest(text).to_vec());
    let keyed = texts.iter().flat_map(|key| {
        let hashed: [u8; 32] = Sha256::digest(key).into();
        let mut padded = [0; 32];
        key.bytes().zip(&mut padded).for_each(|(byte, place)| *place = byte);
        // The exact message of the ids, under each key that can be guessed.
        [hashed, padded, of_project(key)].map(|key| hmac(&key, &message()).to_vec())
    });
    plain.chain(keyed).map(|bytes| BASE64_STANDARD.encode(bytes)).collect()
}

#[test]
fn a_dictionary_with_the_true_names_inverts_what_has_no_key_and_nothing_else() -> Result {
    let (home, guesses) = (Home::new()?, guesses());
    let is_inverted = |kind: &str| -> Result<bool> {
        Ok(guesses.contains(&id(&home, &format!("--id={kind} --project=shop --base-url=https://acme.example"))?))
    };
    assert!(is_inverted("unkeyed")?, "else the attack is none");
    assert!(!is_inverted("per-install")?);
    assert!(!is_inverted(KEY)?);
    // The dictionary is not the reason: with the key in it, the attack succeeds.
    let known = BASE64_STANDARD.encode(hmac(&of_project(KEY), &message()));
    assert_eq!(known, id(&home, &format!("--id={KEY} --project=shop --base-url=https://acme.example"))?);
    Ok(())
}

/// HMAC (RFC 2104), implemented independently of the tested code.
mod hmac_by_hand {
    use sha2::{Digest as _, Sha256};

    pub(super) fn hmac(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
        let block = |padding: u8| {
            let mut block = [padding; 64];
            block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
            block
        };
        let inner = Sha256::digest([&block(0x36)[..], message].concat());
        Sha256::digest([&block(0x5c)[..], &inner[..]].concat()).into()
    }
}
