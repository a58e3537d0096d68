//! Options of Better Auth, as they were recorded.

use serde_json::Value;
use telemetry_examples::auth::{Written, decode};

/// Recorded configurations that are measured: an application, and one that sets everything there is.
pub const RECORDED: [(&str, &str); 2] = [("realistic", REALISTIC), ("everything on", "core/all/both")];

const REALISTIC: &str = "core/real/saas";

const VECTORS: &str = include_str!("../../vectors/config.jsonl");

/// A recorded configuration, by its name.
///
/// # Panics
///
/// If none has this name.
pub fn recorded(name: &str) -> Written {
    decode(text(name)).expect("it can be read")
}

/// An application, as it was recorded.
///
/// # Panics
///
/// If it cannot be read.
pub fn realistic() -> Written {
    recorded(REALISTIC)
}

/// All that was recorded of it.
///
/// # Panics
///
/// If none has this name.
pub fn line(name: &str) -> Value {
    serde_json::from_str(text(name)).expect("it is JSON")
}

fn text(name: &str) -> &'static str {
    let line = VECTORS.lines().find(|line| line.contains(&format!(r#""name":"{name}""#)));
    line.expect("a recorded configuration has this name")
}

/// All that `rustauth-core` has a place for, too.
///
/// # Panics
///
/// If it cannot be read.
pub fn common() -> Written {
    decode(include_str!("common.json")).expect("it can be read")
}
