//! Names of clap that have several spellings: those of clap's own parser are sent.

use clap::{CommandFactory, Parser, Subcommand};
use telemetry::TelemetrySnapshot;

use super::json;

#[derive(Parser)]
struct Tool {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, TelemetrySnapshot)]
enum Command {
    #[command(id = "sev")]
    Seven,
    #[command(name = "eig")]
    Eight,
    NineTimes,
}

#[test]
fn a_variant_is_called_as_clap_calls_it() {
    let names: Vec<String> = Tool::command().get_subcommands().map(|command| command.get_name().to_owned()).collect();
    assert_eq!(names, ["sev", "eig", "nine-times"]);
    for name in names {
        let tool = Tool::parse_from(["tool", &name]);
        assert_eq!(json(&tool.command), format!("\"{name}\""));
    }
}
