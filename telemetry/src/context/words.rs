//! The tables of names that a framework and a database can have.

use core::marker::PhantomData;

use crate::schema::weight::Nothing;
use crate::schema::{Depth, Kind, Natural, Schema, Weighed, Words};
use crate::snapshot::{Recorder, TelemetrySnapshot};

/// Frameworks: those of npm under the names that Better Auth gives them, then the crates of Rust under their own. What
/// is built upon another one comes before it.
pub(crate) const FRAMEWORKS: Words = Words::exact(&[
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
    // Whole applications, which bring a server along.
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
    // What the others are made of.
    "hyper",
]);

/// Databases, their drivers and mappers: those of npm under the names that Better Auth gives them, then the crates of Rust
/// under their own, some of which are the same. A mapper comes before the drivers that it uses.
pub(crate) const DATABASES: Words = Words::exact(&[
    "postgresql",
    "mysql",
    "mariadb",
    "sqlite",
    "prisma",
    "mongodb",
    "drizzle",
    "libsql",
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
    "tiberius",
    "odbc-api",
    "oracle",
    "rusqlite",
    "tokio-rusqlite",
    "turso",
    "duckdb",
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
]);

/// A table of names, as a type.
pub trait Table {
    /// Its names.
    const WORDS: Words;
}

/// The names of frameworks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Frameworks {}

/// The names of databases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Databases {}

impl Table for Frameworks {
    const WORDS: Words = FRAMEWORKS;
}

impl Table for Databases {
    const WORDS: Words = DATABASES;
}

/// A name of the table `T`, which is all that it can be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Name<T> {
    index: u8,
    table: PhantomData<T>,
}

impl<T: Table> Name<T> {
    /// This name, if the table has it.
    #[must_use]
    pub const fn of(name: &str) -> Option<Self> {
        match T::WORDS.position(name) {
            // A table has at most 255 words.
            Some(index) => Some(Self { index: index as u8, table: PhantomData }),
            None => None,
        }
    }
}

impl<T: Table> TelemetrySnapshot for Name<T> {
    const SCHEMA: Schema = Schema::of(Kind::tag(T::WORDS).always());
    const KIND: Natural<Self> = Natural::EAGER;

    fn weight<D: Depth>() -> impl Weighed {
        Nothing
    }

    fn record(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(self.index.into());
    }

    fn record_nested(&self, recorder: &mut Recorder<'_>) {
        recorder.tag(self.index.into());
    }
}
