//! Options of Better Auth, as they were recorded.

use telemetry_examples::auth::{Written, decode};

/// Recorded configurations that are measured: an application, and one that sets everything there is.
pub const RECORDED: [(&str, &str); 2] = [("realistic", "core/real/saas"), ("everything on", "core/all/both")];

const VECTORS: &str = include_str!("../../vectors/config.jsonl");

/// A recorded configuration, by its name.
///
/// # Panics
///
/// If none has this name.
pub fn recorded(name: &str) -> Written {
    let line = VECTORS.lines().find(|line| line.contains(&format!(r#""name":"{name}""#)));
    decode(line.expect("a recorded configuration has this name")).expect("it can be read")
}
