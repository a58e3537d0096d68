//! `advanced`.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Deserialize;

use super::callback::{Callback, TextCallback};
use crate::auth::vocabulary::{IP_HEADERS, SAME_SITE};
use telemetry_derive::TelemetrySnapshot;

/// What few applications need to change.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct Advanced {
    /// Whether the names of cookies begin with a text of the application's; never the text.
    #[telemetry(presence)]
    pub cookie_prefix: Option<String>,
    /// Whether single cookies are changed; never which.
    #[telemetry(presence)]
    pub cookies: Option<BTreeMap<String, Cookie>>,
    /// Cookies for all subdomains.
    pub cross_sub_domain_cookies: CrossSubDomainCookies,
    /// How rows are made and found.
    pub database: AdvancedDatabase,
    /// Whether cookies are sent over https only.
    pub use_secure_cookies: Option<bool>,
    /// How the address of a client is found.
    pub ip_address: IpAddress,
    /// Whether requests are taken without protection from forgery.
    #[serde(rename = "disableCSRFCheck")]
    #[telemetry(rename = "disableCSRFCheck")]
    pub disable_csrf_check: Option<bool>,
    /// What all cookies have in common.
    #[telemetry(rename = "cookieAttributes")]
    pub default_cookie_attributes: CookieAttributes,
    /// Whether the origin of requests is not compared.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub disable_origin_check: Option<bool>,
    /// Whether the headers of proxies are believed.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub trusted_proxy_headers: Option<bool>,
    /// Whether a slash at the end of a path counts for nothing.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub skip_trailing_slashes: Option<bool>,
    /// What runs after the answer was sent.
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

/// Cookies for all subdomains.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct CrossSubDomainCookies {
    /// Whether the domain of such cookies is given; never the domain.
    #[telemetry(presence)]
    pub domain: Option<String>,
    /// Whether cookies count for all subdomains.
    pub enabled: Option<bool>,
    /// How many other cookies do so, too; never their names.
    pub additional_cookies: Option<Vec<String>>,
}

/// How rows are made and found.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct AdvancedDatabase {
    /// Where the ids of rows come from.
    pub generate_id: Option<GenerateId>,
    /// How many rows a query gives unless it says.
    #[telemetry(number(max = 4_294_967_295))]
    pub default_find_many_limit: Option<u64>,
    /// Whether related rows are fetched by one query.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub joins: Option<bool>,
    /// Whether the tables are compared with what is expected.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub validate_schema: Option<bool>,
}

/// Where the ids of rows come from.
#[derive(Clone, Deserialize, TelemetrySnapshot)]
#[serde(from = "WrittenGenerateId")]
#[telemetry(crate = crate, untagged, rename_all = "lowercase")]
pub enum GenerateId {
    /// From the database, in a way that the library leaves to it.
    Disabled,
    /// From the database: 1, 2, 3.
    Serial,
    /// Random, as a UUID.
    Uuid,
    /// From this, which is told the table.
    Custom(#[telemetry(skip = "a function of the application")] TextCallback<String>),
    /// From something else that has a name.
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

/// How the address of a client is found.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct IpAddress {
    /// Whether the address of a client is not kept.
    pub disable_ip_tracking: Option<bool>,
    /// The headers in which the address of a client is looked for.
    #[telemetry(each(one_of(IP_HEADERS)))]
    pub ip_address_headers: Option<Vec<String>>,
    /// Proxies whose headers are believed.
    #[telemetry(skip = "addresses of the operator's machines")]
    pub trusted_proxies: Option<Vec<String>>,
    /// How many bits of an IPv6 address count as one client.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub ipv6_subnet: Option<u64>,
}

/// What all cookies have in common.
#[derive(Clone, Default, Deserialize, TelemetrySnapshot)]
#[serde(rename_all = "camelCase", default)]
#[telemetry(crate = crate, rename_all = "camelCase")]
pub struct CookieAttributes {
    /// Whether cookies end at a date; never the date.
    #[serde(skip)]
    #[telemetry(flag, with = Option::is_some)]
    pub expires: Option<SystemTime>,
    /// Whether cookies are sent over https only.
    pub secure: Option<bool>,
    /// Whether cookies are sent with requests from other sites.
    #[telemetry(one_of(SAME_SITE))]
    pub same_site: Option<String>,
    /// Whether the domain of cookies is given; never the domain.
    #[telemetry(presence)]
    pub domain: Option<String>,
    /// Whether the path of cookies is given; never the path.
    #[telemetry(presence)]
    pub path: Option<String>,
    /// Whether scripts of a page cannot read cookies.
    pub http_only: Option<bool>,
    /// For how many seconds cookies are kept.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub max_age: Option<u64>,
    /// Whether each site that embeds the page has cookies of its own.
    #[telemetry(skip = "not part of the original's snapshot")]
    pub partitioned: Option<bool>,
}

/// What runs after the answer was sent.
#[derive(Clone, Default)]
pub struct BackgroundTasks {
    /// Takes over a task.
    pub handler: Option<Callback<Box<dyn Fn() + Send + Sync>>>,
}
