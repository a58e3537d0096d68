//! Whose events they are, for the rate only: the address of the connection, or the one that a trusted proxy names.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;

/// The proxies whose header is believed. By default, there are none: a header that a client can send proves nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// Their networks.
    pub networks: Vec<Network>,
    /// The header that they set.
    pub header: ProxyHeader,
}

/// The header in which a proxy names its client. A proxy sets one of them and passes the other on as the client sent it, so that only one
/// can be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which nginx, Caddy, HAProxy and Traefik set.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// A network, or one address: `10.0.0.0/8`, `127.0.0.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

/// A text is neither an address nor a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither an address such as 127.0.0.1 nor a network such as 10.0.0.0/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.parse().map_err(|_| NotANetwork))?;
        if prefix > most { Err(NotANetwork) } else { Ok(Self { address, prefix }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => u128::from(own.to_bits() ^ other.to_bits()) << 96,
            (IpAddr::V6(own), IpAddr::V6(other)) => own.to_bits() ^ other.to_bits(),
            _ => return false,
        };
        differ.leading_zeros() >= self.prefix
    }
}

impl Proxies {
    /// The address to which a request is counted.
    ///
    /// A proxy adds the address of its client at the end, so the last one that is not a proxy's is true; what stands before it is what the client
    /// claims.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        for named in self.named(headers).into_iter().rev() {
            if !self.networks.iter().any(|network| network.contains(client)) {
                break;
            }
            let Some(named) = named else { break };
            client = named.to_canonical();
        }
        client
    }

    fn named(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        if self.networks.is_empty() {
            return Vec::new();
        }
        let name = match self.header {
            ProxyHeader::XForwardedFor => "x-forwarded-for",
            ProxyHeader::Forwarded => "forwarded",
        };
        let lines = headers.get_all(name).iter().map(|line| line.to_str().unwrap_or_default());
        let elements = lines.flat_map(|line| line.split(','));
        elements.map(|element| address(self.header, element)).collect()
    }
}

fn address(header: ProxyHeader, element: &str) -> Option<IpAddr> {
    let element = match header {
        ProxyHeader::XForwardedFor => element,
        ProxyHeader::Forwarded => element.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            name.eq_ignore_ascii_case("for").then_some(value)
        })?,
    };
    let text = element.trim().trim_matches('"');
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split_once(']')?.0.parse().ok();
    }
    let is_v4_with_port = text.matches(':').count() == 1;
    let text = if is_v4_with_port { text.split_once(':')?.0 } else { text };
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.7";

    fn client(header: ProxyHeader, peer: &str, lines: &[&str]) -> String {
        let networks = ["10.0.0.0/8", "::1"].map(|network| network.parse().unwrap()).to_vec();
        let mut headers = HeaderMap::new();
        for line in lines {
            for name in ["x-forwarded-for", "forwarded"] {
                headers.append(name, line.parse().unwrap());
            }
        }
        Proxies { networks, header }.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn the_header_of_a_stranger_is_not_believed() {
        assert_eq!(client(ProxyHeader::XForwardedFor, "192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        let nobody = Proxies::default();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "198.51.100.1".parse().unwrap());
        assert_eq!(nobody.client("127.0.0.1".parse().unwrap(), &headers).to_string(), "127.0.0.1");
    }

    #[test]
    fn the_last_address_that_is_not_a_proxy_counts() {
        let of = |lines: &[&str]| client(ProxyHeader::XForwardedFor, PROXY, lines);
        assert_eq!(of(&["198.51.100.1"]), "198.51.100.1");
        assert_eq!(of(&["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(of(&["203.0.113.9", "198.51.100.1, 10.1.1.1"]), "198.51.100.1");
        assert_eq!(of(&["2001:db8::1"]), "2001:db8::1");
        assert_eq!(of(&["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(of(&["198.51.100.1:443"]), "198.51.100.1");
        assert_eq!(of(&[]), PROXY);
        for bad in ["", "unknown", "198.51.100.1, unknown", "<script>", ":", "[", "[]"] {
            assert_eq!(of(&[bad]), PROXY, "{bad}");
        }
        assert_eq!(client(ProxyHeader::XForwardedFor, "::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn the_standard_header_is_read_as_well() {
        let of = |lines: &[&str]| client(ProxyHeader::Forwarded, PROXY, lines);
        assert_eq!(of(&["for=203.0.113.9;proto=https, For=198.51.100.1"]), "198.51.100.1");
        assert_eq!(of(&[r#"proto=http; for="[2001:db8::1]:4711""#]), "2001:db8::1");
        assert_eq!(of(&["for=_hidden"]), PROXY);
        assert_eq!(of(&["198.51.100.1"]), PROXY);
    }

    #[test]
    fn networks_are_addresses_with_a_prefix() {
        for good in ["10.0.0.0/8", "0.0.0.0/0", "127.0.0.1", "fd00::/8", "::1/128"] {
            assert!(Network::from_str(good).is_ok(), "{good}");
        }
        for bad in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "localhost", "10.0.0.0/", "10.0.0.0/-1"] {
            assert!(Network::from_str(bad).is_err(), "{bad}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("203.0.113.9".parse().unwrap()) && !all.contains("::1".parse().unwrap()));
    }
}
