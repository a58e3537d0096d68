//! Where the application and its database are, and what keeps them secret. Telemetry looks at none of it.

use serde::Deserialize;

use super::callback::Opaque;

/// Where the application is reached.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum BaseUrl {
    /// At this address.
    Fixed(String),
    /// At the address of the request, when its host is among those that are allowed.
    ByHost {
        /// The hosts, as in `*.acme.example`.
        #[serde(rename = "allowedHosts")]
        allowed_hosts: Vec<String>,
        /// The address for requests with another host.
        #[serde(default)]
        fallback: Option<String>,
        /// `http`, `https` or `auto`.
        #[serde(default)]
        protocol: Option<String>,
    },
}

impl From<&str> for BaseUrl {
    fn from(url: &str) -> Self {
        Self::Fixed(url.to_owned())
    }
}

/// A secret of those that are in use while one takes the place of the other.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Secret {
    /// Its version; the highest is for what is new.
    pub version: u64,
    /// The secret.
    pub value: String,
}

/// Where rows are kept.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Database {
    /// The address, with all that is needed to connect.
    pub url: Option<String>,
    /// The same, as some drivers call it.
    pub connection_string: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// Which database, as in `sqlite`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How columns are spelled: `camel` or `snake`.
    pub casing: Option<String>,
    /// Whether queries are logged.
    pub debug_logs: Option<bool>,
    /// Whether changes that belong together are made together.
    pub transaction: Option<bool>,
    /// The dialect of a query builder.
    #[serde(skip)]
    pub dialect: Option<Opaque>,
    /// An adapter, in place of all else here.
    #[serde(skip)]
    pub adapter: Option<Opaque>,
}
