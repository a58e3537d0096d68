//! The table of all options, and how to write a value of each.

use serde_json::{Value, json};

/// A row of the table: an option and the values that it accepts.
pub(super) struct OptionRow {
    pub(super) path: String,
    pub(super) kind: String,
}

impl OptionRow {
    /// Whether it can hold text.
    pub(super) fn takes_text(&self) -> bool {
        !["bool", "num", "fn", "obj", "date"].contains(&self.kind.as_str())
    }
}

pub(super) fn rows() -> Vec<OptionRow> {
    let page = crate::auth::read(&crate::auth::vector("OPTIONS.md")).replace("\\|", "/");
    let cells = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    cells
        .filter(|(path, _)| *path != "option path")
        .map(|(path, rest)| OptionRow {
            path: path.to_owned(),
            kind: rest.split(" | ").next().unwrap_or(rest).trim_end_matches(" |").to_owned(),
        })
        .collect()
}

/// Generates unique texts and counts them.
#[derive(Default)]
pub(super) struct Canaries {
    pub(super) placed: Vec<String>,
}

impl Canaries {
    pub(super) fn next(&mut self) -> String {
        let text = format!("canary-{:04}-hünter2", self.placed.len());
        self.placed.push(text.clone());
        text
    }

    fn value(&mut self) -> Value {
        self.next().into()
    }

    fn map(&mut self, value: Value) -> Value {
        Value::Object([(self.next(), value)].into_iter().collect())
    }

    /// A value that the option accepts, with a canary wherever text can be.
    pub(super) fn of(&mut self, kind: &str) -> Option<Value> {
        Some(match kind {
            "bool" => true.into(),
            "num" => 42.into(),
            "fn" | "obj" => json!({"$fn": true}),
            "date" => json!({"$date": "2031-02-03T04:05:06.789Z"}),
            "strlist" | "strlist/fn" => json!([self.next(), self.next()]),
            "strmap" => {
                let value = self.value();
                self.map(value)
            }
            "cookiemap" => {
                let attributes = json!({"domain": self.next(), "path": self.next(), "sameSite": self.next()});
                let cookie = json!({"name": self.next(), "attributes": attributes});
                self.map(cookie)
            }
            "rulemap" => self.map(json!({"window": 1, "max": 2})),
            "secretlist" => json!([{"version": 1, "value": self.next()}]),
            "fieldmap" => {
                let references = json!({"model": self.next(), "field": self.next(), "onDelete": self.next()});
                let field = json!({
                    "type": [self.next()],
                    "fieldName": self.next(),
                    "defaultValue": self.next(),
                    "references": references,
                });
                self.map(field)
            }
            "anything" => self.value(),
            kind if kind == "str" || kind.starts_with("enum:") || kind.starts_with("false/enum:") => self.value(),
            _ => return None,
        })
    }
}

/// A value that no option of this kind accepts.
pub(super) fn wrong(kind: &str) -> Value {
    if kind == "bool" || kind == "num" { "text".into() } else { 5.into() }
}

/// Sets a value at a path, and creates the objects above it.
pub(super) fn put(tree: &mut Value, path: &str, value: Value) {
    let mut place = tree;
    for name in path.split('.') {
        place = &mut place[name];
    }
    *place = value;
}
