//! A directory server: 40 options that serde reads.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::json;
use telemetry::TelemetrySnapshot;

use super::json;

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Server {
    #[telemetry(presence)]
    base_dn: String,
    #[telemetry(presence)]
    admin_password: String,
    #[telemetry(presence)]
    jwt_secret: Option<String>,
    #[telemetry(skip)]
    host: String,
    #[telemetry(bucket(1_024))]
    port: u16,
    http: Http,
    tls: Option<Tls>,
    store: Store,
    smtp: Option<Smtp>,
    logging: Logging,
    #[serde(rename = "replicate")]
    replication: Replication,
    #[telemetry(each(key = "feature"))]
    features: BTreeMap<Feature, bool>,
    #[telemetry(each(key = "schema", one_of("inetOrgPerson", "posixAccount"), value(number(max = 100))))]
    attributes: BTreeMap<String, u32>,
    ignored_attributes: Vec<String>,
    verbose: bool,
    #[serde(skip)]
    started_by: String,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Http {
    enabled: bool,
    #[telemetry(presence)]
    public_url: Option<String>,
    trusted_proxies: Vec<String>,
    #[serde(flatten)]
    limits: Limits,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "camelCase", default)]
struct Limits {
    #[telemetry(bucket(10, 100, 1_000))]
    requests_per_second: u32,
    #[telemetry(bucket(1_024, 1_048_576, unit = "bytes"))]
    body_size: u64,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase")]
struct Tls {
    #[telemetry(skip)]
    certificate: PathBuf,
    #[telemetry(presence)]
    client_authority: Option<PathBuf>,
    minimum: TlsVersion,
}

#[derive(Deserialize, TelemetrySnapshot)]
enum TlsVersion {
    #[serde(rename = "1.2")]
    V1_2,
    #[serde(rename = "1.3")]
    V1_3,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
enum Store {
    Memory,
    Sqlite(Sqlite),
    Postgres {
        #[telemetry(presence)]
        url: String,
        #[telemetry(bucket(2, 10, 50))]
        max_connections: u32,
        require_tls: bool,
    },
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase")]
struct Sqlite {
    #[telemetry(skip)]
    path: PathBuf,
    write_ahead: bool,
    cache: Cache,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(untagged)]
enum Cache {
    Switch(bool),
    Megabytes(#[telemetry(bucket(16, 256))] u32),
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase")]
struct Smtp {
    #[telemetry(skip)]
    server: String,
    #[telemetry(presence)]
    user: Option<String>,
    encryption: Encryption,
    enable_password_reset: bool,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "UPPERCASE")]
enum Encryption {
    None,
    Tls,
    StartTls,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(default)]
struct Logging {
    level: Level,
    json: bool,
    #[telemetry(presence)]
    file: Option<PathBuf>,
}

#[derive(Deserialize, TelemetrySnapshot, Default)]
#[serde(rename_all = "lowercase")]
enum Level {
    Error,
    #[default]
    Info,
    Debug,
}

#[derive(Deserialize, TelemetrySnapshot)]
#[serde(tag = "mode", content = "with", rename_all = "kebab-case")]
enum Replication {
    Off,
    ReadOnly(Vec<String>),
    MultiMaster {
        peers: Vec<String>,
        #[telemetry(number(max = 10))]
        quorum: u8,
    },
}

#[derive(Deserialize, TelemetrySnapshot, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Feature {
    MemberOf,
    PasswordPolicy,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            base_dn: String::new(),
            admin_password: String::new(),
            jwt_secret: None,
            host: "localhost".into(),
            port: 389,
            http: Http::default(),
            tls: None,
            store: Store::Memory,
            smtp: None,
            logging: Logging::default(),
            replication: Replication::Off,
            features: BTreeMap::new(),
            attributes: BTreeMap::new(),
            ignored_attributes: Vec::new(),
            verbose: false,
            started_by: String::new(),
        }
    }
}

#[test]
fn a_configuration_is_told_under_the_names_that_serde_reads() {
    let read = json!({
        "baseDn": "dc=jane,dc=example",
        "adminPassword": "hunter2",
        "port": 3_890,
        "http": { "enabled": true, "trustedProxies": ["10.0.0.7"], "requestsPerSecond": 50, "bodySize": 2_048 },
        "tls": { "certificate": "/home/jane/a.pem", "minimum": "1.3" },
        "store": { "type": "sqlite", "path": "/home/jane/db", "writeAhead": true, "cache": 64 },
        "smtp": { "server": "mail.acme.example", "user": "jane", "encryption": "STARTTLS", "enablePasswordReset": true },
        "replicate": { "mode": "multi-master", "with": { "peers": ["a.acme.example"], "quorum": 3 } },
        "features": { "member-of": true, "password-policy": false },
        "attributes": { "posixAccount": 7, "acmeEmployee": 1_000 },
    });
    let server: Server = serde_json::from_value(read).unwrap();
    assert_eq!(
        json(&server),
        json!({
            "baseDn": true,
            "adminPassword": true,
            "jwtSecret": false,
            "port": "1024+",
            "http": {
                "enabled": true, "publicUrl": false, "trustedProxies": 1,
                "requestsPerSecond": "10-99", "bodySize": "1024-1048575",
            },
            "tls": { "clientAuthority": false, "minimum": "1.3" },
            "store": { "type": "sqlite", "writeAhead": true, "cache": "16-255" },
            "smtp": { "user": true, "encryption": "STARTTLS", "enablePasswordReset": true },
            "logging": { "level": "info", "json": false, "file": false },
            "replicate": { "mode": "multi-master", "with": { "peers": 1, "quorum": 3 } },
            "features": [
                { "feature": "member-of", "value": true },
                { "feature": "password-policy", "value": false },
            ],
            "attributes": [{ "schema": "other", "value": 100 }, { "schema": "posixAccount", "value": 7 }],
            "ignoredAttributes": 0,
            "verbose": false,
        }),
    );
}
