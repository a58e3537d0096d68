//! Where the application and its database are, and their secrets. Telemetry reads none of this.

use serde::Deserialize;

use super::callback::Opaque;

/// The address of the application.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum BaseUrl {
    /// A fixed address.
    Fixed(String),
    /// The address of the request, if its host is allowed.
    ByHost {
        /// The allowed hosts, such as `*.acme.example`.
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

/// One of several secrets that are in use while secrets are rotated.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Secret {
    /// Its version. The secret with the highest version signs and encrypts new data.
    pub version: u64,
    /// The secret.
    pub value: String,
}

/// The database.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Database {
    /// The address, with everything that is needed to connect.
    pub url: Option<String>,
    /// The same, as some drivers call it.
    pub connection_string: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// The kind of database, such as `sqlite`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// How columns are spelled: `camel` or `snake`.
    pub casing: Option<String>,
    /// Whether queries are logged.
    pub debug_logs: Option<bool>,
    /// Whether changes that belong together run in a transaction.
    pub transaction: Option<bool>,
    /// The dialect of a query builder.
    #[serde(skip)]
    pub dialect: Option<Opaque>,
    /// An adapter, which replaces all other settings here.
    #[serde(skip)]
    pub adapter: Option<Opaque>,
}
