//! The tables as text, for operators who make them themselves.

use super::layout::{self, Engines, Event};
use super::session::name;
use crate::check::Known;

const HEAD: &str = "\
-- The tables of telemetry-collector in ClickHouse. `serve --store clickhouse` makes those of a single server itself, and extends them when a schema is added.
-- It leaves the engines of tables that are there as they are, so that others can be chosen by making the tables first. A TTL as below that is too short for its
-- `retention-days` is made longer.
";

const REPLICATED: &str = "\
-- On several servers that hold the same, with a keeper, make these tables instead, on each of them. The path in the keeper and the name of the replica come
-- from the servers' settings `default_replica_path` and `default_replica_name`. After a schema was added, make its table here before the
-- collector sees the schema: what it finds missing, it makes for a single server. Columns that it adds are replicated.
-- Let it read what it has just written: set `select_sequential_consistency = 1` and `insert_quorum = 'auto'` for its user, or
-- send all collectors to one replica at a time. Otherwise an event that is sent twice can be stored twice for a moment, until the parts are merged.
";

const DISTRIBUTED: &str = "\
-- For more rows than one server holds: a shard is a database as above, with collectors of its own. Clients are spread over the shards by the anonymous id, as by
-- a hash of the body's `anonymousId` in the proxy, so that an installation is on one shard, and is counted and deleted there. A deletion has to be sent to
-- the same shard. The page and the API of a collector tell of its shard. For your own queries over all shards, make these tables in a database `everywhere` on
-- each server, of a cluster `telemetry` in the servers' settings `remote_servers`. The numbers of installations, events and schemas are the same on all shards.
";

/// The statements that make the tables of these schemas: for one server, for replicas, and over shards, with what has to be known of each.
#[must_use]
pub fn ddl(known: &Known, retention_days: u16) -> String {
    let mut text = format!("{HEAD}\n{}", tables(known, retention_days, Engines::Single));
    text.push_str(&format!("\n{REPLICATED}\n{}", commented(&tables(known, retention_days, Engines::Replicated))));
    text.push_str(&format!("\n{DISTRIBUTED}\n{}", commented(&distributed(known))));
    text
}

fn tables(known: &Known, retention_days: u16, engines: Engines) -> String {
    let mut statements = layout::tables(engines);
    for (event, schemas) in known.events() {
        let mut columns: Vec<(&str, &'static str)> = Vec::new();
        for schema in schemas {
            for column in Event::new(event, schema.columns()).columns {
                if !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        let mut owned: Vec<(String, String)> =
            columns.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect();
        owned.sort();
        statements.extend(Event { name: event, columns }.table(engines, retention_days));
        statements.push(layout::view(event, &owned));
    }
    statements.into_iter().map(|statement| statement + ";\n").collect()
}

fn distributed(known: &Known) -> String {
    let table = |table: &str, key: &str| {
        format!(
            "CREATE TABLE everywhere.{table} AS telemetry.{table} ENGINE = Distributed('telemetry', 'telemetry', {}, {key});\n",
            super::text(table.trim_matches('"'))
        )
    };
    let fixed = [("_schema", "number"), ("_install", "number"), ("_active", "event"), ("_daily", "event")];
    let fixed = fixed.into_iter().map(|(name, key)| table(name, key));
    fixed.chain(known.events().map(|(event, _)| table(&name(&layout::table_name(event)), "_install"))).collect()
}

/// As a comment, so that the whole can be carried out for a single server.
fn commented(text: &str) -> String {
    text.lines().map(|line| format!("-- {line}\n")).collect()
}
