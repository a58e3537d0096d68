use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A schema of members that are chosen by the bytes.
fn schema(bytes: &[u8]) -> Released {
    let mut lines = vec![json!({ "path": "", "is": "group" })];
    for (name, byte) in ["a", "b", "c", "d"].into_iter().zip(bytes) {
        match byte % 6 {
            0 => {}
            1 => lines.push(json!({ "path": name, "is": "flag", "purpose": format!("p{byte}") })),
            2 => lines.push(json!({ "path": name, "is": "count", "max": byte })),
            3 => {
                lines.push(json!({ "path": name, "is": "tag" }));
                let words = ["x", "y", "z"].into_iter().filter(|word| byte / 6 % 4 != word.as_bytes()[0] - b'w');
                lines.extend(words.map(|word| json!({ "word": word })));
            }
            4 => {
                lines.push(json!({ "path": name, "is": "group", "optional": byte % 4 == 0 }));
                lines.push(json!({ "path": format!("{name}.a"), "is": "flag" }));
                lines.push(json!({ "end": name }));
            }
            _ => {
                lines.push(json!({ "path": name, "is": "list", "max": byte }));
                lines.push(json!({ "path": format!("{name}[]"), "is": "presence" }));
                lines.push(json!({ "end": name }));
            }
        }
    }
    lines.push(json!({ "end": "" }));
    Released::from_json(&serde_json::Value::from(lines).to_string()).unwrap()
}

/// A history of these schemas, each of which is there once.
fn history(all: &[Vec<u8>]) -> History {
    let mut history = History::new("started");
    for bytes in all {
        let schema = schema(bytes);
        if history.release(&schema.hash()).is_none() {
            history.add(&format!("0.{}.0", history.releases.len()), "2026-11-26", schema);
        }
    }
    history
}

fn text_of(history: &History) -> String {
    history.to_text(&history.newest().unwrap().schema)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn what_is_written_is_read(all in vec(vec(any::<u8>(), 4), 1..7)) {
        let history = history(&all);
        let text = text_of(&history);
        let read = read(&text).unwrap();
        prop_assert_eq!(text_of(&read), text);
        prop_assert_eq!(read.releases.len(), history.releases.len());
        for (read, written) in read.releases.iter().zip(&history.releases) {
            prop_assert_eq!(&read.hash, &written.hash);
            prop_assert_eq!(read.schema.hash(), written.schema.hash());
            prop_assert_eq!(read.schema.bits(), written.schema.bits());
        }
        // The newest has its own purposes.
        prop_assert_eq!(&read.newest().unwrap().schema, &history.newest().unwrap().schema);
    }

    #[test]
    fn one_more_release_changes_only_lines_that_changed(all in vec(vec(any::<u8>(), 4), 2..5)) {
        let history = history(&all);
        let mut before = history.clone();
        let Some(last) = before.releases.pop().filter(|_| !before.releases.is_empty()) else { return Ok(()) };
        let bare = |line: &str| line.split(",\"since\"").next().unwrap().trim_end_matches(['}', ',']).to_owned();
        let (old, new) = (text_of(&before), text_of(&history));
        let known: Vec<String> = old.lines().map(bare).collect();
        let marker = format!("\"since\":\"{}\"", last.version);
        for line in new.lines().filter(|line| !line.contains(&marker)) {
            let line = line.split(&format!(",\"until\":\"{}\"", last.version)).next().unwrap();
            let is_new = line.contains(&last.hash) || line.contains("\"purpose\"");
            prop_assert!(is_new || known.contains(&bare(line)), "{}\n{}\n{}", line, old, new);
        }
    }

    #[test]
    fn any_change_of_a_file_gives_a_history_or_an_error(at: prop::sample::Index, byte in any::<char>()) {
        let text = text_of(&history(&[vec![1, 2, 3, 4], vec![1, 8, 9, 4]]));
        let at = at.index(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            let edited = [&text[..at], byte.encode_utf8(&mut [0; 4]), &text[at + 1..]].concat();
            if let Ok(history) = read(&edited) {
                prop_assert!(history.releases().iter().all(|release| release.schema.hash() == release.hash));
            }
        }
    }
}

#[test]
fn a_line_in_no_release_and_a_release_without_lines_are_refused() {
    let text = text_of(&history(&[vec![1, 2, 3, 4], vec![1, 8, 9, 4]]));
    for (from, to) in [
        ("\"since\":\"0.1.0\"", "\"since\":\"0.2.0\""),
        ("\"until\":\"0.1.0\"", "\"until\":\"0.0.0\""),
        ("\"date\":\"2026-11-26\"", "\"date\":\"2026/11/26\""),
        ("\"date\":\"2026-11-26\"", "\"date\":\"\""),
        ("\"event\": \"started\"", "\"event\": \"\""),
    ] {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        let error = read(&edited).unwrap_err();
        assert!(matches!(error, HistoryError::Invalid { .. }), "{from}: {error}");
    }
    assert!(read("{\"format\":1,\"event\":\"a\",\"releases\":[],\"schema\":[]}").is_err());
    assert_eq!(read("{\"format\":2,\"new\":true}"), Err(HistoryError::Format));
}

#[test]
fn a_wrong_line_is_named_by_its_place_in_the_file() {
    let text = text_of(&history(&[vec![1, 2, 3, 4], vec![1, 8, 9, 4]]));
    let lines: Vec<&str> = text.lines().skip_while(|line| !line.contains("\"schema\"")).skip(1).collect();
    let at = lines.iter().position(|line| line.contains("\"path\":\"d.a\"")).unwrap();
    let error = read(&text.replace("\"path\":\"d.a\"", "\"path\":\"d_a\"")).unwrap_err();
    let HistoryError::Schema(ReadError::Invalid { line, .. }) = error else { panic!("{error}") };
    assert_eq!(line, at + 1);
}
