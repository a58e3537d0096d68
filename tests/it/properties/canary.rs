//! Searches bytes for a text, plain and in encodings that could hide it.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The encoding in which `text` occurs in `body`, if it does.
pub(crate) fn found(body: &str, text: &str) -> Option<&'static str> {
    let (lower, bytes) = (body.to_ascii_lowercase(), text.as_bytes());
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
    let escaped = serde_json::to_string(text).unwrap();
    if body.contains(text) || body.contains(escaped.trim_matches('"')) {
        Some("raw")
    } else if lower.contains(&hex) {
        Some("hex")
    } else if lower.contains(&percent) || lower.contains(&percent_encoded(text)) {
        Some("percent-encoded")
    } else if base64(bytes).iter().any(|code| body.contains(code)) {
        Some("base64")
    } else {
        None
    }
}

/// As in a query: only those characters are encoded that must be.
fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02x}"),
    };
    text.bytes().map(encode).collect::<String>().to_ascii_lowercase()
}

/// The text at each of its three possible offsets in a group. Its ends depend on the surrounding bytes.
fn base64(bytes: &[u8]) -> Vec<String> {
    let mut codes = Vec::new();
    for before in 0..3 {
        let mut padded = vec![0; before];
        padded.extend_from_slice(bytes);
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let code = engine.encode(&padded);
            let (start, end) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
            codes.push(code[start..end].to_owned());
        }
    }
    codes
}

#[test]
fn text_is_found_in_each_encoding() {
    let text = "canary-Ä-17";
    let hidden = STANDARD_NO_PAD.encode(format!("x{text}y"));
    let cases = [
        ("raw", format!("[{text}]")),
        ("raw", "canary-Ä-17".to_owned()),
        ("hex", "00 63616E6172792DC3842D3137".to_owned()),
        ("percent-encoded", "?a=canary-%C3%84-17".to_owned()),
        ("percent-encoded", "?a=%63%61%6e%61%72%79%2d%c3%84%2d%31%37".to_owned()),
        ("base64", hidden),
    ];
    for (encoding, body) in cases {
        assert_eq!(found(&body, text), Some(encoding), "{body}");
    }
    assert_eq!(found("canary", text), None);
}
