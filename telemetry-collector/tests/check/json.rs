//! JSON whose objects keep their order, and whose numbers keep their spelling.

use std::fmt;

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    /// A number, a text in its quotes, `true`, `false` or `null`.
    Scalar(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(text) => f.write_str(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::to_string).collect();
                write!(f, "[{}]", items.join(","))
            }
            Self::Object(members) => {
                let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                write!(f, "{{{}}}", members.join(","))
            }
        }
    }
}

impl Json {
    /// Reads JSON that a client wrote.
    pub(super) fn read(text: &str) -> Self {
        let (value, rest) = value(text);
        assert_eq!(rest, "", "{text}");
        value
    }
}

fn value(text: &str) -> (Json, &str) {
    match text.as_bytes()[0] {
        b'{' => {
            let (mut members, mut rest) = (Vec::new(), &text[1..]);
            while !rest.starts_with('}') {
                let (name, after) = rest.trim_start_matches(',')[1..].split_once("\":").unwrap();
                let (member, after) = value(after);
                members.push((name.to_owned(), member));
                rest = after;
            }
            (Json::Object(members), &rest[1..])
        }
        b'[' => {
            let (mut items, mut rest) = (Vec::new(), &text[1..]);
            while !rest.starts_with(']') {
                let (item, after) = value(rest.trim_start_matches(','));
                items.push(item);
                rest = after;
            }
            (Json::List(items), &rest[1..])
        }
        b'"' => {
            let end = text[1..].find('"').unwrap() + 2;
            (Json::Scalar(text[..end].to_owned()), &text[end..])
        }
        _ => {
            let end = text.find([',', ']', '}']).unwrap_or(text.len());
            (Json::Scalar(text[..end].to_owned()), &text[end..])
        }
    }
}

#[test]
fn what_is_read_is_written() {
    let text = r#"{"a":[1,-2,[],{}],"b":{"c":"x y","d":null},"e":true}"#;
    assert_eq!(Json::read(text).to_string(), text);
    assert_eq!(Json::read("7").to_string(), "7");
}
