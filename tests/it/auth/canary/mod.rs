//! Fills the options with canaries, keys included, and searches everything that is visible from outside for them.

mod options;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};
use telemetry::testing::snapshot;
use telemetry_examples::auth::{DecodeError, decode, decode_options};

use self::options::{Canaries, put, rows, wrong};
use crate::home::{Home, Result};
use crate::properties::found;
use crate::server::{Server, free_address, url};

/// Rows for readers who know the original, which are not options here.
const NO_FIELD: [&str; 2] = ["email", "advanced.generateId (old place)"];

/// Rows of the table that describe more than one option or kind of value.
const NO_PATH: [&str; 5] = ["plugins", "socialProviders", "socialProviders.<id>", "baseURL (dynamic)", "database"];

#[test]
fn every_option_of_the_table_is_a_field_of_the_right_type() {
    let mut checked = 0;
    for row in rows() {
        let path = row.path.replace("<id>", "acme").replace("plugins[].id", "plugins").replace("[].(all but id)", "");
        if [&NO_FIELD[..], &NO_PATH[..]].concat().contains(&row.path.as_str()) || path.starts_with('(') {
            continue;
        }
        let mut options = json!({});
        put(&mut options, &path, wrong(&row.kind));
        let told = format!("options.{}", path.replace(".acme", ".*"));
        match decode_options(&options.to_string()) {
            Err(DecodeError::Unfit { path }) => assert_eq!(path, told),
            other => panic!("{}: {other:?}", row.path),
        }
        let value = Canaries::default().of(&row.kind).unwrap_or_else(|| panic!("{}: {}", row.path, row.kind));
        let mut options = json!({});
        put(&mut options, &path, value);
        assert!(row.path.contains("[]") || decode_options(&options.to_string()).is_ok(), "{}", row.path);
        checked += 1;
    }
    assert!(checked > 195, "{checked} rows");
}

/// Options with a canary wherever text can be, once for each form of options that have several.
struct Planted {
    lines: [Value; 2],
    canaries: Canaries,
    /// How many rows of the table accept text.
    text_rows: usize,
}

fn plant() -> Planted {
    let mut canaries = Canaries::default();
    let (mut options, mut text_rows) = (json!({}), 0);
    let provider = canaries.next();
    let mut plugin = json!({});
    for row in rows() {
        let before = canaries.placed.len();
        let path = row.path.trim_end_matches(" (old place)");
        match path {
            "plugins" | "socialProviders" | "socialProviders.<id>" | "baseURL (dynamic)" | "database" => {}
            "plugins[].id" => plugin["id"] = canaries.next().into(),
            "plugins[].(all but id)" => {
                plugin[canaries.next()] = json!({canaries.next(): [canaries.next()]});
            }
            _ if path.starts_with("(context)") => {}
            _ => {
                let value = canaries.of(&row.kind).unwrap_or_else(|| panic!("{}: {}", row.path, row.kind));
                match path.strip_prefix("socialProviders.<id>.") {
                    Some(name) => options["socialProviders"][&provider][name] = value,
                    None => put(&mut options, path, value),
                }
            }
        }
        text_rows += usize::from(canaries.placed.len() > before);
    }
    options["plugins"] = json!([plugin]);
    let mut other = json!({
        "baseURL": {"allowedHosts": [canaries.next()], "fallback": canaries.next(), "protocol": canaries.next()},
        "database": {"type": canaries.next(), "casing": canaries.next(), "dialect": {"$fn": true}},
        "socialProviders": {canaries.next(): {"clientId": [canaries.next(), canaries.next()]}},
        "trustedOrigins": {"$fn": true},
    });
    for options in [&mut options, &mut other] {
        options["telemetry"] = json!({"enabled": true, "projectKey": format!("{}-of-the-project", canaries.next())});
    }
    let lines = [options, other].map(
        |options| json!({"options": options, "context": {"database": canaries.next(), "adapter": canaries.next()}}),
    );
    // Rows for the two texts of the context, for the key of a provider, and for the forms in `other`.
    text_rows += 2 + 1 + 2;
    Planted { lines, canaries, text_rows }
}

impl Planted {
    #[track_caller]
    fn assert_clean(&self, what: &str, text: &str) {
        for canary in &self.canaries.placed {
            assert_eq!(found(text, canary), None, "{canary} in {what}: {text}");
        }
        assert!(!text.contains("canary"), "{what}: {text}");
    }
}

#[test]
fn every_text_of_the_table_gets_a_canary() {
    let planted = plant();
    let placed = planted.canaries.placed.len();
    println!("{placed} texts are placed in {} rows that take text", planted.text_rows);
    // Plugins and providers have separate rows for their texts; the two texts of the context share one.
    let text_paths = rows().iter().filter(|row| row.takes_text()).count() - 2 + 1;
    assert!(text_paths > 90 && planted.text_rows >= text_paths, "{} of {text_paths}", planted.text_rows);
    assert!(placed >= planted.text_rows + 30, "{placed}");
    let written: String = planted.lines.iter().map(Value::to_string).collect();
    for canary in &planted.canaries.placed {
        assert!(written.contains(canary.as_str()), "{canary} is counted, and is nowhere");
    }
}

#[test]
fn no_text_of_the_options_is_in_a_snapshot_or_in_debug_output() {
    let planted = plant();
    for line in &planted.lines {
        let written = decode(&line.to_string()).unwrap();
        planted.assert_clean("the snapshot", snapshot(&written.config()).as_json());
        planted.assert_clean("what is printed", &format!("{:?}", written.options));
    }
}

#[test]
fn no_text_of_the_options_is_in_an_error() {
    let planted = plant();
    let mut told = BTreeSet::new();
    for line in &planted.lines {
        broken(line, &mut |line| {
            told.extend(decode(&line.to_string()).err().map(|error| format!("{error} {error:?}")));
        });
        // Cut off at any place, the text is not JSON.
        let text = line.to_string();
        let ends = text.char_indices().step_by(53).map(|(end, _)| end);
        told.extend(ends.map(|end| decode(&text[..end]).err().unwrap().to_string()));
    }
    assert!(told.len() > 300, "{} errors", told.len());
    planted.assert_clean("the errors", &told.into_iter().collect::<Vec<_>>().join("\n"));
}

/// Replaces each value of the tree in turn by a list that holds it and by an object that has it as a key.
fn broken(tree: &Value, look: &mut impl FnMut(&Value)) {
    fn at(tree: &Value, pointer: &str, root: &Value, look: &mut impl FnMut(&Value)) {
        let text = tree.as_str().unwrap_or_default();
        for other in [json!([[tree]]), json!({text: tree}), json!(31_337), tree.to_string().into()] {
            let mut root = root.clone();
            if let Some(place) = root.pointer_mut(pointer) {
                *place = other;
                look(&root);
            }
        }
        let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
        for (key, value) in tree.as_object().into_iter().flatten() {
            at(value, &format!("{pointer}/{}", escaped(key)), root, look);
        }
        for (index, value) in tree.as_array().into_iter().flatten().enumerate() {
            at(value, &format!("{pointer}/{index}"), root, look);
        }
    }
    at(tree, "", tree, look);
}

/// Everything that a process with these options prints at the most verbose log level.
fn run(line: &Value) -> Result<(String, String)> {
    let home = Home::new()?;
    let mut child = home.child("auth").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    child.stdin.take().ok_or("no input")?.write_all(line.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok((String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?))
}

#[test]
fn no_text_of_the_options_is_in_events_status_previews_or_logs() -> Result {
    let planted = plant();
    for line in &planted.lines {
        for track in ["record", "throw-sync", "throw-async"] {
            let mut line = line.clone();
            line["context"]["customTrack"] = json!({"$track": track});
            let (printed, logged) = run(&line)?;
            let events = printed.lines().filter(|line| line.starts_with("event: ")).count();
            assert_eq!(events, 3, "{printed}");
            for part in ["status: {", "preview: {", "builder: ", "client: "] {
                assert!(printed.contains(part), "{part}: {printed}");
            }
            assert!(logged.contains(if track == "record" { "delivered" } else { "lost" }), "{logged}");
            planted.assert_clean(track, &printed);
            planted.assert_clean(track, &logged);
        }
    }
    Ok(())
}

#[test]
fn no_text_of_the_options_is_in_requests_or_logs_of_sending() -> Result {
    let planted = plant();
    let server = Server::accepting()?;
    let down = url(free_address()?);
    let path = &planted.canaries.placed[0];
    for line in &planted.lines {
        for endpoint in [server.url(), down.clone()] {
            let mut line = line.clone();
            // The receiver sees the address; elsewhere only its host may appear.
            line["options"]["telemetry"]["endpoint"] = format!("{endpoint}?{path}").into();
            let (printed, logged) = run(&line)?;
            planted.assert_clean("the output", &printed);
            planted.assert_clean("the log", &logged);
        }
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 6);
    for request in requests {
        planted.assert_clean("a body", &request.body);
        planted.assert_clean("the headers", &format!("{:?}", request.headers));
    }
    Ok(())
}
