//! How operators configure the application: what is usual depends on who they are.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::habits::Kind;
use super::settings::{Database, Level, Password, Provider, Session, Settings};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// True with this probability, in percent.
pub(super) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(0..100) < percent
}

/// One of these, by their weights.
pub(super) fn pick<T: Copy>(rng: &mut Rng, choices: &[(T, u32)]) -> Option<T> {
    let mut at = rng.u32(0..choices.iter().map(|(_, weight)| weight).sum::<u32>().max(1));
    choices.iter().find_map(|(choice, weight)| {
        let is_here = at < *weight;
        at = at.wrapping_sub(*weight);
        is_here.then_some(*choice)
    })
}

/// The first settings of an installation.
pub(super) fn settings(rng: &mut Rng, kind: Kind) -> Settings {
    let database = database(rng, kind);
    Settings {
        app_name: chance(rng, 70),
        trusted_origins: trusted_origins(rng, kind),
        log_level: log_level(rng, kind),
        minimum_client_version: minimum_client_version(rng, kind),
        plugins: plugins(rng, kind),
        session: session(rng, kind),
        password: password(rng, kind),
        providers: providers(rng, kind),
        after_sign_up: chance(rng, kind.of(6, 22, 41)),
        before_delete_user: chance(rng, kind.of(2, 9, 34)),
        cache: cache(rng, kind),
        requests_per_minute: chance(rng, kind.of(12, 38, 71)).then(|| requests_per_minute(rng)),
        database,
    }
}

fn database(rng: &mut Rng, kind: Kind) -> Database {
    let engines: [(&str, u32); 7] = match kind {
        Kind::Hobby => [
            ("sqlite", 62),
            ("postgres", 22),
            ("mysql", 9),
            ("mariadb", 5),
            ("mssql", 0),
            ("cockroachdb", 0),
            ("turso", 2),
        ],
        Kind::Team => [
            ("sqlite", 11),
            ("postgres", 57),
            ("mysql", 17),
            ("mariadb", 8),
            ("mssql", 3),
            ("cockroachdb", 3),
            ("turso", 1),
        ],
        Kind::Company => [
            ("sqlite", 1),
            ("postgres", 58),
            ("mysql", 11),
            ("mariadb", 3),
            ("mssql", 17),
            ("cockroachdb", 8),
            ("turso", 2),
        ],
    };
    let engine = pick(rng, &engines).unwrap_or("sqlite");
    if engine == "sqlite" {
        return Database { engine, url: chance(rng, 8), pool_size: None, tls: None };
    }
    let sizes = [
        (1, kind.of(30, 4, 0)),
        (5, 30),
        (10, 25),
        (20, kind.of(8, 24, 20)),
        (64, kind.of(1, 8, 26)),
        (256, kind.of(0, 1, 8)),
    ];
    let pool_size = if chance(rng, kind.of(35, 66, 92)) { pick(rng, &sizes) } else { None };
    let tls = chance(rng, 80).then(|| chance(rng, kind.of(25, 68, 96)));
    Database { engine, url: true, pool_size, tls }
}

fn trusted_origins(rng: &mut Rng, kind: Kind) -> usize {
    match kind {
        Kind::Hobby => rng.usize(0..3),
        Kind::Team => 1 + rng.usize(0..4) + rng.usize(0..3),
        // Most have some, and a few have hundreds: a preview for each branch.
        Kind::Company => {
            if chance(rng, 12) {
                rng.usize(40..400)
            } else {
                rng.usize(2..16)
            }
        }
    }
}

fn log_level(rng: &mut Rng, kind: Kind) -> Option<Level> {
    let levels =
        [(Level::Debug, kind.of(30, 9, 2)), (Level::Info, 44), (Level::Warn, kind.of(10, 30, 38)), (Level::Error, 9)];
    if chance(rng, kind.of(34, 63, 88)) { pick(rng, &levels) } else { None }
}

fn minimum_client_version(rng: &mut Rng, kind: Kind) -> Option<&'static str> {
    let versions = [("1.9", 6), ("2.0.0", 14), ("2.8.1", 21), ("2.11.0", 33), ("2.14.0", 19), ("3.0.0", 7)];
    if chance(rng, kind.of(2, 14, 37)) { pick(rng, &versions) } else { None }
}

fn plugins(rng: &mut Rng, kind: Kind) -> Vec<&'static str> {
    [
        ("two-factor", kind.of(18, 47, 83)),
        ("organization", kind.of(3, 36, 78)),
        ("passkey", kind.of(21, 29, 24)),
        ("magic-link", kind.of(26, 22, 9)),
        ("api-key", kind.of(7, 25, 44)),
        // Of the operator's own: it is sent as `custom`.
        ("acme-badge-reader", kind.of(1, 4, 19)),
    ]
    .into_iter()
    .filter_map(|(plugin, percent)| chance(rng, percent).then_some(plugin))
    .collect()
}

fn session(rng: &mut Rng, kind: Kind) -> Session {
    let lengths = [
        (HOUR, kind.of(1, 3, 17)),
        (8 * HOUR, kind.of(1, 6, 31)),
        (DAY, 14),
        (7 * DAY, 58),
        (30 * DAY, kind.of(22, 14, 3)),
        (365 * DAY, kind.of(7, 2, 0)),
    ];
    let expires = pick(rng, &lengths).unwrap_or(7 * DAY);
    Session {
        expires,
        refresh: chance(rng, kind.of(22, 48, 66)).then_some(expires / 7),
        table_name: chance(rng, kind.of(3, 11, 28)),
        secure: chance(rng, kind.of(61, 93, 99)),
        same_site: if chance(rng, 55) {
            pick(rng, &[("lax", 68), ("strict", kind.of(9, 18, 41)), ("none", 7)])
        } else {
            None
        },
        domain: chance(rng, kind.of(4, 26, 52)),
    }
}

fn password(rng: &mut Rng, kind: Kind) -> Option<Password> {
    chance(rng, kind.of(88, 79, 46)).then(|| Password {
        verification: chance(rng, 75).then(|| chance(rng, kind.of(23, 71, 94))),
        min_length: if chance(rng, kind.of(25, 52, 86)) {
            pick(rng, &[(6, 5), (8, 46), (10, 13), (12, 27), (14, 4), (16, 5)])
        } else {
            None
        },
        smtp: chance(rng, kind.of(17, 74, 95)),
    })
}

fn providers(rng: &mut Rng, kind: Kind) -> BTreeMap<&'static str, Provider> {
    let names = [
        ("github", kind.of(41, 38, 17)),
        ("google", kind.of(37, 58, 39)),
        ("microsoft", kind.of(4, 21, 66)),
        ("discord", kind.of(24, 6, 0)),
        ("apple", kind.of(5, 14, 8)),
        ("gitlab", kind.of(3, 8, 12)),
        ("facebook", kind.of(6, 5, 1)),
        // Of the operator's own: it is sent as `custom`.
        ("acme-internal-sso", kind.of(1, 6, 48)),
    ];
    let mut providers = BTreeMap::new();
    for (name, percent) in names {
        if chance(rng, percent) {
            providers.insert(name, provider(rng, name, kind));
        }
    }
    providers
}

fn provider(rng: &mut Rng, name: &str, kind: Kind) -> Provider {
    Provider {
        secret: chance(rng, 97),
        issuer: name.starts_with("acme"),
        scopes: rng.usize(0..4),
        disable_sign_up: chance(rng, 30).then(|| chance(rng, kind.of(6, 20, 63))),
    }
}

fn cache(rng: &mut Rng, kind: Kind) -> Option<&'static str> {
    let caches = [
        ("memory", kind.of(60, 18, 3)),
        ("redis", kind.of(25, 56, 61)),
        ("valkey", kind.of(10, 22, 33)),
        ("memcached", 3),
    ];
    if chance(rng, kind.of(19, 51, 83)) { pick(rng, &caches) } else { None }
}

fn requests_per_minute(rng: &mut Rng) -> u32 {
    pick(rng, &[(10, 6), (30, 14), (60, 37), (100, 19), (300, 12), (600, 8), (5_000, 4)]).unwrap_or(60)
}

/// A change that an operator makes at a later time. Applications grow.
pub(super) fn change(rng: &mut Rng, kind: Kind, settings: &mut Settings) {
    match rng.u32(0..6) {
        0 if settings.database.engine == "sqlite" => {
            settings.database = Database { engine: "postgres", url: true, pool_size: Some(10), tls: Some(true) };
        }
        0 => settings.database.pool_size = settings.database.pool_size.map(|size| size * 2),
        1 => {
            if let Some(plugin) = pick(rng, &[("two-factor", 4), ("passkey", 5), ("api-key", 3)])
                && !settings.plugins.contains(&plugin)
            {
                settings.plugins.push(plugin);
            }
        }
        2 => {
            let name = pick(rng, &[("google", 5), ("github", 3), ("microsoft", 3)]).unwrap_or("google");
            let provider = provider(rng, name, kind);
            settings.providers.insert(name, provider);
        }
        3 => settings.cache = cache(rng, kind).or(settings.cache),
        4 => settings.requests_per_minute = Some(requests_per_minute(rng)),
        _ => settings.trusted_origins += 1,
    }
}
