use std::io::{self, Write};
use std::slice;
use std::time::SystemTime;

use super::form::Form;
use super::{Outgoing, SendError, Sink};

/// Prints each event to standard error, indented, to show what would be sent.
pub(crate) struct Debug {
    form: Form,
}

impl Debug {
    pub(crate) const fn new(form: Form) -> Self {
        Self { form }
    }
}

impl Sink for Debug {
    fn send(&mut self, event: &Outgoing) -> Result<(), SendError> {
        let encoded = self.form.encode(slice::from_ref(event), SystemTime::now());
        let text = format!("telemetry would send:\n{}\n", indented(encoded.as_deref().unwrap_or(event.body())));
        io::stderr().write_all(text.as_bytes()).map_err(|_| SendError::Unsendable)
    }
}

/// The same JSON, with added line breaks and spaces.
fn indented(json: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    let mut in_string = false;
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => in_string = !in_string,
            // No string in an event contains a quote or a backslash, but a service's name may.
            '\\' if in_string => {
                text.push(character);
                text.extend(characters.next());
                continue;
            }
            _ if in_string => {}
            '{' | '[' => {
                text.push(character);
                let closes = |next: &char| matches!(next, '}' | ']');
                match characters.next_if(closes) {
                    Some(end) => text.push(end),
                    None => {
                        depth += 1;
                        new_line(&mut text, depth);
                    }
                }
                continue;
            }
            '}' | ']' => {
                depth -= 1;
                new_line(&mut text, depth);
            }
            ',' => {
                text.push(character);
                new_line(&mut text, depth);
                continue;
            }
            ':' => {
                text.push_str(": ");
                continue;
            }
            _ => {}
        }
        text.push(character);
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_same_json_in_the_same_order() {
        let json = r#"{"type":"a,b{c}:d","payload":{"b":[1,[],{"x":null}],"a":{},"c":-1},"anonymousId":"=+/"}"#;
        let text = indented(json);
        let compact: String = text.lines().map(|line| line.trim_start().replacen(": ", ":", 1)).collect();
        assert_eq!(compact, json);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value, serde_json::from_str::<serde_json::Value>(json).unwrap());
        assert!(text.contains("\n  \"payload\": {\n    \"b\": [\n      1,\n      [],\n"), "{text}");
    }
}
