//! Who may see the metrics, the page and the API. Events are taken from everybody.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, FORWARDED, HOST, VIA, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use data_encoding::BASE64;

use super::settings::{Settings, TOKEN, TOKEN_FILE, Token, variable};

/// Requests with the token are allowed. If no token is set, requests from this machine are, provided that only this machine can connect.
#[derive(Clone, Debug)]
pub(super) struct Access {
    token: Option<Token>,
    /// Nothing but this machine can connect, and no proxy is known to pass on what others ask.
    is_local: bool,
}

/// What a request may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Allowed,
    /// With the token, it would be.
    NeedsToken,
    /// No token is set, and others than this machine can ask.
    Closed,
    /// No token is set, and a proxy passed the request on.
    PassedOn,
    /// No token is set, and the request names another host: a page of another site may have a name that leads here.
    OtherHost,
}

impl Access {
    /// The rule that follows from the settings and from the address that is listened on.
    pub(super) fn new(settings: &Settings, listen: SocketAddr) -> Self {
        let is_local = listen.ip().is_loopback() && settings.proxies.networks.is_empty();
        Self { token: settings.token.clone(), is_local }
    }

    /// Whether nothing can be seen without a token that was not set.
    pub(super) const fn is_closed(&self) -> bool {
        self.token.is_none() && !self.is_local
    }

    fn verdict(&self, headers: &HeaderMap) -> Verdict {
        match &self.token {
            Some(token) if has(token, headers) => Verdict::Allowed,
            Some(_) => Verdict::NeedsToken,
            None if !self.is_local => Verdict::Closed,
            // Headers only take the right away.
            None if is_passed_on(headers) => Verdict::PassedOn,
            None if !names_this_machine(headers) => Verdict::OtherHost,
            None => Verdict::Allowed,
        }
    }
}

impl Verdict {
    /// Why nothing is shown, and what helps. It repeats nothing of the request.
    fn refusal(self) -> String {
        let token = mend();
        match self {
            Self::Allowed => String::new(),
            Self::NeedsToken => "a token is needed\n".to_owned(),
            Self::Closed => {
                format!("no token is set, and others than this machine can ask, so this is not shown: {token}\n")
            }
            Self::PassedOn => format!("no token is set, so this is not shown through a proxy: {token}\n"),
            Self::OtherHost => format!(
                "no token is set, so this is shown only under the name localhost or an address as 127.0.0.1: ask for that one, or {token}\n"
            ),
        }
    }
}

/// What opens the page where it is closed.
pub(super) fn mend() -> String {
    format!("set {} or `{TOKEN_FILE}`, and give that token", variable(TOKEN))
}

fn is_passed_on(headers: &HeaderMap) -> bool {
    [FORWARDED.as_str(), VIA.as_str(), "x-forwarded-for", "x-real-ip", "x-forwarded-host"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

fn names_this_machine(headers: &HeaderMap) -> bool {
    only(headers, HOST).and_then(|host| host.to_str().ok()).is_some_and(is_local_name)
}

/// Whether a host, with or without a port, is this machine: `localhost`, or an address of loopback.
fn is_local_name(host: &str) -> bool {
    let (is_local, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()), port),
        None => {
            let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
            let is_loopback = name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
            (is_loopback || name.eq_ignore_ascii_case("localhost"), port)
        }
    };
    is_local && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text.is_empty() || text.parse::<u16>().is_ok())
}

/// The value of a header that is there once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&HeaderValue> {
    let mut all = headers.get_all(name).iter();
    all.next().filter(|_| all.next().is_none())
}

/// `Bearer` for programs, and `Basic` with any name for browsers, which ask for it themselves. The names of schemes have no case.
fn has(token: &Token, headers: &HeaderMap) -> bool {
    let Some(value) = only(headers, AUTHORIZATION).map(|value| value.as_bytes()) else { return false };
    let end = value.iter().position(|byte| *byte == b' ').unwrap_or(value.len());
    let (scheme, given) = value.split_at(end);
    let given = given.trim_ascii_start();
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return token.is(given);
    }
    if !scheme.eq_ignore_ascii_case(b"basic") {
        return false;
    }
    let Ok(pair) = BASE64.decode(given) else { return false };
    let colon = pair.iter().position(|byte| *byte == b':');
    colon.and_then(|at| pair.get(at + 1..)).is_some_and(|given| token.is(given))
}

/// Answers 400 to a request that names several hosts, or none although HTTP/1.1 requires one: who reads another one than this program would be deceived.
pub(super) async fn one_host(request: Request, next: Next) -> Response {
    let hosts = request.headers().get_all(HOST).iter().count();
    if hosts == 1 || hosts == 0 && request.version() < Version::HTTP_11 {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "a request has one header `Host`\n").into_response()
    }
}

/// Lets a request through to what it may see.
pub(super) async fn guard(State(access): State<Arc<Access>>, request: Request, next: Next) -> Response {
    let verdict = access.verdict(request.headers());
    match verdict {
        Verdict::Allowed => next.run(request).await,
        Verdict::NeedsToken => {
            let challenge = [(WWW_AUTHENTICATE, r#"Basic realm="telemetry-collector""#)];
            (StatusCode::UNAUTHORIZED, challenge, verdict.refusal()).into_response()
        }
        Verdict::Closed | Verdict::PassedOn | Verdict::OtherHost => {
            (StatusCode::FORBIDDEN, verdict.refusal()).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn verdict(listen: &str, token: Option<&str>, proxy: bool, headers: &[(&'static str, &str)]) -> Verdict {
        let mut settings = Settings { token: token.map(|token| Token::new(token).unwrap()), ..Settings::default() };
        if proxy {
            settings.proxies.networks = vec!["127.0.0.1".parse().unwrap()];
        }
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Access::new(&settings, listen.parse().unwrap()).verdict(&map)
    }

    #[test]
    fn with_a_token_only_the_token_counts() {
        let basic = |pair: &str| format!("Basic {}", BASE64.encode(pair.as_bytes()));
        for listen in ["127.0.0.1:1", "0.0.0.0:1"] {
            let with =
                |value: &str| verdict(listen, Some(TOKEN), false, &[("authorization", value), ("host", "localhost")]);
            let lower = |text: String| text.replacen('B', "b", 1);
            for good in [
                format!("Bearer {TOKEN}"),
                format!("bearer {TOKEN}"),
                format!("BEARER  {TOKEN}"),
                basic(&format!("me:{TOKEN}")),
                lower(basic(&format!("me:{TOKEN}"))),
                basic(&format!(":{TOKEN}")),
            ] {
                assert_eq!(with(&good), Verdict::Allowed, "{good}");
            }
            let good = format!("Bearer {TOKEN}");
            let twice = [("authorization", good.as_str()), ("authorization", "Bearer x"), ("host", "localhost")];
            assert_eq!(verdict(listen, Some(TOKEN), false, &twice), Verdict::NeedsToken);
            for bad in ["Bearer", "Bearer x", "Basic ?", &basic(TOKEN), &basic("a:b"), TOKEN, "Bearer 0123456789abcdeg"]
            {
                assert_eq!(with(bad), Verdict::NeedsToken, "{bad}");
            }
            assert_eq!(verdict(listen, Some(TOKEN), false, &[("host", "localhost")]), Verdict::NeedsToken);
        }
    }

    #[test]
    fn without_a_token_only_this_machine_sees_anything() {
        let from = |listen, proxy, headers: &[(&'static str, &str)]| verdict(listen, None, proxy, headers);
        for host in
            ["localhost", "LOCALHOST:8787", "127.0.0.1:8787", "[::1]:8787", "127.0.0.1", "[::1]", "127.9.9.9", "[::1]:"]
        {
            assert_eq!(from("127.0.0.1:8787", false, &[("host", host)]), Verdict::Allowed, "{host}");
        }
        let local = ("host", "localhost");
        assert_eq!(from("0.0.0.0:8787", false, &[local]), Verdict::Closed);
        assert_eq!(from("127.0.0.1:8787", true, &[local]), Verdict::Closed);
        for host in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8787",
            "10.0.0.1:8787",
            "",
            "localhost:x",
            "localhost:+1",
            "localhost:65536",
            "localhost:80:80",
            "127.0.0.1:evil.example",
            "[::1].evil.example",
            "[::1]x:1",
            "[::2]",
            "::1",
            "[127.0.0.1]",
            "[localhost]",
            "me@localhost",
            "localhost/",
        ] {
            assert_eq!(from("127.0.0.1:8787", false, &[("host", host)]), Verdict::OtherHost, "{host}");
        }
        for hosts in [["localhost", "evil.example"], ["evil.example", "localhost"], ["localhost", "localhost"]] {
            let twice = hosts.map(|host| ("host", host));
            assert_eq!(from("127.0.0.1:8787", false, &twice), Verdict::OtherHost, "{hosts:?}");
        }
        for name in ["forwarded", "via", "x-forwarded-for", "x-real-ip", "x-forwarded-host"] {
            assert_eq!(from("127.0.0.1:8787", false, &[local, (name, "127.0.0.1")]), Verdict::PassedOn, "{name}");
        }
    }

    #[test]
    fn a_refusal_says_why_and_what_helps() {
        for (verdict, why) in [
            (Verdict::Closed, "others than this machine can ask"),
            (Verdict::PassedOn, "through a proxy"),
            (Verdict::OtherHost, "only under the name localhost"),
        ] {
            let text = verdict.refusal();
            assert!(text.contains(why) && text.contains("set TELEMETRY_COLLECTOR_TOKEN or `token-file`"), "{text}");
        }
    }
}
