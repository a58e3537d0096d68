//! The configuration of a node of a search engine: 150 fields over 41 types, annotated with the least that is needed.

#![allow(dead_code, reason = "no node has all variants")]
#![allow(clippy::redundant_closure, reason = "closures are written, too")]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use serde::Deserialize;
use telemetry::TelemetrySnapshot;
use telemetry::schema::{Edges, Words};

const BYTES: Edges = Edges::new(&[1 << 20, 1 << 26, 1 << 30, 1 << 34]);
const SECONDS: Edges = Edges::new(&[1, 10, 60, 600, 3_600]);
const FEW: Edges = Edges::new(&[1, 2, 4, 8, 16, 64]);
const ANALYZERS: Words = Words::new(&["standard", "simple", "english", "german", "cjk", "icu"]);
const STORES: Words = Words::new(&["fs", "s3", "gcs", "azure"]);

// One of another crate, and one that changes while the node runs.
pub(super) struct Ring {
    pub(super) shards: Vec<u32>,
    pub(super) leader: bool,
}

#[derive(TelemetrySnapshot)]
pub(super) struct RingView {
    #[telemetry(bucket(FEW))]
    shards: usize,
    leader: bool,
}

impl RingView {
    fn of(ring: &RwLock<Ring>) -> Option<Self> {
        ring.read().ok().map(|ring| Self { shards: ring.shards.len(), leader: ring.leader })
    }
}

#[derive(TelemetrySnapshot, Default)]
#[telemetry(event = "node_started", budget_bits = 1_400)]
pub(super) struct Node {
    pub(super) roles: Roles,
    pub(super) cluster: Cluster,
    pub(super) paths: Paths,
    pub(super) http: Http,
    pub(super) transport: Transport,
    pub(super) threads: Threads,
    pub(super) memory: Memory,
    pub(super) indexing: Indexing,
    pub(super) search: Search,
    pub(super) storage: Storage,
    pub(super) security: Security,
    pub(super) ingest: Ingest,
    pub(super) monitoring: Monitoring,
    #[telemetry(skip = "names the machine")]
    pub(super) name: String,
    pub(super) mode: Mode,
    #[telemetry(version)]
    pub(super) data_version: String,
    pub(super) draining: Arc<AtomicBool>,
    #[telemetry(nested, with = |ring| RingView::of(ring))]
    pub(super) ring: Option<Arc<RwLock<Ring>>>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Mode {
    #[default]
    Production,
    Development,
    ReadOnly,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Roles {
    pub(super) coordinator: bool,
    pub(super) data: bool,
    pub(super) ingest: bool,
    pub(super) voting_only: bool,
    #[telemetry(presence)]
    pub(super) zone: Option<String>,
}

#[derive(TelemetrySnapshot)]
pub(super) struct Cluster {
    #[telemetry(changed)]
    pub(super) name: String,
    pub(super) seeds: Vec<SocketAddr>,
    pub(super) discovery: Discovery,
    #[telemetry(bucket(FEW))]
    pub(super) expected_nodes: usize,
    pub(super) election: Election,
    pub(super) awareness: BTreeSet<String>,
    pub(super) bootstrap: bool,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            name: "search".into(),
            seeds: Vec::new(),
            discovery: Discovery::default(),
            expected_nodes: 1,
            election: Election::default(),
            awareness: BTreeSet::new(),
            bootstrap: false,
        }
    }
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Discovery {
    #[default]
    Static,
    Dns {
        #[telemetry(skip)]
        name: String,
        srv: bool,
    },
    Cloud {
        #[telemetry(one_of("aws", "azure", "gcp"))]
        provider: String,
        public: bool,
    },
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Election {
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) timeout: Duration,
    pub(super) pre_vote: bool,
    pub(super) backoff: Backoff,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum Backoff {
    #[default]
    Exponential,
    Linear,
    Off,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Paths {
    pub(super) data: Vec<PathBuf>,
    #[telemetry(changed)]
    pub(super) logs: PathBuf,
    #[telemetry(presence)]
    pub(super) temporary: Option<PathBuf>,
    pub(super) shared: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Http {
    pub(super) enabled: bool,
    pub(super) binds: Vec<SocketAddr>,
    pub(super) tls: Option<Tls>,
    pub(super) compression: Compression,
    pub(super) cors: Cors,
    #[telemetry(bucket(BYTES, unit = "bytes"))]
    pub(super) max_body: u64,
    pub(super) limits: RateLimits,
    pub(super) pretty: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Tls {
    #[telemetry(presence)]
    pub(super) client_authorities: Option<PathBuf>,
    pub(super) minimum: TlsVersion,
    pub(super) ciphers: Vec<String>,
    pub(super) session_tickets: bool,
    pub(super) reload: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
pub(super) enum TlsVersion {
    #[serde(rename = "1.2")]
    Tls12,
    #[default]
    #[serde(rename = "1.3")]
    Tls13,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "lowercase")]
pub(super) enum Compression {
    #[default]
    Off,
    Gzip,
    Zstd,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Cors {
    pub(super) enabled: bool,
    pub(super) origins: Vec<String>,
    pub(super) credentials: bool,
    pub(super) headers: BTreeSet<String>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct RateLimits {
    #[telemetry(presence)]
    pub(super) requests: Option<NonZeroUsize>,
    #[telemetry(presence)]
    pub(super) bytes: Option<NonZeroUsize>,
    pub(super) by_key: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Transport {
    pub(super) tls: Option<Tls>,
    pub(super) compression: Compression,
    #[telemetry(presence)]
    pub(super) advertise: Option<IpAddr>,
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) ping: Duration,
    pub(super) keep_alive: bool,
    pub(super) no_delay: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Threads {
    pub(super) search: Pool,
    pub(super) write: Pool,
    pub(super) merge: Pool,
    pub(super) pinned: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Pool {
    #[telemetry(bucket(FEW))]
    pub(super) size: Option<usize>,
    #[telemetry(changed)]
    pub(super) queue: usize,
    pub(super) reject: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Memory {
    #[telemetry(bucket(BYTES, unit = "bytes"))]
    pub(super) heap: u64,
    pub(super) locked: bool,
    pub(super) breakers: Breakers,
    pub(super) huge_pages: Option<bool>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Breakers {
    pub(super) enabled: bool,
    #[telemetry(changed)]
    pub(super) request: f64,
    #[telemetry(changed)]
    pub(super) field_data: f64,
    pub(super) real_memory: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Indexing {
    pub(super) defaults: IndexDefaults,
    pub(super) merges: Merges,
    pub(super) journal: Journal,
    #[telemetry(bucket(BYTES, unit = "bytes"))]
    pub(super) buffer: u64,
    pub(super) auto_create: bool,
    pub(super) templates: HashMap<String, String>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct IndexDefaults {
    #[telemetry(bucket(FEW))]
    pub(super) shards: u16,
    #[telemetry(bucket(FEW))]
    pub(super) replicas: u16,
    #[telemetry(one_of(ANALYZERS))]
    pub(super) analyzer: String,
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) refresh: Option<Duration>,
    pub(super) codec: Codec,
    pub(super) soft_deletes: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum Codec {
    #[default]
    Fast,
    BestCompression,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Merges {
    pub(super) policy: MergePolicy,
    #[telemetry(changed)]
    pub(super) max_segment: u64,
    pub(super) throttled: bool,
    pub(super) on_idle: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum MergePolicy {
    #[default]
    Tiered,
    LogBytes,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Journal {
    pub(super) durability: Durability,
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) interval: Duration,
    pub(super) checksums: bool,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum Durability {
    #[default]
    Request,
    Async,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Search {
    pub(super) caches: Caches,
    pub(super) vectors: Option<Vectors>,
    #[telemetry(changed)]
    pub(super) max_clauses: u32,
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) timeout: Option<Duration>,
    pub(super) partial_results: bool,
    pub(super) remotes: BTreeMap<String, String>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Caches {
    pub(super) queries: bool,
    pub(super) requests: bool,
    #[telemetry(bucket(BYTES, unit = "bytes"))]
    pub(super) field_data: u64,
    pub(super) warm: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Vectors {
    #[telemetry(number(max = 4_096, digits = 1))]
    pub(super) dimensions: u32,
    pub(super) distance: Distance,
    pub(super) quantized: bool,
    #[telemetry(changed)]
    pub(super) neighbours: u16,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "snake_case")]
pub(super) enum Distance {
    #[default]
    Cosine,
    Euclidean,
    DotProduct,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Storage {
    #[telemetry(each(max = 8))]
    pub(super) repositories: Vec<Repository>,
    pub(super) snapshots: Snapshots,
    pub(super) watermarks: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Repository {
    #[telemetry(one_of(STORES))]
    pub(super) store: String,
    pub(super) read_only: bool,
    pub(super) encrypted: bool,
    #[telemetry(presence)]
    pub(super) prefix: Option<String>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Snapshots {
    pub(super) scheduled: bool,
    #[telemetry(presence)]
    pub(super) retention: Option<Duration>,
    pub(super) incremental: bool,
    pub(super) last: Arc<Progress>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Progress {
    #[telemetry(number(max = 1_000, digits = 1))]
    pub(super) done: AtomicU64,
    pub(super) failed: AtomicBool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Security {
    pub(super) enabled: bool,
    pub(super) realms: Realms,
    pub(super) audit: Audit,
    pub(super) anonymous: Option<bool>,
    #[telemetry(presence)]
    pub(super) bootstrap_password: Option<String>,
    pub(super) roles: HashMap<String, Vec<String>>,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Realms {
    pub(super) native: bool,
    pub(super) oidc: bool,
    pub(super) api_keys: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Audit {
    pub(super) enabled: bool,
    pub(super) events: BTreeSet<String>,
    pub(super) bodies: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Ingest {
    pub(super) pipelines: BTreeMap<String, String>,
    pub(super) geo: bool,
    #[telemetry(bucket(FEW))]
    pub(super) depth: u8,
    pub(super) attachments: bool,
}

#[derive(TelemetrySnapshot, Default)]
pub(super) struct Monitoring {
    pub(super) exporters: Vec<String>,
    #[telemetry(bucket(SECONDS, unit = "s"))]
    pub(super) interval: Option<Duration>,
    pub(super) tracing: bool,
    pub(super) level: Level,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Error,
    Warn,
    #[default]
    Info,
    Debug,
}

#[test]
fn a_node_is_told() {
    let node = Node {
        name: "node-7.jane.example".into(),
        data_version: "9.2.1-acme".into(),
        ring: Some(Arc::new(RwLock::new(Ring { shards: vec![1, 2, 3], leader: true }))),
        cluster: Cluster {
            name: "acme-secret".into(),
            seeds: vec![([10, 0, 0, 1], 9300).into()],
            ..Cluster::default()
        },
        search: Search { vectors: Some(Vectors { dimensions: 1_536, ..Vectors::default() }), ..Search::default() },
        ..Node::default()
    };
    let snapshot = telemetry::Snapshot::of(&node).unwrap();
    insta::assert_snapshot!("node", format!("{snapshot:#}"));
    assert!(!snapshot.as_json().contains("jane") && !snapshot.as_json().contains("acme"));
}
