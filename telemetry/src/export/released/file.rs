//! The layout of the file: each release, each value and each word has a line of its own.

use serde::{Deserialize, Serialize};

use super::{Entry, FORMAT};
use crate::schema::released::Line;

/// What is read first, whatever else the file holds.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) format: u32,
}

pub(super) fn write(event: &str, entries: &[Entry], lines: &[Line]) -> String {
    let (event, releases, schema) = (json(event), list(entries), list(lines));
    format!(
        "{{\n  \"format\": {FORMAT},\n  \"event\": {event},\n  \"releases\": {releases},\n  \"schema\": {schema}\n}}\n"
    )
}

fn list(items: &[impl Serialize]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("    {}", json(item))).collect();
    format!("[\n{}\n  ]", items.join(",\n"))
}

fn json(value: &(impl Serialize + ?Sized)) -> String {
    // Keys are texts, and numbers are integers, so there is nothing that JSON cannot express.
    serde_json::to_string(value).unwrap_or_default()
}
