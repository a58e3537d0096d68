//! The frameworks and databases that an event can report.
//!
//! npm packages have the names that Better Auth gives them; crates have their own. A package that builds on another one precedes it,
//! because the first match is reported.

/// npm frameworks.
const NPM_FRAMEWORKS: [&str; 12] = [
    "next",
    "nuxt",
    "remix",
    "react-router",
    "astro",
    "sveltekit",
    "solid-start",
    "tanstack-start",
    "hono",
    "express",
    "elysia",
    "expo",
];

/// Frameworks that are crates.
pub const CRATE_FRAMEWORKS: [&str; 47] = [
    // Complete application frameworks, which include a server.
    "loco-rs",
    "leptos",
    "dioxus",
    "tauri",
    "cot",
    "pavex",
    "perseus",
    "rwf",
    "shuttle-runtime",
    // Servers.
    "axum",
    "actix-web",
    "rocket",
    "poem",
    "salvo",
    "warp",
    "ntex",
    "tide",
    "gotham",
    "viz",
    "trillium",
    "thruster",
    "dropshot",
    "rouille",
    "iron",
    "nickel",
    "tiny_http",
    "worker",
    "lambda_http",
    "lambda_runtime",
    "spin-sdk",
    "tonic",
    "tarpc",
    "jsonrpsee",
    // User interfaces.
    "yew",
    "sycamore",
    "seed",
    "iced",
    "eframe",
    "slint",
    "gpui",
    "floem",
    "makepad-widgets",
    "relm4",
    "gtk4",
    "bevy",
    "ratatui",
    // The foundations of the others.
    "hyper",
];

/// All frameworks.
pub const FRAMEWORKS: [&str; 59] = join(&NPM_FRAMEWORKS, &CRATE_FRAMEWORKS);

/// Databases, drivers and mappers on npm.
const NPM_DATABASES: [&str; 8] = ["postgresql", "mysql", "mariadb", "sqlite", "prisma", "mongodb", "drizzle", "libsql"];

/// Databases, drivers and mappers that are crates. Some share their name with an npm package.
pub const CRATE_DATABASES: [&str; 46] = [
    // Mappers.
    "sea-orm",
    "diesel",
    "toasty",
    "rbatis",
    "ormlite",
    "butane",
    "sqlx",
    // Drivers.
    "tokio-postgres",
    "deadpool-postgres",
    "postgres",
    "mysql_async",
    "mysql",
    "tiberius",
    "odbc-api",
    "oracle",
    "rusqlite",
    "tokio-rusqlite",
    "sqlite",
    "libsql",
    "turso",
    "duckdb",
    "mongodb",
    "surrealdb",
    "scylla",
    "cdrs-tokio",
    "clickhouse",
    "neo4rs",
    "influxdb",
    "aws-sdk-dynamodb",
    "firestore",
    "couchbase",
    "elasticsearch",
    "opensearch",
    "meilisearch-sdk",
    "qdrant-client",
    "lancedb",
    "redis",
    "fred",
    "rustis",
    "memcache",
    // Stores within the process.
    "redb",
    "sled",
    "fjall",
    "heed",
    "rocksdb",
    "native_db",
];

/// All databases, each name once.
pub const DATABASES: [&str; 50] = join(&NPM_DATABASES, &CRATE_DATABASES);

/// The names of both tables, without duplicates. There must be exactly `N`, or this does not compile.
const fn join<const N: usize>(first: &[&'static str], second: &[&'static str]) -> [&'static str; N] {
    let mut all = [""; N];
    let (mut len, mut at) = (0, 0);
    while at < first.len() + second.len() {
        let name = if at < first.len() { first[at] } else { second[at - first.len()] };
        if !contains(&all, name) {
            all[len] = name;
            len += 1;
        }
        at += 1;
    }
    assert!(len == N, "the joined table has another length");
    all
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if equal(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crate_is_in_its_table_once() {
        for (all, crates) in [(&FRAMEWORKS[..], &CRATE_FRAMEWORKS[..]), (&DATABASES, &CRATE_DATABASES)] {
            for name in crates {
                assert_eq!(all.iter().filter(|word| *word == name).count(), 1, "{name}");
            }
            assert!(all.iter().all(|word| crate::word::is_word(word)));
        }
    }

    #[test]
    fn a_name_of_both_is_where_npm_has_it() {
        assert_eq!(DATABASES.iter().position(|name| *name == "mysql"), Some(1));
    }
}
