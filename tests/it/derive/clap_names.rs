//! Names of clap that have several spellings: those of clap's own parser are sent.

use clap::{Args, CommandFactory, Parser, Subcommand};
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

#[derive(Parser)]
struct Grouped {
    #[command(subcommand)]
    command: Task,
}

const GROUP: &str = "checked";

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Task {
    #[group(skip)]
    Run {
        #[arg(long)]
        fast: bool,
    },
    #[group(id = "target", required = true, multiple = false)]
    Build {
        #[arg(long)]
        all: bool,
        #[arg(long)]
        one: bool,
    },
    #[group(id = GROUP)]
    Check {
        #[arg(long)]
        all: bool,
    },
}

/// The one attribute of clap on this type is that of its group.
#[derive(Args, TelemetrySnapshot)]
#[group(id = "modes", multiple = true)]
struct Modes {
    dry_run: bool,
}

#[test]
fn the_group_of_a_variant_has_an_id_of_its_own() {
    for (arguments, sent) in [
        (["tool", "run", "--fast"], r#"{"name":"run","fast":true}"#),
        (["tool", "build", "--one"], r#"{"name":"build","all":false,"one":true}"#),
        (["tool", "check", "--all"], r#"{"name":"check","all":true}"#),
    ] {
        assert_eq!(json(&Grouped::parse_from(arguments).command), sent);
    }
    assert_eq!(json(&Modes { dry_run: true }), r#"{"dry-run":true}"#);
}
