//! A tool for databases: global arguments, and subcommands nested two deep.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde_json::json;
use telemetry::TelemetrySnapshot;

use super::json;

#[derive(Parser, TelemetrySnapshot)]
#[command(name = "tables", version, about = "Looks after the tables of an application")]
struct Tables {
    /// Whether more is printed.
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Whether nothing but errors is printed.
    #[arg(short, long, global = true)]
    quiet: bool,
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    color: Color,
    #[arg(long, global = true)]
    #[telemetry(presence)]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: Database,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
#[telemetry(names = "clap")]
enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Args, TelemetrySnapshot)]
struct Database {
    /// Whether the address of a database is given.
    #[arg(long, global = true)]
    #[telemetry(presence)]
    database_url: Option<String>,
    #[arg(long, global = true, value_parser = seconds, default_value = "10")]
    #[telemetry(bucket(1, 10, 60, unit = "s"))]
    connect_timeout: Duration,
    #[arg(long, global = true)]
    #[telemetry(presence)]
    schema: Option<String>,
    #[arg(long, global = true)]
    no_ssl: bool,
    #[arg(long, global = true, default_value_t = 5)]
    #[telemetry(bucket(2, 10, 50))]
    pool_size: u16,
}

fn seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum Command {
    /// Makes, drops and fills databases.
    #[command(subcommand, name = "db")]
    Databases(DatabaseCommand),
    #[command(visible_alias = "mig")]
    Migrate(Migrate),
    #[command(subcommand)]
    Schema(SchemaCommand),
    Prepare(Prepare),
    Query(Query),
    Watch {
        #[arg(long)]
        clear: bool,
        #[arg(long, value_name = "PATH")]
        ignore: Vec<PathBuf>,
        #[arg(long, default_value_t = 200)]
        #[telemetry(bucket(100, 1_000, unit = "ms"))]
        debounce: u64,
    },
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
    Doctor,
}

#[expect(clippy::enum_variant_names, reason = "that is what the shell is called")]
#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
enum Shell {
    Bash,
    Fish,
    Zsh,
    #[value(name = "pwsh")]
    PowerShell,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "action")]
enum DatabaseCommand {
    Create(Create),
    Drop(Drop),
    Reset {
        #[arg(short = 'y', long)]
        yes: bool,
        #[arg(long)]
        seed: bool,
        #[command(flatten)]
        source: Source,
    },
    Dump(Dump),
    Restore(Restore),
}

#[derive(Args, TelemetrySnapshot)]
struct Create {
    #[arg(long)]
    if_not_exists: bool,
    #[arg(long)]
    #[telemetry(one_of("utf8", "latin1"))]
    encoding: Option<String>,
    #[arg(long)]
    #[telemetry(presence)]
    owner: Option<String>,
    #[arg(long)]
    #[telemetry(presence)]
    template: Option<String>,
}

#[derive(Args, TelemetrySnapshot)]
struct Drop {
    #[arg(short = 'y', long)]
    yes: bool,
    #[arg(long)]
    force: bool,
}

#[derive(Args, TelemetrySnapshot)]
struct Dump {
    #[arg(long, value_enum, default_value_t = DumpFormat::Plain)]
    format: DumpFormat,
    #[arg(short, long)]
    #[telemetry(presence)]
    output: Option<PathBuf>,
    #[arg(long = "table", value_name = "NAME")]
    tables: Vec<String>,
    #[arg(long = "exclude", value_name = "NAME")]
    excluded: Vec<String>,
    #[arg(long)]
    data_only: bool,
    #[arg(long)]
    schema_only: bool,
    #[arg(long, default_value_t = 1)]
    #[telemetry(number(max = 64))]
    jobs: u16,
}

#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
#[telemetry(names = "clap")]
enum DumpFormat {
    Plain,
    Custom,
    TarArchive,
}

#[derive(Args, TelemetrySnapshot)]
struct Restore {
    #[telemetry(skip)]
    file: PathBuf,
    #[arg(long)]
    clean: bool,
    #[arg(long)]
    single_transaction: bool,
    #[arg(long)]
    no_owner: bool,
}

#[derive(Args, TelemetrySnapshot)]
struct Source {
    #[arg(long, default_value = "migrations")]
    #[telemetry(skip)]
    source: PathBuf,
    #[arg(long)]
    ignore_missing: bool,
}

#[derive(Args, TelemetrySnapshot)]
struct Migrate {
    #[command(flatten)]
    source: Source,
    #[command(subcommand)]
    command: MigrateCommand,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "name")]
enum MigrateCommand {
    Add(Add),
    Run {
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        #[telemetry(presence)]
        target_version: Option<i64>,
    },
    Revert {
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        #[telemetry(bucket(2, 10))]
        steps: Option<u16>,
    },
    Info,
    BuildScript {
        #[arg(long)]
        force: bool,
    },
}

#[derive(Args, TelemetrySnapshot)]
struct Add {
    #[telemetry(skip)]
    description: String,
    #[arg(short)]
    reversible: bool,
    #[arg(long, conflicts_with = "timestamp")]
    sequential: bool,
    #[arg(long)]
    timestamp: bool,
}

#[derive(Subcommand, TelemetrySnapshot)]
#[telemetry(tag = "action")]
enum SchemaCommand {
    Print {
        #[arg(long)]
        with_docs: bool,
        #[arg(long)]
        only: Vec<String>,
    },
    Diff(Diff),
    Lint,
}

#[derive(Args, TelemetrySnapshot)]
struct Diff {
    #[arg(long)]
    #[telemetry(presence)]
    against: Option<PathBuf>,
    #[arg(long)]
    exit_code: bool,
}

#[derive(Args, TelemetrySnapshot)]
struct Prepare {
    #[arg(long)]
    check: bool,
    #[arg(long)]
    all: bool,
    #[arg(long)]
    workspace: bool,
    #[arg(last = true)]
    args: Vec<String>,
}

#[derive(Args, TelemetrySnapshot)]
struct Query {
    #[telemetry(skip)]
    sql: Option<String>,
    #[arg(long, value_enum)]
    output: Option<Output>,
    #[arg(long)]
    #[telemetry(bucket(10, 1_000))]
    limit: Option<u32>,
    #[arg(long)]
    #[telemetry(presence)]
    user: Option<String>,
    #[arg(long)]
    explain: bool,
    #[arg(short = 'P', long = "param", value_name = "KEY=VALUE")]
    params: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum, TelemetrySnapshot)]
#[telemetry(names = "clap")]
enum Output {
    Table,
    Csv,
    JsonLines,
}

#[test]
fn a_command_line_is_told_as_it_is_typed() {
    let sent = |line: &str| json(&Tables::try_parse_from(line.split(' ')).unwrap());
    let global = |command: serde_json::Value| {
        json!({
            "verbose": false, "quiet": false, "color": "auto", "config": false, "database-url": true,
            "connect-timeout": "10-59", "schema": false, "no-ssl": false, "pool-size": "2-9", "command": command,
        })
    };
    let url = "tables --database-url postgres://jane:hunter2@acme.example/db";
    assert_eq!(
        sent(&format!("{url} db dump --format tar-archive --table jane --table accounts --jobs 8")),
        global(json!({
            "name": "db", "action": "dump", "format": "tar-archive", "output": false, "table": 2, "exclude": 0,
            "data-only": false, "schema-only": false, "jobs": 8,
        })),
    );
    assert_eq!(
        sent(&format!("{url} migrate --ignore-missing revert --steps 3")),
        global(json!({
            "name": "migrate", "ignore-missing": true,
            "command": { "name": "revert", "dry-run": false, "steps": "2-9" },
        })),
    );
    assert_eq!(
        sent(&format!("{url} db reset -y")),
        global(json!({ "name": "db", "action": "reset", "yes": true, "seed": false, "ignore-missing": false })),
    );
    assert_eq!(
        sent(&format!("{url} query --output json-lines --limit 5 --param token=hunter2 select")),
        global(json!({
            "name": "query", "output": "json-lines", "limit": "<10", "user": false, "explain": false, "param": 1,
        })),
    );
    assert_eq!(sent(&format!("{url} completions pwsh")), global(json!({ "name": "completions", "shell": "pwsh" })));
    assert_eq!(sent(&format!("{url} doctor")), global(json!({ "name": "doctor" })));
    assert_eq!(sent(&format!("{url} schema lint")), global(json!({ "name": "schema", "action": "lint" })));
}
