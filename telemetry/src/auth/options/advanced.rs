//! `advanced`.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Deserialize;

use super::callback::{Callback, TextCallback};
use crate::auth::vocabulary::{IP_HEADERS, SAME_SITE};
use telemetry_derive::TelemetrySnapshot;

/// Options that few applications need to change.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct Advanced {
    /// Whether the names of cookies have a prefix; never the prefix.
    #[telemetry(presence)]
    pub cookie_prefix: Option<String>,
    /// Whether individual cookies are changed; never which.
    #[telemetry(presence)]
    pub cookies: Option<BTreeMap<String, Cookie>>,
    /// Cookies that are shared with all subdomains.
    pub cross_sub_domain_cookies: CrossSubDomainCookies,
    /// How rows are created and queried.
    pub database: AdvancedDatabase,
    /// Whether cookies are sent over https only.
    pub use_secure_cookies: Option<bool>,
    /// How the IP address of a client is determined.
    pub ip_address: IpAddress,
    /// Whether protection against cross-site request forgery is off.
    #[serde(rename = "disableCSRFCheck")]
    #[telemetry(rename = "disableCSRFCheck")]
    pub disable_csrf_check: Option<bool>,
    /// The attributes of all cookies.
    #[telemetry(rename = "cookieAttributes")]
    pub default_cookie_attributes: CookieAttributes,
    /// Whether the origin of requests is not checked.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub disable_origin_check: Option<bool>,
    /// Whether the headers of proxies are trusted.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub trusted_proxy_headers: Option<bool>,
    /// Whether a slash at the end of a path is ignored.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub skip_trailing_slashes: Option<bool>,
    /// Tasks that run after the response was sent.
    #[serde(skip)]
    #[telemetry(skip = "not part of the original's snapshot")]
    pub background_tasks: BackgroundTasks,
}

/// A cookie that is changed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Cookie {
    /// Its new name.
    pub name: Option<String>,
    /// Its attributes.
    pub attributes: CookieAttributes,
}

/// Cookies that are shared with all subdomains.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct CrossSubDomainCookies {
    /// Whether the domain of these cookies is set; never the domain.
    #[telemetry(presence)]
    pub domain: Option<String>,
    /// Whether cookies are shared with all subdomains.
    pub enabled: Option<bool>,
    /// How many more cookies are shared; never their names.
    pub additional_cookies: Option<Vec<String>>,
}

/// How rows are created and queried.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct AdvancedDatabase {
    /// Where the ids of rows come from.
    pub generate_id: Option<GenerateId>,
    /// How many rows a query returns by default.
    #[telemetry(number(max = 4_294_967_295))]
    pub default_find_many_limit: Option<u64>,
    /// Whether related rows are fetched by one query.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub joins: Option<bool>,
    /// Whether the tables are checked against the schema.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub validate_schema: Option<bool>,
}

/// Where the ids of rows come from.
#[derive(Clone, Deserialize, TelemetrySnapshot)]
#[serde(from = "WrittenGenerateId")]
#[telemetry(crate = crate, untagged, rename_all = "lowercase")]
pub enum GenerateId {
    /// The database generates them.
    Disabled,
    /// The database counts them up: 1, 2, 3.
    Serial,
    /// Random UUIDs.
    Uuid,
    /// A function that receives the name of the table.
    Custom(#[telemetry(skip = "a function of the application")] TextCallback<String>),
    /// Another generator, by its name.
    Other(#[telemetry(skip = "a text of the operator's choice")] String),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenGenerateId {
    Switch(bool),
    Name(String),
}

impl From<WrittenGenerateId> for GenerateId {
    fn from(written: WrittenGenerateId) -> Self {
        match written {
            WrittenGenerateId::Switch(false) => Self::Disabled,
            WrittenGenerateId::Switch(true) => Self::Other("true".to_owned()),
            WrittenGenerateId::Name(name) => match name.as_str() {
                "serial" => Self::Serial,
                "uuid" => Self::Uuid,
                _ => Self::Other(name),
            },
        }
    }
}

/// How the IP address of a client is determined.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct IpAddress {
    /// Whether the IP address of a client is not stored.
    pub disable_ip_tracking: Option<bool>,
    /// The headers that are searched for the IP address of a client.
    #[telemetry(each(one_of(IP_HEADERS)))]
    pub ip_address_headers: Option<Vec<String>>,
    /// Proxies whose headers are trusted.
    #[telemetry(skip = "addresses of the operator's machines")]
    pub trusted_proxies: Option<Vec<String>>,
    /// How many leading bits of an IPv6 address identify a client.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub ipv6_subnet: Option<u64>,
}

/// The attributes of all cookies.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate)]
pub struct CookieAttributes {
    /// Whether cookies expire at a date; never the date.
    #[serde(skip)]
    #[telemetry(presence)]
    pub expires: Option<SystemTime>,
    /// Whether cookies are sent over https only.
    pub secure: Option<bool>,
    /// Whether cookies are sent with requests from other sites.
    #[telemetry(one_of(SAME_SITE))]
    pub same_site: Option<String>,
    /// Whether the domain of cookies is set; never the domain.
    #[telemetry(presence)]
    pub domain: Option<String>,
    /// Whether the path of cookies is set; never the path.
    #[telemetry(presence)]
    pub path: Option<String>,
    /// Whether cookies are hidden from scripts.
    pub http_only: Option<bool>,
    /// How long cookies are kept, in seconds.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub max_age: Option<u64>,
    /// Whether each site that embeds the page has separate cookies.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub partitioned: Option<bool>,
}

/// Tasks that run after the response was sent.
#[derive(Clone, Default)]
pub struct BackgroundTasks {
    /// Receives a task to run.
    pub handler: Option<Callback<Box<dyn Fn() + Send + Sync>>>,
}
