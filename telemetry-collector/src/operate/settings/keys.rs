//! The settings, one row each: name, meaning, and how it is read and shown. The file, the environment, the flags and the help follow
//! this table.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::{LogFormat, Password, Settings, StoreKind, TOKEN, TOKEN_FILE, Token};
use crate::receive::{Network, NotANetwork, ProxyHeader};
use crate::show::LEAST_PUBLISHED;
use crate::store::LEAST_RETENTION;

// The texts below name both.
const _: () = assert!(LEAST_RETENTION == 8 && LEAST_PUBLISHED == 20);

/// One setting.
pub(crate) struct Key {
    /// The name in the file, and of the flag; in the environment in capitals, after `TELEMETRY_COLLECTOR_`.
    pub(crate) name: &'static str,
    /// What stands for the value in the help.
    pub(crate) value: &'static str,
    pub(crate) help: &'static str,
    /// A secret is read from the environment only: all users of a machine see the flags of its processes.
    pub(crate) is_secret: bool,
    /// Reads the value; the error says what is expected.
    pub(crate) set: fn(&mut Settings, &str) -> Result<(), &'static str>,
    pub(crate) show: fn(&Settings) -> String,
}

const fn key(
    name: &'static str,
    value: &'static str,
    help: &'static str,
    set: fn(&mut Settings, &str) -> Result<(), &'static str>,
    show: fn(&Settings) -> String,
) -> Key {
    Key { name, value, help, is_secret: false, set, show }
}

pub(crate) const KEYS: &[Key] = &[
    key(
        "listen",
        "ADDRESS:PORT",
        "Where to listen. Everything but this machine needs a token, and should come through a proxy that does TLS",
        |settings, text| parse(&mut settings.listen, text, "an address and a port, as 127.0.0.1:8787 or [::]:8787"),
        |settings| settings.listen.to_string(),
    ),
    key(
        "store",
        "STORE",
        "Where events are kept: sqlite or clickhouse",
        |settings, text| {
            settings.store = match text {
                "sqlite" => StoreKind::Sqlite,
                "clickhouse" if cfg!(feature = "clickhouse") => StoreKind::ClickHouse,
                "clickhouse" => return Err("sqlite: this program was built without the feature `clickhouse`"),
                _ => return Err("sqlite or clickhouse"),
            };
            Ok(())
        },
        |settings| {
            (match settings.store {
                StoreKind::Sqlite => "sqlite",
                StoreKind::ClickHouse => "clickhouse",
            })
            .to_owned()
        },
    ),
    key(
        "url",
        "ADDRESS",
        "The HTTP interface of ClickHouse, and the database, which must exist",
        |settings, text| {
            if !is_address(text) {
                return Err("an address as http://127.0.0.1:8123/?database=telemetry, without a user and a password");
            }
            text.clone_into(&mut settings.url);
            Ok(())
        },
        |settings| settings.url.clone(),
    ),
    key(
        "store-user",
        "NAME",
        "The user of ClickHouse; without it, that of the server's default",
        |settings, text| {
            sendable(text)?.clone_into(&mut settings.store_user);
            Ok(())
        },
        |settings| settings.store_user.clone(),
    ),
    Key {
        is_secret: true,
        ..key(
            "store-password",
            "PASSWORD",
            "The password of ClickHouse's user",
            |settings, text| {
                settings.store_password = Some(Password::new(sendable(text)?));
                Ok(())
            },
            |settings| (if settings.store_password.is_some() { "set" } else { "not set" }).to_owned(),
        )
    },
    key(
        "database",
        "FILE",
        "The database, or, with another store, what waits for its schema. It is created when it is missing",
        |settings, text| path(&mut settings.database, text),
        |settings| settings.database.display().to_string(),
    ),
    key(
        "schemas",
        "DIRECTORY",
        "The released schemas, as `assert_schemas` writes them. Changes are seen without a restart",
        |settings, text| path(&mut settings.schemas, text),
        |settings| settings.schemas.display().to_string(),
    ),
    key(
        "retention-days",
        "DAYS",
        "How long events are kept: what the page for users promises. Daily sums stay",
        |settings, text| {
            number(
                &mut settings.retention_days,
                text,
                (LEAST_RETENTION, 36_500),
                "a whole number of days from 8 to 36500",
            )
        },
        |settings| settings.retention_days.to_string(),
    ),
    key(
        "least-installs",
        "NUMBER",
        "Counts of fewer installations are hidden on the page and in the API; 1 hides nothing. Published files hide below 20 at least",
        |settings, text| number(&mut settings.least_installs, text, (1, 1_000_000), "a whole number from 1 to 1000000"),
        |settings| settings.least_installs.to_string(),
    ),
    key(
        TOKEN_FILE,
        "FILE",
        "A file that holds the token for the metrics, the page and the API",
        |settings, text| {
            let content = fs::read_to_string(text).map_err(|_| "a file that can be read")?;
            settings.token = Some(Token::new(&content)?);
            settings.token_file = Some(text.into());
            Ok(())
        },
        |settings| settings.token_file.as_ref().map_or_else(String::new, |path| path.display().to_string()),
    ),
    Key {
        is_secret: true,
        ..key(
            TOKEN,
            "TOKEN",
            "The token itself",
            |settings, text| {
                settings.token = Some(Token::new(text)?);
                settings.token_file = None;
                Ok(())
            },
            |settings| {
                (match (&settings.token, &settings.token_file) {
                    (None, _) => "not set",
                    (Some(_), None) => "set",
                    (Some(_), Some(_)) => "set by token-file",
                })
                .to_owned()
            },
        )
    },
    key(
        "trusted-proxies",
        "NETWORKS",
        "The proxies whose header names the client, separated by commas, as 127.0.0.1,10.0.0.0/8. No other header is believed",
        |settings, text| {
            let networks = text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(Network::from_str);
            settings.proxies.networks = networks
                .collect::<Result<_, _>>()
                .map_err(|_: NotANetwork| "addresses or networks, separated by commas")?;
            Ok(())
        },
        |settings| settings.proxies.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
    ),
    key(
        "proxy-header",
        "HEADER",
        "The header that they set: x-forwarded-for or forwarded",
        |settings, text| {
            settings.proxies.header = match text {
                "x-forwarded-for" => ProxyHeader::XForwardedFor,
                "forwarded" => ProxyHeader::Forwarded,
                _ => return Err("x-forwarded-for or forwarded"),
            };
            Ok(())
        },
        |settings| {
            (match settings.proxies.header {
                ProxyHeader::XForwardedFor => "x-forwarded-for",
                ProxyHeader::Forwarded => "forwarded",
            })
            .to_owned()
        },
    ),
    key(
        "events-per-second",
        "NUMBER",
        "How many events a second an address may send on average",
        |settings, text| {
            number(&mut settings.limits.events_per_second, text, (1, 1_000_000), "a whole number from 1 to 1000000")
        },
        |settings| settings.limits.events_per_second.to_string(),
    ),
    key(
        "burst",
        "NUMBER",
        "How many events an address may send at once",
        |settings, text| number(&mut settings.limits.burst, text, (1, 1_000_000), "a whole number from 1 to 1000000"),
        |settings| settings.limits.burst.to_string(),
    ),
    key(
        "connections",
        "NUMBER",
        "How many connections may be open. One more closes the one that has waited longest for its client",
        |settings, text| number(&mut settings.limits.connections, text, (8, 65_536), "a whole number from 8 to 65536"),
        |settings| settings.limits.connections.to_string(),
    ),
    key(
        "head-seconds",
        "SECONDS",
        "How long a client may take for the head of a request; also how long an idle connection is kept",
        |settings, text| seconds(&mut settings.limits.head_time, text),
        |settings| settings.limits.head_time.as_secs().to_string(),
    ),
    key(
        "body-seconds",
        "SECONDS",
        "How long a client may take for the body of a request",
        |settings, text| seconds(&mut settings.limits.body_time, text),
        |settings| settings.limits.body_time.as_secs().to_string(),
    ),
    key(
        "stop-seconds",
        "SECONDS",
        "How long requests that have begun may take after the order to stop",
        |settings, text| seconds(&mut settings.limits.stop_time, text),
        |settings| settings.limits.stop_time.as_secs().to_string(),
    ),
    key(
        "log",
        "FORMAT",
        "How to log to the standard error: text or json",
        |settings, text| {
            settings.log = match text {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err("text or json"),
            };
            Ok(())
        },
        |settings| {
            (match settings.log {
                LogFormat::Text => "text",
                LogFormat::Json => "json",
            })
            .to_owned()
        },
    ),
    key(
        "log-level",
        "LEVEL",
        "What to log: error, warn, info, debug or off. No level logs anything of an event or of its sender",
        |settings, text| {
            let is_known = matches!(text, "error" | "warn" | "info" | "debug" | "off");
            let expected = "error, warn, info, debug or off";
            if is_known { parse(&mut settings.log_level, text, expected) } else { Err(expected) }
        },
        |settings| settings.log_level.to_string(),
    ),
];

#[cfg(feature = "clickhouse")]
fn is_address(text: &str) -> bool {
    crate::clickhouse::Address::new(text, "", "").is_some()
}

/// It is shown, though not used. So it must not have a password here either.
#[cfg(not(feature = "clickhouse"))]
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.contains('@'))
}

/// A header carries it.
fn sendable(text: &str) -> Result<&str, &'static str> {
    let is_sendable = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_sendable { Ok(text) } else { Err("ASCII without control characters, which a header can carry") }
}

fn parse<T: FromStr>(to: &mut T, text: &str, expected: &'static str) -> Result<(), &'static str> {
    *to = text.parse().map_err(|_| expected)?;
    Ok(())
}

fn path(to: &mut PathBuf, text: &str) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("a path");
    }
    *to = text.into();
    Ok(())
}

fn number<T: FromStr + PartialOrd>(
    to: &mut T,
    text: &str,
    (min, max): (T, T),
    expected: &'static str,
) -> Result<(), &'static str> {
    let value = text.parse().ok().filter(|value| min <= *value && *value <= max);
    *to = value.ok_or(expected)?;
    Ok(())
}

fn seconds(to: &mut Duration, text: &str) -> Result<(), &'static str> {
    let mut seconds = 0;
    number(&mut seconds, text, (1, 3_600), "a whole number of seconds from 1 to 3600")?;
    *to = Duration::from_secs(seconds);
    Ok(())
}
