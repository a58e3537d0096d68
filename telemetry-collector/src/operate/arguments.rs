//! The command line. The settings' flags follow the table of settings.

use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};

use super::settings::{KEYS, variable};

/// Settings that all commands need.
const COMMON: &[&str] = &["schemas", "log", "log-level"];
/// Settings of commands that open the database.
const STORED: &[&str] =
    &["store", "url", "store-user", "store-password", "database", "schemas", "retention-days", "log", "log-level"];
/// Settings of commands that work on the file only.
const FILE: &[&str] = &["database", "schemas", "retention-days", "log", "log-level"];
/// Settings of the way from the file to an engine.
#[cfg(feature = "clickhouse")]
const FORWARD: &[&str] = &["database", "url", "store-user", "store-password", "retention-days", "log", "log-level"];
/// Settings of the demonstration.
const DEMO: &[&str] = &["listen", "database", "log", "log-level"];

/// Settings of what other databases are told.
const SHOWN_ROWS: &[&str] =
    &["store", "url", "store-user", "store-password", "database", "schemas", "retention-days", "log", "log-level"];

/// Settings of what is shown.
const SHOWN: &[&str] = &[
    "store",
    "url",
    "store-user",
    "store-password",
    "database",
    "schemas",
    "retention-days",
    "least-installs",
    "log",
    "log-level",
];

const ABOUT: &str = "\
Receives, checks, stores and shows the events of programs that use `telemetry`.

It reads the files of released schemas that `telemetry::testing::assert_schemas` writes, takes the events of exactly these schemas over HTTP, and keeps \
them in one SQLite database.";

const EXAMPLES: &str = "\
Examples:
  See what it shows, with simulated installations in place of your users:
      telemetry-collector --demo
  Take events of the schemas of your application, on this machine:
      telemetry-collector serve --schemas telemetry/schemas --database telemetry.sqlite
  Where clients send events to, the page with the numbers, and what the collector counts about itself:
      http://127.0.0.1:8787/v1/events    http://127.0.0.1:8787/    http://127.0.0.1:8787/metrics
  Write the numbers as files to publish, without small counts:
      telemetry-collector export --public site
  After a release, tell the collector what the new version can send:
      telemetry-collector schemas add path/to/init.json
  See which events wait for schemas that are not in the directory, and delete those of a stranger:
      telemetry-collector quarantine list
      telemetry-collector quarantine purge HASH
  Delete what an installation sent:
      telemetry-collector delete ANONYMOUS-ID

Settings come from a file (--config, or TELEMETRY_COLLECTOR_CONFIG), then from the environment, then from flags. The variable of a setting is its \
name in capitals after TELEMETRY_COLLECTOR_, as TELEMETRY_COLLECTOR_LISTEN. `telemetry-collector check-config` shows all of them and where each comes from.";

/// The whole command line.
pub(super) fn command() -> Command {
    let all: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    let command = Command::new("telemetry-collector")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Receives, checks, stores and shows the events of programs that use `telemetry`")
        .long_about(ABOUT)
        .after_help(EXAMPLES)
        .arg_required_else_help(true)
        .subcommand_negates_reqs(true)
        .args_conflicts_with_subcommands(true)
        .args(demo())
        .subcommand(with(Command::new("serve").about("Takes events until it is told to stop (Ctrl-C, SIGTERM)"), &all))
        .subcommand(schemas())
        .subcommand(
            with(
                Command::new("delete")
                    .about("Deletes everything that carries an anonymous id. Its exit code is 3 if nothing carries it"),
                STORED,
            )
            .arg(Arg::new("id").value_name("ANONYMOUS-ID").required(true).help("44 characters, as events carry it")),
        )
        .subcommand(with(
            Command::new("retain").about("Deletes events that are older than the retention. `serve` does so every six hours"),
            STORED,
        ))
        .subcommand(with(
            Command::new("rejects")
                .about("Shows which events did not fit their schema, and why. It shows nothing of their values"),
            FILE,
        ))
        .subcommand(quarantine())
        .subcommand(
            with(Command::new("backup").about("Copies the database, also while it is in use"), FILE)
                .arg(Arg::new("to").value_name("FILE").required(true).help("The copy. It must not exist yet")),
        )
        .subcommand(sql())
        .subcommand(
            with(Command::new("export").about("Writes the pages and their numbers as files to publish"), SHOWN)
                .arg(Arg::new("public").long("public").value_name("DIRECTORY").help(
                    "Where to. It must be empty, new, or that of an earlier export. Counts of fewer than 20 installations are hidden, \
                     or fewer than `least-installs` if that is more",
                ))
                .arg(Arg::new("rows").long("rows").value_name("DIRECTORY").help(
                    "Writes all events instead, each as a line of JSON in `EVENT.ndjson`, for databases of your own; `sql --dialect` prints what \
                     loads them. They are not to publish",
                ))
                .group(ArgGroup::new("what").args(["public", "rows"]).required(true)),
        )
        .subcommand(with(Command::new("check-config").about("Shows all settings, and where each comes from"), &all));
    #[cfg(feature = "clickhouse")]
    let command = command.subcommand(with(
        Command::new("forward").about(
            "Takes over what the database holds into ClickHouse. It may be ended at any time, and goes on where it was",
        ),
        FORWARD,
    ));
    command
}

/// What `sql` prints for.
#[cfg(feature = "clickhouse")]
const DIALECTS: [&str; 4] = ["sqlite", "clickhouse", "postgres", "duckdb"];
#[cfg(not(feature = "clickhouse"))]
const DIALECTS: [&str; 3] = ["sqlite", "postgres", "duckdb"];

fn sql() -> Command {
    let least = Arg::new("least")
        .long("least")
        .value_name("INSTALLATIONS")
        .default_value("20")
        .value_parser(value_parser!(u64))
        .help("The least number that the views of values show");
    let dialect = Arg::new("dialect")
        .long("dialect")
        .value_name("DIALECT")
        .default_value("sqlite")
        .value_parser(DIALECTS)
        .help("The database that the statements are for: `sqlite` is the file itself, `postgres` and `duckdb` load what `export --rows` wrote");
    let rows = Arg::new("rows")
        .long("rows")
        .value_name("DIRECTORY")
        .default_value("rows")
        .help("Where `export --rows` wrote to, for postgres and duckdb");
    with(
        Command::new("sql").about("Prints the tables of the database, and views to add for your own queries"),
        SHOWN_ROWS,
    )
    .arg(dialect)
    .arg(rows)
    .arg(least)
}

/// The arguments of the demonstration, which is the only thing that the program does without a command.
fn demo() -> Vec<Arg> {
    const HEADING: &str = "Demonstration";
    let of_demo =
        |name: &'static str, value: &'static str| Arg::new(name).long(name).value_name(value).requires("demo");
    let demo = Arg::new("demo").long("demo").action(ArgAction::SetTrue).required(true);
    let installs =
        of_demo("installs", "NUMBER").default_value("10000").value_parser(value_parser!(u32).range(1..=1_000_000));
    let seed = of_demo("seed", "NUMBER").default_value("1").value_parser(value_parser!(u64));
    let keys = KEYS.iter().filter(|key| DEMO.contains(&key.name));
    let settings = keys.map(|key| of_demo(key.name, key.value).help(key.help));
    [
        demo.help("Simulates installations of an application over 12 weeks, then serves the page with their numbers"),
        installs.help("How many installations"),
        seed.help("Another number gives other installations"),
    ]
    .into_iter()
    .chain(settings)
    .map(|arg| arg.help_heading(HEADING))
    .collect()
}

fn schemas() -> Command {
    let of = |name: &'static str, about: &'static str| with(Command::new(name).about(about), COMMON);
    let event = || Arg::new("event").value_name("EVENT").required(true).help("The name of the event");
    Command::new("schemas")
        .about("The released schemas: what can be received")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(of("list", "Lists the events and their releases"))
        .subcommand(
            of("add", "Adds files of released schemas, or newer ones. A running collector sees them within seconds")
                .arg(
                    Arg::new("files")
                        .value_name("FILE")
                        .required(true)
                        .num_args(1..)
                        .help("Files that `assert_schemas` wrote"),
                ),
        )
        .subcommand(
            of("difference", "Says what a release can send that an earlier one cannot")
                .arg(event())
                .arg(
                    Arg::new("old")
                        .value_name("OLD")
                        .help("The earlier version; the one before NEW in its file without it"),
                )
                .arg(Arg::new("new").value_name("NEW").help("The later version; the last without it")),
        )
}

fn quarantine() -> Command {
    let of = |name: &'static str, about: &'static str| with(Command::new(name).about(about), FILE);
    let hash = Arg::new("hash").value_name("HASH").help("The hash of a schema, as `quarantine list` shows it");
    let all = Arg::new("all").long("all").action(ArgAction::SetTrue).conflicts_with("hash");
    Command::new("quarantine")
        .about("The events that wait for schemas that are not in the directory")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(of("list", "Lists the hashes of these schemas, and how many events wait for each"))
        .subcommand(
            of("purge", "Deletes events that wait, for good: those of one hash, or all of them")
                .arg(hash.required_unless_present("all"))
                .arg(all.help("Deletes all events that wait, of your own application, too")),
        )
}

fn with(command: Command, names: &[&str]) -> Command {
    let config = Arg::new("config").long("config").value_name("FILE").help("A file with settings (TOML)");
    let keys = KEYS.iter().filter(|key| names.contains(&key.name) && !key.is_secret);
    let flags = keys.map(|key| Arg::new(key.name).long(key.name).value_name(key.value).help(key.help));
    let secrets = KEYS.iter().filter(|key| names.contains(&key.name) && key.is_secret);
    let variables: Vec<String> = secrets.map(|key| format!("{}  {}", variable(key.name), key.help)).collect();
    let command = command.next_help_heading("Settings").arg(config).args(flags).next_help_heading(None);
    if variables.is_empty() {
        command
    } else {
        command.after_help(format!("In the environment only:\n  {}", variables.join("\n  ")))
    }
}

/// The settings that were given as flags.
pub(super) fn flags(matches: &ArgMatches) -> Vec<(String, String)> {
    let names = KEYS.iter().map(|key| key.name).chain(["config"]);
    let given = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
    names.filter_map(|name| Some((name.to_owned(), given(name)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operate::settings::Loaded;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn every_setting_is_a_flag_of_serve_except_secrets() {
        for key in KEYS {
            let arguments = ["telemetry-collector", "serve", &format!("--{}", key.name), "x"];
            let matches = command().try_get_matches_from(arguments);
            assert_eq!(matches.is_err(), key.is_secret, "{}", key.name);
            if let Ok(matches) = matches {
                let (_, serve) = matches.subcommand().unwrap();
                assert_eq!(flags(serve), [(key.name.to_owned(), "x".to_owned())]);
            }
        }
    }

    #[test]
    fn the_variables_in_the_help_are_those_that_are_read() {
        for name in ["serve", "delete"] {
            let help = command().find_subcommand_mut(name).unwrap().render_long_help().to_string();
            let variables: Vec<&str> =
                help.split_whitespace().filter(|word| word.starts_with("TELEMETRY_COLLECTOR_")).collect();
            assert!(variables.contains(&"TELEMETRY_COLLECTOR_STORE_PASSWORD"), "{help}");
            for variable in variables {
                let read = Loaded::read(&[], [(variable.to_owned(), "0123456789abcdef".to_owned())]);
                assert!(read.is_ok(), "{variable}: {read:?}");
            }
        }
    }

    #[test]
    fn the_demonstration_needs_no_command() {
        let given = |arguments: &[&str]| command().try_get_matches_from([&["telemetry-collector"], arguments].concat());
        let matches = given(&["--demo", "--listen", "127.0.0.1:0"]).unwrap();
        assert!(matches.get_flag("demo"));
        assert_eq!(flags(&matches), [("listen".to_owned(), "127.0.0.1:0".to_owned())]);
        for wrong in
            [&["--installs", "3"][..], &["--demo", "serve"], &["--demo", "--installs", "0"], &["--seed", "2"], &[]]
        {
            assert!(given(wrong).is_err(), "{wrong:?}");
        }
        assert!(given(&["serve"]).is_ok());
    }

    #[test]
    fn the_help_teaches() {
        let help = command().render_long_help().to_string();
        for text in ["serve", "schemas add", "check-config", "TELEMETRY_COLLECTOR_LISTEN", "/v1/events"] {
            assert!(help.contains(text), "{text}\n{help}");
        }
    }
}
