use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{ClientBuilder, Url};

use super::tls;

/// A valid address to which events can be sent.
#[derive(Clone)]
pub(crate) struct Endpoint {
    url: Url,
}

/// Why an endpoint cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointError {
    Invalid,
    Credentials,
    NotSecure,
    NoTls,
}

impl Endpoint {
    pub(crate) fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text).map_err(|_| EndpointError::Invalid)?;
        let endpoint = Self { url };
        if endpoint.url.host_str().is_none_or(str::is_empty) {
            return Err(EndpointError::Invalid);
        }
        if !endpoint.url.username().is_empty() || endpoint.url.password().is_some() {
            return Err(EndpointError::Credentials);
        }
        match endpoint.url.scheme() {
            "https" if tls::AVAILABLE => Ok(endpoint),
            "https" => Err(EndpointError::NoTls),
            "http" if endpoint.is_this_machine() => Ok(endpoint),
            "http" => Err(EndpointError::NotSecure),
            _ => Err(EndpointError::Invalid),
        }
    }

    pub(crate) const fn url(&self) -> &Url {
        &self.url
    }

    /// The part that may be shown to a user: the host, with the port unless it is the default of the scheme. The path and the query may
    /// contain a key.
    pub(crate) fn authority(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Ensures that requests to this machine, which may be in clear text, do not leave it through a proxy or a name lookup.
    pub(super) fn keep_to_this_machine(&self, client: ClientBuilder) -> ClientBuilder {
        if !self.is_this_machine() {
            return client;
        }
        let port = self.url.port_or_known_default().unwrap_or_default();
        let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
            .map(|address| SocketAddr::new(address, port));
        client.no_proxy().resolve_to_addrs(LOCALHOST, &addresses)
    }

    fn is_this_machine(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default();
        // An IPv6 address is enclosed in brackets.
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == LOCALHOST || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    }
}

const LOCALHOST: &str = "localhost";

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_text_stays_on_this_machine() {
        for good in [
            "http://127.0.0.1:8080/v1",
            "http://127.9.9.9/",
            "http://[::1]:1/",
            "http://localhost:3000",
            "http://LOCALHOST/",
        ] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://telemetry.acme.dev/",
            "http://10.0.0.1/",
            "http://127.0.0.1.acme.dev/",
            "http://localhost.acme.dev/",
            "http://[::2]/",
            "http://0.0.0.0/",
        ] {
            assert_eq!(Endpoint::parse(bad).unwrap_err(), EndpointError::NotSecure, "{bad}");
        }
    }

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn https_goes_anywhere() {
        for good in
            ["https://telemetry.acme.dev", "https://telemetry.acme.dev:8443/v1/events?project=7", "https://10.0.0.1/"]
        {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_is_no_address_is_invalid() {
        for bad in [
            "",
            "telemetry.acme.dev",
            "/v1",
            "https://",
            "https:///",
            "ftp://acme.dev/",
            "file:///etc/passwd",
            "data:,x",
            "http://[::1",
        ] {
            assert_eq!(Endpoint::parse(bad).unwrap_err(), EndpointError::Invalid, "{bad}");
        }
    }

    #[test]
    fn credentials_are_refused_and_nothing_but_the_authority_is_shown() {
        for bad in ["http://user@localhost/", "http://:pass@localhost/"] {
            assert_eq!(Endpoint::parse(bad).unwrap_err(), EndpointError::Credentials);
        }
        for (address, shown) in [
            ("http://localhost/key/abc?token=def", "localhost"),
            ("http://localhost:80/", "localhost"),
            ("http://localhost:8080/key", "localhost:8080"),
            ("http://[::1]:8080/key", "[::1]:8080"),
        ] {
            let endpoint = Endpoint::parse(address).unwrap();
            assert_eq!((endpoint.authority(), format!("{endpoint:?}")), (shown.to_owned(), shown.to_owned()));
        }
    }
}
